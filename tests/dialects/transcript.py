"""Runs a conversation written down as text against a session, and compares every line the hub would say or do.

Lines of a transcript:

    # a comment; the first ones are its title
    > text         the client sends a text message (or, for a one-shot session, the lines of a request)
    >x 0200 01     the client sends these bytes, in hex
    < text         the hub sends a text message (or `< 200 body`, an answer)
    <x 0200        the hub sends these bytes
    ! words        the hub does something that is no message: `! execute grid Identify()`, `! watch measurement`
    ~ reply        what the oldest open `execute` or `ask` is answered: `~ done`, `~ failed CODE text`,
                   `~ answer EXPRESSION` (an expression over the names given to `play`)
    = DEVICE {..}  a sample arrives (the house holds it already), as JSON of the values
    = DEVICE EXPR  a happening arrives (an expression over the names given to `play`)
    =status DEVICE {..}   a row of its ten-minute log; `=log DEVICE {..}` a row of its fast log, `=log/1740 DEVICE {..}`
                   one that was sent unbuffered, with so many seconds left
    % EXPR         the house changes (an expression over the names given to `play`): `% revoke("u1")`
    @ +40s         time passes; a wake-up that falls due is delivered
    * topic text   a notice is heard
    closed         the socket is gone

A request is written as consecutive `>` lines: `> GET /api`, then `> Header: value`, then the body, if any, on one line.
An answer may show headers: `< Allow: GET` right after the status line; headers not shown are not compared.
"""

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from hardwire.contracts.act import (
    Act,
    Ask,
    Bear,
    Close,
    Execute,
    Latest,
    Listen,
    Notify,
    Ping,
    Publish,
    Respond,
    Send,
    Unwatch,
    WakeAt,
    Watch,
)
from hardwire.contracts.dialect import Dialect
from hardwire.contracts.request import Request
from hardwire.contracts.session import Session, Upgrade
from hardwire.model.channel import Channel
from hardwire.model.command import Done, Failed
from hardwire.model.errors import CallerError, DeviceError, HardwireError, HubFaultError, NotAllowedError, UnknownError
from hardwire.model.fact import Event, Fact, Log, LogRow, Sample

START = datetime(2026, 6, 1, 12, 0, 0, tzinfo=UTC)
ERRORS: dict[str, type[HardwireError]] = {
    "not-allowed": NotAllowedError,
    "not-pressed": NotAllowedError,
    "unknown": UnknownError,
    "device": DeviceError,
    "not-installed": DeviceError,
    "hub-fault": HubFaultError,
}
INPUTS = (">", "~", "=", "%", "@", "*", "closed")


class Stage:
    """One session on stage: what it was given, what it did, how late it is."""

    def __init__(
        self,
        dialect: Dialect,
        *,
        names: Mapping[str, Any] | None = None,  # Any: whatever the transcript's expressions use
        remember: Callable[[Sample], None] | None = None,
        request: Mapping[str, Any] | None = None,  # Any: further fields of Request
        start: datetime = START,
    ) -> None:
        self.dialect = dialect
        self.names = dict(names or {})
        self.remember = remember
        self.request = dict(request or {})
        self.now = start
        self.session: Session | None = None
        self.asked: list[int] = []
        self.watched: list[Channel] = []
        self.wake: datetime | None = None
        self.lines: list[str] = []

    def play(self, path: Path) -> None:
        """Run the transcript and compare it line by line. Raises AssertionError with both texts."""
        expected = [
            line.rstrip() for line in path.read_text("utf-8").splitlines() if line.strip() and not line.startswith("#")
        ]
        position = 0
        while position < len(expected):
            line = expected[position]
            batch = [line]
            if line.startswith("> ") and (self.session is None or _is_request(line)):
                while (
                    position + 1 < len(expected)
                    and expected[position + 1].startswith("> ")
                    and not _is_request(expected[position + 1])
                ):
                    position += 1
                    batch.append(expected[position])
            position += 1
            assert line.startswith(INPUTS), (
                f"{path.name}: the hub said or did nothing more, but the transcript goes on: {line}"
            )
            self.lines = []
            self._give(batch)
            wanted: list[str] = []
            while position < len(expected) and not expected[position].startswith(INPUTS):
                wanted.append(expected[position])
                position += 1
            wanted_text, got_text = "\n".join(wanted), "\n".join(self._shown(wanted))
            assert got_text == wanted_text, (
                f"{path.name}, after {batch}:\n--- expected\n{wanted_text}\n--- got\n{got_text}"
            )

    def open(self, session: Session) -> None:
        """Put a socket session on stage (for transcripts that begin with an open socket)."""
        self.session = session
        self._do(session.open(self.now))

    def publish(self, fact: Fact) -> None:
        """Let a fact reach what the session watches."""
        if isinstance(fact, Sample) and self.remember is not None:
            self.remember(fact)
        for channel in self.watched:
            if channel.device == fact.device or isinstance(fact, Sample):
                payload = self.dialect.render(channel, fact)
                if payload is not None:
                    self._say(payload)

    def _give(self, batch: list[str]) -> None:
        line = batch[0]
        if line == "closed":
            assert self.session is not None
            self._do(self.session.closed(self.now))
        elif line.startswith(">x"):
            assert self.session is not None
            self._do(self.session.receive(bytes.fromhex(line[2:]), self.now))
        elif line.startswith(">"):
            if _is_request(line):
                self._request(batch)
            else:
                assert self.session is not None, "no session: begin with a request or open one"
                self._do(self.session.receive(line[2:], self.now))
        elif line.startswith("~"):
            self._answer(line[2:])
        elif row := re.fullmatch(r"=(status|log)(?:/(\d+))? (\S+) (.*)", line):
            log = Log.STATUS if row[1] == "status" else Log.FAST
            self.publish(LogRow(row[3], self.now, log, json.loads(row[4]), int(row[2] or 0)))
        elif line.startswith("="):
            device, _, told = line[2:].partition(" ")
            if told.startswith("{"):
                self.publish(Sample(device, self.now, json.loads(told)))
            else:
                self.publish(Event(device, self.now, eval(told, self.names)))
        elif line.startswith("%"):
            eval(line[2:], self.names)
        elif line.startswith("*"):
            assert self.session is not None
            topic, _, message = line[2:].partition(" ")
            self._do(self.session.notice(topic, message, self.now))
        elif line.startswith("@"):
            self._pass(line[2:])

    def _request(self, batch: list[str]) -> None:
        method, _, target = batch[0][2:].partition(" ")
        headers: dict[str, str] = {}
        body = b""
        for line in batch[1:]:
            header = re.match(r"> ([A-Za-z][A-Za-z0-9_-]*): (.*)$", line)
            if header and not body:
                headers[header[1].lower()] = header[2]
            else:
                body += (
                    line[2:].encode("utf-8").decode("unicode_escape").encode("latin-1")
                    if "\\x" in line
                    else line[2:].encode()
                )
        path, _, query = target.partition("?")
        pairs = dict(pair.partition("=")[::2] for pair in query.split("&") if pair)
        fields: dict[str, Any] = {  # Any: the fields of Request, by name
            "origin": "http://127.0.0.1:8080",
            "peer": ip_address("127.0.0.1"),
            "is_upgrade": headers.get("upgrade", "").lower() == "websocket",
            **self.request,
        }
        request = Request(method=method, target=target, path=path, query=pairs, headers=headers, body=body, **fields)
        self.asked.clear()
        self.session = self.dialect.answer(request)
        self._do(self.session.open(self.now))

    def _answer(self, text: str) -> None:
        assert self.session is not None
        assert self.asked, f"nothing is open that could be answered: {text}"
        word, _, rest = text.partition(" ")
        answer: object
        if word == "done":
            answer = Done(tuple(eval(rest, self.names)) if rest else ())
        elif word == "failed":
            answer = Failed(self._error(rest))
        elif word == "error":
            answer = self._error(rest)
        else:
            answer = eval(rest, self.names)
        self._do(self.session.reply(self.asked.pop(0), answer, self.now))

    def _error(self, text: str) -> HardwireError:
        code, _, message = text.partition(" ")
        return ERRORS.get(code, CallerError)(message, code=code)

    def _pass(self, text: str) -> None:
        amount = re.fullmatch(r"\+(\d+(?:\.\d+)?)(ms|s|min|h)", text)
        assert amount, f"time passes as +40s, +500ms, +30min or +1h, not {text}"
        unit = {"ms": 0.001, "s": 1, "min": 60, "h": 3600}[amount[2]]
        until = self.now + timedelta(seconds=float(amount[1]) * unit)
        while self.wake is not None and self.wake <= until:
            self.now, self.wake = max(self.now, self.wake), None
            assert self.session is not None
            self._do(self.session.tick(self.now))
        self.now = until

    def _do(self, acts: Any) -> None:  # Any: Iterable[Act | Upgrade], which cannot be narrowed by match here
        for act in acts:
            self._act(act)

    def _act(self, act: Act | Upgrade) -> None:
        match act:
            case Send(payload):
                self._say(payload)
            case Respond():
                self.lines.append(f"< {act.status} {act.body.decode()}".rstrip())
                self.lines.extend(f"< {name}: {value}" for name, value in sorted(act.headers.items()))
                self.lines.extend(f"< WWW-Authenticate: {challenge}" for challenge in act.challenges)
                self.lines.extend(["< Connection: close"] if act.close else [])
            case Upgrade(session, protocol=protocol, headers=headers):
                self.lines.append(f"! upgrade {protocol or ''}".rstrip())
                self.lines.extend(f"< {name}: {value}" for name, value in sorted(headers.items()))
                self.open(session)
            case Execute(device, command, tag):
                self.asked.append(tag)
                self.lines.append(f"! execute {device} {command}")
            case Ask(question, tag):
                self.asked.append(tag)
                self.lines.append(f"! ask {question}")
            case Watch(channel, latest):
                self.watched.append(channel)
                self.lines.append(f"! watch {channel.device} {channel.topic}")
                if latest:
                    self._latest(channel)
            case Unwatch(channel):
                self.watched.remove(channel)
                self.lines.append(f"! unwatch {channel.device} {channel.topic}")
            case Latest(channel):
                self._latest(channel)
            case Listen(topic):
                self.lines.append(f"! listen {topic}")
            case Notify(topic, message):
                self.lines.append(f"! notify {topic} {message}".rstrip())
            case Publish(fact):
                self.lines.append(f"! publish {fact}")
            case Bear(caller):
                self.lines.append(f"! bear {caller.credential or 'nobody'}")
            case WakeAt(at):
                self.wake = at
            case Ping(payload):
                self.lines.append(f"! ping {payload.decode()}")
            case Close(code, reason):
                self.lines.append(f"! close {code} {reason}".rstrip())

    def _latest(self, channel: Channel) -> None:
        payload = self.dialect.latest(channel, self.now)
        if payload is not None:
            self._say(payload)

    def _say(self, payload: str | bytes) -> None:
        self.lines.append(f"< {payload}" if isinstance(payload, str) else f"<x {payload.hex()}")

    def _shown(self, wanted: list[str]) -> list[str]:
        """Leave out the headers that the transcript does not show."""
        return [line for line in self.lines if line in wanted or not re.match(r"< [A-Z][A-Za-z-]*: ", line)]


def _is_request(line: str) -> bool:
    return re.match(r"> (GET|POST|PUT|DELETE|PATCH|HEAD|OPTIONS) /", line) is not None
