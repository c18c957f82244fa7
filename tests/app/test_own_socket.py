"""The hub's own socket, and who may listen on it."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from hardwire.app.cli.own_socket import UnixConnection, trusted_users
from hardwire.model.errors import DeviceError


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    """A socket that this user listens on."""
    path = tmp_path / "hub.sock"
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as sock:
        sock.bind(str(path))
        sock.listen()
        yield path


def test_the_hub_of_the_folders_owner_is_asked(place: Path) -> None:
    connection = UnixConnection(place, trusted_users(place.parent), 5)

    connection.connect()

    assert connection.sock is not None
    connection.close()


def test_a_program_of_another_user_in_the_hubs_place_is_told_nothing(place: Path) -> None:
    connection = UnixConnection(place, {os.geteuid() + 1}, 5)

    with pytest.raises(DeviceError, match="another user"):
        connection.request("GET", "/health")

    connection.close()


def test_without_a_folder_nobody_else_is_trusted(tmp_path: Path) -> None:
    assert set(trusted_users(tmp_path / "none")) == {0, os.geteuid()}
