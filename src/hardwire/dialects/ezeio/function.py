"""A function of the API (`subscribe`, `status`, ...): what one is given, what it has to be."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from hardwire.contracts.act import Respond
from hardwire.contracts.dialect import Entropy
from hardwire.contracts.house import House
from hardwire.contracts.question import Answer
from hardwire.contracts.request import Request
from hardwire.contracts.session import Acts
from hardwire.dialects.ezeio.stream.early import EarlyOrders
from hardwire.dialects.ezeio.unit.account import Account
from hardwire.dialects.ezeio.wire import Clocked, plain_body
from hardwire.model.access import Credential
from hardwire.model.command import Reply
from hardwire.model.errors import CallerError, DeviceError, HardwireError


class Visit(Struct, frozen=True, kw_only=True):
    """A call whose key was let in, counted and found to have the privilege of its function."""

    request: Request
    arguments: tuple[str, ...]
    """What follows the function's name in the path, decoded, split at slashes; none is empty."""
    house: House
    entropy: Entropy
    credential: Credential
    account: Account
    early: EarlyOrders
    began: datetime

    def answer(self, body: bytes, status: int = 200, headers: Mapping[str, str] | None = None) -> Respond:
        """Return an answer with that body."""
        # A ticket is a secret while it lives, values are old at once: no cache may keep either.
        return Respond(status, body, headers={"Cache-Control": "no-store", **(headers or {})})

    def refuse(self, status: int, reason: str, now: datetime, headers: Mapping[str, str] | None = None) -> Respond:
        """Return the envelope with an error text as its status."""
        return self.answer(plain_body(self.clocked(now), reason), status, headers)

    def fail(self, error: HardwireError, now: datetime) -> Respond:
        """Return the refusal that an error comes to, by whose fault it is."""
        match error:
            case CallerError():
                return self.refuse(400, error.message, now)
            case DeviceError():
                return self.refuse(503, error.message, now)
            case _:
                return self.refuse(500, "The hub failed", now)

    def clocked(self, now: datetime) -> Clocked:
        """When it came and that it is answered now."""
        return Clocked(self.began, now)


class Function(Protocol):
    """Answers one call: `begin`, then a `reply` for each thing that was asked or executed, until a `Respond`."""

    def begin(self, now: datetime) -> Acts:
        """Answer at once, or ask first. The method is GET: others were refused."""
        ...

    def reply(self, tag: int, answer: Reply | Answer, now: datetime) -> Acts:
        """Take the answer to the `Ask` or `Execute` with that tag (0 or more)."""
        ...
