"""Measuring an echo: from the bench, or from a wire."""

import pytest

from hardwire.drivers.simulated.board.echo import Echo
from hardwire.drivers.simulated.board.function import Later
from hardwire.drivers.simulated.board.settings import Settings
from hardwire.model.board.measure import EchoMeasured, Edge, MeasureEcho
from hardwire.model.board.pin import DrivePin, PinLevel, PinOwner, StreamPin
from hardwire.model.board.system import Reset
from hardwire.model.errors import BadValueError, UnknownError
from tests.drivers.simulated.board.desk import Desk, settings


def measure(
    edges: int = 4, *, pulse_us: int = 11, timeout_us: int = 30_000, is_positive: bool = True, echo_pin: int = 2
) -> MeasureEcho:
    return MeasureEcho(
        pulse_pin=1, echo_pin=echo_pin, is_positive=is_positive, pulse_us=pulse_us, edges=edges, timeout_us=timeout_us
    )


def test_the_echo_of_a_wall_is_as_long_as_the_sound_was_on_its_way() -> None:
    (answer,) = Desk(settings(echo=Echo(distance_mm=1_000))).do(measure())

    assert isinstance(answer, EchoMeasured)
    rise, fall = answer.edges
    assert (rise.is_rising, fall.is_rising) == (True, False)
    assert 5_850 <= fall.after_us - rise.after_us <= 5_900


def test_the_demo_bench_has_a_wall_a_metre_away() -> None:
    (answer,) = Desk(Settings()).do(measure())

    assert answer == EchoMeasured((Edge(True, 450), Edge(False, 450 + 5_874)))


@pytest.mark.parametrize(("edges", "waited_us"), [(1, 11 + 451), (2, 11 + 6_325), (3, 11 + 30_000)])
def test_it_takes_until_the_edges_are_there_or_the_time_is_over(edges: int, waited_us: int) -> None:
    desk = Desk(settings(echo=Echo()))
    began_us = desk.unix_us

    (answer,) = desk.do(measure(edges))

    assert isinstance(answer, EchoMeasured)
    assert (desk.unix_us - began_us, len(answer.edges)) == (waited_us, min(edges, 2))


def test_without_a_wall_there_is_no_edge() -> None:
    assert Desk().do(measure()) == [EchoMeasured(())]


def test_an_echo_that_comes_too_late_is_not_heard() -> None:
    (answer,) = Desk(settings(echo=Echo(distance_mm=5_000))).do(measure(timeout_us=10_000))

    assert answer == EchoMeasured((Edge(True, 450),))


@pytest.mark.parametrize("is_positive", [True, False])
def test_a_wire_carries_the_end_of_the_pulse(is_positive: bool) -> None:
    desk = Desk(settings(nets=(("io1", "io2"),), echo=Echo()))
    began_us = desk.unix_us

    (answer,) = desk.do(measure(is_positive=is_positive, pulse_us=500))

    assert answer == EchoMeasured((Edge(not is_positive, 0),))
    found = [
        (edge.at_us - began_us, edge.level) for edge in desk.board._pins[1].history.edges(began_us - 1, desk.unix_us)
    ]
    assert found[-1] == (500, not is_positive)


def test_another_pin_of_the_net_hears_the_pulse() -> None:
    desk = Desk(settings(nets=(("io1", "io8"),)))
    desk.do(StreamPin(8), measure(pulse_us=5_000))

    assert desk.told == [PinLevel(8, False), PinLevel(8, True), PinLevel(8, False)]


def test_its_pins_are_plain_ones_afterwards_and_using_them_is_no_offence() -> None:
    desk = Desk(settings(echo=Echo()))
    desk.do(DrivePin(1, False), measure(), measure())
    owners = (desk.board._pins[1].owner, desk.board._pins[2].owner)
    desk.do(DrivePin(1, True), DrivePin(2, True))

    assert owners == (PinOwner.OUTPUT, PinOwner.INPUT)
    assert desk.told == []


def test_a_reset_in_the_middle_leaves_nothing_of_it() -> None:
    desk = Desk(settings(echo=Echo()))
    outcome = desk.board.carry_out(measure(), desk.now)
    assert isinstance(outcome, Later)
    desk.pass_us(1_000)
    desk.do(Reset())
    desk.pass_us(30_000)

    answers = desk.board.finish(outcome.answers, desk.now)

    assert [type(answer) for answer in answers] == [EchoMeasured]
    assert (desk.board._pins[1].owner, desk.board._pins[2].owner) == (PinOwner.NOBODY, PinOwner.NOBODY)


@pytest.mark.parametrize(
    ("command", "path"),
    [
        (measure(pulse_us=0), "pulse_us"),
        (measure(pulse_us=1_000_001), "pulse_us"),
        (measure(timeout_us=0), "timeout_us"),
        (measure(timeout_us=1_000_001), "timeout_us"),
        (measure(0), "edges"),
        (measure(5), "edges"),
    ],
)
def test_what_cannot_be_measured_is_refused(command: MeasureEcho, path: str) -> None:
    with pytest.raises(BadValueError) as refusal:
        Desk().do(command)

    assert refusal.value.path == path


def test_a_pin_that_the_board_has_not_is_refused_before_anything_is_driven() -> None:
    desk = Desk()

    with pytest.raises(UnknownError):
        desk.do(measure(echo_pin=12))

    assert desk.board._pins[1].owner is PinOwner.NOBODY
