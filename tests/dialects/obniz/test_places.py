"""Where the field of a command stands in a program's JSON."""

import pytest

from hardwire.dialects.obniz.wire.places import place


@pytest.mark.parametrize(
    ("key", "field", "path"),
    [
        ("display", "depth", "display.color_depth"),
        ("pwm3", "pulse_us", "pwm3.pulse"),
        ("measure", "pulse_us", "measure.echo.pulse_width"),
        ("io", "steps", "io.animation.states"),
        ("io12", "", "io12"),
        ("io12", "level", "io12"),
        ("bogus", "level", "bogus"),
    ],
)
def test_a_refused_field_is_named_as_the_program_wrote_it(key: str, field: str, path: str) -> None:
    assert place(key, field) == path
