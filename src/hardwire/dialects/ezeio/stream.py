"""A stream: everything that reaches the hub from an account's units, from connect to close."""

from datetime import datetime, timedelta

from hardwire.contracts.act import Act, Ask, Bear, Close, Listen, Ping, Unwatch, WakeAt, Watch
from hardwire.contracts.house import House
from hardwire.contracts.question import Answer, DropTicket
from hardwire.contracts.session import Acts
from hardwire.dialects.ezeio.account import Account
from hardwire.dialects.ezeio.ticket import flow_topic
from hardwire.model.access import Caller, Credential
from hardwire.model.command import Reply

# Documented clients end after 5 s of silence, and some answer no ping without a payload (ezeio reference, 1.6).
# Nobody is closed for a missing pong: one of them sends pongs that are not heard.
PING_EVERY = timedelta(seconds=3.5)
PING = b"ezeio"

DEVICES = "devices"
"""The topic on which the hub tells that its devices have changed."""


class Stream:
    """The session of a redeemed ticket's socket. What a client sends is ignored: no such message is documented."""

    def __init__(self, ticket: str, credential: Credential, house: House) -> None:
        self._ticket = ticket
        self._topic = flow_topic(ticket)
        self._credential = credential
        self._house = house
        self._account = Account(house, credential)
        self._caller: Caller | None = None
        self._watched: set[str] = set()
        self._cancelled: set[str] = set()

    def open(self, now: datetime) -> Acts:
        """Watch both logs of every unit in scope."""
        return [Listen(self._topic), Listen(DEVICES), *self._follow(), WakeAt(now + PING_EVERY)]

    def receive(self, message: str | bytes, now: datetime) -> Acts:
        """Ignore it."""
        return ()

    def reply(self, tag: int, answer: Reply | Answer, now: datetime) -> Acts:
        """Nothing is asked that the client waits for."""
        return ()

    def notice(self, topic: str, message: str, now: datetime) -> Acts:
        """Stop or restore a unit, or see which units there are now."""
        if topic == self._topic:
            change = self._cancelled.add if message.startswith("-") else self._cancelled.discard
            change(message[1:])
        return self._follow()

    def tick(self, now: datetime) -> Acts:
        """Keep the client alive; end with the key."""
        if self._house.credential(self._credential.id) is None or self._credential.is_expired(now):
            return [Close(1008, "the key has expired")]
        return [Ping(PING), WakeAt(now + PING_EVERY)]

    def closed(self, now: datetime) -> Acts:
        """The ticket ends with its socket."""
        return [Ask(DropTicket(self._ticket))]

    def _follow(self) -> list[Act]:
        """Watch what is in scope and not cancelled, and nothing else."""
        units = [unit.device.id for unit in self._account.units()]
        wanted = [device for device in units if device not in self._cancelled]
        gone = sorted(self._watched.difference(wanted))
        new = [device for device in wanted if device not in self._watched]
        self._watched = set(wanted)
        acts: list[Act] = []
        caller = self._account.caller()
        if caller != self._caller:
            # What is new has to be in the caller's reach before it is watched.
            self._caller = caller
            acts.append(Bear(caller))
        acts.extend(Unwatch(channel) for device in gone for channel in self._account.channels(device))
        acts.extend(Watch(channel) for device in new for channel in self._account.channels(device))
        return acts
