"""What is known of devices as rows: their settings, what was given to them for ever, what the hub keeps for them."""

import sqlite3
from collections.abc import Mapping
from typing import Any

from hardwire.model.errors import CallerError
from hardwire.model.value import Value
from hardwire.storage.vault import Vault
from hardwire.storage.wire import settings_from_text, value_from_text


def read_devices(connection: sqlite3.Connection, vault: Vault) -> dict[str, dict[str, Any]]:  # Any: TOML-like settings
    """Return device -> settings.

    Raises:
        HubFaultError: sealed ones do not open (code `vault`).
    """
    rows = connection.execute("SELECT id, settings, sealed FROM device ORDER BY id")
    return {
        id: settings_from_text(settings if sealed is None else vault.open(sealed, _owner(id)).decode())
        for id, settings, sealed in rows
    }


def save_device(connection: sqlite3.Connection, id: str, settings: str) -> None:
    """Add or replace a device."""
    _save(connection, id, settings, None)


def save_sealed_device(connection: sqlite3.Connection, vault: Vault, id: str, settings: str) -> None:
    """Add or replace a device whose settings hold a secret."""
    _save(connection, id, "{}", vault.seal(settings.encode(), _owner(id)))


def has_sealed(connection: sqlite3.Connection) -> bool:
    """Say whether the settings of any device are sealed."""
    (count,) = connection.execute("SELECT EXISTS (SELECT 1 FROM device WHERE sealed IS NOT NULL)").fetchone()
    return bool(count)


def remove_device(connection: sqlite3.Connection, id: str) -> bool:
    """Delete a device with its kept values; what was given for ever stays. False when there is none."""
    was_there = connection.execute("DELETE FROM device WHERE id = ?", (id,)).rowcount > 0
    if was_there:
        forget_values(connection, id)
    return was_there


def read_addresses(connection: sqlite3.Connection) -> dict[tuple[str, str], str]:
    """Return (dialect, text) -> device."""
    rows = connection.execute("SELECT dialect, text, device FROM address")
    return {(dialect, text): device for dialect, text, device in rows}


def give_address(connection: sqlite3.Connection, dialect: str, text: str, device: str) -> None:
    """Give an address for ever; twice is once.

    Raises:
        CallerError: another device has it (code `address-taken`).
    """
    connection.execute(
        "INSERT INTO address (dialect, text, device) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", (dialect, text, device)
    )
    sql = "SELECT device FROM address WHERE dialect = ? AND text = ?"
    (holder,) = connection.execute(sql, (dialect, text)).fetchone()
    if holder != device:
        raise CallerError(
            f"The {dialect} address {text!r} belongs to the device {holder!r} for ever: choose another one.",
            code="address-taken",
        )


def read_field_numbers(connection: sqlite3.Connection) -> dict[str, dict[str, int]]:
    """Return device -> point -> number, in the order of the numbers."""
    numbers: dict[str, dict[str, int]] = {}
    for device, point, no in connection.execute("SELECT device, point, no FROM field_no ORDER BY device, no"):
        numbers.setdefault(device, {})[point] = no
    return numbers


def give_field_numbers(connection: sqlite3.Connection, device: str, numbers: Mapping[str, int]) -> None:
    """Give numbers to points for ever; twice is once.

    Raises:
        CallerError: a point has another number, or another point has the number (code `number-taken`).
    """
    connection.executemany(
        "INSERT INTO field_no (device, point, no) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        [(device, point, no) for point, no in numbers.items()],
    )
    given = dict(connection.execute("SELECT point, no FROM field_no WHERE device = ?", (device,)))
    for point, no in numbers.items():
        if given.get(point) != no:
            raise CallerError(
                f"The point {point!r} of {device!r} cannot get the number {no}: it has one, or {no} is taken.",
                code="number-taken",
            )


def read_kept_values(connection: sqlite3.Connection) -> dict[str, dict[str, Value]]:
    """Return device -> point -> value."""
    values: dict[str, dict[str, Value]] = {}
    for device, point, text in connection.execute("SELECT device, point, value FROM kept_value"):
        values.setdefault(device, {})[point] = value_from_text(text)
    return values


def keep_values(connection: sqlite3.Connection, device: str, texts: Mapping[str, str]) -> None:
    """Add or replace values of a device's points."""
    connection.executemany(
        "INSERT INTO kept_value (device, point, value) VALUES (?, ?, ?) "
        "ON CONFLICT (device, point) DO UPDATE SET value = excluded.value",
        [(device, point, text) for point, text in texts.items()],
    )


def forget_values(connection: sqlite3.Connection, device: str) -> None:
    """Delete what was kept of a device."""
    connection.execute("DELETE FROM kept_value WHERE device = ?", (device,))


def _save(connection: sqlite3.Connection, id: str, settings: str, sealed: bytes | None) -> None:
    connection.execute(
        "INSERT INTO device (id, settings, sealed) VALUES (?, ?, ?) "
        "ON CONFLICT (id) DO UPDATE SET settings = excluded.settings, sealed = excluded.sealed",
        (id, settings, sealed),
    )


def _owner(id: str) -> str:
    # Apart from the names of credentials, which the vault binds secrets to as well.
    return f"device {id}"
