"""What arguments mean, in every order and spelling, and that nothing in a path leads to more than a sentence."""

from datetime import UTC, datetime, timedelta
from random import Random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardwire.dialects.ezeio.path.arguments import EXTRA_FIELDS, RANGE, Span, read_arguments
from hardwire.dialects.ezeio.path.grammar import Argument, shown
from hardwire.model.errors import BadValueError
from hardwire.model.history import Aggregation

NOW = datetime(2026, 6, 1, 12, 0, 0, 250_000, tzinfo=UTC)
HISTORY = RANGE | {Argument.FIELDS, Argument.INTERVAL, Argument.AGGREGATION, Argument.RAW}
GROUP = frozenset({Argument.SYSTEMS, Argument.FIELDS, Argument.ALARMS, Argument.SERVICES, Argument.TAG})

WORDS = ("from", "to", "fields", "sections", "interval", "aggregation", "raw", "tag", "systems", "=", ",", "1h", "max")
VALUES = (
    " ",
    "GPSx",
    "90",
    "91",
    "0",
    "3d",
    "2026-06-01",
    "T12:00:00Z",
    "+02:00",
    "\x00",
    "%",
    "é",
    "\ud800",
    "9" * 5000,
)
PIECES = st.sampled_from((*WORDS, *VALUES))
SEGMENTS = st.lists(PIECES, max_size=6).map("".join) | st.text(alphabet=st.characters(), max_size=30)
QUERIES = st.dictionaries(SEGMENTS, SEGMENTS, max_size=3)


@pytest.mark.parametrize(
    "segments",
    [
        ("from=3d", "fields=1,12,cRSSI", "1h", "max"),
        ("max", "1h", "fields=1,12,cRSSI", "from=3d"),
        ("interval=1h,max", "from=3d", "fields=1,12,cRSSI"),
        ("1h,max", "from=3d", "fields=01, 12 ,crssi,1,,"),
        ("1h,,max,", "from=3d", "fields=1,12,cRSSI"),
        ("INTERVAL=1H", "Aggregation=MAX", "From=3D", "Fields=1,12,CRSSI"),
        ("", " from=3d ", "  ", "interval = 1h , max", "fields=1,12,cRSSI", ""),
    ],
)
def test_every_order_and_spelling_means_the_same(segments: tuple[str, ...]) -> None:
    arguments = read_arguments(segments, {}, HISTORY)

    assert arguments.span(NOW).since == NOW.replace(microsecond=0) - timedelta(days=3)
    assert (arguments.interval_s(), arguments.aggregation()) == (3600, Aggregation.MAX)
    assert arguments.fields(EXTRA_FIELDS) == ("1", "12", "cRSSI")


def test_a_query_is_read_like_the_path() -> None:
    query = {"from": "3h", "interval": "1h,sum", "raw": "", "_": "1780315200", "nocache": "x"}

    arguments = read_arguments(["to=1h"], query, HISTORY)

    assert arguments.span(NOW).length_s == 7200
    assert (arguments.interval_s(), arguments.aggregation()) == (3600, Aggregation.SUM)
    assert arguments.has(Argument.RAW)


def test_what_was_not_said_is_none() -> None:
    arguments = read_arguments([], {}, HISTORY)

    assert (arguments.interval_s(), arguments.aggregation(), arguments.fields()) == (None, None, None)
    assert (arguments.sections(("meta",)), arguments.tag()) == (None, None)
    assert not arguments.has(Argument.RAW)


@pytest.mark.parametrize("word", ["mean", "mode", "median", "min", "max", "sum", "spread", "count"])
def test_all_aggregations_are_known(word: str) -> None:
    arguments = read_arguments([f"interval=1d,{word}"], {}, HISTORY)

    assert arguments.aggregation() is Aggregation(word)


@pytest.mark.parametrize(("text", "seconds"), [("1s", 1), ("5m", 300), ("2h", 7200), ("30d", 2_592_000)])
def test_an_interval_is_a_number_with_its_unit(text: str, seconds: int) -> None:
    assert read_arguments([text], {}, HISTORY).interval_s() == seconds


def test_words_of_a_group_may_stand_together_or_alone() -> None:
    together = read_arguments(["systems,FIELDS,alarms", "tag=TEMP/2"], {}, GROUP)
    alone = read_arguments(["alarms", "fields", "tag=TEMP/2", "systems"], {}, GROUP)

    assert together.said == alone.said
    assert together.tag() == "TEMP/2"


def test_a_range_ends_now_unless_it_is_said_otherwise() -> None:
    span = read_arguments(["from=2026-06-01"], {}, RANGE).span(NOW)

    assert span == Span(datetime(2026, 6, 1, tzinfo=UTC), NOW.replace(microsecond=0))


def test_a_range_may_end_in_the_future() -> None:
    span = read_arguments(["from=1h", "to=2026-06-02"], {}, RANGE).span(NOW)

    assert span.until == datetime(2026, 6, 2, tzinfo=UTC)


def test_a_range_that_begins_a_moment_ahead_is_empty() -> None:
    span = read_arguments(["from=2026-06-01T12:04:00Z"], {}, RANGE).span(NOW)

    assert span.length_s == 0


@pytest.mark.parametrize(
    ("segments", "named"),
    [
        (["to=3h"], "from"),
        (["from=3h", "from=3h"], "from"),
        (["from=2026-06-01T12:06:00Z", "to=2027-01-01"], "from"),
        (["from=1h", "to=2h"], "from"),
        (["from="], "from"),
        (["from=3h", "to=x"], "to"),
    ],
)
def test_a_range_that_makes_no_sense_is_refused_by_name(segments: list[str], named: str) -> None:
    with pytest.raises(BadValueError) as refusal:
        read_arguments(segments, {}, RANGE).span(NOW)

    assert refusal.value.path == named
    assert named in refusal.value.message


@pytest.mark.parametrize(
    "segments",
    [
        ["fruit=1"],
        ["fruit"],
        ["1,12"],
        ["raw=maybe"],
        ["=3h"],
        ["tag=TEMP"],
        ["systems"],
        ["x" * 2001],
        ["fields=" + "1," * 2000],
        ["raw"] * 33,
        ["raw", "raw"],
        ["1h", "interval=1h"],
    ],
)
def test_what_is_unknown_too_long_or_said_twice_is_refused(segments: list[str]) -> None:
    with pytest.raises(BadValueError) as refusal:
        read_arguments(segments, {}, HISTORY)

    assert len(refusal.value.message) < 200


def test_an_argument_of_another_function_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(BadValueError, match="Unknown argument 1h: from, to are known here"):
        read_arguments(["1h"], {}, RANGE)
    with pytest.raises(BadValueError, match="Unknown argument mean: from, to are known here"):
        read_arguments(["mean"], {}, RANGE)
    with pytest.raises(BadValueError, match="Unknown argument from=1h: none are known here"):
        read_arguments(["from=1h"], {}, ())


@pytest.mark.parametrize("text", ["0m", "1w", "1M", "1y", "99999999999h", "1 h", "-1h", "1h,"])
def test_what_is_no_interval_is_refused(text: str) -> None:
    arguments = read_arguments([f"interval={text}"], {}, HISTORY)

    with pytest.raises(BadValueError, match=r"interval|aggregation"):
        arguments.interval_s() and arguments.aggregation()


def test_sections_are_known_in_any_case_and_come_in_the_order_of_the_call() -> None:
    arguments = read_arguments(["sections=ADC,meta,adc"], {}, {Argument.SECTIONS})

    assert arguments.sections(("meta", "adc")) == ("adc", "meta")


def test_an_empty_tag_is_refused() -> None:
    with pytest.raises(BadValueError, match="tag is empty"):
        read_arguments(["tag="], {}, GROUP).tag()


def test_what_a_caller_wrote_is_shown_short_and_plain() -> None:
    assert shown("a\x00b\né\ud800" + "x" * 100) == "a?b???" + "x" * 34


@given(segments=st.lists(SEGMENTS, max_size=6), query=QUERIES)
def test_no_path_leads_to_an_unhandled_error(segments: list[str], query: dict[str, str]) -> None:
    def understood() -> str:
        arguments = read_arguments(segments, query, frozenset(Argument))
        assert arguments.span(NOW).length_s >= 0
        assert (arguments.interval_s() or 1) > 0
        assert arguments.aggregation() in (None, *Aggregation)
        assert all(name in EXTRA_FIELDS or 1 <= int(name) <= 90 for name in arguments.fields(EXTRA_FIELDS) or ())
        arguments.sections(("meta",))
        arguments.tag()
        return "understood"

    sentence = ""
    try:
        sentence = understood()
    except BadValueError as refusal:
        sentence = refusal.message

    assert len(sentence) < 250
    assert msgspec.json.encode(sentence)


@given(
    since=st.datetimes(
        min_value=datetime(1970, 1, 1),  # noqa: DTZ001 (hypothesis adds the zone itself)
        max_value=datetime(2026, 5, 31),  # noqa: DTZ001 (as above)
        timezones=st.just(UTC),
    ).map(lambda at: at.replace(microsecond=0)),
    length_s=st.integers(min_value=0, max_value=10**8),
    number=st.integers(min_value=1, max_value=999_999),
    unit=st.sampled_from("smhd"),
    aggregation=st.sampled_from(Aggregation),
    fields=st.lists(st.integers(1, 90).map(str) | st.sampled_from(EXTRA_FIELDS), min_size=1, unique=True),
    order=st.randoms(use_true_random=False),
)
def test_what_was_written_is_what_is_read(
    since: datetime,
    length_s: int,
    number: int,
    unit: str,
    aggregation: Aggregation,
    fields: list[str],
    order: Random,
) -> None:
    until = since + timedelta(seconds=length_s)
    segments = [
        f"from={since.isoformat()}",
        f"to={until.isoformat()}",
        f"interval={number}{unit},{aggregation.value}",
        f"fields={','.join(fields)}",
        "raw",
    ]
    order.shuffle(segments)

    arguments = read_arguments(segments, {}, HISTORY)

    assert arguments.span(NOW) == Span(since, until)
    assert arguments.interval_s() == number * {"s": 1, "m": 60, "h": 3600, "d": 86_400}[unit]
    assert arguments.aggregation() is aggregation
    assert arguments.fields(EXTRA_FIELDS) == tuple(fields)
    assert arguments.has(Argument.RAW)
