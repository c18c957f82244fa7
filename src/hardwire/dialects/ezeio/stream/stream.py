"""A stream: everything that reaches the hub from an account's units, from connect to close."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import IntEnum

from msgspec.structs import replace

from hardwire.contracts.act import Act, Ask, Bear, Close, Execute, Listen, Ping, Send, Unwatch, WakeAt, Watch
from hardwire.contracts.house import House
from hardwire.contracts.question import Answer, DropTicket, ReadHistory
from hardwire.contracts.session import Acts
from hardwire.dialects.ezeio.stream.early import EarlyOrders
from hardwire.dialects.ezeio.stream.holders import GRACE_S, Holders
from hardwire.dialects.ezeio.stream.messages import Bulletins, message_of
from hardwire.dialects.ezeio.stream.options import PLAIN, Options
from hardwire.dialects.ezeio.stream.readership import is_streamed
from hardwire.dialects.ezeio.stream.replay import Gap, Replay
from hardwire.dialects.ezeio.stream.ticket import flow_topic
from hardwire.dialects.ezeio.stream.wire_stream import gap_message, narrowed, with_seq
from hardwire.dialects.ezeio.unit.account import Account
from hardwire.model.access import Caller, Credential, Right
from hardwire.model.channel import Channel
from hardwire.model.command import LogUnbuffered, Reply
from hardwire.model.fact import Log, LogRow
from hardwire.model.history import Export, HistoryWish

# Documented clients end after 5 s of silence, and some answer no ping without a payload (ezeio reference, 1.6).
# Nobody is closed for a missing pong: one of them sends pongs that are not heard.
PING_EVERY = timedelta(seconds=3.5)
PING = b"ezeio"

LOOK_BACK = timedelta(minutes=31)
"""The oldest STATUS that may be a unit's last one: ten minutes between two, twenty on the way (section 1.4)."""

DEVICES = "devices"
"""The topic on which the hub tells that its devices have changed."""


class _Asked(IntEnum):
    NOTHING = 0
    """What the client does not wait for."""
    PAGE = 1
    FIRST_STATUS = 2


class Stream:
    """The session of a redeemed ticket's socket. What a client sends is ignored: no such message is documented."""

    def __init__(
        self,
        ticket: str,
        credential: Credential,
        house: House,
        *,
        holders: Holders,
        bulletins: Bulletins,
        early: EarlyOrders,
        options: Options = PLAIN,
    ) -> None:
        """`options` are what the ticket was asked for with."""
        self._ticket = ticket
        self._topic = flow_topic(ticket)
        self._credential = credential
        self._house = house
        self._holders = holders
        self._bulletins = bulletins
        self._early = early
        self._options = options
        self._account = Account(house, credential)
        self._caller: Caller | None = None
        self._watched: set[str] = set()
        self._cancelled: set[str] = set()
        self._replay: Replay | None = None
        self._looked_up: list[str] = []

    def open(self, now: datetime) -> Acts:
        """Watch both logs of every unit in scope, once what came before was sent where that was asked for."""
        # What a unit's last order leaves to be executed: a later one takes back what an earlier one has ended.
        released = {message[1:]: self._obey(message, now) for message in self._early.told(self._topic, now)}
        acts: list[Act] = [Listen(self._topic), Listen(DEVICES)]
        group = self._account.group
        if self._options.selection.is_numbered and group is not None:
            self._replay = Replay(self._house, group.id, self._options)
        acts.extend(self._follow())
        acts.extend(act for left in released.values() for act in left)
        if self._options.is_last_wanted:
            acts.extend(self._look_back(now))
        if self._replay is not None:
            acts.append(self._replay.ask(_Asked.PAGE))
        return [*acts, WakeAt(now + PING_EVERY)]

    def receive(self, message: str | bytes, now: datetime) -> Acts:
        """Ignore it."""
        return ()

    def reply(self, tag: int, answer: Reply | Answer, now: datetime) -> Acts:
        """Send the next page of what came before, behind the last one go live; or a unit's last STATUS."""
        if tag >= _Asked.FIRST_STATUS:
            return self._recall(self._looked_up[tag - _Asked.FIRST_STATUS], answer, now)
        if tag != _Asked.PAGE or self._replay is None:
            return ()
        if not isinstance(answer, tuple):
            # Nothing may be left out in silence: the client comes again, with the number that it has.
            return [Close(1011, "the hub cannot read back what was sent")]
        acts: list[Act] = list(self._sent(self._replay.take(answer), now))
        if not self._replay.is_caught_up:
            return [*acts, self._replay.ask(_Asked.PAGE)]
        self._replay = None
        return [*acts, *self._follow()]

    def notice(self, topic: str, message: str, now: datetime) -> Acts:
        """Stop or restore a unit, or see which units there are now."""
        acts: list[Act] = []
        if topic == self._topic:
            acts.extend(self._obey(message, now))
        return [*acts, *self._follow()]

    def tick(self, now: datetime) -> Acts:
        """Keep the client alive; end with the key."""
        if self._house.credential(self._credential.id) is None or self._credential.is_expired(now):
            return [Close(1008, "the key has expired")]
        return [Ping(PING), WakeAt(now + PING_EVERY)]

    def closed(self, now: datetime) -> Acts:
        """The ticket ends with its socket, and unbuffered updates that nobody else has asked for soon after it."""
        held = self._holders.held_by(self._topic)
        released = [act for device in held for act in self._let_go(device, now, grace_s=GRACE_S)]
        return [Ask(DropTicket(self._ticket)), *released]

    def _obey(self, message: str, now: datetime) -> Sequence[Act]:
        """Take an order, `-` or `+` with a device: what of it is left to be executed."""
        device = message[1:]
        if message.startswith("-"):
            self._cancelled.add(device)
            # The last one that wanted it says that it wants no more: the unit may buffer at once.
            return self._let_go(device, now, grace_s=0)
        self._cancelled.discard(device)
        self._holders.hold(device, self._topic, now)
        return ()

    def _let_go(self, device: str, now: datetime, *, grace_s: int) -> Sequence[Act]:
        left_s = self._holders.let_go(device, self._topic, now)
        return [Execute(device, LogUnbuffered(min(left_s, grace_s)), _Asked.NOTHING)] if left_s else []

    def _units(self) -> list[str]:
        """What is in scope, new enough to stream and not cancelled."""
        units = [unit.device for unit in self._account.units()]
        return [device.id for device in units if is_streamed(device) and device.id not in self._cancelled]

    def _channels(self, device: str) -> Sequence[Channel]:
        variant = self._options.selection.variant
        return [replace(channel, variant=variant) for channel in self._account.channels(device)]

    def _look_back(self, now: datetime) -> Iterable[Act]:
        """Send each unit's last STATUS, or ask for it where none was told since the hub's start."""
        for device in self._units():
            row = self._bulletins.last(device)
            if row is not None:
                yield from self._snapshot(row, now)
            else:
                wish = HistoryWish(device=device, since=now - LOOK_BACK, until=now, log=Log.STATUS)
                yield Ask(ReadHistory(wish), _Asked.FIRST_STATUS + len(self._looked_up))
                self._looked_up.append(device)

    def _recall(self, device: str, answer: Reply | Answer, now: datetime) -> Acts:
        # A newer one has come live meanwhile, or there is no history.
        if self._bulletins.last(device) is not None or not isinstance(answer, tuple) or not answer:
            return ()
        return self._snapshot(LogRow(device, answer[-1].at, Log.STATUS, answer[-1].values), now)

    def _snapshot(self, row: LogRow, now: datetime) -> Sequence[Send]:
        """Return a STATUS that was sent before, without its number; nothing where its source is stale."""
        if not self._house.is_fresh(row.device, now) or row.device not in self._units():
            return ()
        group = self._account.group
        message = message_of(self._house, row, 0 if group is None else group.number, self._options.selection)
        return () if message is None else (Send(message),)

    def _follow(self) -> list[Act]:
        """Watch what is wanted and nothing else; nothing yet while older messages are on their way."""
        acts: list[Act] = []
        # As with the commands of a ticket: unbuffered updates are a way of reading.
        reach = self._account.caller()
        caller = replace(reach, rights=reach.rights | Right.CONTROL)
        if caller != self._caller:
            # What is new has to be in the caller's reach before it is watched.
            self._caller = caller
            acts.append(Bear(caller))
        if self._replay is not None:
            return acts
        wanted = self._units()
        gone = sorted(self._watched.difference(wanted))
        new = [device for device in wanted if device not in self._watched]
        self._watched = set(wanted)
        acts.extend(Unwatch(channel) for device in gone for channel in self._channels(device))
        acts.extend(Watch(channel) for device in new for channel in self._channels(device))
        return acts

    def _sent(self, found: Iterable[Export | Gap], now: datetime) -> Iterable[Send]:
        """Return messages that were sent before as this stream's client is sent them."""
        wanted = frozenset(self._units())
        group = self._account.group
        number = 0 if group is None else group.number
        for one in found:
            if isinstance(one, Gap):
                yield Send(gap_message(number, now, one.since, one.until))
            elif one.device in wanted:
                allowed = self._options.selection.allowed(self._house, one.device)
                message = one.message if allowed is None else narrowed(one.message, allowed)
                if message is not None:
                    yield Send(with_seq(message, (one.epoch, one.number)))
