"""How a command reaches the hub: its Unix socket, or a URL with a key; where none runs, the files."""

import asyncio
import http.client
import json
import os
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias, TypeVar
from urllib.parse import urlsplit

import click
from msgspec import Struct

from hardwire.app.cli.own_socket import UnixConnection, trusted_users
from hardwire.app.folder import default_folder, socket_path
from hardwire.model.errors import CallerError, DeviceError

TIMEOUT_S = 130.0
# Not from the storage itself, which takes long to import.
STORE_FILE = "hardwire.db"

Json: TypeAlias = Any  # Any: what a call answers is as deep as JSON may be
F = TypeVar("F", bound=Callable[..., Any])  # Any: a click command's parameters


class Reach(Struct, frozen=True, kw_only=True):
    """Where the hub is."""

    folder: Path
    url: str = ""
    key: str = ""
    ca: Path | None = None

    @property
    def is_remote(self) -> bool:
        """Whether it is reached by a URL."""
        return bool(self.url)

    @property
    def socket(self) -> Path:
        """The hub's Unix socket."""
        return socket_path(self.folder, os.environ)

    def call(
        self,
        method: str,
        path: str,
        content: object = None,
        *,
        is_offline_fine: bool = False,
        is_quiet: bool = False,
    ) -> Any:  # Any: JSON
        """Call the hub's API; returns its JSON.

        `is_offline_fine`: where no hub runs, the files answer; that is told unless `is_quiet`.

        Raises:
            CallerError: the hub refused, with its own sentence.
            DeviceError: no hub answers there.
        """
        body = None if content is None else json.dumps(content).encode()
        try:
            status, text = self._request(method, path, body)
        except (ConnectionError, FileNotFoundError) as error:
            if self.is_remote or not is_offline_fine or not (self.folder / STORE_FILE).exists():
                raise DeviceError(self._nobody()) from error
            # Only now: a hub of its own takes long to import.
            from hardwire.app import offline

            if not is_quiet:
                click.echo(
                    "no hub runs there: this is what its files say, without what a configuration file adds", err=True
                )
            status, text = asyncio.run(offline.call(self.folder, method, path, body or b""))
        except ssl.SSLCertVerificationError as error:
            raise DeviceError(
                f"the certificate of {self.url} is not trusted ({error.verify_message}): "
                "give the hub's CA with --ca FILE, as `hardwire ca export` prints it on the hub's machine"
            ) from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise DeviceError(f"{self._nobody()} ({error})") from error
        return self._understood(status, text)

    def headers(self) -> dict[str, str]:
        """What goes with every request. Raises CallerError when the key cannot be one."""
        if not self.key.isascii() or not self.key.isprintable():
            raise CallerError("the key holds characters that no key has: copy it again, without line breaks")
        return {"Authorization": f"Bearer {self.key}"} if self.key else {}

    def context(self) -> ssl.SSLContext:
        """The trust for a remote hub: its exported CA, or the system's. Raises CallerError when it is none."""
        try:
            return ssl.create_default_context(cafile=None if self.ca is None else str(self.ca))
        except OSError as error:
            raise CallerError(f"{self.ca} is no CA in PEM, as `hardwire ca export` prints it") from error

    def _request(self, method: str, path: str, body: bytes | None) -> tuple[int, bytes]:
        connection = self._connection()
        try:
            headers = {**self.headers(), **({"Content-Type": "application/json"} if body is not None else {})}
            connection.request(method, path, body=body, headers=headers)
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def _connection(self) -> http.client.HTTPConnection:
        if not self.is_remote:
            return UnixConnection(self.socket, trusted_users(self.folder), TIMEOUT_S)
        parts = urlsplit(self.url)
        if parts.scheme == "https":
            return http.client.HTTPSConnection(parts.netloc, timeout=TIMEOUT_S, context=self.context())
        return http.client.HTTPConnection(parts.netloc, timeout=TIMEOUT_S)

    def _nobody(self) -> str:
        if self.is_remote:
            return f"no hub answers at {self.url}"
        return (
            f"no hub runs on the data folder {self.folder}: start one with `hardwire serve`, "
            "or name its folder with --data or HARDWIRE_DATA"
        )

    def _understood(self, status: int, text: bytes) -> Json:
        try:
            content = json.loads(text) if text else None
        except ValueError:
            raise DeviceError(f"what answers there is no hub (status {status})") from None
        if status >= 400:
            told = content.get("error") if isinstance(content, dict) else None
            message = told.get("message") if isinstance(told, dict) else told
            # Only a remote hub asks for a credential; the socket proves its owner.
            wrong = ", and the key that was given is none" if self.key else ": give it with --key or HARDWIRE_KEY"
            hint = wrong if status == 401 else ""
            raise CallerError(str(message or f"the hub answered {status}") + hint)
        return content


def _is_origin(url: str) -> bool:
    try:
        parts = urlsplit(url)
        # Reading the port is what checks it.
        return (
            parts.scheme in ("http", "https")
            and bool(parts.hostname)
            and (parts.port or 1) > 0
            and parts.path in ("", "/")
        )
    except ValueError:
        return False


def reaching(command: F) -> F:
    """Give a command the options that say where the hub is, joined to one `reach` argument."""

    def joined(
        folder: Path | None, hub: str, hub_key: str, hub_ca: Path | None, **rest: Any
    ) -> Any:  # Any: as `command`
        if hub and not _is_origin(hub):
            raise CallerError(f"--hub takes a URL such as https://hub.local:8443, not {hub!r}")
        reach = Reach(folder=(folder or default_folder(os.environ)).absolute(), url=hub, key=hub_key, ca=hub_ca)
        return command(reach=reach, **rest)

    joined.__doc__ = command.__doc__
    joined.__name__ = command.__name__
    joined.__click_params__ = getattr(command, "__click_params__", [])  # type: ignore[attr-defined]  # click keeps options there
    options = (
        click.option(
            "--ca",
            "hub_ca",
            type=click.Path(exists=True, path_type=Path),
            help="The remote hub's CA, as `ca export` gave it.",
        ),
        click.option(
            "--key", "hub_key", default="", envvar="HARDWIRE_KEY", help="The admin credential for --hub. [HARDWIRE_KEY]"
        ),
        click.option("--hub", default="", envvar="HARDWIRE_HUB", help="The URL of a remote hub. [HARDWIRE_HUB]"),
        click.option(
            "--data", "folder", type=click.Path(path_type=Path), help="The hub's data folder. [HARDWIRE_DATA]"
        ),
    )
    for option in options:
        option(joined)
    return joined  # type: ignore[return-value]  # the same command, with further options
