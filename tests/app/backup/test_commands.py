"""`hardwire backup` and `hardwire restore` where no hub runs, and what they refuse."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hardwire.app.backup import exchange, gathering
from hardwire.app.backup.gathering import gather
from hardwire.app.cli.backup import backup
from hardwire.app.cli.restore import hand_over, restore
from hardwire.model.errors import CallerError, HubFaultError
from tests.app.backup.house import keys_of, make_folder, state_of


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The files of a hub that does not run."""
    return make_folder(tmp_path / "data", "1")


def call(command: object, *words: object, answer: str | None = None) -> Result:
    """Call a command as a terminal would, but with its errors as they are."""
    words = tuple(map(str, words))
    return CliRunner().invoke(command, words, input=answer, standalone_mode=False)  # type: ignore[arg-type]  # click's


def test_a_hub_moves_to_another_machine_as_one_file(folder: Path, tmp_path: Path) -> None:
    made = call(backup, tmp_path / "b", "--data", folder)
    put = call(restore, tmp_path / "b", "--data", tmp_path / "elsewhere")

    assert "keep it where nobody else can" in made.stderr
    assert put.stdout.startswith(f"restored {tmp_path / 'elsewhere'} from ")
    assert "before" not in put.stderr
    assert state_of(tmp_path / "elsewhere") == state_of(folder)
    assert (tmp_path / "elsewhere").stat().st_mode & 0o777 == 0o700


def test_a_lost_vault_key_comes_back_with_the_backup(folder: Path, tmp_path: Path) -> None:
    call(backup, tmp_path / "b", "--data", folder)
    (folder / "vault.key").unlink()
    with pytest.raises(HubFaultError, match=r"vault\.key"):
        keys_of(folder)

    put = call(restore, tmp_path / "b", "--data", folder, "--yes")

    assert "what was there before is in" in put.stderr
    assert keys_of(folder) == ["1"]


def test_what_a_power_cut_left_is_finished_first(folder: Path, tmp_path: Path) -> None:
    call(backup, tmp_path / "b", "--data", folder)
    gather(folder, tmp_path / "b")
    (folder / exchange.NEW / exchange.GOES_TO).write_text("before-restore-x")
    (folder / exchange.NEW).rename(folder / exchange.READY)

    call(restore, tmp_path / "b", "--data", folder, "--yes")

    assert keys_of(folder / "before-restore-x") == ["1"]
    assert keys_of(folder) == ["1"]


def test_nobody_who_only_pipes_loses_a_hub(folder: Path, tmp_path: Path) -> None:
    before = state_of(folder)
    call(backup, tmp_path / "b", "--data", folder)

    done = call(restore, tmp_path / "b", "--data", folder, answer="y\n")

    assert isinstance(done.exception, CallerError)
    assert "--yes" in done.exception.message
    assert state_of(folder) == before
    assert list(folder.glob("*restore*")) == []


@pytest.mark.parametrize(("answer", "is_restored"), [(b"n\n", False), (b"y\n", True)])
def test_on_a_terminal_somebody_is_asked(folder: Path, tmp_path: Path, answer: bytes, is_restored: bool) -> None:
    call(backup, tmp_path / "b", "--data", folder)
    ours, theirs = pty.openpty()
    os.write(ours, answer)

    done = subprocess.run(
        [Path(sys.executable).parent / "hardwire", "restore", tmp_path / "b", "--data", folder],
        stdin=theirs,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    os.close(ours)
    os.close(theirs)

    assert "in place of the hub" in done.stderr
    assert done.returncode == (0 if is_restored else 1)
    assert bool(list(folder.glob("before-restore-*"))) == is_restored


@pytest.mark.parametrize("command", [backup, restore])
def test_a_hub_elsewhere_keeps_its_files_to_itself(command: object, tmp_path: Path) -> None:
    (tmp_path / "b").write_text("")

    done = call(command, tmp_path / "c", "--hub", "http://127.0.0.1:9")

    assert isinstance(done.exception, CallerError)
    assert "own machine" in done.exception.message
    assert [path.name for path in tmp_path.iterdir()] == ["b"]


def test_what_is_no_backup_touches_no_folder(tmp_path: Path) -> None:
    (tmp_path / "b").write_bytes(b"x" * 5000)

    for name, sentence in (("b", "no backup of a hub"), ("none", "no such file")):
        done = call(restore, tmp_path / name, "--data", tmp_path / "data", "--yes")

        assert sentence in str(done.exception)
    assert not (tmp_path / "data").exists()


def test_a_disk_without_room_is_told_before_anything_is_written(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    call(backup, tmp_path / "b", "--data", folder)
    monkeypatch.setattr(gathering, "ROOM_BYTES", 2**62)

    done = call(restore, tmp_path / "b", "--data", folder, "--yes")

    assert isinstance(done.exception, HubFaultError)
    assert done.exception.code == "disk-full"
    assert list(folder.glob("*restore*")) == []


def test_a_file_where_the_hub_may_not_look_is_brought_to_it(folder: Path, tmp_path: Path) -> None:
    call(backup, tmp_path / "b", "--data", folder)
    asked: list[tuple[Path, bytes, int]] = []

    def ask(path: Path) -> None:
        asked.append((path, path.read_bytes(), path.stat().st_mode & 0o777))
        if path.parent != folder:
            raise CallerError(f"{path} cannot be read: there is no such file; nothing was changed")

    hand_over(ask, folder, tmp_path / "b")

    assert [path for path, _, _ in asked] == [tmp_path / "b", folder / exchange.COPY]
    assert asked[1][1:] == ((tmp_path / "b").read_bytes(), 0o600)
    assert not (folder / exchange.COPY).exists()


def test_what_the_hub_refuses_is_not_brought_to_it_again(folder: Path, tmp_path: Path) -> None:
    def ask(path: Path) -> None:
        raise CallerError(f"{path} is damaged")

    with pytest.raises(CallerError, match="damaged"):
        hand_over(ask, folder, tmp_path / "b")
