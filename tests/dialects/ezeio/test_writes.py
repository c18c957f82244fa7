"""What control commands say."""

import math
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardwire.dialects.ezeio.functions.writes import Write, steps_of, write_of
from hardwire.model.device import Device
from hardwire.model.errors import BadValueError
from hardwire.model.point import Point
from hardwire.model.unit import OUTPUTS, output_name, output_point
from hardwire.model.value import number_text

NUMBERS = st.one_of(
    st.integers(-(2**53) + 1, 2**53 - 1), st.floats(allow_nan=False, allow_infinity=False).map(lambda number: number)
)
PLACES = st.one_of(
    st.tuples(st.just("field"), st.tuples(st.integers(1, 90))),
    st.tuples(st.just("register"), st.tuples(st.integers(1, 40), st.integers(1, 150))),
)
ROOM = st.sampled_from(["", " "])
FIELDS = {f"field_{number}": number for number in range(1, 91)}
UNIT = Device(
    id="unit",
    kind="unit",
    points=(
        *(Point(name=name, writable=True) for name in FIELDS),
        *(output_point(number) for number in range(1, OUTPUTS + 1)),
    ),
)


@given(place=PLACES, value=NUMBERS, room=ROOM, is_loud=st.booleans())
def test_what_a_client_writes_is_understood_however_it_is_spaced(
    place: tuple[str, tuple[int, ...]], value: float, room: str, is_loud: bool
) -> None:
    what, numbers = place
    text = f"{what}{room}[{room}{f'{room},{room}'.join(map(str, numbers))}{room}]{room}={room}{value}"

    write = write_of(text.upper() if is_loud else text)

    assert (write.what, write.numbers) == place
    assert write.value == value
    assert write.action == f"Set {what} {','.join(map(str, numbers))} to {number_text(write.value)}"


@given(value=NUMBERS)
def test_an_output_takes_0_to_100_and_nothing_else(value: float) -> None:
    try:
        write = write_of(f"output[3]={value}")
    except BadValueError:
        assert not 0 <= value <= 100
    else:
        assert 0 <= write.value <= 100


@given(text=st.text(max_size=60) | st.text(alphabet="fieldrgstoup[]=,.-+eE " + string.digits, max_size=40))
def test_a_text_is_a_command_or_an_error_that_quotes_little_of_it(text: str) -> None:
    found: Write | str
    try:
        found = write_of(text)
    except BadValueError as error:
        found = error.message

    if isinstance(found, Write):
        assert found.what in ("field", "register", "output")
        assert math.isfinite(found.value)
    else:
        assert found.isprintable()
        assert len(found) < 300


@given(
    st.lists(
        st.one_of(
            st.builds(lambda number, value: Write("field", (number,), value), st.integers(0, 9), st.just(0)),
            st.builds(lambda number, value: Write("output", (number,), value), st.integers(1, 4), st.integers(0, 100)),
        ),
        max_size=12,
    )
)
def test_steps_set_everything_in_the_order_in_which_it_was_written(writes: list[Write]) -> None:
    steps = steps_of(writes, UNIT, FIELDS)

    flat = [(name, value) for step in steps for name, value in step.items()]
    names = [output_name(one.numbers[0]) if one.what == "output" else f"field_{one.numbers[0]}" for one in writes]
    assert flat == [(name, one.value) for name, one in zip(names, writes, strict=True) if not one.is_flush]
    assert sum(not step for step in steps) == sum(one.is_flush for one in writes)


@pytest.mark.parametrize(
    ("text", "value", "kind"),
    [
        ("4711", 4711, int),
        ("4711.0", 4711, int),
        ("+7.", 7, int),
        (".5", 0.5, float),
        ("-1e-3", -0.001, float),
        ("1e300", 1e300, float),
        ("-0", 0, int),
    ],
)
def test_a_whole_number_is_written_as_one(text: str, value: float, kind: type) -> None:
    write = write_of(f"field[1]={text}")

    assert write.value == value
    assert type(write.value) is kind
