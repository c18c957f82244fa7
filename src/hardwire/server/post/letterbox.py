"""One try to post a message, signed as Standard Webhooks asks for."""

import base64
import hmac
from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from hashlib import sha256
from urllib.parse import urlsplit

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout, DummyCookieJar
from msgspec import Struct

from hardwire.contracts.post import Post
from hardwire.version import VERSION

# Receivers are asked to answer at once and to work afterwards.
TIMEOUT_S = 10.0

# "The receiver wants no more of these" (RFC 9110, section 15.5.11); Standard Webhooks gives up at it too.
_GONE = 410
_BEGINS_SUCCESS, _ENDS_SUCCESS = 200, 300


class Fate(Enum):
    """What became of a try."""

    ARRIVED = "arrived"
    LATER = "later"
    REFUSED = "refused"
    """It is of no use to try again."""


class Delivery(Struct, frozen=True):
    """How a try ended."""

    fate: Fate
    reason: str = ""
    """A sentence without secrets: neither the address nor what the receiver answered stands in it."""
    wait_s: float = 0.0
    """How long the receiver asks to be left alone (`Retry-After`)."""


class HttpLetterbox:
    """`server.poster.Letterbox` over HTTP. Nothing of an answer but its status and `Retry-After` is read."""

    def __init__(self) -> None:
        self._session: ClientSession | None = None

    async def deliver(self, post: Post, key: bytes, now: datetime) -> Delivery:
        """Post it once; a redirect is a failure: what was meant for one address goes to no other."""
        if self._session is None:
            # Neither cookies nor a proxy of the environment: a receiver gets the message and nothing else.
            self._session = ClientSession(cookie_jar=DummyCookieJar(), trust_env=False)
        body = post.body.encode()
        headers = {
            "Content-Type": "application/json",
            "User-Agent": f"hardwire/{VERSION}",
            **signed_headers(post.id, body, key, now),
        }
        try:
            async with self._session.post(
                post.url, data=body, headers=headers, allow_redirects=False, timeout=ClientTimeout(total=TIMEOUT_S)
            ) as answer:
                delivery = _judged(answer)
                # What it goes on to say is of no use: the connection is closed rather than read to its end.
                answer.close()
                return delivery
        except TimeoutError:
            return Delivery(Fate.LATER, f"no answer within {TIMEOUT_S:g} s")
        except (ClientError, OSError, ValueError) as error:
            return Delivery(Fate.LATER, f"it cannot be reached ({type(error).__name__})")

    async def close(self) -> None:
        """Close its connections."""
        if self._session is not None:
            await self._session.close()


def signed_headers(id: str, body: bytes, key: bytes, now: datetime) -> Mapping[str, str]:
    """Return what tells a receiver who sent this: HMAC-SHA256 of `id.timestamp.body`, base64.

    Without a key nothing is signed.

    Source: Standard Webhooks, "Signature scheme".
    """
    stamp = str(int(now.timestamp()))
    headers = {"webhook-id": id, "webhook-timestamp": stamp}
    if key:
        digest = hmac.digest(key, f"{id}.{stamp}.".encode() + body, sha256().name)
        headers["webhook-signature"] = "v1," + base64.b64encode(digest).decode()
    return headers


def host_of(url: str) -> str:
    """Return the host of an address: its path, user and query may be secrets."""
    return urlsplit(url).hostname or ""


def _judged(answer: ClientResponse) -> Delivery:
    if _BEGINS_SUCCESS <= answer.status < _ENDS_SUCCESS:
        return Delivery(Fate.ARRIVED)
    reason = f"the receiver answered {answer.status}"
    if answer.status == _GONE:
        return Delivery(Fate.REFUSED, reason)
    asked = answer.headers.get("Retry-After", "")
    wait_s = float(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 0.0
    return Delivery(Fate.LATER, reason, wait_s)
