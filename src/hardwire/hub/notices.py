"""Who listens to what, who bears which credential, which answers are still on their way."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

from hardwire.model.command import Reply

Ear = Callable[[str, str], None]
Answer = TypeVar("Answer")
Entry = TypeVar("Entry")


class Notices:
    """Owns the ears of this hub. Telling them never waits."""

    def __init__(self) -> None:
        self._ears: dict[str, dict[object, Ear]] = {}
        self._bearers: dict[str, dict[object, Callable[[], None]]] = {}
        self._asking: set[asyncio.Task[None]] = set()

    def listen(self, topic: str, who: object, ear: Ear) -> None:
        """Let `ear` hear a topic."""
        self._ears.setdefault(topic, {})[who] = ear

    def bear(self, credential: str, who: object, on_revoked: Callable[[], None]) -> None:
        """Let `on_revoked` be called when the credential dies."""
        self._bearers.setdefault(credential, {})[who] = on_revoked

    def forget(self, who: object, topics: Iterable[str], credentials: Iterable[str]) -> None:
        """Take a conversation off the lists it was on."""
        for topic in topics:
            _drop(self._ears, topic, who)
        for credential in credentials:
            _drop(self._bearers, credential, who)

    def tell(self, topic: str, message: str) -> None:
        """Tell all who listen now."""
        for ear in list(self._ears.get(topic, {}).values()):
            ear(topic, message)

    def revoke(self, credential: str) -> None:
        """Tell all who bear the credential that it died."""
        for on_revoked in list(self._bearers.get(credential, {}).values()):
            on_revoked()

    def ask(self, answer: Awaitable[Answer], on_answer: Callable[[Answer], None]) -> None:
        """Call `on_answer` when the answer is there; the task is kept until then."""

        async def wait() -> None:
            on_answer(await answer)

        task = asyncio.get_running_loop().create_task(wait(), name="an answer on its way")
        self._asking.add(task)
        task.add_done_callback(self._asking.discard)

    async def answered(self, submit: Callable[[Callable[[Reply], None]], None]) -> Reply:
        """Submit with a callback and wait for it."""
        future: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()

        def on_reply(reply: Reply) -> None:
            if not future.done():
                future.set_result(reply)

        submit(on_reply)
        return await future


def _drop(table: dict[str, dict[object, Entry]], key: str, who: object) -> None:
    known = table.get(key, {})
    known.pop(who, None)
    if not known:
        table.pop(key, None)
