"""The ezeio dialect: tickets by Digest, streams by ticket."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from hardwire.contracts.act import Respond
from hardwire.contracts.dialect import Entropy, Place, Service
from hardwire.contracts.house import House
from hardwire.contracts.request import Request
from hardwire.contracts.session import Session
from hardwire.dialects.ezeio.access.flood import Flood
from hardwire.dialects.ezeio.access.guard import Guard
from hardwire.dialects.ezeio.call import Call
from hardwire.dialects.ezeio.stream.early import EarlyOrders
from hardwire.dialects.ezeio.stream.handshake import Handshake
from hardwire.dialects.ezeio.stream.holders import Holders
from hardwire.dialects.ezeio.stream.messages import Bulletins, Rendered, message_of
from hardwire.dialects.ezeio.stream.readership import Readership, is_streamed
from hardwire.dialects.ezeio.stream.selection import selection_of
from hardwire.dialects.ezeio.stream.wire_stream import with_seq
from hardwire.dialects.ezeio.unit.account import DIALECT, LOG, STATUS
from hardwire.dialects.ezeio.wire import Clocked, plain_body
from hardwire.model.channel import Channel
from hardwire.model.device import Device
from hardwire.model.fact import Fact, Log, LogRow
from hardwire.model.point import Point

_TOPICS = {Log.STATUS: STATUS, Log.FAST: LOG}


class Ezeio:
    """`contracts.dialect.Dialect` for ezeio clients (ezeio reference, sections 1, 3 and 6)."""

    name = DIALECT
    prefixes: Sequence[str] = ("/v1", "/ws")
    takes_root = False
    message_limit_bytes = 64 * 1024

    def __init__(self, house: House, entropy: Entropy, *, realm: str, algorithms: Sequence[str], flood: Flood) -> None:
        """`realm` is what keys were hashed with; `algorithms` are those of Digest that callers may choose from."""
        self._house = house
        self._entropy = entropy
        self._guard = Guard(house, entropy, realm, algorithms)
        self._flood = flood
        self._readership = Readership(house)
        self._rendered = Rendered(house)
        self._bulletins = Bulletins()
        self._holders = Holders()
        self._early = EarlyOrders()

    def counted(self) -> Mapping[str, tuple[datetime, int]]:
        """Return what keys have called in their day."""
        return self._flood.counted()

    def recount(self, counted: Mapping[str, tuple[datetime, int]]) -> None:
        """Go on where an earlier run has stopped."""
        self._flood.recount(counted)

    def answer(self, request: Request) -> Session:
        """Return the session of an API call or of a handshake."""
        if _is_handshake(request):
            return Handshake(request, self._house, holders=self._holders, bulletins=self._bulletins, early=self._early)
        return Call(
            request,
            house=self._house,
            entropy=self._entropy,
            guard=self._guard,
            flood=self._flood,
            early=self._early,
        )

    def refuse(self, status: int, reason: str, request: Request, now: datetime) -> Respond:
        """Return the envelope with the reason as its status; at the socket's address it ends the connection."""
        # As in `Handshake`: what follows on a connection that stays open is read as frames.
        return Respond(status, plain_body(Clocked(now, now), reason), close=_is_handshake(request))

    def exports(self, fact: Fact) -> Iterable[tuple[str, str]]:
        """Return each log row as the accounts that read its unit are sent it."""
        if not isinstance(fact, LogRow):
            return ()
        serial = self._house.address(DIALECT, fact.device)
        device = self._house.device(fact.device)
        if serial is None or device is None or not is_streamed(device):
            return ()
        if fact.log is Log.STATUS:
            self._bulletins.note(fact)
        accounts = self._readership.accounts(device, serial)
        made = ((account.id, self._rendered.message(fact, account.number)) for account in accounts)
        return [(account, message) for account, message in made if message is not None]

    def render(self, channel: Channel, fact: Fact) -> str | bytes | None:
        """Return the message of a log row on the channel of its log; nothing else means anything here."""
        # What hangs behind a meter is a unit of its own or none.
        if not isinstance(fact, LogRow) or fact.device != channel.device or _TOPICS[fact.log] != channel.topic:
            return None
        group = self._house.group(channel.account)
        selection = selection_of(channel.variant)
        number = 0 if group is None else group.number
        if selection.is_whole:
            message = self._rendered.message(fact, number)
        else:
            message = message_of(self._house, fact, number, selection)
        if message is None or not selection.is_numbered:
            return message
        return with_seq(message, self._house.last_export(channel.account))

    def latest(self, channel: Channel, now: datetime) -> str | bytes | None:
        """A stream begins with the next row, never with an old one."""
        return None

    def repeat_after_s(self, channel: Channel) -> float | None:
        """No row is ever sent twice."""
        return None

    def keeps_newest(self, channel: Channel) -> bool:
        """Rows and events are there to be logged: nothing may be missing."""
        return False

    def appliance(self, device: Device) -> str | None:
        """Units have no certificate of their own: clients reach them through the hub's name."""
        return None

    def hosts(self, device: Device) -> Sequence[str]:
        """Units have no host name."""
        return ()

    def services(self, device: Device) -> Sequence[Service]:
        """Nothing is announced: these clients are told an address."""
        return ()

    def line(self, device: Device, place: Place) -> str:
        """Return a call that begins a stream of the key's units."""
        key = self._house.known_secret(DIALECT) or "KEYID:KEY"
        return f"curl --digest -u {key} {place.http}/v1/subscribe/ticket"

    def face(self, device: Device, settings: Any) -> Sequence[Point]:  # Any: this part's own Face struct
        """The dialect adds no points to a device."""
        return ()


def _is_handshake(request: Request) -> bool:
    return request.path == "/ws" or request.path.startswith("/ws/")
