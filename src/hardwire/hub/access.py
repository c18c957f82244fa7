"""Who may come in: groups, credentials, pressed buttons."""

import hmac
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from hashlib import sha256

from hardwire.model.access import Credential, Group

# After a press the next POST within 30 s gets a token (HomeWizard reference, section 2.3).
BUTTON_WINDOW = timedelta(seconds=30)
# No device keeps an endless user table; a real one answers `user:no-storage` (HomeWizard reference, section 2.1).
CREDENTIALS_PER_DEVICE = 50


class Access:
    """Owns the credentials that are valid now. Secrets are here only as hashes."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._groups: dict[str, Group] = {}
        self._credentials: dict[str, Credential] = {}
        self._by_token: dict[tuple[str, bytes], str] = {}
        self._ephemeral: set[str] = set()
        self._pressed: dict[str, datetime] = {}
        self.edition = 0
        """How often groups and credentials have changed."""
        self.began = clock()
        """When this hub started."""
        self.ports = (0, 0)
        """The plain and the TLS port of the main listeners, once they stand."""
        self.reached_at: Callable[[], Sequence[str]] = tuple
        """Tells the addresses of the main listeners, once they stand."""
        self.known_secrets: dict[str, str] = {}
        """Kind -> a secret that everybody knows (`--demo`), so that lines to copy work as they stand."""
        self.is_open_house = False
        """Whether the owner's own pages need no credential: a demo on loopback."""
        self.authority_pem = ""
        """The certificate of the hub's own authority, once it was loaded."""

    def add_group(self, group: Group) -> None:
        """Add or replace a group."""
        self._groups[group.id] = group
        self.edition += 1

    def remove_group(self, id: str) -> None:
        """Forget a group."""
        self._groups.pop(id, None)
        self.edition += 1

    def add(self, credential: Credential, *, ephemeral: bool = False) -> None:
        """Let a credential in. An ephemeral one (`--demo`) never reaches the store."""
        self.remove(credential.id)
        self._credentials[credential.id] = credential
        self.edition += 1
        self._by_token[credential.kind, credential.secret_hash] = credential.id
        if ephemeral:
            self._ephemeral.add(credential.id)

    def remove(self, id: str) -> Credential | None:
        """Shut a credential out; returns it, or None when it was not in."""
        credential = self._credentials.pop(id, None)
        if credential is not None:
            self.edition += 1
            self._by_token.pop((credential.kind, credential.secret_hash), None)
            self._ephemeral.discard(id)
        return credential

    def expire(self) -> Iterable[str]:
        """Shut out every credential whose time has passed; returns their ids."""
        now = self._clock()
        expired = [one.id for one in self._credentials.values() if one.is_expired(now)]
        for id in expired:
            self.remove(id)
        return expired

    def is_ephemeral(self, id: str) -> bool:
        """Whether the store knows nothing of it."""
        return id in self._ephemeral

    def press(self, device: str) -> None:
        """Open the button window of a device."""
        self._pressed[device] = self._clock() + BUTTON_WINDOW

    def is_pressed(self, device: str) -> bool:
        """Whether the button window of a device is open."""
        until = self._pressed.get(device)
        return until is not None and self._clock() < until

    def use_press(self, device: str) -> None:
        """Use up a press: one press, one credential."""
        self._pressed.pop(device, None)

    def group(self, id: str) -> Group | None:
        """The group of that id."""
        return self._groups.get(id)

    def groups(self) -> Iterable[Group]:
        """Every group."""
        return tuple(self._groups.values())

    def reaches(self, group: str, other: str) -> bool:
        """Whether `other` is the group itself or lies below it in the tree."""
        return group in self._upwards(other)

    def account(self, group: str) -> Group | None:
        """The nearest account at or above a group."""
        known = (self._groups.get(id) for id in self._upwards(group))
        return next((one for one in known if one is not None and one.is_account), None)

    def _upwards(self, group: str) -> Sequence[str]:
        """A group with those above it, itself first; a circle in the tree ends where it began."""
        way: list[str] = []
        next_up: str | None = group
        while next_up is not None and next_up not in way:
            way.append(next_up)
            known = self._groups.get(next_up)
            next_up = None if known is None else known.parent
        return way

    def credential(self, id: str) -> Credential | None:
        """The valid credential of that id."""
        credential = self._credentials.get(id)
        return None if credential is None or credential.is_expired(self._clock()) else credential

    def credentials(self, kind: str) -> Iterable[Credential]:
        """Every valid credential of a kind, oldest first."""
        now = self._clock()
        return tuple(one for one in self._credentials.values() if one.kind == kind and not one.is_expired(now))

    def of_group(self, group: str) -> Iterable[Credential]:
        """Every valid credential of a group, of whatever kind."""
        now = self._clock()
        return tuple(one for one in self._credentials.values() if one.group == group and not one.is_expired(now))

    def holder(self, kind: str, token: str) -> Credential | None:
        """The valid credential whose token this is."""
        digest = sha256(token.encode("utf-8", "surrogatepass")).digest()
        id = self._by_token.get((kind, digest))
        credential = None if id is None else self.credential(id)
        if credential is None or not hmac.compare_digest(credential.secret_hash, digest):
            return None
        return credential

    def replaced_by(self, credential: Credential) -> tuple[str, ...]:
        """The credentials that die when this one is issued: same kind, name and devices, or group where it has all."""
        return tuple(
            one.id
            for one in self._credentials.values()
            if (one.kind, one.name, one.devices) == (credential.kind, credential.name, credential.devices)
            and (one.devices is not None or one.group == credential.group)
            and one.name
            and one.id != credential.id
        )

    def has_room_for(self, credential: Credential) -> bool:
        """Whether the table of its kind and devices has a row left: what it replaces or is expired takes none."""
        if credential.devices is None:
            return True
        rows = {one.id for one in self.credentials(credential.kind) if one.devices == credential.devices}
        return len(rows.difference(self.replaced_by(credential))) < CREDENTIALS_PER_DEVICE
