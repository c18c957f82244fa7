"""Streams that carry some fields only, and numbers."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardwire.dialects.ezeio.stream.selection import Selection
from hardwire.dialects.ezeio.stream.wire_stream import gap_message, narrowed, with_seq
from hardwire.model.channel import Channel
from hardwire.model.fact import Log, LogRow
from hardwire.model.value import Value
from tests.dialects.ezeio.premises import START, make_house

PLAIN = (
    '{"channel":"export:123","data":{"type":"STATUS","serial":"ABC-123","time":"2026-06-01T12:00:00Z",'
    '"fields":[{"1":73.4},{"2":1e+300}]}}'
)


def rendered(selection: Selection, **values: Value) -> str | bytes | None:
    house = make_house()
    house.premises.last_export = lambda account: (7, 123) if account == "demo" else (0, 0)
    channel = Channel("ezeio", "tank", "status", account="demo", variant=selection.variant)
    return house.dialect.render(channel, LogRow("tank", START, Log.STATUS, values))


@pytest.mark.parametrize(
    ("selection", "allowed"),
    [
        (Selection(), None),
        (Selection(fields=(2, 7)), {2, 7}),
        (Selection(tags=("TANKLVL",)), {1}),
        (Selection(tags=("TANKLVL", "X"), fields=(1, 2)), {1}),
        (Selection(tags=("TANKLVL",), fields=(2,)), set()),
        (Selection(tags=("TankLvl",)), {1}),
    ],
)
def test_a_field_has_to_be_among_numbers_and_tags(selection: Selection, allowed: set[int] | None) -> None:
    found = selection.allowed(make_house().premises, "tank")

    assert (None if found is None else set(found)) == allowed


def test_a_device_that_is_gone_has_no_tagged_fields() -> None:
    assert Selection(tags=("X",)).allowed(make_house().premises, "gone") == set()


def test_a_number_stands_at_the_end_of_the_content_and_nothing_else_changes() -> None:
    numbered, plain = rendered(Selection(is_numbered=True), level=73.4), rendered(Selection(), level=73.4)

    assert isinstance(plain, str)
    assert numbered == plain.replace("]}}", '],"seq":"7-123"}}')


def test_a_filter_leaves_out_fields_and_a_message_without_any() -> None:
    selection = Selection(is_numbered=True, fields=(2,))

    both, other = rendered(selection, level=73.4, flow=8), rendered(selection, level=73.4)

    assert isinstance(both, str)
    assert json.loads(both)["data"]["fields"] == [{"2": 8}]
    assert other is None


def test_what_hangs_behind_a_meter_is_no_message_of_the_meter() -> None:
    house = make_house()
    channel = Channel("ezeio", "tank", "status", account="demo")

    assert house.dialect.render(channel, LogRow("meter", START, Log.STATUS, {"power": 1})) is None


@pytest.mark.parametrize(
    ("allowed", "message"),
    [
        ({1, 2, 9}, PLAIN.replace("1e+300", "1e300")),
        ({1}, PLAIN.replace(',{"2":1e+300}', "")),
        ({3}, None),
    ],
)
def test_a_message_of_the_past_is_narrowed_as_a_live_one(allowed: set[int], message: str | None) -> None:
    assert narrowed(PLAIN, allowed) == message


@given(
    st.dictionaries(
        st.sampled_from(["level", "flow"]), st.floats(allow_nan=False, allow_infinity=False) | st.integers()
    )
)
def test_live_and_replayed_messages_are_the_same_bytes(values: dict[str, float]) -> None:
    house = make_house()
    row = LogRow("tank", START, Log.STATUS, values)
    selection = Selection(fields=(2,))
    channel = Channel("ezeio", "tank", "status", account="demo", variant=selection.variant)

    live = house.dialect.render(channel, row)
    replayed = [narrowed(message, (2,)) for _, message in house.dialect.exports(row)]

    assert (replayed or [None]) == [live]


def test_a_gap_says_behind_what_and_up_to_what_messages_may_be_missing() -> None:
    assert gap_message(123, START, (7, 3), (9, 0)) == (
        '{"channel":"export:123","data":{"type":"GAP","time":"2026-06-01T12:00:00Z","since":"7-3","seq":"9-0"}}'
    )


def test_a_number_is_written_with_its_epoch() -> None:
    assert with_seq('{"data":{"a":1}}', (5, 6)) == '{"data":{"a":1,"seq":"5-6"}}'
