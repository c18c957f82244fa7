"""Orders: durable before they are promised, carried out in order, tried again, confirmed."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from datetime import datetime

import pytest

from hardwire.contracts.errand import Errand
from hardwire.contracts.question import Order, PressButton, Question
from hardwire.hub.orders import Orders
from hardwire.model.access import Credential, Right
from hardwire.model.audit import AuditEntry
from hardwire.model.command import Command, Done, Failed, FlushLog, Reply, WritePoints
from hardwire.model.device import Device
from hardwire.model.errors import CallerError, DeviceError, HardwireError, HubFaultError, UnknownError
from hardwire.model.fact import Confirmation, Fact, Incident, Sample
from hardwire.model.point import Point
from hardwire.model.value import Value
from tests.fakes.still_clock import NOON
from tests.hub.premises import Premises

POINTS = (Point(name="setpoint", writable=True), Point(name="output_2", writable=True), Point(name="level"))
UNIT = Device(id="unit", kind="unit", log="self", points=POINTS)
METER = Device(id="meter", kind="meter", points=POINTS)
OFFLINE = Failed(DeviceError("the unit is away", code="offline"))


class House(Premises):
    """A hub with orders, and what became of them."""

    def __init__(self, *devices: Device) -> None:
        super().__init__()
        self.incidents: list[Incident] = []
        self.acknowledged: list[tuple[str, datetime]] = []
        self.ack_fault: HardwireError | None = None
        self.orders = self.begin()
        self.hub.observe(self._hear)
        self.serve(*(devices or (UNIT,)))
        self.hub.access.add(Credential(id="10009", kind="ezeio", name="Plant", rights=Right.CONTROL))

    def begin(self) -> Orders:
        """Make orders over this hub's store, as a start does."""
        ids = iter(f"ctl_{number}" for number in range(1, 1000))
        self.orders = Orders(self.hub, lambda: next(ids), self._acknowledge)
        return self.orders

    async def ask(self, *steps: dict[str, Value], device: str = "unit", credential: str = "10009") -> object:
        """Order the steps; returns the answer or what kept it away."""
        actions = tuple(f"Set {name} to {value}" for step in steps for name, value in step.items()) or ("Flush",)
        order = Order(device=device, steps=steps, credential=credential, actions=actions)
        try:
            return await self.orders.answer(order)
        except HardwireError as error:
            return error

    async def settle(self) -> None:
        """Let everything that can go on go on."""
        for _ in range(50):
            await asyncio.sleep(0)

    async def pass_s(self, seconds: float) -> None:
        """Let time pass, then whatever is due."""
        self.clock.pass_s(seconds)
        self.orders.tick(self.clock())
        await self.settle()

    @property
    def messages(self) -> list[str]:
        """What the event log was told."""
        return [f"{incident.action}: {incident.message}" for incident in self.incidents]

    @property
    def waiting(self) -> list[str]:
        """Which errands are on the disk."""
        return list(self.store.errands.kept)

    def _hear(self, fact: Fact) -> None:
        self.orders.take(fact)
        if isinstance(fact, Incident):
            self.incidents.append(fact)

    async def _acknowledge(self, errand: Errand, now: datetime) -> None:
        if self.ack_fault is not None:
            raise self.ack_fault
        self.acknowledged.append((errand.id, now))


@pytest.fixture
async def house() -> AsyncIterator[House]:
    house = House()
    yield house
    await house.orders.close()
    house.close()


def answering(house: House, *replies: Reply) -> None:
    """Let the driver answer so, one after another, then Done."""
    left = list(replies)
    house.driver.answer = lambda command: left.pop(0) if left else Done()


async def test_an_order_is_on_the_disk_when_it_is_promised_and_gone_when_it_is_done(house: House) -> None:
    house.hub.publish(Sample("unit", NOON, {"level": 3.5}))

    answer = await house.ask({"setpoint": 7})
    promised = dict(house.store.errands.kept)
    await house.settle()

    assert answer is True
    assert promised["ctl_1"].steps == ({"setpoint": 7},)
    assert house.driver.commands == [WritePoints({"setpoint": 7})]
    assert house.acknowledged == [("ctl_1", NOON)]
    assert house.waiting == []
    assert house.store.audited == [
        AuditEntry(at=NOON, actor="10009", action="control.ordered", subject="unit", detail="Set setpoint to 7")
    ]
    assert house.incidents == [
        Incident(
            device="unit",
            at=NOON,
            kind="CONTROL",
            source="API",
            name="Plant",
            action="Confirmed",
            message="Set setpoint to 7",
            values={"level": 3.5},
        )
    ]


async def test_steps_are_carried_out_in_order_and_told_once(house: House) -> None:
    await house.ask({"output_2": 100}, {"output_2": 0}, {})

    await house.settle()

    assert house.driver.commands == [WritePoints({"output_2": 100}), WritePoints({"output_2": 0}), FlushLog()]
    assert len(house.acknowledged) == len(house.incidents) == 1


async def test_a_log_that_the_hub_keeps_needs_no_flush() -> None:
    house = House(METER)

    await house.ask({}, device="meter")
    await house.settle()

    assert house.driver.commands == []
    assert house.messages == ["Confirmed: Flush"]
    house.close()


async def test_a_device_that_cannot_now_is_tried_again_with_growing_pauses(house: House) -> None:
    answering(house, OFFLINE, OFFLINE, OFFLINE)
    await house.ask({"setpoint": 7})
    await house.ask({"setpoint": 8})
    await house.settle()
    tries = [len(house.driver.commands)]

    for seconds in (1, 3, 3, 1, 8):
        await house.pass_s(seconds)
        tries.append(len(house.driver.commands))

    assert tries == [1, 1, 2, 2, 3, 5]
    assert [command.values["setpoint"] for command in writes(house)] == [7, 7, 7, 7, 8]
    assert house.messages == ["Confirmed: Set setpoint to 7", "Confirmed: Set setpoint to 8"]


def writes(house: House) -> list[WritePoints]:
    return [command for command in house.driver.commands if isinstance(command, WritePoints)]


async def test_an_order_that_cannot_be_carried_out_for_an_hour_is_given_up_and_says_so(house: House) -> None:
    house.driver.answer = lambda command: OFFLINE
    await house.ask({"setpoint": 7})

    for _ in range(61):
        await house.pass_s(60)

    assert house.messages == [
        "Given up: Not done: Set setpoint to 7 (the device could not for an hour: the unit is away)"
    ]
    assert house.acknowledged == []
    assert house.waiting == []


async def test_what_a_device_refuses_is_given_up_at_once_and_the_next_is_carried_out(house: House) -> None:
    answering(house, Failed(CallerError("a valve has no half")))
    await house.ask({"setpoint": 0.5})
    await house.ask({"setpoint": 1})

    await house.settle()

    assert house.messages == [
        "Given up: Not done: Set setpoint to 0.5 (a valve has no half)",
        "Confirmed: Set setpoint to 1",
    ]


async def test_what_a_device_has_to_fetch_is_done_when_it_confirms(house: House) -> None:
    answering(house, Done(pending="wish-1"), Done(pending="wish-2"))
    await house.ask({"setpoint": 7}, {"setpoint": 8})
    await house.settle()
    offered = house.store.errands.kept["ctl_1"]

    house.hub.publish(Confirmation("other", NOON, "wish-1"))
    house.hub.publish(Confirmation("unit", NOON, "wish-1"))
    await house.settle()
    between = house.store.errands.kept["ctl_1"].pending
    waiting = house.orders.waiting()
    house.hub.publish(Confirmation("unit", NOON, "wish-2"))
    await house.settle()

    assert (offered.steps, offered.pending) == ((), ("wish-1", "wish-2"))
    assert between == ("wish-2",)
    assert (waiting, house.orders.waiting()) == (1, 0)
    assert house.acknowledged == [("ctl_1", NOON)]
    assert house.waiting == []


async def test_a_confirmation_may_come_before_the_order_is_known_to_be_pending(house: House) -> None:
    def answer(command: Command) -> Reply:
        house.hub.publish(Confirmation("unit", NOON, "wish-1"))
        return Done(pending="wish-1")

    house.driver.answer = answer

    await house.ask({"setpoint": 7})
    await house.settle()

    assert len(house.acknowledged) == 1


async def test_of_confirmations_that_nobody_waits_for_only_so_many_are_remembered(house: House) -> None:
    for number in range(1001):
        house.hub.publish(Confirmation("unit", NOON, f"wish-{number}"))
    answering(house, Done(pending="wish-0"), Done(pending="wish-1"))

    await house.ask({"setpoint": 7})
    await house.ask({"setpoint": 8})
    await house.settle()

    assert house.messages == ["Confirmed: Set setpoint to 8"]


async def test_a_device_may_refuse_what_it_has_fetched(house: House) -> None:
    answering(house, Done(pending="a"), Done(pending="b"))
    await house.ask({"setpoint": 7}, {"setpoint": 8})
    house.hub.publish(Confirmation("unit", NOON, "b", is_done=False))
    await house.settle()

    house.hub.publish(Confirmation("unit", NOON, "a"))
    await house.settle()

    assert house.messages == ["Given up: Not done: Set setpoint to 7; Set setpoint to 8 (the device refused it)"]
    assert house.acknowledged == []


async def test_what_nobody_confirms_within_a_day_is_given_up(house: House) -> None:
    answering(house, Done(pending="wish-1"))
    await house.ask({"setpoint": 7})
    await house.settle()
    await house.pass_s(86_400)

    before = list(house.messages)
    await house.pass_s(1)

    assert before == []
    assert house.messages == ["Given up: Not done: Set setpoint to 7 (nobody confirmed it within a day)"]
    assert house.waiting == []


async def test_orders_survive_a_restart_wherever_they_stand(house: House) -> None:
    answering(house, Done(pending="wish-1"), OFFLINE)
    await house.ask({"setpoint": 1})
    await house.settle()
    await house.ask({"setpoint": 2}, {"setpoint": 3})
    await house.settle()
    await house.orders.close()
    house.store.errands.kept["done"] = Errand(
        id="done", device="unit", credential="10009", actions=("Set x to 1",), made=NOON, steps=()
    )

    await house.begin().recall()
    await house.pass_s(1)
    house.hub.publish(Confirmation("unit", NOON, "wish-1"))
    await house.settle()

    assert sorted(house.messages) == [
        "Confirmed: Set setpoint to 1",
        "Confirmed: Set setpoint to 2; Set setpoint to 3",
        "Confirmed: Set x to 1",
    ]
    assert house.waiting == []


async def test_a_device_that_is_not_there_at_the_start_is_waited_for(house: House) -> None:
    await house.ask({"setpoint": 2})
    await house.orders.close()
    house.hub.forget("unit")
    await house.begin().recall()
    await house.pass_s(1)

    house.serve(UNIT)
    await house.pass_s(5)

    assert house.messages == ["Confirmed: Set setpoint to 2"]


async def test_an_order_of_a_key_that_was_revoked_is_not_carried_out(house: House) -> None:
    house.driver.answer = lambda command: OFFLINE
    await house.ask({"setpoint": 2})
    await house.settle()
    house.hub.access.remove("10009")

    await house.pass_s(5)

    assert len(house.driver.commands) == 1
    assert house.messages == ["Given up: Not done: Set setpoint to 2 (its key is no longer valid)"]
    assert house.incidents[0].name == "10009"


@pytest.mark.parametrize(
    ("device", "step", "code"),
    [
        ("nobody", {"setpoint": 1}, "unknown"),
        ("unit", {"nothing": 1}, "unknown"),
        ("unit", {"setpoint": 1, "level": 1}, "not-writable"),
    ],
)
async def test_what_a_device_will_never_do_is_not_taken_on(
    house: House, device: str, step: dict[str, Value], code: str
) -> None:
    answer = await house.ask({"setpoint": 1}, step, device=device)

    assert isinstance(answer, CallerError)
    assert answer.code == code
    assert house.waiting == []


async def test_a_unit_takes_so_many_orders_at_once_and_one_more_each_two_seconds(house: House) -> None:
    answers = [await house.ask({"setpoint": number}) for number in range(31)]
    house.clock.pass_s(2)
    later = [await house.ask({"setpoint": 1}), await house.ask({"setpoint": 1})]

    assert answers[:30] == [True] * 30
    assert [getattr(answer, "code", "") for answer in (answers[30], *later)] == ["too-many", "", "too-many"]


async def test_a_unit_that_is_away_gathers_only_so_many_orders(house: House) -> None:
    house.driver.answer = lambda command: OFFLINE
    for _ in range(100):
        house.clock.pass_s(2)
        assert await house.ask({"setpoint": 1}) is True

    house.clock.pass_s(60)
    answer = await house.ask({"setpoint": 1})

    assert isinstance(answer, CallerError)
    assert answer.code == "too-many"


async def test_an_order_that_cannot_be_kept_is_not_promised(house: House) -> None:
    async def full(errand: Errand, *, audit: Iterable[AuditEntry] = ()) -> None:
        raise HubFaultError("the disk is full", code="disk-full")

    house.store.errands.save = full  # type: ignore[method-assign]  # a disk that is full

    answer = await house.ask({"setpoint": 1})
    await house.settle()

    assert isinstance(answer, HubFaultError)
    assert house.driver.commands == []


async def test_a_step_whose_note_is_not_kept_is_carried_out_again(house: House) -> None:
    save = house.store.errands.save
    faults = [HubFaultError("the disk is full", code="disk-full")]

    async def failing(errand: Errand, *, audit: Iterable[AuditEntry] = ()) -> None:
        if not errand.steps and faults:
            raise faults.pop()
        await save(errand)

    house.store.errands.save = failing  # type: ignore[method-assign]  # a disk that is full once
    await house.ask({"setpoint": 1})
    await house.settle()
    await house.pass_s(5)

    assert len(house.driver.commands) == 2
    assert house.messages == ["Confirmed: Set setpoint to 1"]
    assert [where for where, _ in house.faults] == ["orders"]


async def test_an_acknowledgement_that_cannot_be_kept_is_made_up_for_by_the_next_start(house: House) -> None:
    house.ack_fault = HubFaultError("the disk is full", code="disk-full")
    await house.ask({"setpoint": 1})
    await house.settle()
    house.ack_fault = None

    await house.begin().recall()
    await house.pass_s(1)

    assert house.acknowledged == [("ctl_1", house.clock())]
    assert house.waiting == []


async def test_nothing_else_is_answered_here(house: House) -> None:
    question: Question = PressButton("unit")

    with pytest.raises(UnknownError):
        await house.orders.answer(question)


async def test_an_order_waits_no_longer_for_a_clock_that_was_set_back(house: House) -> None:
    answering(house, OFFLINE)
    await house.ask({"setpoint": 7})
    await house.settle()

    await house.pass_s(-86_400)

    assert [command.values["setpoint"] for command in writes(house)] == [7, 7]
