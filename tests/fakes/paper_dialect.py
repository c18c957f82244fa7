"""A dialect made of paper: it echoes, renders what it is given, and answers as a test tells it."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from hardwire.contracts.act import Respond, Send
from hardwire.contracts.dialect import Place, Service
from hardwire.contracts.question import Answer
from hardwire.contracts.request import Request
from hardwire.contracts.session import Acts, Session, Upgrade
from hardwire.model.channel import Channel
from hardwire.model.command import Reply
from hardwire.model.device import Device
from hardwire.model.fact import Fact, Sample
from hardwire.model.point import Point


class PaperSession:
    """A session that writes down what it is told; each method can be replaced by a test."""

    def __init__(
        self,
        *,
        on_open: Callable[[], Acts] = tuple,
        on_receive: Callable[[str | bytes], Acts] = lambda message: (Send(message),),
        on_reply: Callable[[int, Reply | Answer], Acts] = lambda tag, answer: (),
        on_notice: Callable[[str, str], Acts] = lambda topic, message: (),
        on_tick: Callable[[datetime], Acts] = lambda now: (),
    ) -> None:
        self.on_open = on_open
        self.on_receive = on_receive
        self.on_reply = on_reply
        self.on_notice = on_notice
        self.on_tick = on_tick
        self.told: list[tuple[object, ...]] = []

    def open(self, now: datetime) -> Acts:
        """Act as told."""
        self.told.append(("open",))
        return self.on_open()

    def receive(self, message: str | bytes, now: datetime) -> Acts:
        """Echo, unless told otherwise."""
        self.told.append(("receive", message))
        return self.on_receive(message)

    def reply(self, tag: int, answer: Reply | Answer, now: datetime) -> Acts:
        """Act as told."""
        self.told.append(("reply", tag, answer))
        return self.on_reply(tag, answer)

    def notice(self, topic: str, message: str, now: datetime) -> Acts:
        """Act as told."""
        self.told.append(("notice", topic, message))
        return self.on_notice(topic, message)

    def tick(self, now: datetime) -> Acts:
        """Act as told."""
        self.told.append(("tick",))
        return self.on_tick(now)

    def closed(self, now: datetime) -> Acts:
        """Nothing is left to do."""
        self.told.append(("closed",))
        return ()


class PaperDialect:
    """`contracts.dialect.Dialect` on paper: `/paper` answers 200 with the request's body, upgrades to an echo."""

    name = "paper"
    takes_root = True
    message_limit_bytes = 1000

    def __init__(self) -> None:
        self.prefixes: Sequence[str] = ("/paper",)
        self.requests: list[Request] = []
        self.session: Callable[[Request], Session] = self._default_session
        self.conversation: Callable[[], Session] = PaperSession
        """Makes the session of each upgraded request."""
        self.rendered: list[tuple[Channel, Fact]] = []
        self.on_exports: Callable[[Fact], Iterable[tuple[str, str]]] = lambda fact: ()
        self.fault: Exception | None = None
        """What `render` and `latest` raise from now on."""
        self.newest: str | None = "newest"
        self.repeats_after_s: float | None = None
        self.is_newest_kept = False
        self.names: dict[str, str] = {}
        """Device -> its certificate name."""
        self.host_names: dict[str, tuple[str, ...]] = {}
        self.announced: dict[str, tuple[Service, ...]] = {}

    def answer(self, request: Request) -> Session:
        """Return a one-shot session."""
        self.requests.append(request)
        return self.session(request)

    def _default_session(self, request: Request) -> Session:
        if request.is_upgrade:
            conversation = self.conversation()
            return PaperSession(on_open=lambda: (Upgrade(conversation),))
        return PaperSession(on_open=lambda: (Respond(200, request.body, content_type="text/plain"),))

    def refuse(self, status: int, reason: str, request: Request, now: datetime) -> Respond:
        """Return the status and the reason as a text."""
        return Respond(status, f"{status}: {reason}".encode(), content_type="text/plain")

    def exports(self, fact: Fact) -> Iterable[tuple[str, str]]:
        """As a test tells it: nothing is kept."""
        return self.on_exports(fact)

    def render(self, channel: Channel, fact: Fact) -> str | bytes | None:
        """Return the values of a sample, nothing for any other fact."""
        self.rendered.append((channel, fact))
        if self.fault is not None:
            raise self.fault
        return f"{fact.device} {dict(fact.values)}" if isinstance(fact, Sample) else None

    def latest(self, channel: Channel, now: datetime) -> str | bytes | None:
        """Return what a test put there."""
        if self.fault is not None:
            raise self.fault
        return self.newest

    def repeat_after_s(self, channel: Channel) -> float | None:
        """Return what a test put there."""
        return self.repeats_after_s

    def keeps_newest(self, channel: Channel) -> bool:
        """Say what a test put there."""
        return self.is_newest_kept

    def appliance(self, device: Device) -> str | None:
        """Return what a test put there."""
        return self.names.get(device.id)

    def hosts(self, device: Device) -> Sequence[str]:
        """Return what a test put there."""
        return self.host_names.get(device.id, ())

    def services(self, device: Device) -> Sequence[Service]:
        """Return what a test put there."""
        return self.announced.get(device.id, ())

    def line(self, device: Device, place: Place) -> str:
        """Return a line to copy."""
        return f"echo {device.id}"

    def face(self, device: Device, settings: Any) -> Sequence[Point]:  # Any: as the contract
        """Return no points."""
        return ()
