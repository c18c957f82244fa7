"""Groups as rows."""

import sqlite3

from hardwire.model.access import Group
from hardwire.model.errors import CallerError


def read_groups(connection: sqlite3.Connection) -> list[Group]:
    """Return every group, by number."""
    rows = connection.execute(
        'SELECT id, number, name, description, parent, is_account, history_days FROM "group" ORDER BY number'
    )
    return [
        Group(
            id=id,
            number=number,
            name=name,
            description=description,
            parent=parent,
            is_account=bool(is_account),
            history_days=history_days,
        )
        for id, number, name, description, parent, is_account, history_days in rows
    ]


def save_group(connection: sqlite3.Connection, group: Group) -> None:
    """Add or replace a group.

    Raises:
        CallerError: another group has its number.
    """
    try:
        connection.execute(
            'INSERT INTO "group" (id, number, name, description, parent, is_account, history_days) '
            "VALUES (?, ?, ?, ?, ?, ?, ?) "
            "ON CONFLICT (id) DO UPDATE SET number = excluded.number, name = excluded.name, "
            "description = excluded.description, parent = excluded.parent, is_account = excluded.is_account, "
            "history_days = excluded.history_days",
            (
                group.id,
                group.number,
                group.name,
                group.description,
                group.parent,
                group.is_account,
                group.history_days,
            ),
        )
    except sqlite3.IntegrityError as error:
        raise CallerError(f"The group number {group.number} is taken: choose another one.") from error


def remove_group(connection: sqlite3.Connection, id: str) -> bool:
    """Forget a group; False when there is none."""
    return connection.execute('DELETE FROM "group" WHERE id = ?', (id,)).rowcount > 0
