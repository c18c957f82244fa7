"""A WebSocket handshake: the ticket in the path is the whole credential."""

from datetime import datetime

from hardwire.contracts.act import Ask, Bear, Respond
from hardwire.contracts.house import House
from hardwire.contracts.question import Answer, RedeemTicket
from hardwire.contracts.request import Request
from hardwire.contracts.session import Acts, Upgrade
from hardwire.dialects.ezeio.stream.early import EarlyOrders
from hardwire.dialects.ezeio.stream.holders import Holders
from hardwire.dialects.ezeio.stream.messages import Bulletins
from hardwire.dialects.ezeio.stream.stream import Stream
from hardwire.dialects.ezeio.stream.ticket import Grant
from hardwire.dialects.ezeio.unit.account import Account
from hardwire.dialects.ezeio.wire import Clocked, plain_body
from hardwire.model.command import Reply
from hardwire.model.errors import HardwireError

# A ticket in use still changes what its stream carries.
SHOWN_PATH = "/ws/..."


class Handshake:
    """The one-shot session of a request below `/ws`.

    A page of another origin may connect: its user's server asked for the ticket, and no browser adds one by itself.
    """

    def __init__(
        self, request: Request, house: House, *, holders: Holders, bulletins: Bulletins, early: EarlyOrders
    ) -> None:
        self._request = request
        self._house = house
        self._holders = holders
        self._bulletins = bulletins
        self._early = early
        self._began: datetime
        self._ticket = request.path.removeprefix("/ws").strip("/")

    def open(self, now: datetime) -> Acts:
        """Have the ticket redeemed; what is no handshake uses none up."""
        self._began = now
        # A handshake is a GET (RFC 6455, section 4.1).
        if not self._request.is_upgrade or self._request.method != "GET":
            return [self._refuse(400, "A WebSocket handshake is needed", now)]
        return [Ask(RedeemTicket(self._ticket))]

    def reply(self, tag: int, answer: Reply | Answer, now: datetime) -> Acts:
        """Open the stream, or refuse."""
        if isinstance(answer, HardwireError):
            return [self._refuse(503, "The ticket cannot be looked up now", now)]
        grant = Grant.read(answer) if isinstance(answer, bytes) else None
        credential = None if grant is None else self._house.credential(grant.key)
        if grant is None or credential is None or credential.is_expired(now):
            return [self._refuse(403, "The ticket is unknown, used or expired", now)]
        # The ticket is as good as the key: what shows it may come from a page of another origin.
        caller = Account(self._house, credential).caller()
        stream = Stream(
            self._ticket,
            credential,
            self._house,
            holders=self._holders,
            bulletins=self._bulletins,
            early=self._early,
            options=grant.options(now),
        )
        return [Bear(caller), Upgrade(stream, shown_path=SHOWN_PATH, tolerates_unmasked=True)]

    def receive(self, message: str | bytes, now: datetime) -> Acts:
        """A one-shot session gets no messages."""
        return ()

    def notice(self, topic: str, message: str, now: datetime) -> Acts:
        """It listens to nothing."""
        return ()

    def tick(self, now: datetime) -> Acts:
        """It asks for no wake-up."""
        return ()

    def closed(self, now: datetime) -> Acts:
        """It leaves nothing behind."""
        return ()

    def _refuse(self, status: int, reason: str, now: datetime) -> Respond:
        # A documented client opens the same address again by itself, and reads an answer on a connection
        # that stays open as frames (ezeio reference, section 1.6, point 5).
        return Respond(status, plain_body(Clocked(self._began, now), reason), close=True)
