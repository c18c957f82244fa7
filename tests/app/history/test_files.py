"""A device's past in files: pages in order, values that read back the same."""

import csv
import io
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import msgspec
import pyarrow.parquet as pq
import pytest

from hardwire.app.history.pages import Column, Row, instant, pages
from hardwire.app.history.parquet_file import GROUP_ROWS, ParquetFile
from hardwire.app.history.rows import TextRows
from hardwire.model.errors import DeviceError, UnknownError
from tests.app.history.paper_past import BEGIN, PaperPast, wish

COLUMNS = (Column("power_w", "Power", "W", 0), Column("a,b"), Column('say "x"'))


def test_pages_follow_each_other_to_the_end() -> None:
    past = PaperPast({second: {"power_w": 1.0} for second in range(25)}, page_rows=10)

    found = list(pages(past, wish()))

    assert [len(page.rows) for page in found] == [10, 10, 5]
    assert len({row.at for page in found for row in page.rows}) == 25
    assert {query["until"] for query in past.asked} == {"2026-06-01T13:00:00.000Z"}


def test_what_is_asked_is_what_the_api_takes() -> None:
    past = PaperPast({})

    list(pages(past, wish(fields=("1", "water"), log="status", interval_s=600, aggregation="max")))

    asked = dict(past.asked[0])
    assert asked.pop("limit") == "10000"
    assert asked == {
        "since": "2026-06-01T12:00:00.000Z",
        "until": "2026-06-01T13:00:00.000Z",
        "point": "1,water",
        "log": "status",
        "interval": "600",
        "aggregation": "max",
    }


def test_what_the_hub_refuses_comes_through() -> None:
    with pytest.raises(UnknownError):
        list(pages(PaperPast({}), msgspec.structs.replace(wish(), device="a/b")))


@pytest.mark.parametrize("answer", [None, [], {"rows": 1}])
def test_what_is_no_hub_is_told(answer: object) -> None:
    with pytest.raises(DeviceError, match="tells no history"):
        list(pages(lambda path: answer, wish()))


def test_a_hub_that_goes_round_in_circles_is_left() -> None:
    page = PaperPast({})("/hub/v1/devices/grid/history?since=2026-06-01T12:00:00Z&until=2026-06-01T13:00:00Z")

    with pytest.raises(DeviceError, match="circles"):
        list(pages(lambda path: {**page, "next": "2026-06-01T12:00:00.000Z"}, wish()))


def test_csv_is_as_the_standard_has_it() -> None:
    text = io.StringIO(newline="")

    TextRows(text, COLUMNS).add(
        [
            Row("2026-06-01T12:00:00.000Z", {"power_w": 230.0, "a,b": 0.1}),
            Row("2026-06-01T12:00:01.000Z", {'say "x"': -1e300}),
        ]
    )

    # RFC 4180: CRLF, quotes around what holds a comma or a quote, which is doubled.
    assert text.getvalue() == (
        'time,power_w,"a,b","say ""x"""\r\n2026-06-01T12:00:00.000Z,230,0.1,\r\n2026-06-01T12:00:01.000Z,,,-1e+300\r\n'
    )
    rows = list(csv.reader(io.StringIO(text.getvalue(), newline="")))
    assert float(rows[2][3]) == -1e300


def test_a_pipe_gets_tabs_and_a_point_that_is_called_time_has_its_own_column() -> None:
    text = io.StringIO(newline="")

    TextRows(text, (Column("time"),), is_tabbed=True).add([Row("2026-06-01T12:00:00.000Z", {"time": 5.0})])

    assert text.getvalue() == "time_utc\ttime\n2026-06-01T12:00:00.000Z\t5\n"


def test_parquet_has_types_units_and_groups(tmp_path: Path) -> None:
    count = GROUP_ROWS + 10
    stamps = [(BEGIN + timedelta(milliseconds=number)).isoformat(timespec="milliseconds") for number in range(count)]

    with (tmp_path / "x.parquet").open("wb") as stream, ParquetFile(stream, COLUMNS, {"device": "grid"}) as file:
        file.add(Row(at, {"power_w": float(number)}) for number, at in enumerate(stamps))

    found = pq.ParquetFile(tmp_path / "x.parquet")
    table = found.read()
    assert found.num_row_groups == 2
    assert str(table.schema.field("time").type) == "timestamp[ms, tz=UTC]"
    assert table.schema.field("power_w").metadata == {b"unit": b"W", b"label": b"Power"}
    assert table.schema.metadata[b"hardwire.device"] == b"grid"
    assert table.column("power_w")[count - 1].as_py() == count - 1
    assert table.column("time")[count - 1].as_py() == BEGIN + timedelta(milliseconds=count - 1)
    assert table.column("a,b").null_count == count


def test_parquet_without_rows_is_a_whole_file(tmp_path: Path) -> None:
    with (tmp_path / "x.parquet").open("wb") as stream, ParquetFile(stream, COLUMNS, {}):
        pass

    assert pq.read_table(tmp_path / "x.parquet").num_rows == 0


def test_without_the_package_a_sentence_says_what_to_install(tmp_path: Path) -> None:
    script = (
        "import sys; sys.modules['pyarrow'] = None\n"
        f"sys.argv = ['hardwire', 'history', 'grid', '--data', {str(tmp_path)!r}, '--parquet', 'x.parquet']\n"
        "from hardwire.app.cli.main import main; main()"
    )

    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=tmp_path, check=False, timeout=60
    )

    assert done.returncode == 1
    assert done.stderr == "hardwire: Parquet needs the package pyarrow: pip install 'hardwire[parquet]'\n"
    assert list(tmp_path.iterdir()) == []


def test_two_hundred_thousand_rows_read_back_from_both_files_as_they_were(tmp_path: Path) -> None:
    count = 200_000
    rows = [
        Row(instant(BEGIN + timedelta(milliseconds=7 * number)), {"power_w": number / 7}) for number in range(count)
    ]
    told = [rows[start : start + 10_000] for start in range(0, count, 10_000)]

    with (
        (tmp_path / "x.csv").open("w", encoding="utf-8", newline="") as text,
        (tmp_path / "x.parquet").open("wb") as stream,
        ParquetFile(stream, COLUMNS[:1], {}) as file,
    ):
        table = TextRows(text, COLUMNS[:1])
        for page in told:
            table.add(page)
            file.add(page)

    with (tmp_path / "x.csv").open(encoding="utf-8", newline="") as text:
        found = list(csv.reader(text))[1:]
    parquet = pq.read_table(tmp_path / "x.parquet")
    assert [(at, float(value)) for at, value in found] == [(row.at, row.values["power_w"]) for row in rows]
    assert parquet.column("power_w").to_pylist() == [row.values["power_w"] for row in rows]
    assert [instant(at) for at in parquet.column("time").to_pylist()] == [row.at for row in rows]
