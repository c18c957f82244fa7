"""A bench for the rules of RFC 6455."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest

from hardwire.server.limits import Limits
from tests.server.doors import Doors, open_doors
from tests.server.websocket.bench import Bench

# One program opens all of them here, one behind the other.
UNHURRIED = Limits(handshakes_per_s=100_000, messages_per_s=1_000_000)


@pytest.fixture
async def doors() -> AsyncIterator[Doors]:
    """A front that no crowd keeps from answering."""
    async with open_doors(UNHURRIED) as doors:
        yield doors


@pytest.fixture
def bench(doors: Doors, logs: Sequence[Any]) -> Bench:  # Any: structlog's own entries
    """An echo on real sockets."""
    return Bench(doors, logs)
