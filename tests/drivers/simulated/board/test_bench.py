"""What stands on a bench: settings, the demo, voltages, and the kinds of hardware."""

import itertools
from datetime import UTC, datetime

import msgspec
import pytest

from hardwire.drivers.simulated.board.circuit.generator import Generator
from hardwire.drivers.simulated.board.circuit.voltage import Voltage, VoltageShape
from hardwire.drivers.simulated.board.demo import furnished
from hardwire.drivers.simulated.board.driver import make
from hardwire.drivers.simulated.board.echo import Echo
from hardwire.drivers.simulated.board.hardware import HARDWARE
from hardwire.drivers.simulated.board.instants import at_us, next_mark_us, unix_us
from hardwire.drivers.simulated.board.settings import Settings
from hardwire.model.board.analog import AnalogValue, ReadAnalog
from hardwire.model.board.can import StopCan
from hardwire.model.board.display import ClearDisplay
from hardwire.model.board.location import StartLocation
from hardwire.model.board.motion import StopMotion
from hardwire.model.board.pin import DrivePin
from hardwire.model.board.pwm import StopPwm
from hardwire.model.board.switch import ReadSwitch
from hardwire.model.command import Command, WritePoints
from hardwire.model.errors import BadValueError, CallerError, UnknownError
from tests.drivers.simulated.board.desk import Desk, settings

NOON_US = unix_us(datetime(2026, 11, 25, 12, 0, tzinfo=UTC))
BOARD = HARDWARE["obnizb1"]


def test_the_next_mark_is_always_ahead() -> None:
    assert next_mark_us(NOON_US, 250_000) == NOON_US + 250_000
    assert next_mark_us(NOON_US + 249_999, 250_000) == NOON_US + 250_000
    assert next_mark_us(NOON_US + 250_000, 250_000) == NOON_US + 500_000


def test_microseconds_are_whole_and_exact() -> None:
    instant = datetime(2026, 11, 22, 2, 30, 14, 931_999, tzinfo=UTC)

    assert unix_us(instant) % 1_000_000 == 931_999
    assert at_us(unix_us(instant)) == instant


def test_the_demo_bench_has_waves_on_two_pins_and_a_sine_before_each_channel() -> None:
    bench = furnished(Settings(), BOARD)

    assert [generator.pin for generator in bench.generators] == [1, 6]
    assert [voltage.channel for voltage in bench.voltages] == list(range(12))
    assert len({voltage.volts(NOON_US + 700_000) for voltage in bench.voltages}) == 12
    assert bench.echo == Echo(distance_mm=1_000)


def test_what_the_settings_say_stays_on_the_demo_bench() -> None:
    own = Settings(
        generators=(Generator(pin=6, frequency_hz=50.0),), voltages=(Voltage(channel=3),), echo=Echo(distance_mm=50)
    )

    bench = furnished(own, BOARD)

    assert [(generator.pin, generator.frequency_hz) for generator in bench.generators] == [(6, 50.0), (1, 2.0)]
    assert [voltage.channel for voltage in bench.voltages].count(3) == 1
    assert bench.echo == Echo(distance_mm=50)


def test_an_empty_bench_has_nothing() -> None:
    bench = furnished(settings(), BOARD)

    assert (bench.generators, bench.voltages, bench.echo) == ((), (), None)


def test_a_sine_goes_from_nothing_to_five_volts_and_back() -> None:
    sine = Voltage(channel=0)

    volts = [sine.volts(NOON_US + 100_000 * step) for step in range(200)]

    assert (min(volts), max(volts)) == (0, 5)
    assert sine.volts(NOON_US) == sine.volts(NOON_US + 20_000_000)


def test_a_constant_stays_and_what_is_too_much_is_cut_off() -> None:
    constant = Voltage(channel=0, shape=VoltageShape.CONSTANT, offset_v=1.2345)
    much = Voltage(channel=0, offset_v=4.0, amplitude_v=5.0)

    assert {constant.volts(NOON_US + us) for us in (0, 123_456)} == {1.234}
    assert {much.volts(NOON_US + 5_000_000), much.volts(NOON_US + 15_000_000)} == {0, 5}


def test_noise_walks_without_jumps_and_is_the_same_for_everybody() -> None:
    noise = Voltage(channel=0, shape=VoltageShape.NOISE, period_s=1.0, phase=0.5)

    volts = [noise.volts(NOON_US + 10_000 * step) for step in range(1_000)]

    assert max(abs(one - other) for one, other in itertools.pairwise(volts)) < 0.2
    assert len(set(volts)) > 500
    assert volts == [
        Voltage(channel=0, shape=VoltageShape.NOISE, period_s=1.0, phase=0.5).volts(NOON_US + 10_000 * step)
        for step in range(1_000)
    ]


def test_a_configured_voltage_is_what_the_channel_measures_until_its_pin_is_driven() -> None:
    desk = Desk(settings(voltages=(Voltage(channel=3, shape=VoltageShape.CONSTANT, offset_v=1.5),)))

    answers = desk.do(ReadAnalog(3), DrivePin(3, True), ReadAnalog(3))

    assert answers == [AnalogValue(3, 1.5), AnalogValue(3, 5.0)]


@pytest.mark.parametrize(
    ("table", "complaint"),
    [
        ({"bench": "lab"}, r"'lab'.*\$.bench"),
        ({"firmware": "new"}, r"\$.firmware"),
        ({"nets": [["io0"]]}, r"\$.nets\[0\]"),
        ({"generators": [{"pin": 1, "frequency_hz": 0}]}, r"\$.generators\[0\].frequency_hz"),
        ({"generators": [{"pin": 1, "volts": 5}]}, r"volts.*\$.generators\[0\]"),
        ({"generators": [{}]}, r"pin.*\$.generators\[0\]"),
        ({"voltages": [{"channel": 0, "offset_v": 9.0}]}, r"\$.voltages\[0\].offset_v"),
        ({"voltages": [{"channel": 0, "shape": "square"}]}, r"\$.voltages\[0\].shape"),
        ({"echo": {"distance_mm": 1}}, r"\$.echo.distance_mm"),
    ],
)
def test_a_setting_that_is_wrong_is_named_with_its_place(table: dict[str, object], complaint: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=complaint):
        msgspec.convert({"kind": "board", **table}, Settings, strict=True)


def test_a_voltage_before_a_channel_that_is_not_there_is_refused() -> None:
    with pytest.raises(BadValueError, match="no ad12") as refusal:
        make("bench", "home", "UTC", settings(voltages=(Voltage(channel=12),)))

    assert refusal.value.path == "voltages[0].channel"


@pytest.mark.parametrize(("name", "pins"), [(name, hardware.pins) for name, hardware in HARDWARE.items()])
def test_every_kind_of_board_can_be_had(name: str, pins: tuple[int, ...]) -> None:
    (device,) = make("bench", "home", "UTC", Settings(hardware=name, firmware="3.5.0")).devices

    assert (device.profile, device.firmware) == (name, "3.5.0")
    assert [point.name for point in device.points if point.name.startswith("io")] == [f"io{pin}" for pin in pins]


@pytest.mark.parametrize(
    ("hardware", "command", "complaint"),
    [
        ("esp32w", ReadSwitch(), 'has no switch; `hardware = "obnizb1"` has one'),
        ("esp32w", ClearDisplay(), 'has no display; `hardware = "obnizb1"` has one'),
        ("esp32w", DrivePin(1, True), "no io1; it has io0, io2, io4"),
        ("esp32w", ReadAnalog(0), "no ad0; it has ad32"),
        ("blewifi_gw2", DrivePin(0, True), "no io0; it has none"),
        ("blewifi_gw2", StopPwm(0), "no pwm0; it has none"),
        ("iekilo1", StopMotion(), "no motion sensor"),
        ("iekilo1", StartLocation(), "no location receiver"),
        ("iekilo1", StopCan(0), "no CAN bus"),
    ],
)
def test_what_a_board_has_not_is_named(hardware: str, command: Command, complaint: str) -> None:
    with pytest.raises(UnknownError, match=complaint):
        Desk(settings(hardware)).do(command)


def test_a_board_without_a_switch_has_no_point_to_move_it() -> None:
    with pytest.raises(CallerError) as refusal:
        Desk(settings("esp32w")).do(WritePoints({"switch": "push"}))

    assert refusal.value.code == "not-writable"
