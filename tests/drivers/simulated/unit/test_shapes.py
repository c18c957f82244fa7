"""How a simulated value goes with time."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardwire.drivers.simulated.unit.shapes import Shape, Wave


@pytest.mark.parametrize(
    ("shape", "values"),
    [
        (Shape.CONSTANT, [10, 10, 10, 10, 10]),
        (Shape.SINE, [10, 12, 10, 8, 10]),
        (Shape.RAMP, [10, 10.5, 11, 11.5, 10]),
    ],
)
def test_a_shape_goes_with_time(shape: Shape, values: list[float]) -> None:
    wave = Wave(seed="level", shape=shape, offset=10, amplitude=2, period_s=60)

    shown = [wave.value(at_s) for at_s in (0, 15, 30, 45, 60)]

    assert shown == values


@given(st.integers(0, 2**33), st.sampled_from(Shape))
def test_a_value_stays_within_the_amplitude_and_is_always_the_same(at_s: int, shape: Shape) -> None:
    wave = Wave(seed="level", shape=shape, offset=5, amplitude=3, period_s=100)

    first, second = wave.value(at_s), wave.value(at_s)

    assert first == second
    assert 2 <= first <= 8


def test_noise_walks_without_jumps_and_each_seed_walks_its_own_way() -> None:
    level, flow = (Wave(seed=seed, shape=Shape.NOISE, amplitude=1, period_s=100) for seed in ("level", "flow"))

    walk = [level.value(at_s) for at_s in range(2000)]

    assert max(abs(after - before) for before, after in pairwise(walk)) < 0.04
    assert max(walk) - min(walk) > 0.5
    assert walk != [flow.value(at_s) for at_s in range(2000)]


def test_zero_has_no_sign() -> None:
    wave = Wave(seed="level", shape=Shape.SINE, period_s=600)

    shown = [repr(wave.value(at_s)) for at_s in (0, 599.99, 600.01)]

    assert shown == ["0.0", "0.0", "0.0"]


def test_what_has_no_digits_is_a_whole_number() -> None:
    wave = Wave(seed="input", shape=Shape.RAMP, amplitude=10, period_s=100, digits=0)

    shown = [repr(wave.value(at_s)) for at_s in (0, 12, 19)]

    assert shown == ["0", "1", "2"]
