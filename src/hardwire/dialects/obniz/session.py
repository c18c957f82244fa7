"""One program connected to one board (obniz reference, sections 1.3 to 1.11)."""

from datetime import UTC, datetime, timedelta

from hardwire.contracts.act import Bear, Close, Execute, Listen, Ping, Send, WakeAt, Watch
from hardwire.contracts.house import House
from hardwire.contracts.question import Answer
from hardwire.contracts.session import Acts
from hardwire.dialects.obniz.admission import is_open
from hardwire.dialects.obniz.face import DIALECT
from hardwire.dialects.obniz.post import deliver
from hardwire.dialects.obniz.wire import answers, binary, debug, system, text, ws
from hardwire.dialects.obniz.wire.message import SendMessage
from hardwire.model.access import Caller, Right
from hardwire.model.board.system import EndVisit, Pong
from hardwire.model.channel import Channel
from hardwire.model.command import Done, Failed, Reply
from hardwire.model.device import Device
from hardwire.model.fact import Happening

# How often a client is pinged: a dead one must be found, or its board is never reset (section 1.10: 20 to 30 s).
PING_EVERY = timedelta(seconds=30)
GOING_AWAY = 1001
POLICY_VIOLATION = 1008
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

# What a board that names none is taken for: the widest choice of functions, and every version gate open (section 5).
DEFAULT_HW = "obnizb1"
DEFAULT_FIRMWARE = "7.1.0"
# The Python SDK ends its receive loop on every other name (section 1.3).
PYTHON_HW = frozenset({"obnizb1", "obnizb2", "esp32w"})


class Program:
    """A conversation: commands in either encoding go to the board in order, answers come back as JSON text.

    Answers are text for binary clients too: every SDK takes it, and obnizpy nothing else (section 1.8).
    """

    def __init__(self, house: House, board: Device, caller: Caller, *, is_python: bool) -> None:
        self._house = house
        self._board = board
        self._caller = caller
        self._is_python = is_python
        self._tag = 0
        self._open: dict[int, tuple[str, datetime]] = {}

    def open(self, now: datetime) -> Acts:
        """Greet, then give the program what the board tells. A board that just went offline is not greeted for."""
        board = self._board
        if not self._house.is_fresh(board.id, now):
            return (Close(GOING_AWAY, "the obniz went offline"),)
        hw = board.profile or DEFAULT_HW
        if self._is_python and hw not in PYTHON_HW:
            hw = "esp32w"
        return (
            Bear(self._caller),
            Send(ws.ready(hw, board.firmware or DEFAULT_FIRMWARE, board.name)),
            Watch(Channel(DIALECT, board.id, "events")),
            Listen(f"device:{board.id}"),
            Listen(f"credentials:{DIALECT}:{board.id}"),
            WakeAt(now + PING_EVERY),
        )

    def receive(self, message: str | bytes, now: datetime) -> Acts:
        """Have every command carried out that the message holds; say what was not understood."""
        findings = text.decode(message) if isinstance(message, str) else binary.decode(message)
        troubles = answers.not_understood(findings) if findings.has_trouble else []
        device = self._board.id
        for key, command in findings.wishes:
            if isinstance(command, SendMessage):
                address = self._house.address(DIALECT, device)
                delivery = deliver(self._house, self._caller, command, sender=address, now=now)
                yield from delivery.acts
                if delivery.warning:
                    troubles.append(debug.warning(delivery.warning))
            else:
                self._tag += 1
                self._open[self._tag] = (key, now)
                yield Execute(device, command, self._tag)
        if troubles:
            yield Send(answers.array(troubles))

    def reply(self, tag: int, answer: Reply | Answer, now: datetime) -> Acts:
        """Give one-shot answers to this program only, in the order of its commands."""
        key, asked_at = self._open.pop(tag)
        if isinstance(answer, Done):
            if not answer.happenings:
                return ()
            objects = [told for one in answer.happenings if (told := _told(one, asked_at, now)) is not None]
            return (Send(answers.array(objects)),) if objects else ()
        assert isinstance(answer, Failed), "a program asks nothing but commands"
        return (Send(answers.array((answers.refused(key, answer.error),))),)

    def notice(self, topic: str, message: str, now: datetime) -> Acts:
        """Leave with the board, whose going offline has no message of its own (section 1.9), or with its openness."""
        if topic == f"device:{self._board.id}":
            return (Close(GOING_AWAY, "the obniz went offline"),) if message == "offline" else ()
        is_by_id_alone = self._caller.credential is None and Right.ADMIN not in self._caller.rights
        if is_by_id_alone and not is_open(self._house, self._board):
            return (Close(POLICY_VIOLATION, "this obniz needs a token now"),)
        return ()

    def tick(self, now: datetime) -> Acts:
        """Show the link that it is used."""
        return Ping(), WakeAt(now + PING_EVERY)

    def closed(self, now: datetime) -> Acts:
        """Tell the board where what it still has of this program ends: it may want to be reset behind that too.

        Else nothing is left behind: the board itself knows whether to reset when its last program has left.
        """
        if not self._open:
            return ()
        self._tag += 1
        self._open[self._tag] = ("ws", now)
        return (Execute(self._board.id, EndVisit(), self._tag),)


def _told(happening: Happening, asked_at: datetime, now: datetime) -> str | None:
    if isinstance(happening, Pong):
        return system.pong(happening, _unix_ms(asked_at), _unix_ms(now))
    return answers.told(happening)


def _unix_ms(at: datetime) -> int:
    # As boards cut their own clock: rounded, an answer could be given before it was asked for.
    return (at - _EPOCH) // timedelta(milliseconds=1)
