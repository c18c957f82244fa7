"""Where a hub keeps its files and its socket."""

import os
from pathlib import Path

import pytest

from hardwire.app.folder import SOCKET_PATH_LIMIT_BYTES, default_folder, socket_path


def test_the_data_folder_is_the_one_that_the_environment_names() -> None:
    assert default_folder({"HARDWIRE_DATA": "/srv/hub", "XDG_DATA_HOME": "/x"}) == Path("/srv/hub")


@pytest.mark.parametrize(
    ("environment", "folder"),
    [
        ({"HOME": "/users/ann"}, "/users/ann/.local/share/hardwire"),
        ({"HOME": "/users/ann", "XDG_DATA_HOME": "/data", "HARDWIRE_DATA": ""}, "/data/hardwire"),
    ],
)
def test_else_it_is_the_platforms(environment: dict[str, str], folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")

    assert default_folder(environment) == Path(folder)


def test_the_socket_stands_in_the_data_folder(tmp_path: Path) -> None:
    assert socket_path(tmp_path / "d", {}) == (tmp_path / "d").resolve() / "hub.sock"


def test_a_socket_whose_path_would_be_too_long_stands_in_the_run_time_folder(tmp_path: Path) -> None:
    deep = tmp_path / ("é" * 60)
    other = tmp_path / ("é" * 61)

    socket = socket_path(deep, {"XDG_RUNTIME_DIR": "/run/user/1"})

    assert socket.parent == Path("/run/user/1")
    assert len(os.fsencode(socket)) <= SOCKET_PATH_LIMIT_BYTES
    assert socket == socket_path(deep, {"XDG_RUNTIME_DIR": "/run/user/1"})
    assert socket != socket_path(other, {"XDG_RUNTIME_DIR": "/run/user/1"})


@pytest.mark.parametrize(("length", "is_inside"), [(100, True), (101, False)])
def test_a_hundred_bytes_are_the_limit(length: int, *, is_inside: bool) -> None:
    folder = Path("/" + "x" * (length - len("/") - len("/hub.sock")))

    assert (socket_path(folder, {}).parent == folder) is is_inside
