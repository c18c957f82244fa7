"""`[limits]`: each setting is kept by real doors, and not only by the part that knows how."""

import asyncio
import time
from collections.abc import Sequence
from typing import Any

import pytest
from msgspec import structs

from hardwire.contracts.act import Watch
from hardwire.model.channel import Channel
from hardwire.model.fact import Sample
from hardwire.server.admission import Arrival
from hardwire.server.limits import DEFAULT_LIMITS, Carrier, Limits
from hardwire.server.sockets.socket import BEHIND_BYTES, TOO_SLOW
from tests.fakes.paper_dialect import PaperSession
from tests.server.doors import TEXT, framed, open_doors, until

CHANNEL = Channel("paper", "meter", "measurement")
HANDSHAKE = (
    "Upgrade: websocket",
    "Connection: Upgrade",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==",
)
NEIGHBOUR = "192.0.2.1"


def test_what_the_owner_says_nothing_of_is_bounded_too() -> None:
    unbounded = [name for name, bound in structs.asdict(DEFAULT_LIMITS).items() if bound == 0]

    # As many as there are files for: the process has a limit of its own.
    assert unbounded == ["connections"]


async def test_connections_are_counted_up_to_the_setting() -> None:
    async with open_doors(Limits(connections=2)) as doors:
        for _ in range(2):
            client = await doors.dial()
            client.request("GET", "/paper")
            assert (await client.answer()).status == 200

        late = await doors.dial()
        answer = await late.answer()

    assert (answer.status, "retry-after" in answer.headers) == (503, True)


async def test_one_address_of_the_network_holds_no_more_than_the_setting() -> None:
    async with open_doors(Limits(connections_per_address=3)) as doors:
        connections = doors.front.connections
        for _ in range(3):
            connections.enter(Arrival(NEIGHBOUR, lambda: None), 0.0)

        refused = connections.refusal(Arrival(NEIGHBOUR, lambda: None))

    assert refused == "this address holds too many connections"


async def test_no_more_than_the_setting_may_stand_without_a_word() -> None:
    async with open_doors(Limits(unproven=16)) as doors:
        silent = [await doors.dial() for _ in range(20)]

        ends = [await client.hear_end() for client in silent[:4]]

        assert ends == [b""] * 4
        assert doors.front.connections.unproven == 16


async def test_no_more_than_the_setting_of_websockets_are_opened_in_a_second() -> None:
    async with open_doors(Limits(handshakes_per_s=1)) as doors:
        statuses = []
        for _ in range(5):
            client = await doors.dial()
            client.request("GET", "/paper", *HANDSHAKE)
            statuses.append((await client.answer()).status)

    # On a machine that stands still for a second another one may pass.
    assert statuses[0] == 101
    assert 503 in statuses


@pytest.mark.parametrize("carrier", ["direct", "aiohttp"])
async def test_no_more_than_the_setting_of_one_clients_messages_are_read_in_a_second(carrier: Carrier) -> None:
    async with open_doors(Limits(messages_per_s=20), carrier) as doors:
        client = await doors.upgraded()
        began_s = time.monotonic()

        client.send(b"".join(framed(TEXT, b"%d" % number) for number in range(30)))
        heard = [await client.hear() for _ in range(30)]

    assert heard == [(TEXT, b"%d" % number) for number in range(30)]
    assert time.monotonic() - began_s >= 0.4


@pytest.mark.parametrize(("budget_bytes", "is_cut"), [(65_536 + 1024, True), (64 << 20, False)])
async def test_a_client_that_does_not_read_is_cut_at_the_budget_of_the_setting(
    budget_bytes: int, is_cut: bool, logs: Sequence[Any]
) -> None:
    async with open_doors(Limits(client_budget_bytes=budget_bytes)) as doors:
        doors.dialect.conversation = lambda: PaperSession(on_open=lambda: (Watch(CHANNEL),))
        client = await doors.upgraded()
        client.writer.transport.pause_reading()  # type: ignore[attr-defined]  # asyncio says so of every stream's transport
        await until(lambda: doors.hub.channels.counts() == (1, 1))

        text = "x" * 50_000
        for _ in range(160):
            doors.hub.publish(Sample("meter", doors.premises.clock.pass_s(1), {"note": text}))
            # A turn of the loop, for what is pending to be written.
            await asyncio.sleep(0)

        assert 160 * len(text) > 10 * BEHIND_BYTES
        assert [line.get("reason") for line in logs] == ([TOO_SLOW] if is_cut else [])
