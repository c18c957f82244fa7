"""What a board is called, and where a program is sent to (obniz reference, sections 1.2 and 1.5)."""

import re

_SERIAL = re.compile(r"sn_[A-Za-z0-9_-]{1,60}")
_ORIGIN = re.compile(r"(wss?)://([a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?|\[[0-9a-f:.]{2,45}\])(?::([0-9]{1,5}))?")
_DEFAULT_PORTS = {"ws": 80, "wss": 443}


def canonical(text: str) -> str | None:
    """Return an id of eight digits, with or without a dash, as `dddd-dddd`; None when it is none."""
    digits = text.replace("-", "")
    if len(digits) != 8 or not (digits.isascii() and digits.isdigit()):
        return None
    return f"{digits[:4]}-{digits[4:]}"


def is_serial(text: str) -> bool:
    """Say whether this is a serial number: obniz.js takes any text that begins with `sn_`, and sends it as it is."""
    return _SERIAL.fullmatch(text) is not None


def called(text: str) -> str | None:
    """Return by which address a board is found that a program calls so; None when nothing is called so."""
    return text if is_serial(text) else canonical(text)


def origin(text: str) -> str | None:
    """Return a bare WebSocket origin in small letters and without the usual port; None when it is none.

    obniz.py and programs by hand put a path right behind it (section 1.5): a slash at its end would double.
    """
    match = _ORIGIN.fullmatch(text.lower())
    if match is None:
        return None
    scheme, host, port = match.groups()
    if port is None or int(port) == _DEFAULT_PORTS[scheme]:
        return f"{scheme}://{host}"
    return f"{scheme}://{host}:{int(port)}" if 0 < int(port) < 65536 else None
