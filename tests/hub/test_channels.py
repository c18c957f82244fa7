"""The fan-out: rendered once, framed once, however many watch."""

import pytest

from hardwire.hub.channels import Channels
from hardwire.model.channel import Channel
from hardwire.model.fact import Log, LogRow, Sample
from tests.fakes.paper_dialect import PaperDialect
from tests.fakes.still_clock import NOON
from tests.hub.premises import GAS, METER, PaperWatcher, Premises, framed

MEASUREMENT = Channel("paper", "meter", "measurement")
STATE = Channel("paper", "meter", "state")
SAMPLE = Sample("meter", NOON, {"power_w": 1})


def test_a_fact_is_rendered_once_and_framed_once_however_many_watch() -> None:
    framings: list[str | bytes] = []
    dialect = PaperDialect()

    def frame(payload: str | bytes) -> bytes:
        framings.append(payload)
        return framed(payload)

    channels = Channels(Premises().hub.house, frame)
    channels.speak({"paper": dialect})
    watchers = [PaperWatcher() for _ in range(100)]
    for watcher in watchers:
        channels.watch(MEASUREMENT, watcher, NOON)

    channels.deliver("meter", SAMPLE, NOON)

    assert len(dialect.rendered) == len(framings) == 1
    assert all(watcher.frames[0] is watchers[0].frames[0] for watcher in watchers)
    assert channels.counts() == (1, 100)
    assert channels.by_dialect() == ({"paper": 1}, {"paper": 100})


def test_a_list_that_is_being_filled_is_filled_without_asking_its_watcher() -> None:
    premises, watcher = Premises(), PaperWatcher()
    premises.hub.channels.watch(MEASUREMENT, watcher, NOON)
    premises.hub.channels.watch(Channel("paper", "other", "measurement"), watcher, NOON)
    watcher.pending.append(b"before")

    premises.hub.channels.deliver("meter", SAMPLE, NOON)

    assert watcher.frames == []
    assert watcher.pending[0] == b"before"
    assert len(watcher.pending) == 2


def test_a_watcher_is_told_of_which_channel_a_frame_is_and_what_may_be_left_out_of_it() -> None:
    premises, watcher = Premises(), PaperWatcher()
    premises.hub.watch(MEASUREMENT, watcher)
    premises.dialect.is_newest_kept = True
    premises.hub.watch(STATE, watcher)

    premises.hub.channels.deliver("meter", SAMPLE, NOON)

    assert watcher.policies == [(MEASUREMENT, False), (STATE, True)]


def test_nobody_renders_what_nobody_watches() -> None:
    premises = Premises()

    premises.hub.channels.deliver("meter", SAMPLE, NOON)

    assert premises.dialect.rendered == []


def test_a_fact_that_means_nothing_to_a_channel_sends_nothing() -> None:
    premises, watcher = Premises(), PaperWatcher()
    premises.hub.watch(MEASUREMENT, watcher)

    premises.hub.channels.deliver("meter", LogRow("meter", NOON, Log.FAST, {}), NOON)

    assert watcher.frames == []


def test_watching_twice_is_watching_once() -> None:
    premises, watcher = Premises(), PaperWatcher()
    premises.hub.watch(MEASUREMENT, watcher)
    premises.hub.watch(MEASUREMENT, watcher)

    premises.hub.channels.deliver("meter", SAMPLE, NOON)

    assert len(watcher.frames) == 1


def test_who_has_left_gets_nothing_more_and_leaving_twice_harms_nobody() -> None:
    premises, gone, stays = Premises(), PaperWatcher(), PaperWatcher()
    for channel in (MEASUREMENT, STATE):
        premises.hub.watch(channel, gone)
    premises.hub.watch(MEASUREMENT, stays)
    lasts = [premises.hub.channels.unwatch(MEASUREMENT, gone) for _ in range(2)]
    lasts.append(premises.hub.channels.unwatch(STATE, gone))

    premises.hub.channels.deliver("meter", SAMPLE, NOON)

    assert lasts == [False, False, True]
    assert gone.frames == []
    assert len(stays.frames) == 1
    assert premises.hub.channels.is_watched(MEASUREMENT, stays)
    assert not premises.hub.channels.is_watched(STATE, gone)


def test_the_last_watcher_of_a_device_leaves_nothing_behind() -> None:
    premises, watcher = Premises(), PaperWatcher()
    premises.hub.watch(MEASUREMENT, watcher)

    premises.hub.unwatch(MEASUREMENT, watcher)
    premises.hub.unwatch(MEASUREMENT, watcher)

    assert premises.hub.channels.counts() == (0, 0)


def test_a_childs_fact_reaches_the_channels_of_its_parent() -> None:
    premises, watcher = Premises(), PaperWatcher()
    premises.serve(METER, GAS)
    premises.hub.watch(MEASUREMENT, watcher)

    premises.hub.publish(Sample("gas", NOON, {"volume_m3": 2}))

    assert watcher.frames == [b"gas {'volume_m3': 2}"]


def test_a_channel_that_fails_is_told_once_and_harms_neither_neighbours_nor_the_driver() -> None:
    premises, watcher = Premises(), PaperWatcher()
    sound = PaperDialect()
    premises.hub.channels.speak({"sound": sound})
    premises.hub.watch(MEASUREMENT, PaperWatcher())
    premises.hub.watch(Channel("sound", "meter", "measurement"), watcher)
    premises.dialect.fault = ZeroDivisionError("a bug")

    premises.hub.publish(SAMPLE)
    premises.hub.publish(SAMPLE)

    assert len(watcher.frames) == 2
    assert premises.faults == [("paper channel measurement of meter", premises.dialect.fault)]


def test_a_failing_channel_raises_where_nobody_hears_of_faults() -> None:
    dialect = PaperDialect()
    channels = Channels(Premises().hub.house, framed)
    channels.speak({"paper": dialect})
    channels.watch(MEASUREMENT, PaperWatcher(), NOON)
    dialect.fault = ZeroDivisionError("a bug")

    with pytest.raises(ZeroDivisionError):
        channels.deliver("meter", SAMPLE, NOON)


def test_the_newest_message_is_framed_and_none_stays_none() -> None:
    premises = Premises()
    newest = premises.hub.channels.latest(MEASUREMENT, NOON)
    premises.dialect.newest = None

    none = premises.hub.channels.latest(MEASUREMENT, NOON)

    assert newest == b"newest"
    assert none is None


def repeating() -> tuple[Premises, PaperWatcher]:
    premises, watcher = Premises(), PaperWatcher()
    premises.dialect.repeats_after_s = 10
    premises.serve(METER)
    premises.hub.alive("meter")
    premises.hub.watch(MEASUREMENT, watcher)
    return premises, watcher


def test_a_silent_channel_is_repeated_when_its_time_has_come() -> None:
    premises, watcher = repeating()
    frames = []

    for _ in range(25):
        premises.clock.pass_s(1)
        premises.hub.alive("meter")
        premises.hub.tick()
        frames.append(len(watcher.frames))

    assert (frames[8], frames[9], frames[18], frames[19], frames[24]) == (0, 1, 1, 2, 2)


def test_a_message_puts_the_repeat_off() -> None:
    premises, watcher = repeating()
    premises.clock.pass_s(9)
    premises.hub.publish(Sample("meter", premises.clock(), {"power_w": 3}))
    premises.clock.pass_s(9)

    premises.hub.tick()

    assert watcher.frames == [b"meter {'power_w': 3}"]


def test_nothing_is_repeated_while_the_source_is_silent() -> None:
    premises, watcher = repeating()
    premises.clock.pass_s(31)

    premises.hub.tick()

    assert watcher.frames == []


def test_a_repeat_without_a_message_sends_nothing() -> None:
    premises, watcher = repeating()
    premises.dialect.newest = None
    premises.clock.pass_s(10)

    premises.hub.tick()

    assert watcher.frames == []


def test_a_repeat_that_fails_harms_no_other() -> None:
    premises, _ = repeating()
    sound, watcher = PaperDialect(), PaperWatcher()
    sound.repeats_after_s = 10
    premises.hub.channels.speak({"sound": sound})
    premises.hub.watch(Channel("sound", "meter", "measurement"), watcher)
    premises.dialect.fault = ZeroDivisionError("a bug")
    premises.clock.pass_s(10)

    premises.hub.tick()

    assert watcher.frames == [b"newest"]
    assert len(premises.faults) == 1


def test_channels_that_ask_for_no_repeat_get_none() -> None:
    premises, watcher = Premises(), PaperWatcher()
    premises.serve(METER)
    premises.hub.alive("meter")
    premises.hub.watch(MEASUREMENT, watcher)
    premises.clock.pass_s(20)

    premises.hub.tick()

    assert watcher.frames == []
