"""A file that is put in its place whole, or not at all."""

import os
import signal
from pathlib import Path

import pytest

from hardwire.app.draft import Draft
from hardwire.model.errors import CallerError


def test_it_stands_whole_when_the_context_ends_and_not_before(tmp_path: Path) -> None:
    target = tmp_path / "x.csv"

    with Draft(target, mode=0o600) as draft:
        draft.stream.write(b"rows")
        assert not target.exists()

    assert target.read_bytes() == b"rows"
    assert target.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_what_breaks_off_leaves_nothing_and_the_older_file_as_it_was(
    tmp_path: Path, error: type[BaseException]
) -> None:
    target = tmp_path / "x.csv"
    target.write_text("older")

    with pytest.raises(error):
        _break_off(target, error)

    assert target.read_text() == "older"
    assert list(tmp_path.iterdir()) == [target]


def test_a_program_that_is_told_to_end_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(SystemExit), Draft(tmp_path / "x.csv"):
        signal.raise_signal(signal.SIGTERM)

    assert list(tmp_path.iterdir()) == []
    assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL


def test_an_older_file_is_replaced_only_by_force(tmp_path: Path) -> None:
    target = tmp_path / "x.csv"
    target.write_text("older")

    with pytest.raises(CallerError, match="--force"), Draft(target):
        pass
    with Draft(target, is_forced=True) as draft:
        draft.stream.write(b"newer")

    assert target.read_text() == "newer"


def test_a_file_that_came_meanwhile_is_not_replaced(tmp_path: Path) -> None:
    target = tmp_path / "x.csv"

    with pytest.raises(CallerError, match="--force"), Draft(target):
        target.write_text("another's")

    assert target.read_text() == "another's"
    assert list(tmp_path.iterdir()) == [target]


def test_through_a_link_the_file_behind_it_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "real.csv").write_text("older")
    (tmp_path / "link.csv").symlink_to("real.csv")

    with Draft(tmp_path / "link.csv", is_forced=True) as draft:
        draft.stream.write(b"newer")

    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "real.csv").read_text() == "newer"


def test_what_is_no_file_is_never_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    for path in (tmp_path, tmp_path / "pipe"):
        with pytest.raises(CallerError, match="no ordinary file"), Draft(path, is_forced=True):
            pass


def test_a_place_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(CallerError, match="cannot be written"), Draft(tmp_path / "none" / "x.csv"):
        pass
    (tmp_path / "file").write_text("")
    with pytest.raises(CallerError, match="cannot be written"), Draft(tmp_path / "file" / "x.csv"):
        pass


def test_a_full_disk_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(CallerError, match="No space"), Draft(tmp_path / "x.csv"):
        raise OSError(28, "No space left on device")

    assert list(tmp_path.iterdir()) == []


def _break_off(target: Path, error: type[BaseException]) -> None:
    with Draft(target, is_forced=True) as draft:
        draft.beside("more").write_text("x")
        draft.stream.write(b"half")
        raise error
