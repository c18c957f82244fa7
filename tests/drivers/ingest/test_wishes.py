"""The commands that wait for a logger."""

from collections.abc import Iterable

import pytest

from hardwire.drivers.ingest.batch import Wish
from hardwire.drivers.ingest.wishes import LIFE_S, WISHES_LIMIT, Ended, Wishes
from hardwire.model.errors import DeviceError

NUMBERS = {"setpoint": 12, "valve": 5}
NOW_S = 1795608000


def ends(ended: Iterable[Ended]) -> list[tuple[str, bool]]:
    """Return which commands have ended, and whether they were done."""
    return [(one.id, one.is_done) for one in ended]


def test_a_command_is_told_until_it_is_confirmed() -> None:
    wishes = Wishes().asked("a", {"setpoint": 888}, NOW_S)

    left, ended = wishes.confirmed(["a"], [], NOW_S)

    assert list(wishes.told(NUMBERS, NOW_S)) == [Wish(id="a", field=12, name="setpoint", value=888)]
    assert (list(left.told(NUMBERS, NOW_S)), ends(ended)) == ([], [("a", True)])


def test_outputs_registers_and_flushes_have_words_of_their_own() -> None:
    wishes = (
        Wishes().asked("a", {"output_2": 100}, NOW_S).asked("b", {"register_2_34": 5.5}, NOW_S).asked("c", {}, NOW_S)
    )

    assert list(wishes.told(NUMBERS, NOW_S)) == [
        Wish(id="a", output=2, value=100),
        Wish(id="b", register=(2, 34), value=5.5),
        Wish(id="c", is_flush=True),
    ]


def test_a_command_of_several_writes_ends_with_the_last_of_them() -> None:
    wishes = Wishes().asked("a", {"setpoint": 1, "valve": 2}, NOW_S)

    half, none = wishes.confirmed(["a.1"], [], NOW_S)
    left, ended = half.confirmed(["a.2"], [], NOW_S)

    assert [wish.id for wish in wishes.told(NUMBERS, NOW_S)] == ["a.1", "a.2"]
    assert ([wish.id for wish in half.told(NUMBERS, NOW_S)], list(none)) == (["a.2"], [])
    assert (list(left.told(NUMBERS, NOW_S)), ends(ended)) == ([], [("a", True)])


def test_one_write_that_fails_fails_the_whole_command_once_all_are_told() -> None:
    wishes = Wishes().asked("a", {"setpoint": 1, "valve": 2}, NOW_S)

    half, none = wishes.confirmed([], ["a.1"], NOW_S)
    _, ended = half.confirmed(["a.2"], [], NOW_S)

    assert (list(none), ends(ended)) == ([], [("a", False)])


def test_the_id_of_the_command_stands_for_all_of_it() -> None:
    wishes = Wishes().asked("a", {"setpoint": 1, "valve": 2}, NOW_S)

    assert ends(wishes.confirmed(["a"], [], NOW_S)[1]) == [("a", True)]
    assert ends(wishes.confirmed([], ["a"], NOW_S)[1]) == [("a", False)]


def test_ids_that_nobody_knows_change_nothing() -> None:
    wishes = Wishes().asked("a", {"setpoint": 1}, NOW_S)

    left, ended = wishes.confirmed(["zzz"], ["yyy"], NOW_S)

    assert (left.text(), ends(ended)) == (wishes.text(), [])


def test_what_was_kept_is_recalled_and_what_cannot_be_read_is_nothing() -> None:
    wishes = Wishes().asked("a", {"setpoint": 1, "valve": 2}, NOW_S).asked("b", {}, NOW_S)
    half, _ = wishes.confirmed([], ["a.1"], NOW_S)

    assert Wishes.recalled(half.text()).text() == half.text()
    assert [Wishes.recalled(text).text() for text in ("", "{", "7")] == ["[]"] * 3


def test_a_logger_that_fetches_nothing_keeps_no_endless_list() -> None:
    wishes = Wishes()
    for number in range(WISHES_LIMIT):
        wishes = wishes.asked(str(number), {"setpoint": number}, NOW_S)

    with pytest.raises(DeviceError) as caught:
        wishes.asked("more", {"setpoint": 1}, NOW_S)

    assert caught.value.code == "busy"


def test_a_command_that_nobody_fetched_for_a_day_has_failed_unless_it_was_done() -> None:
    wishes = Wishes().asked("a", {"setpoint": 1, "valve": 2}, NOW_S).asked("b", {}, NOW_S)
    late_s = NOW_S + LIFE_S + 1

    left, ended = wishes.confirmed(["b"], [], late_s)

    assert list(wishes.told(NUMBERS, late_s)) == []
    assert (bool(left), ends(ended)) == (False, [("a", False), ("b", True)])
    assert ends(wishes.confirmed([], [], NOW_S + LIFE_S)[1]) == []
