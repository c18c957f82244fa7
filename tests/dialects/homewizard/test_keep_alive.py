"""A socket's measurements over time, with the hub's own channels and a clock that is told what time it is."""

from datetime import timedelta

from hardwire.hub.channels import Channels
from hardwire.model.fact import Sample
from tests.dialects.homewizard.paper_grid import METER, Grid
from tests.hub.premises import PaperWatcher


def framed(payload: str | bytes) -> bytes:
    """A frame on paper is its payload."""
    return payload.encode() if isinstance(payload, str) else payload


def pushes_at(grid: Grid, seconds: int, *, is_alive: bool) -> list[int]:
    """Let that many seconds pass without a sample; returns the seconds at which the client got a measurement."""
    channels = Channels(grid.house, framed)
    channels.speak({"homewizard": grid.dialect})
    socket = PaperWatcher()
    channel = grid.appliance().channel("measurement")
    channels.watch(channel, socket, grid.now)
    channels.deliver(METER, Sample(METER, grid.now, {"power_w": -543}), grid.now)
    socket.frames.clear()
    heard: list[int] = []
    for second in range(1, seconds + 1):
        now = grid.now + timedelta(seconds=second)
        if is_alive:
            grid.roster.mark_alive(METER, now)
        channels.repeat(now)
        heard += [second] * len(socket.frames)
        assert all(b'"power_w":-543' in frame for frame in socket.frames)
        socket.frames.clear()
    return heard


def test_while_the_source_lives_no_client_waits_30_s_for_a_measurement() -> None:
    assert pushes_at(Grid(), 80, is_alive=True) == [25, 50, 75]


def test_a_source_that_fell_silent_is_not_repeated_past_its_30_s() -> None:
    assert pushes_at(Grid(), 120, is_alive=False) == [25]


def test_a_client_that_reads_slowly_gets_the_newest_measurement() -> None:
    grid = Grid()

    assert grid.dialect.keeps_newest(grid.appliance().channel("measurement"))
