"""Credentials as rows, with the secrets that are as good as a password sealed."""

import sqlite3
from collections.abc import Iterable
from datetime import datetime, timedelta

from hardwire.model.access import Credential, Right
from hardwire.model.errors import CallerError
from hardwire.storage.instants import from_ms, to_ms
from hardwire.storage.vault import Vault
from hardwire.storage.wire import scope_from_text, scope_to_text

# An HA1 lets its holder answer every challenge (RFC 2617, section 4.13); the other kinds keep a SHA-256 of a random
# token, which is worth nothing to a thief.
SEALED_KINDS = frozenset({"ezeio"})

# So that a list of keys still tells why a key stopped working last week.
EXPIRED_KEPT = timedelta(days=30)


def add_credential(
    connection: sqlite3.Connection, vault: Vault, credential: Credential, replaces: Iterable[str], now: datetime
) -> None:
    """Insert a credential and revoke those it replaces.

    Raises:
        CallerError: its id was given before.
    """
    for replaced in replaces:
        revoke(connection, replaced, now)
    is_sealed = credential.kind in SEALED_KINDS
    secret = vault.seal(credential.secret_hash, credential.id) if is_sealed else credential.secret_hash
    expires = None if credential.expires is None else to_ms(credential.expires)
    try:
        connection.execute(
            'INSERT INTO credential (id, kind, name, "group", devices, rights, created, expires, is_sealed, hash, '
            "functions, is_inherited, callback) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                credential.id,
                credential.kind,
                credential.name,
                credential.group,
                scope_to_text(credential.devices),
                credential.rights.value,
                to_ms(now),
                expires,
                is_sealed,
                secret,
                scope_to_text(credential.functions),
                credential.is_inherited,
                credential.callback,
            ),
        )
    except sqlite3.IntegrityError as error:
        raise CallerError(
            f"The credential id {credential.id!r} was given before: choose another one.", code="id-taken"
        ) from error


def has_sealed(connection: sqlite3.Connection) -> bool:
    """Say whether any secret was sealed."""
    (count,) = connection.execute("SELECT EXISTS (SELECT 1 FROM credential WHERE is_sealed)").fetchone()
    return bool(count)


def revoke(connection: sqlite3.Connection, id: str, at: datetime) -> bool:
    """Mark a credential revoked; False when there is none that is not revoked already."""
    sql = "UPDATE credential SET revoked = ? WHERE id = ? AND revoked IS NULL"
    return connection.execute(sql, (to_ms(at), id)).rowcount > 0


def read_credentials(connection: sqlite3.Connection, vault: Vault, now: datetime) -> list[Credential]:
    """Return those that are neither revoked nor expired for more than `EXPIRED_KEPT`, oldest first."""
    rows = connection.execute(
        'SELECT id, kind, name, "group", devices, rights, expires, is_sealed, hash, functions, is_inherited, callback '
        "FROM credential WHERE revoked IS NULL AND (expires IS NULL OR expires > ?) ORDER BY no",
        (to_ms(now - EXPIRED_KEPT),),
    )
    return [
        Credential(
            id=id,
            kind=kind,
            name=name,
            group=group,
            devices=scope_from_text(devices),
            rights=Right(rights),
            expires=None if expires is None else from_ms(expires),
            secret_hash=vault.open(secret, id) if is_sealed else secret,
            functions=scope_from_text(functions),
            is_inherited=bool(is_inherited),
            callback=callback,
        )
        for (
            id,
            kind,
            name,
            group,
            devices,
            rights,
            expires,
            is_sealed,
            secret,
            functions,
            is_inherited,
            callback,
        ) in rows
    ]
