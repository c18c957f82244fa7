"""One conversation on `/api/ws`: a token first, then subscriptions, polls and writes.

Source: HomeWizard reference, section 3.
"""

from collections.abc import Callable, Collection, Iterator
from datetime import datetime, timedelta

from hardwire.contracts.act import Act, Bear, Close, Execute, Latest, Listen, Send, Unwatch, WakeAt, Watch
from hardwire.contracts.house import Address
from hardwire.contracts.question import Answer
from hardwire.contracts.session import Acts
from hardwire.dialects.homewizard import users
from hardwire.dialects.homewizard.appliance import Appliance, appliance
from hardwire.dialects.homewizard.errors import (
    INVALID_TYPE,
    MISSING,
    UNAUTHORIZED,
    UNKNOWN_SUBSCRIPTION,
    UNKNOWN_TYPE,
    refusal,
    refused,
)
from hardwire.dialects.homewizard.v2 import topics
from hardwire.dialects.homewizard.wire import Received, Shown, error_message, message, received
from hardwire.model.access import Credential
from hardwire.model.command import Command, Failed, Identify, Reply, WritePoints
from hardwire.model.errors import CallerError, HardwireError

# The token must come within 40 s of the greeting (HomeWizard v2, WebSocket, "Connect and Authorize").
TOKEN_WINDOW = timedelta(seconds=40)
# What a socket may say before it has shown its token: clients send one message, and pipeline a few subscriptions.
UNKNOWN_MESSAGES = 32
# RFC 6455, section 7.4.1, and the IANA registry of close codes: the device is gone for good; a message breaks the
# policy; the device starts anew, come back in a while.
GOING_AWAY = 1001
POLICY_VIOLATION = 1008
SERVICE_RESTART = 1012
ALL = "*"
DEVICE = "device"
USER = "user"
# The hub's notices: which device was declared anew or removed; what befell one device.
DEVICES = "devices"
REBOOT = "reboot"
GONE = "the device was removed"


class Conversation:
    """What one WebSocket client is told, and may tell."""

    def __init__(self, appliance: Appliance, peer: Address | None = None) -> None:
        self._appliance = appliance
        """As it was when something was last heard."""
        self._peer = peer
        self._user: Credential | None = None
        self._is_over = False
        self._is_listening = False
        self._ignored = 0
        """How much was said before the token."""
        self._topics: set[str] = set()
        self._told: Shown = {}
        """The identity that a subscriber to `device` knows."""
        self._replies: dict[int, Callable[[], Acts]] = {}
        self._last_tag = 0

    def open(self, now: datetime) -> Acts:
        """Ask for the token."""
        return [
            Send(message("authorization_requested", {"api_version": self._appliance.release.version})),
            Listen(self._own_notices),
            Listen(DEVICES),
            WakeAt(now + TOKEN_WINDOW),
        ]

    def receive(self, message: str | bytes, now: datetime) -> Acts:
        """Take one message; what is wrong with it is told, and the conversation goes on."""
        if self._is_over:
            return ()
        if not self._finds_device():
            return self._end(GOING_AWAY, GONE)
        if self._user is not None and self._appliance.house.credential(self._user.id) is None:
            # The hub is closing this socket already; what was on its way here is not obeyed any more.
            return self._end(POLICY_VIOLATION, UNAUTHORIZED)
        try:
            heard = received(message)
            if heard.type == "authorization":
                return self._authorize(heard.data, now)
            return self._ignore() if self._user is None else self._obey(heard)
        except CallerError as error:
            return self._ignore() if self._user is None else self._tell(error)

    def reply(self, tag: int, answer: Reply | Answer, now: datetime) -> Acts:
        """Tell how a write went; a button blinks without a word."""
        finish = self._replies.pop(tag)
        if self._is_over:
            return ()
        match answer:
            case Failed(error=error):
                return self._tell(error)
            case _:
                return finish()

    def notice(self, topic: str, message: str, now: datetime) -> Acts:
        """The device is removed, changed or starts anew; or its users have changed."""
        if self._is_over:
            return ()
        if topic == DEVICES:
            return self._look_again() if message == self._appliance.device.id else ()
        if topic == self._own_notices:
            return self._end(SERVICE_RESTART, "the device starts anew") if message == REBOOT else ()
        # Each who subscribed gets the list with its own entry marked.
        return self._tell_users() if USER in self._topics else ()

    def tick(self, now: datetime) -> Acts:
        """The time for the token is over."""
        if self._is_over or self._user is not None:
            return ()
        return self._end(POLICY_VIOLATION, "no authorization within 40 s")

    def closed(self, now: datetime) -> Acts:
        """Nothing of it stays."""
        return ()

    @property
    def _own_notices(self) -> str:
        return f"device:{self._appliance.device.id}"

    def _finds_device(self) -> bool:
        """Take the device as it is now; False when it is here no more, or has come back as a product without v2."""
        known = appliance(self._appliance.house, self._appliance.device.id)
        if known is None or known.face.release is None:
            return False
        self._appliance = known
        return True

    def _look_again(self) -> Acts:
        if not self._finds_device():
            return self._end(GOING_AWAY, GONE)
        identity = self._appliance.identity()
        if DEVICE not in self._topics or self._told == identity:
            return ()
        self._told = identity
        return self._show(DEVICE)

    def _ignore(self) -> Acts:
        """Pass over what comes before the token, up to a measure: it costs the sender nothing and the hub its time.

        Clients take any error before `authorized` for a bad token and give up for good (reference, section 3.1).
        """
        self._ignored += 1
        if self._ignored <= UNKNOWN_MESSAGES:
            return ()
        return self._end(POLICY_VIOLATION, "too many messages before the authorization")

    def _authorize(self, token: object, now: datetime) -> Acts:
        house, device = self._appliance.house, self._appliance.device
        user = users.holder(house, device, token) if isinstance(token, str) else None
        if user is None:
            # Counted for the lock-out; the answer stays, for clients know no other.
            house.strike(self._peer, "", now)
            return [Send(error_message(UNAUTHORIZED)), *self._end(POLICY_VIOLATION, UNAUTHORIZED)]
        self._user = user
        return [Bear(users.caller(user, device)), WakeAt(None), Send(message("authorized"))]

    def _obey(self, heard: Received) -> Acts:
        match heard.type:
            case "subscribe":
                return [act for topic in self._named_topics(heard.data) for act in self._subscribe(topic)]
            case "unsubscribe":
                return [act for topic in self._named_topics(heard.data) for act in self._unsubscribe(topic)]
            case "identify" if self._appliance.product.can_identify:
                return self._execute(Identify(), lambda: ())
            case topic if topic in self._appliance.topics:
                if heard.data is not None and topic in topics.WRITABLE:
                    return self._write(topic, heard.data)
                return self._show(topic)
            case _:
                raise refused(UNKNOWN_TYPE)

    def _named_topics(self, named: object) -> tuple[str, ...]:
        known = self._appliance.topics
        if named is None:
            raise refused(MISSING, "data")
        if not isinstance(named, str):
            raise refused(INVALID_TYPE, "data")
        if named == ALL:
            return known
        if named not in known:
            raise refused(UNKNOWN_SUBSCRIPTION)
        return (named,)

    def _subscribe(self, topic: str) -> Iterator[Act]:
        """Push the topic from now on. Whoever subscribes once more gets the newest once more."""
        is_new = topic not in self._topics
        self._topics.add(topic)
        if topic == DEVICE:
            self._told = self._appliance.identity()
        if topic != USER and is_new:
            yield Watch(self._appliance.channel(topic), latest=True)
            return
        if topic == USER and not self._is_listening:
            self._is_listening = True
            yield Listen(users.notices(self._appliance.device.id))
        yield from self._show(topic)

    def _unsubscribe(self, topic: str) -> Iterator[Act]:
        if topic not in self._topics:
            return
        self._topics.discard(topic)
        if topic != USER:
            yield Unwatch(self._appliance.channel(topic))

    def _show(self, topic: str) -> "list[Act]":
        return self._tell_users() if topic == USER else [Latest(self._appliance.channel(topic))]

    def _tell_users(self) -> "list[Act]":
        assert self._user is not None
        house = self._appliance.house
        if house.credential(self._user.id) is None:
            # Its own user is gone: the hub is closing this socket.
            return []
        return [Send(message(USER, users.shown(house, self._appliance.device, self._user.id)))]

    def _write(self, topic: str, parameters: object) -> Acts:
        if not isinstance(parameters, dict):
            raise refused(INVALID_TYPE, "data")
        values = topics.writes(self._appliance, topic, parameters)
        return self._execute(WritePoints(values), lambda: self._written(topic, values)) if values else self._show(topic)

    def _written(self, topic: str, values: Collection[str]) -> Acts:
        # Who has subscribed has the push of this very write already: a second copy could be taken for a later answer.
        is_pushed = topic in self._topics and topics.is_news(self._appliance, topic, values)
        return () if is_pushed else self._show(topic)

    def _execute(self, command: Command, finish: Callable[[], Acts]) -> Acts:
        self._last_tag += 1
        self._replies[self._last_tag] = finish
        return [Execute(self._appliance.device.id, command, self._last_tag)]

    def _tell(self, error: HardwireError) -> Acts:
        return [Send(error_message(refusal(error).code))]

    def _end(self, code: int, reason: str) -> "list[Act]":
        self._is_over = True
        return [Close(code, reason)]
