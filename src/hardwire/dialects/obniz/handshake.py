"""A program's way to its board: let in, sent elsewhere, or refused (obniz reference, sections 1.1 to 1.9)."""

from datetime import datetime

from hardwire.contracts.act import Bear, Close, Respond, Send
from hardwire.contracts.house import House
from hardwire.contracts.question import Answer
from hardwire.contracts.request import Request
from hardwire.contracts.session import Acts, Upgrade
from hardwire.dialects.obniz.admission import admit, is_open, turn_away
from hardwire.dialects.obniz.face import DIALECT, Face
from hardwire.dialects.obniz.session import Program, unix_s
from hardwire.dialects.obniz.tongue import frames_of, takes_binary, tongue_of
from hardwire.dialects.obniz.wire import rest, ws
from hardwire.dialects.obniz.wire.address import origin
from hardwire.model.command import Reply
from hardwire.model.device import Device

# What a board that names none is taken for: the widest choice of functions, and every version gate open (section 5).
DEFAULT_HW = "obnizb1"
DEFAULT_FIRMWARE = "7.1.0"
# The Python SDK ends its receive loop on every other name (section 1.3).
PYTHON_HW = frozenset({"obnizb1", "obnizb2", "esp32w"})

NORMAL = 1000


def shake_hands(house: House, request: Request, board: Device | None, now: datetime) -> Acts:
    """Answer a request for the socket of a board.

    Refused before the upgrade: obniz.js comes back at once, for ever, to a socket that opened and closed (section 1.9).
    """
    if not request.is_upgrade or request.method != "GET":
        yield Respond(426, rest.refusal("a WebSocket handshake is needed"), headers={"Upgrade": "websocket"})
        return
    if board is None:
        yield Respond(404, rest.refusal(rest.NOT_ONLINE))
        return
    caller = admit(house, board, request)
    if caller is None:
        yield turn_away(house, request, now)
        return
    yield Bear(caller)
    face: Face = house.face(DIALECT, board.id)
    # Programs ask for anything here, and go without an agreement.
    protocol = request.headers.get("sec-websocket-protocol", "").partition(",")[0].strip() or None
    if _is_elsewhere(request, face):
        yield Upgrade(Redirection(face.redirect or ""), protocol=protocol, device=board.id)
    elif not house.is_fresh(board.id, now):
        yield Respond(404, rest.refusal(rest.NOT_ONLINE))
    elif is_own_listener(request) and face.local_connect and not request.query:
        # What obniz.js opens beside its conversation has no query; as a direct conversation it has one (1.6, 1.7).
        yield Upgrade(Program(house, board, caller, frames_of(board.profile), None), protocol=protocol, device=board.id)
    else:
        tongue = tongue_of(request, face, board.profile)
        greeting = _greeting(house, board, face, request)
        yield Upgrade(Program(house, board, caller, tongue, greeting), protocol=protocol, device=board.id)


def is_own_listener(request: Request) -> bool:
    """Say whether a request came to the root of a board's own listener (section 1.7)."""
    return request.path == "/"


class Redirection:
    """A socket that says where its board is to be found, and ends."""

    def __init__(self, target: str) -> None:
        self._target = target

    def open(self, now: datetime) -> Acts:
        """Send the program there, and close at once.

        obniz.js closes by itself and obniz.py does not (section 1.5). When this socket ends only after the other one
        has greeted it, obniz.py takes that for the end of the other one and falls silent.
        """
        return Send(ws.redirect(self._target)), Close(NORMAL, "this obniz is elsewhere")

    def receive(self, message: str | bytes, now: datetime) -> Acts:
        """What was said too early is said again there."""
        return ()

    def reply(self, tag: int, answer: Reply | Answer, now: datetime) -> Acts:
        """It asks for nothing."""
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


def _is_elsewhere(request: Request, face: Face) -> bool:
    if face.redirect is None or is_own_listener(request):
        # A program that knows its board by an IP address would come back to that very address.
        return False
    return origin(request.origin.replace("http", "ws", 1)) != face.redirect


def _greeting(house: House, board: Device, face: Face, request: Request) -> ws.Greeting:
    is_python = "obnizpy" in request.query
    hw = board.profile or DEFAULT_HW
    online_since = house.online_since(board.id)
    # The direct link carries no token, so it is none for a board that needs one.
    has_link = face.local_connect and takes_binary(request) and not is_own_listener(request) and is_open(house, board)
    return ws.Greeting(
        hw="esp32w" if is_python and hw not in PYTHON_HW else hw,
        firmware=board.firmware or DEFAULT_FIRMWARE,
        description=board.name,
        online_at_s=None if online_since is None else unix_s(online_since),
        local_ip=face.http or "" if has_link else "",
    )
