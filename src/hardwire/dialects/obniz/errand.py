"""Commands by HTTP on their way to a board, and what is said of them (obniz reference, section 2)."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from hardwire.contracts.act import Execute, Publish, Respond, WakeAt
from hardwire.contracts.house import House
from hardwire.contracts.question import Answer
from hardwire.contracts.session import Acts
from hardwire.dialects.obniz.post import deliver
from hardwire.dialects.obniz.session import words
from hardwire.dialects.obniz.wire import answers, debug, rest, text
from hardwire.dialects.obniz.wire.message import SendMessage
from hardwire.model.access import Caller
from hardwire.model.command import Command, Done, Failed, Reply
from hardwire.model.device import Device
from hardwire.model.errors import CallerError, DeviceError, HardwireError

# A call is answered when all is over, which its sender waits for, and so does everybody else at the board.
LONGEST_PAUSES_S = 60
# What `wait=` may ask for, in ms.
LONGEST_WAIT_MS = 30_000
_WAIT = re.compile(r"[0-9]{1,5}")
# How many of the commands that are not over in time are named.
_NAMED = 20


def wait_of(query: str) -> int | None:
    """Return the time of `wait=`; None when it is none. Unit: ms."""
    wait_ms = int(query) if _WAIT.fullmatch(query) else 0
    return wait_ms if 0 < wait_ms <= LONGEST_WAIT_MS else None


class Errand:
    """The commands of one call. With a `wait` its answer is what a WebSocket program would have heard, as one array."""

    def __init__(self, house: House, board: Device, caller: Caller, *, wait_ms: int | None) -> None:
        self._house = house
        self._board = board
        self._caller = caller
        self._wait_ms = wait_ms
        self._began_at: datetime | None = None
        self._open: dict[int, str] = {}
        self._warnings: list[str] = []
        self._heard: dict[int, Sequence[str]] = {}
        self._fault: HardwireError | None = None

    def begin(self, body: bytes, now: datetime) -> Acts:
        """Have the commands of a body carried out, or say why none of them is."""
        self._began_at = now
        try:
            findings = text.decode(body.decode())
        except UnicodeDecodeError:
            yield _refuse(400, "the body is no UTF-8")
            return
        if findings.error or (findings.warnings and not findings.wishes):
            yield _refuse(400, findings.error or "; ".join(findings.warnings))
            return
        if sum(command.pause_s for _, command in findings.wishes) > LONGEST_PAUSES_S:
            yield _refuse(
                400, f"waits and measurements of one call may hold the board for {LONGEST_PAUSES_S} s together"
            )
            return
        self._warnings += findings.warnings
        wishes: list[Command] = []
        for key, command in findings.wishes:
            if isinstance(command, SendMessage):
                yield from self._pass_on(command, now)
            else:
                self._open[len(wishes)] = key
                wishes.append(command)
        if wishes and self._wait_ms is not None:
            yield WakeAt(now + timedelta(milliseconds=self._wait_ms))
        for tag, command in enumerate(wishes):
            yield Execute(self._board.id, command, tag)
        if not wishes:
            yield self._end()

    def reply(self, tag: int, answer: Reply | Answer, now: datetime) -> Acts:
        """Take the end of a command; after the last one, answer."""
        key = self._open.pop(tag)
        if isinstance(answer, Done):
            if self._wait_ms is not None and self._began_at is not None:
                self._heard[tag] = words(answer.happenings, self._began_at, now)
        else:
            assert isinstance(answer, Failed), "a call asks nothing but commands"
            self._refused(tag, key, answer.error)
        return () if self._open else (self._end(),)

    def tick(self, now: datetime) -> Acts:
        """The time that the caller wants to wait is over: answer with what came. The commands go on."""
        late = list(dict.fromkeys(self._open.values()))
        more = f" and {len(late) - _NAMED} more" if len(late) > _NAMED else ""
        problem = f"[wait]not over within {self._wait_ms} ms: {', '.join(late[:_NAMED])}{more}"
        return (self._array(debug.error(problem)),)

    def _refused(self, tag: int, key: str, error: HardwireError) -> None:
        if self._wait_ms is not None:
            self._heard[tag] = (answers.refused(key, error),)
        elif isinstance(error, CallerError):
            self._warnings.append(f"[{answers.place(key, error)}]{error.message}")
        else:
            self._fault = error

    def _pass_on(self, message: SendMessage, now: datetime) -> Sequence[Publish]:
        # Nobody stands behind a call who could be answered, so it has no sender (section 3.14).
        delivery = deliver(self._house, self._caller, message, sender=None, now=now)
        if delivery.warning:
            self._warnings.append(delivery.warning)
        return delivery.acts

    def _end(self) -> Respond:
        if self._wait_ms is not None:
            return self._array()
        if self._fault is not None:
            return _refuse(503 if isinstance(self._fault, DeviceError) else 500, self._fault.message)
        return Respond(200, rest.accepted(self._warnings))

    def _array(self, *last: str) -> Respond:
        """What was not understood, then what came of each command in the order of the commands."""
        objects = [debug.warning(warning) for warning in self._warnings]
        objects += [word for tag in sorted(self._heard) for word in self._heard[tag]]
        return Respond(200, answers.array((*objects, *last)).encode())


def _refuse(status: int, reason: str) -> Respond:
    return Respond(status, rest.refusal(reason))
