"""`hardwire history` where no hub runs: what it takes, what it refuses, what it leaves behind."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hardwire.app.cli.history import history
from hardwire.model.errors import BadValueError, CallerError, DeviceError, HardwireError
from hardwire.model.fact import Log, LogRow, Sample
from hardwire.storage.sqlite import SqliteStore
from tests.app.history.paper_past import BEGIN

NOON = ("--since", "2026-06-01T12:00:00Z", "--until", "2026-06-01T13:00:00Z")


async def fill(folder: Path) -> None:
    """A device that only a configuration file declares, and one that keeps a fast log."""
    store = SqliteStore(folder)
    await store.open()
    await store.save_address("homewizard", "5c2faf0a0b0c", "grid")
    await store.save_field_numbers("lab", {"ch1": 7})
    await store.append([Sample("grid", BEGIN + timedelta(minutes=number), {"power_w": number}) for number in range(3)])
    await store.append([LogRow("lab", BEGIN, Log.FAST, {"ch1": 0.5}), LogRow("lab", BEGIN, Log.STATUS, {"ch2": 9.0})])
    await store.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The files of a hub that does not run."""
    asyncio.run(fill(tmp_path / "data"))
    return tmp_path / "data"


def call(folder: Path, *words: object) -> Result:
    """Call the command, with its errors as they are."""
    return CliRunner().invoke(history, [*map(str, words), "--data", str(folder)], standalone_mode=False)


def refused(folder: Path, *words: object) -> HardwireError:
    """The error that a call ends with."""
    error = call(folder, *words).exception
    assert isinstance(error, HardwireError)
    return error


def test_a_device_of_a_file_that_is_not_read_is_found_by_its_id_and_its_address(folder: Path) -> None:
    for name in ("grid", "5c2faf0a0b0c"):
        done = call(folder, name, *NOON)

        assert done.stdout == (
            "time\tpower_w\n2026-06-01T12:00:00.000Z\t0\n2026-06-01T12:01:00.000Z\t1\n2026-06-01T12:02:00.000Z\t2\n"
        )
        assert done.stderr.count("no hub runs there") == 1


def test_the_log_in_which_a_device_has_rows_is_read(folder: Path) -> None:
    told = call(folder, "lab", *NOON, "--field", 7, "--csv", "-")

    assert told.stdout_bytes == b"time,ch1\r\n2026-06-01T12:00:00.000Z,0.5\r\n"
    assert "9" in call(folder, "lab", *NOON, "--log", "status").stdout


def test_an_export_is_a_file_of_its_own(folder: Path, tmp_path: Path) -> None:
    done = call(folder, "grid", *NOON, "--interval", "1h", "--aggregation", "max", "--csv", tmp_path / "x.csv")

    assert (tmp_path / "x.csv").read_bytes() == b"time,power_w\r\n2026-06-01T12:00:00.000Z,2\r\n"
    assert "wrote 1 rows" in done.stderr
    assert refused(folder, "grid", *NOON, "--csv", tmp_path / "x.csv").code == "exists"
    assert call(folder, "grid", *NOON, "--csv", tmp_path / "x.csv", "--force").exception is None


@pytest.mark.parametrize(
    ("words", "kind", "sentence"),
    [
        (("gird",), CallerError, "did you mean 'grid'"),
        (("grid", "--field", "powr_w"), CallerError, "did you mean 'power_w'"),
        (("grid", "--since", "yesterday"), BadValueError, "--since is no time"),
        (("grid", "--interval", "often"), BadValueError, "--interval is a length of time"),
        (("grid", "--since", "1h", "--until", "2h"), CallerError, "until is earlier than since"),
        (("grid", "--csv", "a", "--parquet", "b"), CallerError, "one file at a time"),
        (("grid", "--parquet", "-"), CallerError, "name a file"),
        (("grid", "--hub", "http://127.0.0.1:1"), DeviceError, "no hub answers"),
    ],
)
def test_what_is_mistyped_is_told(
    folder: Path, words: tuple[str, ...], kind: type[HardwireError], sentence: str
) -> None:
    error = refused(folder, *words)

    assert isinstance(error, kind)
    assert sentence in error.message


def test_what_fails_on_the_way_leaves_no_file(folder: Path, tmp_path: Path) -> None:
    before = sorted(tmp_path.iterdir())

    for option in ("--csv", "--parquet"):
        refused(folder, "gird", *NOON, option, tmp_path / "x")
        refused(folder, "grid", *NOON, option, tmp_path / "none" / "x")

    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--interval", 0), "an interval is 1 s at least"),
        (("--aggregation", "max"), "add --interval"),
        (("--aggregation", "max", "--csv", "-"), "add --interval"),
    ],
)
def test_what_would_count_for_nothing_is_refused(folder: Path, words: tuple[object, ...], told: str) -> None:
    error = refused(folder, "grid", *NOON, *words)

    assert isinstance(error, CallerError)
    assert told in error.message
