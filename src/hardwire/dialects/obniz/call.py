"""One HTTP request: a program's handshake, or a call of the REST interface (obniz reference, sections 1.1 and 2)."""

import re
from datetime import datetime

from hardwire.contracts.act import Bear, Execute, Respond
from hardwire.contracts.house import House
from hardwire.contracts.question import Answer
from hardwire.contracts.request import Request
from hardwire.contracts.session import Acts, Upgrade
from hardwire.dialects.obniz.admission import admit
from hardwire.dialects.obniz.face import DIALECT
from hardwire.dialects.obniz.post import deliver
from hardwire.dialects.obniz.session import Program
from hardwire.dialects.obniz.wire import answers, rest, text
from hardwire.dialects.obniz.wire.address import canonical
from hardwire.dialects.obniz.wire.message import SendMessage
from hardwire.model.access import Caller, Right
from hardwire.model.command import Command, Failed, Reply
from hardwire.model.device import Device
from hardwire.model.errors import CallerError, DeviceError, HardwireError

# obniz.js posts to its own major version (section 2), so any number is the API.
_API = re.compile(r"api/[0-9]+")
_SOCKET = "ws/1"
_STATE = "state"

# The words of section 2: an unknown id and a wrong token look the same to whoever guesses.
NOT_FOUND = "obniz not found"
NOT_ONLINE = "obniz is not online"


class Call:
    """A one-shot session."""

    def __init__(self, request: Request, house: House) -> None:
        self._request = request
        self._house = house
        self._open: dict[int, str] = {}
        self._warnings: list[str] = []
        self._fault: HardwireError | None = None

    def open(self, now: datetime) -> Acts:
        """Answer, or begin to carry out what was posted."""
        request = self._request
        address, route = self._route()
        board = self._house.find(DIALECT, address)
        if route == _SOCKET:
            return self._shake_hands(board, address, now)
        if route != _STATE and not _API.fullmatch(route):
            return (_refuse(404, "there is nothing at this path"),)
        if request.method != "POST":
            return (Respond(405, rest.refusal("only POST is answered here"), headers={"Allow": "POST"}),)
        # A page of any origin may post text/plain without asking first, but not this type.
        media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if route != _STATE and media_type != "application/json":
            return (_refuse(415, "the Content-Type must be application/json"),)
        caller = None if board is None else admit(self._house, board, request)
        if board is None or caller is None:
            return (_refuse(403, NOT_FOUND),)
        is_online = self._house.is_fresh(board.id, now)
        if route == _STATE:
            return Bear(caller), Respond(200, rest.state(is_online=is_online))
        if not caller.may(Right.CONTROL, board.id, board.group):
            return Bear(caller), _refuse(403, "this token may only read")
        if not is_online:
            return Bear(caller), _refuse(404, NOT_ONLINE)
        return self._carry_out(board, caller, now)

    def reply(self, tag: int, answer: Reply | Answer, now: datetime) -> Acts:
        """Take the end of a command; after the last one, answer. Values are not given back here (section 2)."""
        key = self._open.pop(tag)
        if isinstance(answer, Failed):
            error = answer.error
            if isinstance(error, CallerError):
                self._warnings.append(f"[{answers.place(key, error)}]{error.message}")
            else:
                self._fault = error
        return () if self._open else (self._end(),)

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

    def _route(self) -> tuple[str, str]:
        """Return the address that the path names and what follows it."""
        request = self._request
        if request.path == "/":
            # A board's own listener takes programs at its root (section 1.7).
            address = None if request.device is None else self._house.address(DIALECT, request.device)
            return address or "", _SOCKET
        id, _, route = request.path.removeprefix("/obniz").removeprefix("/").partition("/")
        return canonical(id) or "", route

    def _shake_hands(self, board: Device | None, address: str, now: datetime) -> Acts:
        request = self._request
        if not request.is_upgrade or request.method != "GET":
            return (Respond(426, rest.refusal("a WebSocket handshake is needed"), headers={"Upgrade": "websocket"}),)
        # Refused before the upgrade: obniz.js comes back at once, for ever, to a socket that opened and closed
        # (section 1.9).
        if board is None:
            return (_refuse(404, NOT_ONLINE),)
        caller = admit(self._house, board, request)
        if caller is None:
            return (_refuse(403, NOT_FOUND),)
        if not self._house.is_fresh(board.id, now):
            return Bear(caller), _refuse(404, NOT_ONLINE)
        program = Program(self._house, board, caller, is_python="obnizpy" in request.query)
        return Bear(caller), Upgrade(program)

    def _carry_out(self, board: Device, caller: Caller, now: datetime) -> Acts:
        yield Bear(caller)
        try:
            findings = text.decode(self._request.body.decode())
        except UnicodeDecodeError:
            yield _refuse(400, "the body is no UTF-8")
            return
        if findings.error or (findings.warnings and not findings.wishes):
            yield _refuse(400, findings.error or "; ".join(findings.warnings))
            return
        self._warnings += findings.warnings
        wishes: list[Command] = []
        for key, command in findings.wishes:
            if isinstance(command, SendMessage):
                # Nobody stands behind a call who could be answered, so it has no sender (section 3.14).
                yield from self._pass_on(command, caller, now)
            else:
                self._open[len(wishes)] = key
                wishes.append(command)
        for tag, command in enumerate(wishes):
            yield Execute(board.id, command, tag)
        if not wishes:
            yield self._end()

    def _pass_on(self, message: SendMessage, caller: Caller, now: datetime) -> Acts:
        delivery = deliver(self._house, caller, message, sender=None, now=now)
        if delivery.warning:
            self._warnings.append(delivery.warning)
        return delivery.acts

    def _end(self) -> Respond:
        if self._fault is not None:
            return _refuse(503 if isinstance(self._fault, DeviceError) else 500, self._fault.message)
        return Respond(200, rest.accepted(self._warnings))


def _refuse(status: int, reason: str) -> Respond:
    return Respond(status, rest.refusal(reason))
