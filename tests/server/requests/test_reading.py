"""Answers that nobody reads."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from hardwire.contracts.act import Respond
from hardwire.server.requests import reading
from tests.fakes.paper_dialect import PaperSession
from tests.server.doors import Dialled, Doors, until

LONG = b"x" * (32 << 20)


@pytest.fixture
def asked(doors: Doors, client: Dialled, monkeypatch: pytest.MonkeyPatch) -> Dialled:
    """A client that has asked for more than the kernel holds, at a hub without patience."""
    monkeypatch.setattr(reading, "UNREAD_S", 0.2)
    doors.dialect.session = lambda request: PaperSession(on_open=lambda: (Respond(200, LONG),))
    client.writer.transport.pause_reading()  # type: ignore[attr-defined]  # asyncio says so of every stream's transport
    client.request("GET", "/paper")
    return client


async def test_a_client_that_takes_nothing_of_its_answer_is_cut(
    doors: Doors, asked: Dialled, logs: Sequence[Any]
) -> None:
    await until(lambda: logs)
    await until(lambda: doors.front.connections.standing == 0)

    assert [line["event"] for line in logs] == ["an answer was not read"]


async def test_a_client_that_reads_slowly_gets_its_whole_answer(asked: Dialled, logs: Sequence[Any]) -> None:
    asked.writer.transport.resume_reading()  # type: ignore[attr-defined]  # as above
    head = await asked.reader.readuntil(b"\r\n\r\n")
    length = 0
    while length < len(LONG):
        length += len(await asked.reader.read(1 << 20))
        await asyncio.sleep(0.01)

    assert b"200 OK" in head
    assert length == len(LONG)
    assert logs == []
