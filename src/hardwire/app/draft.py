"""A file that is written beside its place, under a name of its own, and put there whole in one step."""

import os
import secrets
import signal
import stat
import threading
from pathlib import Path
from types import FrameType, TracebackType
from typing import BinaryIO

from hardwire.model.errors import CallerError
from hardwire.storage.folder import sync_folder


class Draft:
    """A context: `stream` takes the content. When it ends well the file stands, durably; in any other way, Ctrl-C and
    SIGTERM included, nothing is left of it and what stood there before is as it was.

    Raises, as it begins or ends:
        CallerError: there is such a file already (code `exists`) and it may not be replaced, or it cannot be written.
    """

    def __init__(self, target: Path, *, is_forced: bool = False, mode: int = 0o666) -> None:
        """`mode` as for any new file, less the umask. `is_forced`: an older file of that name is replaced."""
        # Through a link the file that it leads to is replaced, not the link.
        self.target = Path(os.path.realpath(target))
        self._is_forced = is_forced
        self._mode = mode
        self._token = secrets.token_hex(4)
        self._beside: list[Path] = []
        self._stream: BinaryIO | None = None
        self._has_signal = False

    @property
    def stream(self) -> BinaryIO:
        """Where the content goes."""
        assert self._stream is not None, "a draft is written within its context"
        return self._stream

    def beside(self, name: str) -> Path:
        """Make one more empty file for the time of writing, for its owner alone; it is gone at the end."""
        path = self.target.with_name(f".{self.target.name}.{self._token}.{name}")
        self._beside.append(path)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
        return path

    def __enter__(self) -> "Draft":
        self._refuse_what_stands_there()
        self._draft = self.target.with_name(f".{self.target.name}.{self._token}.part")
        try:
            descriptor = os.open(self._draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, self._mode)
        except OSError as error:
            raise self._cannot(error) from error
        self._stream = os.fdopen(descriptor, "wb")
        # By itself SIGTERM ends a program without a chance to clear away.
        if threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGTERM) == signal.SIG_DFL:
            signal.signal(signal.SIGTERM, _end)
            self._has_signal = True
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            try:
                if error is None:
                    self.stream.flush()
                    os.fsync(self.stream.fileno())
            finally:
                self.stream.close()
            if error is None:
                self._refuse_what_stands_there()
                self._draft.replace(self.target)
                sync_folder(self.target.parent)
        except OSError as fault:
            raise self._cannot(fault) from fault
        finally:
            for path in (self._draft, *self._beside):
                path.unlink(missing_ok=True)
            if self._has_signal:
                signal.signal(signal.SIGTERM, signal.SIG_DFL)
        if isinstance(error, OSError):
            raise self._cannot(error) from error

    def _refuse_what_stands_there(self) -> None:
        try:
            status = self.target.stat()
        except FileNotFoundError:
            return
        except OSError as error:
            raise self._cannot(error) from error
        if not stat.S_ISREG(status.st_mode):
            raise CallerError(f"{self.target} is no ordinary file: name one that can be written", code="exists")
        if not self._is_forced:
            raise CallerError(f"{self.target} is there already: name another file, or add --force", code="exists")

    def _cannot(self, error: OSError) -> CallerError:
        return CallerError(f"{self.target} cannot be written: {error.strerror or error}")


def _end(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)
