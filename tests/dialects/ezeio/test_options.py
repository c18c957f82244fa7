"""What may follow `subscribe/ticket`: understood as it is meant, or refused with a sentence."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardwire.dialects.ezeio.stream.options import FIELDS, PLAIN, TAGS, Options, options_of
from hardwire.dialects.ezeio.stream.selection import WHOLE, Selection, selection_of
from hardwire.dialects.ezeio.stream.ticket import Grant
from hardwire.model.errors import BadValueError
from tests.dialects.ezeio.premises import START

NEWEST = (1790000000, 17)

texts = st.text(st.characters(exclude_categories=("C", "Z"), exclude_characters=",\n"), min_size=1, max_size=20)
selections = st.builds(
    Selection,
    is_numbered=st.booleans(),
    fields=st.frozensets(st.integers(1, FIELDS)).map(lambda found: tuple(sorted(found))),
    tags=st.frozensets(texts, max_size=TAGS).map(lambda found: tuple(sorted(found))),
)
places = st.tuples(st.integers(0, 10**15 - 1), st.integers(0, 10**15 - 1))
instants = st.integers(0, 10**10).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


def understood(*arguments: str, **query: str) -> Options:
    return options_of(arguments, query, START, NEWEST)


def test_without_arguments_it_is_the_stream_that_clients_know() -> None:
    assert understood() == PLAIN


@pytest.mark.parametrize(
    ("text", "after"), [("5-3", (5, 3)), ("1790000000-0", (1790000000, 0)), ("now", NEWEST), ("NOW", NEWEST)]
)
def test_a_stream_goes_on_behind_a_number_or_the_newest_one(text: str, after: tuple[int, int]) -> None:
    options = understood(f"since={text}")

    assert (options.after, options.since) == (after, None)
    assert options.selection.is_numbered


@pytest.mark.parametrize(
    ("text", "since"),
    [
        ("90m", START - timedelta(minutes=90)),
        ("17h", START - timedelta(hours=17)),
        ("3d", START - timedelta(days=3)),
        ("2026-05-31", datetime(2026, 5, 31, tzinfo=UTC)),
        ("2026-05-31T23:30:00Z", datetime(2026, 5, 31, 23, 30, tzinfo=UTC)),
        ("2026-06-01T01:30:00+02:00", datetime(2026, 5, 31, 23, 30, tzinfo=UTC)),
        ("2026-05-31T23:30:00.9z", datetime(2026, 5, 31, 23, 30, tzinfo=UTC)),
    ],
)
def test_a_time_means_what_arrived_then_or_later(text: str, since: datetime) -> None:
    options = understood(f"since={text}")

    assert (options.after, options.since) == (None, since)


def test_filters_need_no_number() -> None:
    options = understood("tag=TEMP, HUM,TEMP", "FIELDS=12,3,,03", "Status=LAST")

    assert options == Options(selection=Selection(fields=(3, 12), tags=("HUM", "TEMP")), is_last_wanted=True)


def test_a_query_says_the_same_and_what_else_stands_there_is_no_argument() -> None:
    assert understood(since="5-3", fields="2", nocache="1") == understood("since=5-3", "fields=2")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["since="], "since  is neither a number"),
        (["since=tomorrow"], "since tomorrow is neither a number"),
        (["since=1-"], "since 1- is neither"),
        (["since=-1-2"], "since -1-2 is neither"),
        (["since=1-2-3"], "since 1-2-3 is neither"),
        (["since=" + "9" * 16 + "-1"], "is neither a number"),
        (["since=2026-13-01"], "is neither a number"),
        (["since=5-3", "since=5-3"], "since is given twice"),
        (["fields=0"], "fields 0 is unknown: 1 to 90 are known"),
        (["fields=91"], "fields 91 is unknown"),
        (["fields=1,x"], "fields x is unknown"),
        (["fields=,"], "fields names none"),
        (["tag="], "tag names none"),
        (["tag=" + ",".join(map(str, range(TAGS + 1)))], "tag takes at most 20 tags"),
        (["tag=" + "x" * 101], "tag takes at most"),
        (["tag=a\nb"], "tag takes at most"),
        (["status=first"], "status first is unknown: last is known"),
        (["ABC123"], "ABC123 is unknown: since, tag, fields, status are known"),
        (["a\x00b"], "a?b is unknown"),
        (["x" * 500], "x" * 40 + " is unknown"),
    ],
)
def test_what_means_nothing_is_refused_by_name(arguments: list[str], sentence: str) -> None:
    with pytest.raises(BadValueError) as refused:
        understood(*arguments)

    assert sentence in refused.value.message


@given(st.text())
def test_no_text_is_worse_than_refused(text: str) -> None:
    for argument in (text, f"since={text}", f"tag={text}", f"fields={text}"):
        try:
            options = understood(argument)
        except BadValueError as refused:
            sentence, options = refused.message, PLAIN
        else:
            sentence = ""
        assert sentence.isprintable()
        assert Grant("1", options.text).options(START) == options


@given(selections, st.none() | places, st.none() | instants, st.booleans())
def test_a_ticket_keeps_what_it_was_asked_for(
    selection: Selection, after: tuple[int, int] | None, since: datetime | None, is_last: bool
) -> None:
    numbered = Selection(is_numbered=bool(after or since), fields=selection.fields, tags=selection.tags)
    options = Options(selection=numbered, after=after, since=None if after else since, is_last_wanted=is_last)

    kept = Grant.read(Grant("12345", options.text).kept)

    assert kept.key == "12345"
    assert kept.options(START) == options


def test_a_ticket_of_the_plain_stream_is_kept_as_its_key_alone() -> None:
    assert Grant("12345").kept == b"12345"


@given(selections)
def test_a_selection_is_read_back_from_its_variant(selection: Selection) -> None:
    assert selection_of(selection.variant) == selection


def test_the_plain_stream_has_no_variant() -> None:
    assert WHOLE.variant == ""
