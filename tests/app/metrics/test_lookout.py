"""The one on duty: it says when the hub is ready, what was left out of the log, and what a dump begins with."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import structlog
from structlog.testing import capture_logs

from hardwire.app.metrics.lookout import Lookout
from hardwire.app.repeats import Repeats
from hardwire.contracts.question import ReadHealth, ReadMetrics
from hardwire.model.health import Health
from hardwire.server.network.names import Names
from hardwire.server.requests.front import Front
from hardwire.server.requests.gate import Gate
from tests.app.metrics.page import value
from tests.app.metrics.sources import PaperLogins, PaperMail
from tests.app.premises import House, house


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path) as stage:
        yield stage


def on_duty(stage: House, repeats: Repeats | None = None) -> Lookout:
    """Return a lookout over a hub without doors."""
    names = Names(stage.hub, stage.dialects)
    front = Front(stage.hub, stage.desk, Gate(names.is_host), names, stage.dialects)
    return Lookout(stage.hub, stage.desk, stage.store, front, mail=PaperMail(), logins=PaperLogins(), repeats=repeats)


async def test_a_hub_is_ready_from_when_its_doors_open_until_they_close(stage: House) -> None:
    lookout = on_duty(stage)

    before = await stage.desk.answer(ReadHealth())
    lookout.open()
    during = await stage.desk.answer(ReadHealth())
    await lookout.close()
    after = await stage.desk.answer(ReadHealth())

    told = [one.is_ready for one in (before, during, after) if isinstance(one, Health)]
    assert told == [False, True, False]


async def test_figures_are_told_at_the_desk(stage: House) -> None:
    on_duty(stage)

    page = await stage.desk.answer(ReadMetrics())

    assert isinstance(page, bytes)
    assert value(page, "hardwire_posts_waiting") == 2


async def test_lines_that_were_left_out_are_told_at_the_latest_when_the_hub_stops(stage: House) -> None:
    structlog.reset_defaults()
    repeats = Repeats()
    lookout = on_duty(stage, repeats)
    lookout.open()
    for _ in range(12):
        try:
            repeats(None, "warning", {"event": "client cut", "peer": "10.0.0.1"})
        except structlog.DropEvent:
            continue

    with capture_logs() as lines:
        lookout.tick()
        await lookout.close()

    assert lines == [
        {"event": "lines left out", "of": "client cut", "peer": "10.0.0.1", "lines": 2, "log_level": "warning"}
    ]


async def test_a_dump_begins_with_what_waits(stage: House) -> None:
    state = on_duty(stage)._state()

    assert state["conversations"] == {}
    assert (state["posts_waiting"], state["orders_waiting"], state["commands_waiting"]) == (2, 3, 0)
