"""A meter of paper on a real line: it says a telegram again and again, over TCP or a pseudo-terminal."""

import os
import socket
import threading
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Protocol

EVERY_S = 0.25


class Line(Protocol):
    """Where a meter speaks."""

    address: str
    """What the `port` setting says."""

    def say(self, octets: bytes) -> None:
        """Say it to whoever listens; nobody is fine."""
        ...

    def close(self) -> None:
        """Close it for good."""
        ...


class TcpLine:
    """A P1 port behind TCP: it takes readers as they come."""

    def __init__(self) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self._readers: list[socket.socket] = []
        self.address = f"tcp://127.0.0.1:{self._server.getsockname()[1]}"
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def say(self, octets: bytes) -> None:
        """Say it to every reader."""
        for reader in tuple(self._readers):
            try:
                reader.sendall(octets)
            except OSError:
                self._readers.remove(reader)
                reader.close()

    def hang_up(self) -> None:
        """Close the connections; new readers are welcome."""
        while self._readers:
            self._readers.pop().close()

    def close(self) -> None:
        """Close the port."""
        # On Linux this wakes the thread that waits for readers.
        with suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self._thread.join(5)
        self.hang_up()

    def _accept(self) -> None:
        while True:
            try:
                reader, _ = self._server.accept()
            except OSError:
                return
            self._readers.append(reader)


class SerialLine:
    """A P1 cable: a pseudo-terminal whose other end the hub opens."""

    def __init__(self) -> None:
        self._meter_end, hub_end = os.openpty()
        tty.setraw(hub_end)
        self.address = os.ttyname(hub_end)
        # Kept open, so that the line lives on while no hub has it.
        self._hub_end = hub_end
        os.set_blocking(self._meter_end, False)

    def say(self, octets: bytes) -> None:
        """Say it; what nobody reads is lost, as on a cable."""
        with suppress(BlockingIOError):
            os.write(self._meter_end, octets)

    def close(self) -> None:
        """Pull the cable."""
        os.close(self._meter_end)
        os.close(self._hub_end)


class P1Port:
    """A meter that repeats what `make` gives, a few times a second, until it is told to be quiet."""

    def __init__(self, line: Line, make: Callable[[], bytes]) -> None:
        self.line = line
        self.make = make
        self._speaks = threading.Event()
        self._speaks.set()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def be_quiet(self) -> None:
        """Send nothing, with the line open."""
        self._speaks.clear()

    def speak(self) -> None:
        """Send again."""
        self._speaks.set()

    def end(self) -> None:
        """End the meter and its line."""
        self._ended.set()
        self._thread.join(5)
        self.line.close()

    def _run(self) -> None:
        while not self._ended.wait(EVERY_S):
            if self._speaks.is_set():
                self.line.say(self.make())


@contextmanager
def meter_on(line: Line, make: Callable[[], bytes]) -> Iterator[P1Port]:
    """Have a meter on a line."""
    meter = P1Port(line, make)
    try:
        yield meter
    finally:
        meter.end()
