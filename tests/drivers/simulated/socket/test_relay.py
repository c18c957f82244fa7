"""The relay of a socket with its lock and its light: what may be written, and what comes of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardwire.drivers.simulated.socket.relay import Relay
from hardwire.model.errors import BadValueError, CallerError, UnknownError
from hardwire.model.value import Value
from tests.drivers.simulated.told import unhurried

relays = st.builds(
    lambda on, lock, light: Relay(on or lock, lock, light), st.booleans(), st.booleans(), st.integers(0, 255)
)
writes = st.fixed_dictionaries(
    {},
    optional={"power_on": st.booleans(), "switch_lock": st.booleans(), "brightness": st.floats(0, 255)},
)


def test_locking_turns_the_relay_on() -> None:
    assert Relay(power_on=False).written({"switch_lock": True}) == Relay(power_on=True, switch_lock=True)


def test_unlocking_leaves_it_on() -> None:
    assert Relay(switch_lock=True).written({"switch_lock": False}) == Relay(power_on=True, switch_lock=False)


@pytest.mark.parametrize("values", [{"power_on": False}, {"power_on": False, "switch_lock": True}])
def test_a_locked_relay_is_not_turned_off(values: dict[str, Value]) -> None:
    with pytest.raises(CallerError, match="unlock") as refused:
        Relay(switch_lock=True).written(values)

    assert (refused.value.code, refused.value.path) == ("locked", "power_on")


def test_locking_and_turning_off_at_once_is_refused() -> None:
    with pytest.raises(CallerError) as refused:
        Relay().written({"power_on": False, "switch_lock": True})

    assert refused.value.code == "locked"


def test_unlocking_and_turning_off_at_once_is_fine_in_any_order() -> None:
    locked = Relay(switch_lock=True)

    assert locked.written({"power_on": False, "switch_lock": False}) == Relay(False, False)
    assert locked.written({"switch_lock": False, "power_on": False}) == Relay(False, False)


@pytest.mark.parametrize(("written", "kept"), [(127.49999999999999, 127), (0, 0), (255.0, 255)])
def test_brightness_is_rounded(written: float, kept: int) -> None:
    assert Relay().written({"brightness": written}).brightness == kept


@pytest.mark.parametrize(
    "values",
    [
        {"brightness": 256},
        {"brightness": -1},
        {"brightness": True},
        {"brightness": "bright"},
        {"brightness": float("nan")},
        {"power_on": 1},
        {"power_on": "on"},
        {"switch_lock": 0},
    ],
)
def test_a_bad_value_is_named(values: dict[str, Value]) -> None:
    with pytest.raises(BadValueError) as refused:
        Relay().written(values)

    assert refused.value.path == next(iter(values))


def test_what_cannot_be_written_and_what_is_not_there_are_told_apart() -> None:
    with pytest.raises(CallerError) as measured:
        Relay().written({"power_w": 5})
    with pytest.raises(UnknownError) as stranger:
        Relay().written({"colour": "red"})

    assert (measured.value.code, measured.value.path) == ("not-writable", "power_w")
    assert stranger.value.path == "colour"


@unhurried
@given(relays, writes)
def test_a_write_is_seen_whole_or_refused_because_of_the_lock(relay: Relay, values: dict[str, Value]) -> None:
    if values.get("power_on") is False and values.get("switch_lock", relay.switch_lock):
        with pytest.raises(CallerError, match="unlock"):
            relay.written(values)
        return

    after = relay.written(values)

    assert after.power_on or not after.switch_lock
    for name in values.keys() - {"brightness"}:
        assert after.points[name] == values[name]
