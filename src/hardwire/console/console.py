"""The hub's own pages, answered by the same means as a dialect's requests."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from hardwire.console.visit import Visit
from hardwire.contracts.act import Respond
from hardwire.contracts.dialect import Dialect, Place, Service
from hardwire.contracts.house import House
from hardwire.contracts.request import Request
from hardwire.contracts.session import Session
from hardwire.model.channel import Channel
from hardwire.model.device import Device
from hardwire.model.fact import Fact
from hardwire.model.point import Point


class Console:
    """`contracts.dialect.Dialect` for `/`: every path that no other dialect has."""

    name = "console"
    prefixes: Sequence[str] = ("/",)
    takes_root = False
    message_limit_bytes = 16 * 1024

    def __init__(self, house: House, dialects: Mapping[str, Dialect]) -> None:
        """`dialects` print the lines to copy."""
        self._house = house
        self._dialects = dict(dialects)

    def answer(self, request: Request) -> Session:
        """Return the session that answers a request."""
        return Visit(request, self._house, self._dialects)

    def refuse(self, status: int, reason: str, request: Request, now: datetime) -> Respond:
        """Return a sentence."""
        return Respond(status, f"{reason}\n".encode(), "text/plain; charset=utf-8")

    def exports(self, fact: Fact) -> Iterable[tuple[str, str]]:
        """Nothing that is sent here is kept."""
        return ()

    def render(self, channel: Channel, fact: Fact) -> str | bytes | None:
        """Pages refresh themselves by asking again; they watch nothing."""
        return None

    def latest(self, channel: Channel, now: datetime) -> str | bytes | None:
        """There are no channels here."""
        return None

    def repeat_after_s(self, channel: Channel) -> float | None:
        """There are no channels here."""
        return None

    def keeps_newest(self, channel: Channel) -> bool:
        """There are no channels here."""
        return False

    def appliance(self, device: Device) -> str | None:
        """Pages are shown under the hub's own name."""
        return None

    def hosts(self, device: Device) -> Sequence[str]:
        """Pages are shown under the hub's own name."""
        return ()

    def services(self, device: Device) -> Sequence[Service]:
        """Nothing is announced: these clients are told an address."""
        return ()

    def line(self, device: Device, place: Place) -> str:
        """Every device is on the first page."""
        return f"{place.http}/"

    def face(self, device: Device, settings: Any) -> Sequence[Point]:  # Any: the console has no Face
        """Every device is shown, as it is."""
        return ()
