"""What the hub posts to people's web addresses: alarms to destinations, confirmations to the callbacks of keys."""

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime

import structlog

from hardwire.app import parts
from hardwire.app.alarms import DestinationTable
from hardwire.contracts.errand import Errand
from hardwire.contracts.post import Post
from hardwire.dialects.hub.wire_letter import letter
from hardwire.hub.hub import Hub
from hardwire.model.errors import UnknownError
from hardwire.model.fact import Incident

DESTINATION = "destination:"
KEY = "key:"

# What the hub keeps of an ezeio key: an MD5 hash, then a SHA-256 one, which signs.
_MD5_BYTES = 16

log = structlog.get_logger("hardwire.posts")


class Letters:
    """Writes the messages, and knows whose secret signs them."""

    def __init__(self, hub: Hub, destinations: Mapping[str, DestinationTable]) -> None:
        self._hub = hub
        self._destinations = destinations

    def of_incident(self, number: int, incident: Incident) -> Iterable[Post]:
        """Return a message for each destination that an incident names."""
        now = self._hub.now()
        for name in incident.send:
            destination = self._destinations.get(name)
            if destination is None:
                log.warning("there is no such destination", destination=name, device=incident.device)
                continue
            yield Post(
                id=f"msg_{secrets.token_hex(12)}",
                url=destination.url,
                body=letter(self._hub.house, number, incident, destination.subject),
                signer=DESTINATION + name,
                device=incident.device,
                made=now,
                due=now,
            )

    def of_errand(self, errand: Errand, now: datetime) -> Post | None:
        """Return what a key's callback is told of a confirmed errand; None where nobody is told."""
        credential = self._hub.access.credential(errand.credential)
        if credential is None or not credential.callback:
            return None
        part = parts.dialects().get(credential.kind)
        body = None if part is None or part.acknowledge is None else part.acknowledge(self._hub.house, errand, now)
        if body is None:
            return None
        # The errand's own id: told again after a crash, it is known as the same message.
        return Post(
            id=errand.id,
            url=credential.callback,
            body=body,
            signer=KEY + credential.id,
            device=errand.device,
            made=now,
            due=now,
        )

    def key_of(self, signer: str) -> bytes:
        """Return the secret of a signer, empty where it signs nothing. Raises UnknownError when it is gone."""
        if signer.startswith(KEY):
            credential = self._hub.access.credential(signer.removeprefix(KEY))
            if credential is None:
                raise UnknownError("the key is no longer valid")
            # A key of an earlier version has the first hash alone.
            return credential.secret_hash[_MD5_BYTES:] or credential.secret_hash
        if signer.startswith(DESTINATION):
            destination = self._destinations.get(signer.removeprefix(DESTINATION))
            if destination is None:
                raise UnknownError("there is no such destination any more")
            return destination.key
        return b""
