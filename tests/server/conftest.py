"""Doors for the tests of this room, on the loop that the hub runs on."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import pytest
import structlog
import uvloop
from structlog.testing import capture_logs

from tests.server.doors import Dialled, Doors, open_doors

LoopFactory: TypeAlias = Callable[[], asyncio.AbstractEventLoop]


def pytest_asyncio_loop_factories(config: pytest.Config, item: pytest.Item) -> Mapping[str, LoopFactory]:
    """uvloop, as in a running hub: its transports differ from asyncio's in what they forgive."""
    return {"uvloop": uvloop.new_event_loop}


@pytest.fixture
async def doors() -> AsyncIterator[Doors]:
    """A front with a plain port."""
    async with open_doors() as doors:
        yield doors


@pytest.fixture
async def client(doors: Doors) -> AsyncIterator[Dialled]:
    """A connection to the plain port."""
    client = await doors.dial()
    yield client
    client.drop()


@pytest.fixture
async def socket(doors: Doors) -> AsyncIterator[Dialled]:
    """A WebSocket on the plain port."""
    client = await doors.upgraded()
    yield client
    client.drop()


@pytest.fixture
def logs() -> Iterator[Sequence[Any]]:  # Any: structlog's own entries
    """What is logged meanwhile."""
    structlog.reset_defaults()
    with capture_logs() as entries:
        yield entries
