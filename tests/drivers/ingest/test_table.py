"""CSV bodies of loggers."""

from datetime import UTC, datetime

import pytest

from hardwire.drivers.ingest.batch import VALUES_LIMIT, Row
from hardwire.drivers.ingest.table import table_of
from hardwire.model.errors import BadValueError
from hardwire.model.fact import Log

NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


def rows(text: str) -> list[Row]:
    batch = table_of(text)
    assert not batch.refused, batch.refused
    return [row for _, row in batch.rows]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_column_a_field_and_an_empty_cell_is_no_value(end: str) -> None:
    text = end.join(["time,1,humidity", "2026-11-25T12:00:00Z,20.5,", "2026-11-25T13:00:01+01:00, 21 ,40", ""])

    found = rows(text)

    assert found == [
        Row(time=NOON, fields={"1": 20.5}),
        Row(time=NOON.replace(second=1), fields={"1": 21, "humidity": 40}),
    ]
    assert isinstance(found[1].fields["1"], int)


def test_one_value_a_line_is_read_too() -> None:
    found = rows("time,field,value\n1795600000,temperature,20.5\n1795600000,2,\n,3,-1e3\n")

    assert found == [
        Row(time=1795600000.0, fields={"temperature": 20.5}),
        Row(time=1795600000.0, fields={}),
        Row(fields={"3": -1000.0}),
    ]


def test_quotes_a_byte_order_mark_blank_lines_and_the_log_are_read() -> None:
    found = rows('\ufefflog,"time","a ""b"", c"\r\n\r\nstatus,"2026-11-25T12:00:00Z","1"\r\n,,2\r\n')

    assert found == [Row(time=NOON, log=Log.STATUS, fields={'a "b", c': 1}), Row(fields={'a "b", c': 2})]


@pytest.mark.parametrize("text", ["", "\r\n\r\n", "time,1", "1,2,3"])
def test_a_table_without_rows_brings_nothing(text: str) -> None:
    assert rows(text) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("time,1,1\n", "stands twice"),
        ("time,time,1\n", "stands twice"),
        ("time,,1\n", "has no name"),
        ("time\n2026-11-25T12:00:00Z\n", "names no field"),
        ("time;1;2\n2026-11-25T12:00:00Z;1;2\n", "the separator is a comma"),
        ("time\t1\n", "the separator is a comma"),
        ('time,1\n"2026', "no CSV"),
        ('time,1\n"a"b,1\n', "no CSV"),
        ("time,1\n" + "9" * 200_000 + ",1\n", "no CSV"),
    ],
)
def test_what_is_no_such_table_is_one_error(text: str, words: str) -> None:
    with pytest.raises(BadValueError, match=words) as caught:
        table_of(text)

    assert caught.value.code == "bad-body"


def test_too_many_rows_are_too_large() -> None:
    with pytest.raises(BadValueError) as caught:
        table_of("time,1\n" + "1795600000,\n" * (VALUES_LIMIT + 1))

    assert caught.value.code == "too-large"


@pytest.mark.parametrize("cell", ["abc", "nan", "inf", "1_000", "1,5", "0x10", "٣", "1e999", "1e9999", "--1", "."])
def test_a_cell_that_is_no_number_is_refused_by_row_and_field(cell: str) -> None:
    batch = table_of(f'time,a,b\n1795600000,1,2\n1795600001,"{cell}",3\n')

    assert [(one.row, one.field) for one in batch.refused] == [(1, "a")]
    assert [row.fields for _, row in batch.rows] == [{"a": 1, "b": 2}, {"b": 3}]


@pytest.mark.parametrize(
    ("line", "words"),
    [("yesterday,1", "no time"), ("1795600000", "1 cells, the header 2"), ("1,2,3", "3 cells, the header 2")],
)
def test_a_line_that_does_not_fit_is_refused_as_a_whole(line: str, words: str) -> None:
    batch = table_of(f"time,a\n{line}\n1795600000,1\n")

    assert [(one.row, one.field) for one in batch.refused] == [(0, "")]
    assert words in batch.refused[0].reason
    assert [place for place, _ in batch.rows] == [1]


def test_a_log_that_is_none_is_refused() -> None:
    batch = table_of("time,log,a\n1795600000,slow,1\n")

    assert "slow" in batch.refused[0].reason


def test_more_columns_than_values_are_too_large_and_very_many_are_looked_through_once() -> None:
    names = [f"c{number}" for number in range(VALUES_LIMIT)]

    with pytest.raises(BadValueError) as many:
        table_of(",".join([*names, "one_more"]))
    with pytest.raises(BadValueError, match="'c7' stands twice"):
        table_of(",".join([*names[1:], "c7"]))

    assert many.value.code == "too-large"
