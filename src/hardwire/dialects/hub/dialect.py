"""The hub's own dialect: what the command line and the owner's programs speak."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from hardwire.contracts.act import Respond
from hardwire.contracts.dialect import Place, Service
from hardwire.contracts.house import House
from hardwire.contracts.request import Request
from hardwire.contracts.session import Session
from hardwire.dialects.hub import authority, condition, wire
from hardwire.dialects.hub.rest import Rest
from hardwire.model.channel import Channel
from hardwire.model.device import Device
from hardwire.model.fact import Fact
from hardwire.model.point import Point


class HubDialect:
    """`contracts.dialect.Dialect` for `/hub/v1`, `/health`, `/metrics`, `/ca.pem` and `/ca.crt`."""

    name = "hub"
    prefixes: Sequence[str] = ("/hub/v1", *condition.PATHS, *authority.PATHS)
    takes_root = False
    message_limit_bytes = 64 * 1024

    def __init__(self, house: House) -> None:
        self._house = house

    def answer(self, request: Request) -> Session:
        """Return the session that answers a request."""
        if request.path in condition.PATHS:
            return condition.Condition(request, self._house)
        return Rest(request, self._house)

    def refuse(self, status: int, reason: str, request: Request, now: datetime) -> Respond:
        """Return the usual error."""
        return Respond(status, wire.json({"error": {"code": str(status), "message": reason}}))

    def exports(self, fact: Fact) -> Iterable[tuple[str, str]]:
        """Nothing that is sent here is kept."""
        return ()

    def render(self, channel: Channel, fact: Fact) -> str | bytes | None:
        """Return a fact as one line of JSON."""
        return wire.fact(fact)

    def latest(self, channel: Channel, now: datetime) -> str | bytes | None:
        """A tail begins with what comes next."""
        return None

    def repeat_after_s(self, channel: Channel) -> float | None:
        """A tail shows what is told, never a repeat."""
        return None

    def keeps_newest(self, channel: Channel) -> bool:
        """Who follows a device wants each of its facts."""
        return False

    def appliance(self, device: Device) -> str | None:
        """The hub's own API has one certificate: the hub's."""
        return None

    def hosts(self, device: Device) -> Sequence[str]:
        """Devices have no names of their own here."""
        return ()

    def services(self, device: Device) -> Sequence[Service]:
        """Nothing is announced: these clients are told an address."""
        return ()

    def line(self, device: Device, place: Place) -> str:
        """Return the command that shows what the device tells."""
        return f"hardwire tail {device.id}"

    def face(self, device: Device, settings: Any) -> Sequence[Point]:  # Any: this dialect has no Face
        """Every device is shown, as it is."""
        return ()
