"""What a key may call."""

import pytest

from hardwire.dialects.ezeio.access.privileges import CHANGING, NEEDED, refusal
from hardwire.dialects.ezeio.functions.table import FUNCTIONS
from hardwire.model.access import Right
from tests.dialects.ezeio.premises import key


def test_every_function_has_a_privilege_of_its_name() -> None:
    unknown = set(FUNCTIONS).difference(NEEDED)

    assert unknown == set()
    assert set(NEEDED) >= CHANGING


@pytest.mark.parametrize(
    ("functions", "rights", "refused"),
    [
        (None, Right.READ | Right.CONTROL, []),
        (None, Right.READ, ["control"]),
        (None, Right.CONTROL, ["subscribe", "status", "syslog", "samplelog", "eventlog", "group"]),
        (("status", "control"), Right.READ, ["subscribe", "syslog", "samplelog", "eventlog", "control", "group"]),
        ((), Right.READ | Right.CONTROL, list(NEEDED)),
    ],
)
def test_a_call_needs_the_privilege_and_the_right(
    functions: tuple[str, ...] | None, rights: Right, refused: list[str]
) -> None:
    credential = key("1", functions=functions, rights=rights)

    found = [name for name in NEEDED if refusal(credential, name)]

    assert found == refused


def test_the_reason_names_what_is_missing() -> None:
    credential = key("1", functions=("control",), rights=Right.READ)

    assert refusal(credential, "status") == "The key has no privilege for status"
    assert refusal(credential, "control") == "The key may not control"
