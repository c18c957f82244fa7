"""What the hub counts of commands and facts, and that every reply is counted once."""

import asyncio

import pytest

from hardwire.hub.execution import DeviceQueue
from hardwire.hub.figures import HubFigures
from hardwire.model.access import NOBODY, OWNER
from hardwire.model.command import Done, Failed, FlushLog, Identify, Reply, WritePoints
from hardwire.model.errors import CallerError, DeviceError, HardwireError, HubFaultError
from hardwire.model.fact import Event, Happening, Sample
from tests.fakes.paper_driver import PaperDriver
from tests.fakes.still_clock import NOON
from tests.hub.premises import METER, Premises


def queue(reply: Reply, figures: HubFigures) -> DeviceQueue:
    """Return a queue whose driver answers so."""
    driver = PaperDriver(answer=lambda command: reply)
    return DeviceQueue("bench", driver, lambda device, fault: None, figures=figures)


@pytest.mark.parametrize(
    ("error", "counted"),
    [
        (CallerError("no"), (0, 1, 0, 0)),
        (DeviceError("not now"), (0, 0, 1, 0)),
        (HubFaultError("broken"), (0, 0, 0, 1)),
        (HardwireError("whose fault nobody knows"), (0, 0, 0, 1)),
        (None, (1, 0, 0, 0)),
    ],
)
def test_a_command_is_counted_by_its_outcome(error: HardwireError | None, counted: tuple[int, ...]) -> None:
    figures = HubFigures()

    queue(Done() if error is None else Failed(error), figures).submit(Identify(), lambda reply: None)

    assert (figures.done, figures.refused, figures.device_errors, figures.hub_faults) == counted


def test_the_time_from_the_queue_to_the_reply_is_observed() -> None:
    ticks = iter((10.0, 10.002))
    figures = HubFigures(lambda: next(ticks))

    queue(Done(), figures).submit(Identify(), lambda reply: None)

    assert figures.waits.count == 1
    assert figures.waits.total == pytest.approx(0.002)


def test_what_waits_when_a_device_goes_is_counted_as_its_error() -> None:
    figures = HubFigures()
    waiting = queue(Done(), figures)

    def leave(reply: Reply) -> None:
        waiting.submit(Identify(), lambda reply: None)
        waiting.close()

    waiting.submit(Identify(), leave)

    assert (figures.done, figures.device_errors) == (1, 1)


async def test_what_never_comes_into_a_queue_is_counted_too() -> None:
    house = Premises()
    house.serve(METER)

    house.execute("nowhere", Identify())
    house.hub.execute("meter", Identify(), NOBODY, lambda reply: None)
    house.execute("meter", WritePoints({"cloud": 7}))
    reply = await house.hub.notices.answered(
        lambda on_reply: house.hub.execute("meter", WritePoints({"cloud": False}), OWNER, on_reply)
    )

    assert reply == Done()
    assert (house.hub.figures.refused, house.hub.figures.done) == (3, 1)


def test_facts_are_counted_by_kind_where_they_are_published() -> None:
    house = Premises()
    house.serve(METER)

    for value in (1, 2):
        house.hub.publish(Sample("meter", NOON, {"power_w": value}))
    house.hub.publish(Event("meter", NOON, Happening()))

    assert house.hub.figures.facts == {Sample: 2, Event: 1}


async def test_commands_without_a_reply_wait() -> None:
    house = Premises()
    told: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
    house.serve(METER, driver=PaperDriver(answer=lambda command: told))

    house.execute("meter", FlushLog())
    house.execute("meter", WritePoints({"power_w": 1}))
    house.execute("meter", WritePoints({"power_w": 2}))
    waiting = house.hub.wishes.waiting()
    house.close()

    assert waiting == 2
    assert house.hub.wishes.waiting() == 0
