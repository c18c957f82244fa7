"""HTTP over the hub's own Unix socket, once it is known whose it is."""

import http.client
import os
import socket
import struct
from collections.abc import Collection
from pathlib import Path

from hardwire.model.errors import DeviceError

ROOT = 0


class UnixConnection(http.client.HTTPConnection):
    """A connection to a socket that one of the trusted users listens on."""

    def __init__(self, path: Path, trusted: Collection[int], timeout_s: float) -> None:
        """`trusted` are numbers of users, as `trusted_users` gives them."""
        super().__init__("localhost", timeout=timeout_s)
        self._path = path
        self._trusted = trusted

    def connect(self) -> None:
        """Connect. Raises DeviceError when the program behind the socket is another user's."""
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))
        user = _listener(self.sock)
        if user is not None and user not in self._trusted:
            raise DeviceError(
                f"a program of another user (number {user}) listens on {self._path} in the hub's place: nothing was "
                "sent to it. Stop that program and start the hub again"
            )


def trusted_users(folder: Path) -> Collection[int]:
    """Return who may be the hub of a data folder: its owner, who calls, and root.

    A socket in a run-time folder that everybody may write could be anybody's.
    """
    users = {ROOT, os.geteuid()}
    return users | {folder.stat().st_uid} if folder.exists() else users


def _listener(sock: socket.socket) -> int | None:
    """The user at the other end: Linux tells (unix(7), SO_PEERCRED), other systems do not."""
    option = getattr(socket, "SO_PEERCRED", None)
    if option is None:
        return None
    _, user, _ = struct.unpack("3i", sock.getsockopt(socket.SOL_SOCKET, option, struct.calcsize("3i")))
    return int(user)
