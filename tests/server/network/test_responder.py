"""mDNS as another program on the machine hears it: real packets, on loopback only."""

import asyncio
import secrets
import socket as sockets
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from ipaddress import ip_address
from typing import Any

import pytest
from zeroconf import (  # type: ignore[attr-defined]  # two of them it exports without saying so to type checkers
    DNSIncoming,
    DNSOutgoing,
    DNSPointer,
    NonUniqueNameException,
    ServiceInfo,
)
from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf

from hardwire.contracts.dialect import Service
from hardwire.server.network import responder
from hardwire.server.network.responder import ZeroconfResponder
from hardwire.server.network.stand import Announcement, Key
from tests.server.doors import WITHIN_S, until

TYPE = "_hwenergy._tcp"
LOOPBACK = "127.0.0.1"


def name() -> str:
    """A name that no test beside this one has."""
    return f"p1meter-{secrets.token_hex(4).upper()}"


def wanted(*instances: str, enabled: str = "1", port: int = 8080, device: str = "meter") -> Mapping[Key, Announcement]:
    return {
        (TYPE, instance): Announcement(
            device=device,
            service=Service(
                type=TYPE,
                instance=instance,
                host=f"{instance.lower()}.local",
                text={"api_enabled": enabled, "path": "/api/v1"},
                is_tls=False,
            ),
            port=port,
            addresses=(ip_address(LOOPBACK),),
        )
        for instance in instances
    }


@asynccontextmanager
async def responding() -> AsyncIterator[ZeroconfResponder]:
    speaking = ZeroconfResponder()
    try:
        yield speaking
    finally:
        await speaking.close()


@pytest.fixture
async def neighbour() -> AsyncIterator[AsyncZeroconf]:
    """Another program that speaks mDNS."""
    zeroconf = AsyncZeroconf(interfaces=[LOOPBACK])
    try:
        yield zeroconf
    finally:
        await zeroconf.async_close()


async def settle(neighbour: AsyncZeroconf, info: ServiceInfo) -> None:
    """Announce it, and let the second pass in which nobody repeats a record (RFC 6762, section 6)."""
    await (await neighbour.async_register_service(info))
    await asyncio.sleep(1.1)


async def ask(neighbour: AsyncZeroconf, instance: str) -> AsyncServiceInfo | None:
    kind = f"{TYPE}.local."
    return await neighbour.async_get_service_info(kind, f"{instance}.{kind}", 1500)


async def until_asked(neighbour: AsyncZeroconf, instance: str, *, enabled: str | None) -> None:
    """Wait until the network says so; None until it says nothing."""
    async with asyncio.timeout(WITHIN_S):
        while True:
            found = await ask(neighbour, instance)
            if (None if found is None else found.decoded_properties["api_enabled"]) == enabled:
                return
            await asyncio.sleep(0.1)


async def test_a_service_is_found_with_all_that_it_was_given(neighbour: AsyncZeroconf, logs: Sequence[Any]) -> None:
    instance = name()
    async with responding() as speaking:
        await speaking.tell(wanted(instance))

        found = await ask(neighbour, instance)

    assert found is not None
    assert found.decoded_properties == {"api_enabled": "1", "path": "/api/v1"}
    assert (found.server, found.port) == (f"{instance.lower()}.local.", 8080)
    assert found.parsed_addresses() == [LOOPBACK]
    assert [line["event"] for line in logs] == ["announced"]


async def test_what_changes_is_heard_and_what_goes_is_gone(neighbour: AsyncZeroconf) -> None:
    going, staying = name(), name()
    async with responding() as speaking:
        await speaking.tell({**wanted(going), **wanted(staying)})
        await until_asked(neighbour, going, enabled="1")

        await speaking.tell(wanted(staying, enabled="0"))

        await until_asked(neighbour, staying, enabled="0")
        await until_asked(neighbour, going, enabled=None)
        await speaking.tell({})
        await until_asked(neighbour, staying, enabled=None)


async def test_closing_says_goodbye_and_is_closing_once(neighbour: AsyncZeroconf) -> None:
    instance = name()
    async with responding() as speaking:
        await speaking.tell(wanted(instance))
        await until_asked(neighbour, instance, enabled="1")

        await speaking.close()
        await speaking.close()

        await until_asked(neighbour, instance, enabled=None)


async def test_a_device_that_comes_back_at_once_has_its_name_again(neighbour: AsyncZeroconf) -> None:
    instance, other = name(), name()
    async with responding() as speaking:
        await speaking.tell({**wanted(instance), **wanted(other)})
        await until_asked(neighbour, instance, enabled="1")
        await speaking.tell(wanted(other))

        await speaking.tell({**wanted(instance), **wanted(other)})

        assert set(speaking._told) == {(TYPE, instance), (TYPE, other)}
        await until_asked(neighbour, instance, enabled="1")


async def test_a_name_that_another_machine_has_is_withheld_told_once_and_asked_for_again(
    neighbour: AsyncZeroconf, logs: Sequence[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    taken, free = name(), name()
    kind = f"{TYPE}.local."
    theirs = ServiceInfo(kind, f"{taken}.{kind}", port=80, server="real.local.", parsed_addresses=["127.0.0.9"])
    await settle(neighbour, theirs)
    async with responding() as speaking:
        for _ in range(2):
            await speaking.tell({**wanted(taken), **wanted(free)})
        while_taken = list(speaking._told)
        monkeypatch.setattr(responder, "ASK_AGAIN_S", 0.0)
        # What has changed is asked for at once.
        await speaking.tell({**wanted(taken, port=8081), **wanted(free)})
        await (await neighbour.async_unregister_service(theirs))
        await asyncio.sleep(1.1)

        await speaking.tell({**wanted(taken, port=8081), **wanted(free)})

        assert while_taken == [(TYPE, free)]
        assert set(speaking._told) == {(TYPE, free), (TYPE, taken)}
    warnings = [line for line in logs if line["log_level"] == "warning"]
    assert [line["name"] for line in warnings] == [taken, taken]
    assert "another machine" in warnings[0]["event"]


async def test_a_name_that_another_machine_takes_at_the_same_moment_is_withheld_too(
    logs: Sequence[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    instance = name()

    async def be_too_late(*given: object, **more: object) -> None:
        raise NonUniqueNameException

    monkeypatch.setattr(AsyncZeroconf, "async_register_service", be_too_late)
    monkeypatch.setattr(responder, "ASK_AGAIN_S", 0.0)
    async with responding() as speaking:
        for _ in range(2):
            await speaking.tell(wanted(instance))

        assert list(speaking._withheld) == [(TYPE, instance)]
    assert [line["log_level"] for line in logs] == ["warning"]


async def test_a_name_that_is_withheld_is_let_go_when_nobody_wants_it_any_more(
    neighbour: AsyncZeroconf,
) -> None:
    taken, free = name(), name()
    kind = f"{TYPE}.local."
    theirs = ServiceInfo(kind, f"{taken}.{kind}", port=80, server="real.local.", parsed_addresses=["127.0.0.9"])
    await settle(neighbour, theirs)
    async with responding() as speaking:
        await speaking.tell({**wanted(taken), **wanted(free)})
        withheld = list(speaking._withheld)

        await speaking.tell(wanted(free))

        assert withheld == [(TYPE, taken)]
        assert not speaking._withheld


async def test_what_a_repeater_remembers_of_this_hub_is_no_other_machine(
    neighbour: AsyncZeroconf, logs: Sequence[Any]
) -> None:
    instance = name()
    kind = f"{TYPE}.local."
    echo = ServiceInfo(
        kind, f"{instance}.{kind}", port=8080, server=f"{instance.lower()}.local.", parsed_addresses=[LOOPBACK]
    )
    await settle(neighbour, echo)
    async with responding() as speaking:
        await speaking.tell(wanted(instance))

        assert list(speaking._told) == [(TYPE, instance)]
    assert [line["log_level"] for line in logs] == ["info"]


async def test_a_network_that_is_not_there_is_one_line_in_the_log_until_it_is(
    logs: Sequence[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    instance = name()

    def refuse(**more: object) -> None:
        raise OSError(19, "No such device")

    async with responding() as speaking:
        with monkeypatch.context() as broken:
            broken.setattr(responder, "_Zeroconf", refuse)
            for _ in range(2):
                await speaking.tell(wanted(instance))
        await speaking.tell(wanted(instance))

        assert list(speaking._told) == [(TYPE, instance)]
    assert [(line["log_level"], line.get("port")) for line in logs] == [("warning", 5353), ("info", 8080)]


async def test_what_broke_while_it_spoke_begins_anew(neighbour: AsyncZeroconf, logs: Sequence[Any]) -> None:
    first, second = name(), name()
    async with responding() as speaking:
        await speaking.tell(wanted(first))
        broken = speaking._zeroconf
        assert broken is not None
        # As when its own loop or thread has ended.
        await broken.zeroconf._async_close()

        for _ in range(2):
            await speaking.tell({**wanted(first), **wanted(second)})

        assert set(speaking._told) == {(TYPE, first), (TYPE, second)}
        assert await ask(neighbour, second) is not None
    assert [line["log_level"] for line in logs] == ["info", "warning", "info", "info"]


async def test_an_address_that_comes_is_spoken_at_too(neighbour: AsyncZeroconf) -> None:
    instance = name()
    before = wanted(instance)
    later = {
        key: Announcement(
            device=one.device,
            service=one.service,
            port=one.port,
            addresses=(*one.addresses, ip_address("127.0.0.2")),
        )
        for key, one in before.items()
    }
    async with responding() as speaking:
        await speaking.tell(before)

        await speaking.tell(later)
        await asyncio.sleep(0.1)
        found = await ask(neighbour, instance)

    assert found is not None
    assert sorted(found.parsed_addresses()) == [LOOPBACK, "127.0.0.2"]


class Ear(asyncio.DatagramProtocol):
    """What a client without a cache hears: packets, each for itself."""

    def __init__(self) -> None:
        self.heard: list[DNSIncoming] = []

    def datagram_received(self, data: bytes, addr: object) -> None:
        """Keep the answers."""
        packet = DNSIncoming(data)
        if packet.is_response():
            self.heard.append(packet)


def multicast_socket() -> sockets.socket:
    sock = sockets.socket(sockets.AF_INET, sockets.SOCK_DGRAM)
    sock.setsockopt(sockets.SOL_SOCKET, sockets.SO_REUSEADDR, 1)
    sock.setsockopt(sockets.SOL_SOCKET, sockets.SO_REUSEPORT, 1)
    sock.setsockopt(sockets.IPPROTO_IP, sockets.IP_MULTICAST_IF, sockets.inet_aton(LOOPBACK))
    sock.bind(("224.0.0.251", responder.MDNS_PORT))
    group = sockets.inet_aton("224.0.0.251") + sockets.inet_aton(LOOPBACK)
    sock.setsockopt(sockets.IPPROTO_IP, sockets.IP_ADD_MEMBERSHIP, group)
    sock.setblocking(False)
    return sock


async def test_a_question_is_answered_by_one_message_for_each_device_with_everything_among_the_answers() -> None:
    instances = sorted(name() for _ in range(2))
    async with responding() as speaking:
        await speaking.tell(wanted(*instances))
        # Its own announcements are over by then; what a record was said less than a second ago is not said again.
        await asyncio.sleep(2.5)
        transport, ear = await asyncio.get_running_loop().create_datagram_endpoint(Ear, sock=multicast_socket())
        transport.sendto(question(f"{TYPE}.local"), ("224.0.0.251", responder.MDNS_PORT))
        try:
            await until(lambda: len(mine(ear, instances)) >= 2)
        finally:
            transport.close()

    packets = mine(ear, instances)
    assert [names for names, _ in packets] == [[instance] for instance in instances]
    assert all({"ptr", "srv", "txt", "a"} <= kinds for _, kinds in packets)


def question(kind: str) -> bytes:
    """A question for pointers (RFC 1035, section 4.1), as a client without any cache asks it."""
    labels = b"".join(bytes([len(label)]) + label.encode() for label in kind.split("."))
    return bytes(12)[:4] + b"\x00\x01" + bytes(6) + labels + b"\x00\x00\x0c\x00\x01"


def mine(ear: Ear, instances: Sequence[str]) -> list[tuple[list[str], set[str]]]:
    """The instances and the record types of each message about them, additional records left aside."""
    found = []
    for packet in ear.heard:
        answers = packet.answers()[: packet.num_answers]
        names = [record.alias.partition(".")[0] for record in answers if isinstance(record, DNSPointer)]
        if set(names) & set(instances):
            found.append((names, {record.get_type(record.type) for record in answers}))
    return sorted(found, key=lambda pair: pair[0])


def test_a_message_that_is_no_answer_to_a_question_goes_out_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[tuple[object, ...]] = []
    monkeypatch.setattr("zeroconf.Zeroconf.async_send", lambda self, *given: sent.append(given))
    query = DNSOutgoing(0)

    responder._Zeroconf.async_send(object.__new__(responder._Zeroconf), query, "127.0.0.1")

    assert sent == [(query, "127.0.0.1", 5353, (), None)]
