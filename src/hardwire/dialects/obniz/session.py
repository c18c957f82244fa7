"""One program connected to one board (obniz reference, sections 1.3 to 1.11)."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from hardwire.contracts.act import Bear, Close, Execute, Listen, Ping, Send, WakeAt, Watch
from hardwire.contracts.house import House
from hardwire.contracts.question import Answer
from hardwire.contracts.session import Acts
from hardwire.dialects.obniz.admission import is_open
from hardwire.dialects.obniz.face import DIALECT
from hardwire.dialects.obniz.post import deliver
from hardwire.dialects.obniz.tongue import Tongue
from hardwire.dialects.obniz.wire import answers, binary, debug, system_reports, text, ws
from hardwire.dialects.obniz.wire.message import SendMessage
from hardwire.model.access import Caller, Right
from hardwire.model.board.system import EndVisit, Pong
from hardwire.model.command import Done, Failed, Reply
from hardwire.model.device import Device
from hardwire.model.fact import Happening

# How often a client is pinged: a dead one must be found, or its board is never reset (section 1.10: 20 to 30 s).
PING_EVERY = timedelta(seconds=30)
GOING_AWAY = 1001
POLICY_VIOLATION = 1008
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Program:
    """A conversation: commands in either encoding go to the board in order, answers come back in the program's tongue.

    Without a greeting it is the direct link of a program that has a conversation already (section 1.6): it is greeted
    and told there what the board tells, since it would hear everything twice else, and gets its answers here.
    """

    def __init__(
        self, house: House, board: Device, caller: Caller, tongue: Tongue, greeting: ws.Greeting | None
    ) -> None:
        self._house = house
        self._board = board
        self._caller = caller
        self._tongue = tongue
        self._greeting = greeting
        self._tag = 0
        self._open: dict[int, tuple[str, datetime]] = {}
        self._used: set[str] = set()

    def open(self, now: datetime) -> Acts:
        """Greet, then give the program what the board tells. A board that just went offline is not greeted for."""
        board = self._board.id
        if not self._house.is_fresh(board, now):
            yield Close(GOING_AWAY, "the obniz went offline")
            return
        yield Bear(self._caller)
        if self._greeting is not None:
            yield Send(ws.ready(self._greeting))
            yield Watch(self._tongue.channel(board))
        yield Listen(f"device:{board}")
        yield Listen(f"credentials:{DIALECT}:{board}")
        yield WakeAt(now + PING_EVERY)

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
                if (more := self._tongue.opened_by(key)) is not None and key not in self._used:
                    self._used.add(key)
                    yield Watch(more.channel(device))
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
            happenings = self._tongue.borne(answer.happenings)
            message = self._tongue.framed(happenings) or spoken(happenings, asked_at, now)
            return () if message is None else (Send(message),)
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


def spoken(happenings: Sequence[Happening], asked_at: datetime, now: datetime) -> str | None:
    """Return one-shot answers as an array of JSON objects; None where there is no word for any of them."""
    objects = words(happenings, asked_at, now)
    return answers.array(objects) if objects else None


def words(happenings: Sequence[Happening], asked_at: datetime, now: datetime) -> list[str]:
    """Return one-shot answers as JSON objects, a pong with the times of the hub."""
    return [word for one in happenings if (word := _word(one, asked_at, now)) is not None]


def unix_s(at: datetime) -> int:
    """Return an instant as the vendor's greeting has it."""
    return (at - _EPOCH) // timedelta(seconds=1)


def _word(happening: Happening, asked_at: datetime, now: datetime) -> str | None:
    if isinstance(happening, Pong):
        return system_reports.pong(happening, _unix_ms(asked_at), _unix_ms(now))
    return answers.told(happening)


def _unix_ms(at: datetime) -> int:
    # As boards cut their own clock: rounded, an answer could be given before it was asked for. Each pong tells two; the
    # division of one timedelta by another would take a tenth of the answer's time.
    since = at - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000 + since.microseconds // 1_000
