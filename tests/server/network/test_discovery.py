"""Which devices the network is told of."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from ipaddress import ip_address
from typing import Any

import pytest

from hardwire.contracts.dialect import Service
from hardwire.model.device import Device
from hardwire.server.network import discovery
from hardwire.server.network.discovery import Discovery
from hardwire.server.network.reach import Reach
from hardwire.server.network.stand import Announcement, Interface, Key, Stand
from tests.hub.premises import METER, Premises
from tests.server.doors import until

LAN = "192.168.1.50"
BOARD = Device(id="board", kind="board")


class PaperResponder:
    """`server.discovery.Responder` that remembers what it was told."""

    def __init__(self) -> None:
        self.told: list[Mapping[Key, Announcement]] = []
        self.has_closed = False
        self.is_stuck = False

    async def tell(self, wanted: Mapping[Key, Announcement]) -> None:
        """Remember it."""
        self.told.append(wanted)

    async def close(self) -> None:
        """Say goodbye, or never come to an end."""
        self.has_closed = True
        if self.is_stuck:
            await asyncio.Event().wait()


class Network:
    """A hub with a meter and a board, its listeners and who tells of them."""

    def __init__(self, *stands: Stand, is_wanted: bool | None = None) -> None:
        self.premises = Premises()
        self.premises.serve(METER, BOARD)
        self.premises.dialect.announced = {"meter": services("p1meter-AABBCC"), "board": services("board-000001")}
        self.stands = list(stands)
        self.interfaces = [Interface("lo", ip_address("127.0.0.1")), Interface("eth0", ip_address(LAN))]
        self.responders: list[PaperResponder] = []
        reach = Reach(lambda: self.stands, lambda: self.interfaces, lambda: 0.0)
        self.discovery = Discovery(
            self.premises.hub,
            {"paper": self.premises.dialect},
            lambda: self.stands,
            reach,
            self._make,
            is_wanted=is_wanted,
        )

    def make_default(self, device: str) -> None:
        self.premises.hub.roster.show(device, "paper", device, None)

    def found(self) -> list[tuple[str, str, int, list[str]]]:
        return [
            (instance, kind, one.port, [str(address) for address in one.addresses])
            for (kind, instance), one in self.discovery.announcements().items()
        ]

    def _make(self) -> PaperResponder:
        self.responders.append(PaperResponder())
        return self.responders[-1]


def services(instance: str) -> tuple[Service, ...]:
    host = f"{instance.lower()}.local"
    return (
        Service(type="_hwenergy._tcp", instance=instance, host=host, text={"api_enabled": "1"}, is_tls=False),
        Service(type="_homewizard._tcp", instance=instance, host=host, text={"id": "x"}, is_tls=True),
    )


def main(host: str) -> tuple[Stand, Stand]:
    return Stand(host=host, port=8080), Stand(host=host, port=8443, is_tls=True)


@asynccontextmanager
async def running(network: Network) -> AsyncIterator["asyncio.Task[None]"]:
    task = asyncio.create_task(network.discovery.run())
    await asyncio.sleep(0)
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.wait([task])


def test_the_default_device_is_told_of_at_the_main_listeners_and_no_other_is() -> None:
    network = Network(*main("0.0.0.0"))
    network.make_default("meter")

    assert network.found() == [
        ("p1meter-AABBCC", "_hwenergy._tcp", 8080, [LAN]),
        ("p1meter-AABBCC", "_homewizard._tcp", 8443, [LAN]),
    ]


def test_a_device_is_told_of_at_its_own_listeners() -> None:
    network = Network(*main("0.0.0.0"), Stand(device="board", dialect="paper", host="192.168.1.60", port=80))

    assert network.found() == [("board-000001", "_hwenergy._tcp", 80, ["192.168.1.60"])]


def test_a_listener_of_its_own_goes_before_the_main_one_and_the_dialects_own_before_anothers() -> None:
    network = Network(
        *main("0.0.0.0"),
        Stand(device="meter", dialect="other", host="192.168.1.60", port=81),
        Stand(device="meter", dialect="paper", host="192.168.1.60", port=80),
    )
    network.make_default("meter")

    assert network.found() == [
        ("p1meter-AABBCC", "_hwenergy._tcp", 80, ["192.168.1.60"]),
        ("p1meter-AABBCC", "_homewizard._tcp", 8443, [LAN]),
    ]


@pytest.mark.parametrize(("is_wanted", "count"), [(None, 0), (False, 0), (True, 2)])
def test_on_loopback_only_the_owners_word_makes_it_told(is_wanted: bool | None, count: int) -> None:
    network = Network(*main("127.0.0.1"), is_wanted=is_wanted)
    network.make_default("meter")

    found = network.discovery.announcements()

    assert len(found) == count


@pytest.mark.parametrize("is_wanted", [None, True])
def test_beside_a_listener_on_the_network_loopback_is_not_told(is_wanted: bool | None) -> None:
    own = Stand(device="board", host="192.168.1.60", port=80)
    network = Network(*main("127.0.0.1"), own, is_wanted=is_wanted)
    network.make_default("meter")

    assert [instance for instance, *_ in network.found()] == ["board-000001"]


def test_where_no_address_is_there_nothing_is_told() -> None:
    network = Network(*main("0.0.0.0"))
    network.make_default("meter")
    network.interfaces = []

    assert network.found() == []


def test_of_two_devices_with_one_name_the_first_is_told_of_and_the_owner_hears_it_once(logs: Sequence[Any]) -> None:
    network = Network(
        Stand(device="meter", host="192.168.1.60", port=80), Stand(device="board", host="192.168.1.61", port=80)
    )
    network.premises.dialect.announced["board"] = services("p1meter-AABBCC")

    found = [network.found() for _ in range(2)]

    assert found == [[("p1meter-AABBCC", "_hwenergy._tcp", 80, ["192.168.1.60"])]] * 2
    assert [(line["first"], line["second"]) for line in logs] == [("meter", "board")]


async def test_what_changes_is_told_soon_and_what_goes_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discovery, "SETTLE_S", 0.01)
    network = Network(*main("0.0.0.0"))
    network.make_default("meter")
    async with running(network):
        await until(lambda: network.responders and network.responders[0].told)
        responder = network.responders[0]

        network.premises.dialect.announced["meter"] = services("renamed")
        network.premises.hub.line.notify("kept", "meter")
        await until(lambda: len(responder.told) == 2)
        network.premises.hub.forget("meter")
        await until(lambda: len(responder.told) == 3)

    assert [sorted({instance for _, instance in told}) for told in responder.told] == [
        ["p1meter-AABBCC"],
        ["renamed"],
        [],
    ]
    assert responder.has_closed


async def test_the_machine_is_looked_at_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discovery, "LOOK_AGAIN_S", 0.01)
    network = Network()
    network.make_default("meter")
    async with running(network):
        await asyncio.sleep(0.05)
        before = list(network.responders)

        network.stands = list(main(LAN))
        await until(lambda: network.responders and len(network.responders[0].told) > 1)

    assert before == []
    assert len(network.responders) == 1


async def test_a_fault_is_logged_and_what_comes_later_is_told_all_the_same(
    logs: Sequence[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(discovery, "LOOK_AGAIN_S", 0.01)
    network = Network(*main("0.0.0.0"))
    network.make_default("meter")
    whole, network.premises.dialect.announced = network.premises.dialect.announced, None  # type: ignore[assignment]  # the fault
    async with running(network):
        await until(lambda: logs)

        network.premises.dialect.announced = whole
        await until(lambda: network.responders and network.responders[0].told)

    assert logs[0]["event"] == "devices were not announced"


async def test_who_speaks_is_not_even_loaded_where_nothing_is_told() -> None:
    network = Network(*main("127.0.0.1"))
    network.make_default("meter")

    async with running(network):
        await asyncio.sleep(0.01)

    assert network.responders == []


async def test_discovery_that_is_off_ends_at_once() -> None:
    network = Network(*main("0.0.0.0"), is_wanted=False)

    await network.discovery.run()

    assert network.responders == []


async def test_a_goodbye_that_finds_no_network_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discovery, "GOODBYE_S", 0.01)
    network = Network(*main("0.0.0.0"))
    network.make_default("meter")
    async with running(network) as task:
        await until(lambda: network.responders)
        network.responders[0].is_stuck = True

    assert task.cancelled()
