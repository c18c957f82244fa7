"""What the hub does of its own accord, all parts together: alarms, event log, orders, posts."""

import asyncio
import base64
import hmac
import json
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import timedelta
from hashlib import sha256

import pytest
from msgspec.structs import replace

from hardwire.app.alarms import DestinationTable
from hardwire.app.correspondence import Correspondence
from hardwire.app.letters import Letters
from hardwire.contracts.errand import Errand
from hardwire.contracts.post import Post
from hardwire.contracts.question import Order
from hardwire.dialects.ezeio.access.keys import kept
from hardwire.dialects.ezeio.part import Face
from hardwire.model.access import Credential, Group, Right
from hardwire.model.alarm import Alarm
from hardwire.model.device import Device
from hardwire.model.errors import HubFaultError, UnknownError
from hardwire.model.fact import Incident, Log, LogRow, Sample
from hardwire.model.history import HistoryRow, HistoryWish
from hardwire.model.point import Point
from tests.fakes.receiver import Receiver, listening
from tests.fakes.still_clock import NOON
from tests.hub.premises import Premises

KEY = "abcdefghijklmnopqrstuvwx"
SECRET = b"what only ops knows"
VALVE = Device(
    id="valve",
    kind="meter",
    points=(Point(name="setpoint", writable=True), Point(name="pressure")),
    alarms=(Alarm(name="Pressure", point="pressure", above=5, send=("ops", "nobody")),),
)

LOGGER = replace(VALVE, id="logger", kind="unit", log="self")


class House(Premises):
    """A hub that writes letters to one receiver."""

    def __init__(self, receiver: Receiver) -> None:
        super().__init__()
        self.destinations = {
            "ops": DestinationTable(url=f"{receiver.url}/ops", secret="whsec_" + base64.b64encode(SECRET).decode()),
        }
        self.serve(VALVE)
        self.hub.roster.show("valve", "ezeio", "VLV-001", Face(serial="VLV001"))
        self.hub.access.add_group(Group(id="home", number=1, name="Home"))
        self.hub.access.add(
            Credential(
                id="10009",
                kind="ezeio",
                name="plant",
                rights=Right.READ | Right.CONTROL,
                secret_hash=kept("hardwire", "10009", KEY),
                callback=f"{receiver.url}/ack",
            )
        )
        self.correspondence = Correspondence(self.hub, self.desk, self.destinations)

    def letters(self) -> Letters:
        """Its letters alone."""
        return Letters(self.hub, self.destinations)


async def until(condition: Callable[[], bool]) -> None:
    """Wait for what real sockets bring."""
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 (what is waited for has no event)
            await asyncio.sleep(0.01)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    async with listening(receiver):
        yield receiver


@pytest.fixture
async def house(receiver: Receiver) -> AsyncIterator[House]:
    house = House(receiver)
    await house.correspondence.open()
    yield house
    await house.correspondence.close()
    house.close()


def signature(key: bytes, id: str, stamp: str, body: bytes) -> str:
    return "v1," + base64.b64encode(hmac.digest(key, f"{id}.{stamp}.".encode() + body, "sha256")).decode()


async def test_an_alarm_is_shown_kept_and_told_to_its_destination(house: House, receiver: Receiver) -> None:
    house.hub.publish(Sample("valve", NOON, {"pressure": 7.5}))
    await until(lambda: bool(receiver.got) and not house.store.posts.kept)

    (line, headers, body) = receiver.got[0]
    told = json.loads(body)
    assert line == "POST /ops"
    assert (told["subject"], told["event"], told["value"]) == ("ALARM", 1, 7.5)
    assert headers["webhook-id"].startswith("msg_")
    assert headers["webhook-signature"] == signature(SECRET, headers["webhook-id"], headers["webhook-timestamp"], body)
    assert [standing.state.value for standing in house.hub.house.alarms("valve")] == ["in alarm"]
    assert [one.kind for one in house.store.incidents.saved] == ["ALARM"]
    assert house.store.kept["valve"] == {"alarm:Pressure": f"ALARM {NOON.isoformat()}"}


async def test_what_a_logger_brought_just_before_a_power_cut_raises_its_alarm_at_the_next_start_and_once(
    receiver: Receiver,
) -> None:
    house = House(receiver)
    house.serve(LOGGER)
    rows = [LogRow("logger", NOON - timedelta(minutes=minutes), Log.FAST, {"pressure": 6}) for minutes in (3, 2)]
    await house.store.append(rows, [])

    await house.correspondence.open()
    await until(lambda: bool(house.store.kept.get("logger")))
    await house.correspondence.close()
    again = Correspondence(house.hub, house.desk, house.destinations)
    await again.open()
    await again.close()
    house.close()

    told = [(one.kind, one.at) for one in house.store.incidents.saved if one.device == "logger"]
    assert told == [("ALARM", NOON - timedelta(minutes=3))]


async def test_a_past_that_cannot_be_read_keeps_no_hub_from_starting(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(wish: HistoryWish) -> Sequence[HistoryRow]:
        raise HubFaultError("the disk failed")

    house = House(receiver)
    house.serve(LOGGER)
    monkeypatch.setattr(house.store, "history", refuse)

    await house.correspondence.open()
    await house.correspondence.close()
    house.close()

    assert [where for where, _ in house.faults] == ["logger"]


async def test_a_confirmed_order_is_told_to_the_callback_of_its_key(house: House, receiver: Receiver) -> None:
    order = Order(device="valve", steps=({"setpoint": 2},), credential="10009", actions=("Set field 1 to 2",))

    answer = await house.desk.answer(order)
    await until(lambda: bool(receiver.got) and not house.store.posts.kept and not house.store.errands.kept)

    (line, headers, body) = receiver.got[0]
    owner_key = sha256(f"10009:hardwire:{KEY}".encode()).digest()
    assert answer is True
    assert line == "POST /ack"
    assert json.loads(body)["subject"] == "CONTROL_ACK"
    assert headers["webhook-signature"] == signature(
        owner_key, headers["webhook-id"], headers["webhook-timestamp"], body
    )
    assert [one.message for one in house.store.incidents.saved] == ["Set field 1 to 2"]


async def test_time_passes_for_alarms_and_orders_alike(house: House) -> None:
    slow = Device(id="slow", kind="meter", alarms=(Alarm(name="A", point="x", above=1, holdoff_s=5),))
    house.serve(slow)
    house.hub.publish(Sample("slow", NOON, {"x": 2}))

    house.correspondence.tick(house.clock.pass_s(5))

    assert [standing.state.value for standing in house.hub.house.alarms("slow")] == ["in alarm"]


async def test_a_message_that_nobody_wants_is_given_up_and_stands_in_the_event_log(
    house: House, receiver: Receiver
) -> None:
    receiver.status = 410

    house.hub.publish(Sample("valve", NOON, {"pressure": 7.5}))
    await until(lambda: len(house.store.incidents.saved) == 2)

    given_up = house.store.incidents.saved[1]
    assert (given_up.kind, given_up.source) == ("SYSTEM", "HUB")
    assert given_up.message.endswith("to 127.0.0.1 was given up: the receiver answered 410")
    assert "/ops" not in given_up.message


async def test_of_a_device_that_is_gone_no_event_log_is_left_to_tell(receiver: Receiver) -> None:
    house = House(receiver)
    receiver.status = 410
    house.store.posts.kept["a"] = Post(id="a", url=receiver.url, body="", device="gone", made=NOON, due=NOON)

    await house.correspondence.open()
    await until(lambda: not house.store.posts.kept)
    await house.correspondence.close()

    assert house.store.incidents.saved == []
    house.close()


async def test_what_was_never_opened_closes(receiver: Receiver) -> None:
    house = House(receiver)

    await house.correspondence.close()

    house.close()


def test_only_destinations_that_there_are_get_letters() -> None:
    receiver = Receiver()
    receiver.url = "https://ops.example"
    incident = Incident(device="valve", at=NOON, kind="ALARM", source="ALARM", send=("nobody", "ops"))

    letters = list(House(receiver).letters().of_incident(1, incident))

    assert [(one.url, one.signer, one.device) for one in letters] == [
        ("https://ops.example/ops", "destination:ops", "valve")
    ]


@pytest.mark.parametrize(
    ("credential", "device"), [("gone", "valve"), ("mute", "valve"), ("admin", "valve"), ("10009", "gone")]
)
def test_nobody_is_told_of_an_order_where_there_is_nobody_to_tell(credential: str, device: str) -> None:
    house = House(Receiver())
    house.hub.access.add(Credential(id="mute", kind="ezeio"))
    house.hub.access.add(Credential(id="admin", kind="admin", callback="https://x.example"))
    errand = Errand(id="ctl_1", device=device, credential=credential, actions=(), made=NOON, steps=())

    assert house.letters().of_errand(errand, NOON) is None


def test_each_signer_has_its_own_secret() -> None:
    house = House(Receiver())
    house.hub.access.add(Credential(id="old", kind="ezeio", secret_hash=b"only one hash :-"))
    letters = house.letters()

    keys = [letters.key_of(signer) for signer in ("", "destination:ops", "key:10009", "key:old")]

    assert keys == [b"", SECRET, sha256(f"10009:hardwire:{KEY}".encode()).digest(), b"only one hash :-"]


@pytest.mark.parametrize("signer", ["key:gone", "destination:gone"])
def test_a_signer_that_is_gone_is_told(signer: str) -> None:
    with pytest.raises(UnknownError):
        House(Receiver()).letters().key_of(signer)
