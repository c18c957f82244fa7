"""Messages on their way to a web address, as rows."""

import sqlite3
from collections.abc import Sequence

from hardwire.contracts.post import Post
from hardwire.storage.file import File
from hardwire.storage.instants import from_ms, to_ms


class PostRows:
    """`contracts.records.Posts` in the store's file."""

    def __init__(self, file: File) -> None:
        self._file = file

    async def save(self, post: Post) -> None:
        """Keep a message, or what has become of it."""
        await self._file.write(lambda connection: _save(connection, post))

    async def read(self) -> Sequence[Post]:
        """Those that are still to be posted, oldest first."""
        return await self._file.read(_read)

    async def remove(self, id: str) -> None:
        """Forget one."""
        await self._file.write(lambda connection: connection.execute("DELETE FROM post WHERE id = ?", (id,)))


def _save(connection: sqlite3.Connection, post: Post) -> None:
    connection.execute(
        "INSERT INTO post (id, url, body, signer, device, made, tries, due) VALUES (?, ?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (id) DO UPDATE SET tries = excluded.tries, due = excluded.due",
        (post.id, post.url, post.body, post.signer, post.device, to_ms(post.made), post.tries, to_ms(post.due)),
    )


def _read(connection: sqlite3.Connection) -> Sequence[Post]:
    rows = connection.execute("SELECT id, url, body, signer, device, made, tries, due FROM post ORDER BY no")
    return [
        Post(id=id, url=url, body=body, signer=signer, device=device, made=from_ms(made), tries=tries, due=from_ms(due))
        for id, url, body, signer, device, made, tries, due in rows
    ]
