"""One HTTP request: a program's handshake, or a call of the REST interface (obniz reference, sections 1.1 and 2)."""

import re
from datetime import datetime

from hardwire.contracts.act import Bear, Respond
from hardwire.contracts.house import House
from hardwire.contracts.question import Answer
from hardwire.contracts.request import Request
from hardwire.contracts.session import Acts
from hardwire.dialects.obniz.admission import admit, turn_away
from hardwire.dialects.obniz.errand import LONGEST_WAIT_MS, Errand, wait_of
from hardwire.dialects.obniz.face import DIALECT
from hardwire.dialects.obniz.handshake import is_own_listener, shake_hands
from hardwire.dialects.obniz.letter import follow_link, hand_in
from hardwire.dialects.obniz.post import READ_ONLY
from hardwire.dialects.obniz.wire import rest
from hardwire.dialects.obniz.wire.address import called
from hardwire.model.access import Caller, Right
from hardwire.model.command import Reply
from hardwire.model.device import Device

# obniz.js posts to its own major version (section 2), so any number is the API.
_API = re.compile(r"api/[0-9]+")
_SOCKET = "ws/1"
_STATE = "state"
_MESSAGE = "message"


class Call:
    """A one-shot session."""

    def __init__(self, request: Request, house: House) -> None:
        self._request = request
        self._house = house
        self._errand: Errand | None = None

    def open(self, now: datetime) -> Acts:
        """Answer, or begin to carry out what was posted."""
        request = self._request
        name, route = self._route()
        if (name, route) == (_MESSAGE, ""):
            return hand_in(self._house, request, self._media_type(), now)
        address = called(name)
        board = None if address is None else self._house.find(DIALECT, address)
        if route == _SOCKET:
            return shake_hands(self._house, request, board, now)
        if route == _MESSAGE:
            return follow_link(self._house, request, board, now)
        if route != _STATE and not _API.fullmatch(route):
            return (_refuse(404, "there is nothing at this path"),)
        if request.method != "POST":
            return (Respond(405, rest.refusal("only POST is answered here"), headers={"Allow": "POST"}),)
        # A page of any origin may post text/plain without asking first, but not this type.
        if route != _STATE and self._media_type() != rest.JSON_TYPE:
            return (_refuse(415, f"the Content-Type must be {rest.JSON_TYPE}"),)
        caller = None if board is None else admit(self._house, board, request)
        if board is None or caller is None:
            return (turn_away(self._house, request, now),)
        is_online = self._house.is_fresh(board.id, now)
        if route == _STATE:
            return Bear(caller), Respond(200, rest.state(is_online=is_online))
        if not caller.may(Right.CONTROL, board.id, board.group):
            return Bear(caller), _refuse(403, READ_ONLY)
        if not is_online:
            return Bear(caller), _refuse(404, rest.NOT_ONLINE)
        return self._carry_out(board, caller, now)

    def reply(self, tag: int, answer: Reply | Answer, now: datetime) -> Acts:
        """Take the end of a command; after the last one, answer."""
        return () if self._errand is None else self._errand.reply(tag, answer, now)

    def receive(self, message: str | bytes, now: datetime) -> Acts:
        """A one-shot session gets no messages."""
        return ()

    def notice(self, topic: str, message: str, now: datetime) -> Acts:
        """It listens to nothing."""
        return ()

    def tick(self, now: datetime) -> Acts:
        """Answer with what came in the time that the caller wants to wait."""
        return () if self._errand is None else self._errand.tick(now)

    def closed(self, now: datetime) -> Acts:
        """It leaves nothing behind."""
        return ()

    def _route(self) -> tuple[str, str]:
        """Return what the path calls the board and what follows that."""
        request = self._request
        if is_own_listener(request):
            address = None if request.device is None else self._house.address(DIALECT, request.device)
            return address or "", _SOCKET
        name, _, route = request.path.removeprefix("/obniz").removeprefix("/").partition("/")
        return name, route

    def _media_type(self) -> str:
        return self._request.headers.get("content-type", "").partition(";")[0].strip().lower()

    def _carry_out(self, board: Device, caller: Caller, now: datetime) -> Acts:
        yield Bear(caller)
        wait = self._request.query.get("wait")
        wait_ms = None if wait is None else wait_of(wait)
        if wait is not None and wait_ms is None:
            yield _refuse(400, f"wait takes a whole number of 1 to {LONGEST_WAIT_MS} ms")
            return
        self._errand = Errand(self._house, board, caller, wait_ms=wait_ms)
        yield from self._errand.begin(self._request.body, now)


def _refuse(status: int, reason: str) -> Respond:
    return Respond(status, rest.refusal(reason))
