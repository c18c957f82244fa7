"""The alarms of a hub's devices, by samples and by the clock."""

from collections.abc import Mapping
from datetime import timedelta

from msgspec.structs import replace

from hardwire.hub.alarms import Alarms, kept_of
from hardwire.model.alarm import Alarm, AlarmState
from hardwire.model.device import Device
from hardwire.model.fact import Fact, Incident, Log, LogRow, Sample
from hardwire.model.point import Keeper, Point, PointKind
from hardwire.model.value import Value
from tests.fakes.still_clock import NOON
from tests.hub.premises import Premises

HIGH = Alarm(name="High", point="level", above=70, restore_below=60, holdoff_s=10, send=("ops", "pager"))
TANK = Device(
    id="tank",
    kind="meter",
    stale_after_s=30,
    points=(Point(name="level", label="Tank level", unit="in"), Point(name="mode", kind=PointKind.TEXT)),
    alarms=(HIGH,),
)
LOGGER = replace(TANK, id="logger", kind="unit", log="self", stale_after_s=2000.0)


class Watch:
    """A hub with its alarms, and what was told."""

    def __init__(self, *devices: Device, kept: Mapping[str, Value] | None = None) -> None:
        self.premises = Premises()
        self.hub = self.premises.hub
        self.clock = self.premises.clock
        self.told: list[Incident] = []
        for device in devices:
            self.hub.roster.note_kept(device.id, kept or {})
        self.alarms = Alarms(self.hub.house, self.clock, self.hub.publish, self.hub.roster.kept)
        self.hub.observe(self.alarms.take)
        self.hub.observe(self._hear)
        self.premises.serve(*devices)

    def _hear(self, fact: Fact) -> None:
        if isinstance(fact, Incident):
            self.told.append(fact)

    def tell(self, level: Value, *, device: str = "tank", late_s: float = 0, point: str = "level") -> None:
        """Publish a value that was true so long ago."""
        self.hub.publish(Sample(device, self.clock() - timedelta(seconds=late_s), {point: level}))

    def pass_s(self, seconds: int) -> None:
        """Let time pass second by second."""
        for _ in range(seconds):
            self.clock.pass_s(1)
            self.hub.tick()
            self.alarms.tick(self.clock())

    def state(self, device: str = "tank") -> str:
        """Where the first alarm stands."""
        return self.alarms.standings(device)[0].state.value

    @property
    def kinds(self) -> list[str]:
        """What was told, in order."""
        return [incident.kind for incident in self.told]


def test_the_last_value_holds_while_its_source_lives_so_time_alone_raises() -> None:
    watch = Watch(TANK)
    watch.tell(73.4)

    watch.pass_s(9)
    before = watch.state()
    watch.pass_s(1)

    assert before == "in alarm holdoff"
    assert watch.state() == "in alarm"
    assert watch.alarms.standings("tank")[0].since == NOON + timedelta(seconds=10)
    assert watch.kinds == ["ALARM"]


def test_an_incident_tells_the_value_the_threshold_the_sentence_and_all_points() -> None:
    watch = Watch(TANK)
    watch.tell("auto", point="mode")
    watch.tell(73.4)
    watch.pass_s(10)
    watch.tell(59.0)

    raised, restored = watch.told

    assert raised == Incident(
        device="tank",
        at=NOON + timedelta(seconds=10),
        kind="ALARM",
        source="ALARM",
        name="High",
        action="ops, pager",
        params=(73.4, 70),
        message="Tank level is 73.4 in, above 70 in",
        values={"mode": "auto", "level": 73.4},
        send=("ops", "pager"),
    )
    assert (restored.kind, restored.params, restored.message) == (
        "RESTORE",
        (59.0, 70),
        "High: over, Tank level is 59 in",
    )


def test_an_alarm_may_have_words_of_its_own_and_a_point_none() -> None:
    low = Alarm(name="Low", point="flow", below=2, message="The pump is dry")
    bare = Alarm(name="Bare", point="flow", below=2)
    watch = Watch(replace(TANK, points=(), alarms=(low, bare)))

    watch.tell(1.5, point="flow")
    watch.tell(3, point="flow")

    assert [incident.message for incident in watch.told] == [
        "The pump is dry",
        "flow is 1.5, below 2",
        "The pump is dry: over, flow is 3",
        "Bare: over, flow is 3",
    ]


def test_a_stale_device_neither_raises_nor_restores_and_its_holdoff_begins_anew() -> None:
    watch = Watch(replace(TANK, alarms=(replace(HIGH, holdoff_s=60),)))
    watch.tell(73)

    watch.pass_s(120)
    silent = (watch.state(), watch.kinds)
    watch.tell(73)
    watch.pass_s(20)
    watch.tell(73)
    watch.pass_s(20)
    watch.tell(73)
    watch.pass_s(19)
    before = watch.kinds
    watch.pass_s(1)

    assert silent == ("restored", [])
    assert before == []
    assert watch.kinds == ["ALARM"]


def test_an_alarm_stands_while_its_device_is_stale() -> None:
    watch = Watch(TANK)
    watch.tell(73)
    watch.pass_s(10)

    watch.pass_s(300)

    assert watch.state() == "in alarm"
    assert watch.kinds == ["ALARM"]


def test_a_value_that_is_older_than_the_last_changes_nothing() -> None:
    watch = Watch(replace(TANK, alarms=(replace(HIGH, holdoff_s=0),)))
    watch.tell(50)

    watch.tell(90, late_s=5)

    assert watch.kinds == []


def test_an_upload_of_a_logger_counts_by_the_instants_of_its_values() -> None:
    watch = Watch(LOGGER)
    for late_s, level in ((600, 65), (590, 71), (585, 72), (580, 73), (570, 65), (560, 50)):
        watch.tell(level, device="logger", late_s=late_s)

    assert [(one.kind, (NOON - one.at).total_seconds(), one.params[0]) for one in watch.told] == [
        ("ALARM", 580, 73),
        ("RESTORE", 560, 50),
    ]


def test_for_a_logger_time_passes_with_its_values_only() -> None:
    watch = Watch(LOGGER)
    watch.tell(71, device="logger")

    watch.pass_s(60)
    waiting = watch.state("logger")
    watch.tell(50, device="logger", late_s=30)

    assert waiting == "in alarm holdoff"
    assert watch.state("logger") == "restored"
    assert watch.kinds == []


def test_history_of_more_than_a_day_ago_wakes_nobody() -> None:
    watch = Watch(replace(LOGGER, alarms=(replace(HIGH, holdoff_s=0),)))

    watch.tell(90, device="logger", late_s=86_401)

    assert watch.kinds == []


def test_a_value_from_the_future_counts_as_of_now() -> None:
    watch = Watch(replace(TANK, alarms=(replace(HIGH, holdoff_s=0),)))
    watch.tell(50, late_s=-3600)

    watch.clock.pass_s(1)
    watch.tell(90)

    assert watch.kinds == ["ALARM"]
    assert watch.told[0].at == NOON + timedelta(seconds=1)


def test_texts_other_points_and_log_rows_are_not_judged() -> None:
    watch = Watch(replace(TANK, alarms=(replace(HIGH, holdoff_s=0),)))

    watch.tell("99")
    watch.tell(99, point="flow")
    watch.hub.publish(LogRow("tank", NOON, Log.FAST, {"level": 99}))
    watch.pass_s(2)

    assert watch.kinds == []


def test_a_device_that_nobody_knows_or_that_has_no_alarms_is_let_be() -> None:
    watch = Watch(replace(TANK, alarms=()))

    watch.tell(99)
    watch.tell(99, device="stranger")
    watch.pass_s(1)

    assert watch.kinds == []
    assert watch.alarms.standings("tank") == ()
    assert watch.alarms.standings("stranger") == ()


def test_a_point_that_the_hub_keeps_is_watched_by_the_clock() -> None:
    kept = Point(name="setpoint", keeper=Keeper.HUB, writable=True, initial=5)
    watch = Watch(replace(TANK, points=(kept,), alarms=(Alarm(name="Set", point="setpoint", above=4),)))
    watch.hub.alive("tank")

    watch.pass_s(1)

    assert watch.kinds == ["ALARM"]


def test_an_alarm_that_stood_at_the_last_stop_is_not_raised_again() -> None:
    first = Watch(TANK)
    first.tell(73)
    first.pass_s(10)
    again = Watch(TANK, kept=kept_of(first.told[0]))
    began = again.alarms.standings("tank")[0]
    again.tell(74)
    again.pass_s(20)

    raised = list(again.kinds)
    again.tell(50)

    assert (began.state, began.since) == (AlarmState.IN_ALARM, NOON + timedelta(seconds=10))
    assert raised == []
    assert again.kinds == ["RESTORE"]
    assert Watch(TANK, kept=kept_of(again.told[0])).state() == "restored"
    assert kept_of(replace(again.told[0], source="UNIT")) == {}


def test_a_logger_that_repeats_its_rows_after_a_restart_raises_nothing_twice() -> None:
    logger = replace(LOGGER, alarms=(replace(HIGH, holdoff_s=0),))
    rows = ((600, 65), (590, 71), (580, 50), (570, 65))
    first = Watch(logger)
    for late_s, level in rows:
        first.tell(level, device="logger", late_s=late_s)
    again = Watch(logger, kept=kept_of(first.told[-1]))

    for late_s, level in (*rows, (560, 72)):
        again.tell(level, device="logger", late_s=late_s)

    assert first.kinds == ["ALARM", "RESTORE"]
    assert [(one.kind, one.params[0]) for one in again.told] == [("ALARM", 72)]


def test_a_changed_threshold_counts_from_the_next_value() -> None:
    watch = Watch(TANK)
    watch.tell(73)
    watch.pass_s(10)

    watch.hub.declare(replace(TANK, alarms=(replace(HIGH, above=80, restore_below=None),)))
    watch.tell(75)

    assert watch.kinds == ["ALARM", "RESTORE"]
    assert watch.alarms.standings("tank")[0].alarm.above == 80


def test_a_device_that_goes_takes_its_alarms_along() -> None:
    watch = Watch(TANK)
    watch.tell(73)
    watch.pass_s(10)
    watch.hub.forget("tank")
    watch.pass_s(1)

    watch.premises.serve(TANK)

    assert watch.state() == "restored"


def test_a_clock_that_is_set_back_mutes_no_alarm() -> None:
    watch = Watch(TANK, LOGGER)
    watch.tell(50)
    watch.tell(80, device="logger")

    watch.clock.pass_s(-86_400 * 365)
    watch.tell(80, device="logger", late_s=30)
    watch.tell(80)
    watch.tell(80, device="logger", late_s=10)
    watch.pass_s(11)

    assert [(incident.device, incident.kind) for incident in watch.told] == [("logger", "ALARM"), ("tank", "ALARM")]
