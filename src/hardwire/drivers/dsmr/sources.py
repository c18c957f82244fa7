"""Where a telegram's bytes come from: a serial port or a TCP connection, opened and read with time limits."""

import asyncio
import errno
import os
from contextlib import suppress
from typing import Protocol

import serialx

from hardwire.drivers.dsmr.settings import SerialLine, TcpLine
from hardwire.model.errors import DeviceError

OPEN_TIMEOUT_S = 10
CHUNK_BYTES = 4096

_PARITIES = {"none": serialx.PARITY_NONE, "even": serialx.PARITY_EVEN, "odd": serialx.PARITY_ODD}


class Source(Protocol):
    """An open line that a meter speaks on."""

    async def read(self, timeout_s: float) -> bytes:
        """Return the next bytes, at least one.

        Raises:
            DeviceError: the line is gone, or nothing came for `timeout_s`; the text says what to do.
        """
        ...

    async def close(self) -> None:
        """Let the line go."""
        ...


async def open_source(line: SerialLine | TcpLine) -> Source:
    """Open the line.

    Raises:
        DeviceError: it cannot be opened now; the text says what to do.
    """
    try:
        async with asyncio.timeout(OPEN_TIMEOUT_S):
            if isinstance(line, TcpLine):
                reader, writer = await asyncio.open_connection(line.host, line.port)
                return StreamSource(f"{line.host}:{line.port}", reader, writer)
            reader, writer = await serialx.open_serial_connection(
                line.path, baudrate=line.baud, byte_size=line.bytesize, parity=_PARITIES[line.parity]
            )
            return StreamSource(line.path, reader, writer)
    except (OSError, serialx.SerialException) as error:  # a timeout is an OSError
        raise DeviceError(_why_closed_to_us(line, error)) from error


class StreamSource:
    """A source on an asyncio stream."""

    def __init__(self, name: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._name = name
        self._reader = reader
        self._writer = writer

    async def read(self, timeout_s: float) -> bytes:
        """Return the next bytes, at least one; raise DeviceError when there will be none."""
        try:
            async with asyncio.timeout(timeout_s):
                chunk = await self._reader.read(CHUNK_BYTES)
        except TimeoutError:
            raise DeviceError(
                f"Nothing came from {self._name} for {timeout_s:g} s; check that the cable is in the meter's P1 port."
            ) from None
        except OSError as error:
            raise DeviceError(f"{self._name} was lost ({_reason(error)}); check that it is plugged in.") from error
        if not chunk:
            raise DeviceError(f"{self._name} closed the connection.")
        return chunk

    async def close(self) -> None:
        """Let the line go; that it is already broken is no news."""
        self._writer.close()
        with suppress(OSError):
            async with asyncio.timeout(OPEN_TIMEOUT_S):
                await self._writer.wait_closed()


def _why_closed_to_us(line: SerialLine | TcpLine, error: Exception) -> str:
    code = error.errno if isinstance(error, OSError) else None
    if isinstance(line, TcpLine):
        where = f"{line.host}:{line.port}"
        match error:
            case TimeoutError():
                return f"{where} did not answer within {OPEN_TIMEOUT_S} s; check that it is on and in this network."
            case ConnectionRefusedError():
                return f"{where} refused the connection; check the port number, and that no other reader holds it."
            case _:
                return f"{where} cannot be reached ({_reason(error)}); check the address in `port`."
    match code:
        case errno.ENOENT | errno.ENODEV | errno.ENXIO:
            return f"There is no {line.path}; check that the cable is plugged in (ls /dev/serial/by-id/)."
        case errno.EACCES | errno.EPERM:
            return f"{line.path} may not be opened; add the hub's user to the group that owns it (often dialout)."
        case errno.EBUSY:
            return f"{line.path} is in use by another program; stop that one."
        case errno.ENOTTY | errno.EISDIR:
            return f"{line.path} is no serial port; check `port`."
        case _:
            return f"{line.path} cannot be opened ({_reason(error)})."


def _reason(error: Exception) -> str:
    code = error.errno if isinstance(error, OSError) else None
    # os.strerror keeps paths, addresses and object names out; resolver codes are negative and have texts of their own.
    if code is not None and code > 0:
        return os.strerror(code)
    return (str(error) or type(error).__name__).removeprefix(f"[Errno {code}] ")
