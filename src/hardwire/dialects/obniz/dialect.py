"""The obniz dialect: boards by WebSocket and HTTP, as their cloud offers them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from hardwire.contracts.act import Respond
from hardwire.contracts.dialect import Place, Service
from hardwire.contracts.house import House
from hardwire.contracts.request import Request
from hardwire.contracts.session import Session
from hardwire.dialects.obniz.call import Call
from hardwire.dialects.obniz.face import DIALECT
from hardwire.dialects.obniz.tongue import rendered
from hardwire.dialects.obniz.wire.rest import refusal
from hardwire.model.channel import Channel
from hardwire.model.device import Device
from hardwire.model.fact import Event, Fact
from hardwire.model.point import Point


class Obniz:
    """`contracts.dialect.Dialect` for obniz clients (obniz reference, sections 1 and 2)."""

    name = DIALECT
    prefixes: Sequence[str] = ("/obniz",)
    takes_root = True
    # A full colour picture as JSON takes some 600 kB.
    message_limit_bytes = 1 << 20

    def __init__(self, house: House) -> None:
        self._house = house

    def answer(self, request: Request) -> Session:
        """Return the session of an API call or of a handshake."""
        return Call(request, self._house)

    def refuse(self, status: int, reason: str, request: Request, now: datetime) -> Respond:
        """Return the reason under `error`."""
        return Respond(status, refusal(reason))

    def exports(self, fact: Fact) -> Iterable[tuple[str, str]]:
        """Nothing that is sent here is kept."""
        return ()

    def render(self, channel: Channel, fact: Fact) -> str | bytes | None:
        """Return what a board tells as one message, in the channel's encoding."""
        return rendered(channel, fact.happening) if isinstance(fact, Event) else None

    def latest(self, channel: Channel, now: datetime) -> str | bytes | None:
        """A board tells changes; what holds now is asked for."""
        return None

    def repeat_after_s(self, channel: Channel) -> float | None:
        """Nothing is ever told twice."""
        return None

    def keeps_newest(self, channel: Channel) -> bool:
        """What a board tells follows from what it told before: nothing may be missing."""
        return False

    def appliance(self, device: Device) -> str | None:
        """A board has no certificate of its own."""
        return None

    def hosts(self, device: Device) -> Sequence[str]:
        """A board goes by its id in the path, or by its listener."""
        return ()

    def services(self, device: Device) -> Sequence[Service]:
        """Nothing is announced: these clients are told an address."""
        return ()

    def line(self, device: Device, place: Place) -> str:
        """Return a call that writes on the board's display."""
        address = self._house.address(DIALECT, device.id)
        wish = '[{"display":{"text":"Hello"}}]'
        return f"curl {place.http}/obniz/{address}/api/1 -H 'Content-Type: application/json' -d '{wish}'"

    def face(self, device: Device, settings: Any) -> Sequence[Point]:  # Any: this part's own Face struct
        """The dialect adds no points to a device."""
        return ()
