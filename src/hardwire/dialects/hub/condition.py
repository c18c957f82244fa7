"""One request for how the hub does: `/health` for whoever asks, `/metrics` for its owner."""

from collections.abc import Iterable
from datetime import datetime

from hardwire.contracts.act import Act, Ask, Bear, Respond
from hardwire.contracts.house import House
from hardwire.contracts.question import Answer, ReadHealth, ReadMetrics
from hardwire.contracts.request import Request
from hardwire.contracts.session import Acts
from hardwire.dialects.hub import doorman, wire
from hardwire.dialects.hub.rest import refusal, unauthorized
from hardwire.model.access import OWNER
from hardwire.model.command import Reply
from hardwire.model.errors import HardwireError, HubFaultError
from hardwire.model.health import Health
from hardwire.version import VERSION

HEALTH_PATH = "/health"
METRICS_PATH = "/metrics"
PATHS = (HEALTH_PATH, METRICS_PATH)
METHODS = ("GET", "HEAD")
# Prometheus text format 0.0.4, "Basic info".
METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"
# A proxy may keep neither.
FRESH = {"Cache-Control": "no-store"}


class Condition:
    """A one-shot session: it asks the hub one question."""

    def __init__(self, request: Request, house: House) -> None:
        """`request` is one for `HEALTH_PATH` or `METRICS_PATH`."""
        self._request = request
        self._house = house

    def open(self, now: datetime) -> Acts:
        """Ask the hub, where the caller may know."""
        request = self._request
        if request.method not in METHODS:
            allowed = ", ".join(METHODS)
            told = {"error": {"code": "method", "message": f"use {allowed}"}}
            yield Respond(405, wire.json(told), headers={"Allow": allowed})
        elif request.path == HEALTH_PATH:
            yield Ask(ReadHealth())
        else:
            yield from self._scrape(now)

    def receive(self, message: str | bytes, now: datetime) -> Acts:
        """A request has no further messages."""
        return ()

    def reply(self, tag: int, answer: Reply | Answer, now: datetime) -> Acts:
        """Answer with what the hub answered."""
        match answer:
            case Health() as health:
                yield self._shown(health)
            case bytes() as page:
                yield Respond(200, page, METRICS_TYPE, headers=FRESH)
            case other:
                yield refusal(other if isinstance(other, HardwireError) else HubFaultError("the hub knows no answer"))

    def notice(self, topic: str, message: str, now: datetime) -> Acts:
        """It listens to nothing."""
        return ()

    def tick(self, now: datetime) -> Acts:
        """It wants no wake-up."""
        return ()

    def closed(self, now: datetime) -> Acts:
        """Nothing is left to do."""
        return ()

    def _scrape(self, now: datetime) -> Iterable[Act]:
        caller = doorman.caller_of(self._request, self._house)
        if caller is None:
            yield unauthorized(doorman.locked_s(self._request, self._house, now))
        else:
            yield Bear(caller)
            yield Ask(ReadMetrics())

    def _shown(self, health: Health) -> Respond:
        told = {
            "status": "ok" if health.is_ready else "unavailable",
            "live": health.is_live,
            "ready": health.is_ready,
            "durability": health.durability,
            "troubles": health.troubles,
        }
        # Which version it is helps an owner, and whoever looks for one with a known fault.
        if self._request.caller is OWNER:
            told |= {"version": VERSION, "began": wire.instant(self._house.began())}
        return Respond(200 if health.is_ready else 503, wire.json(told), headers=FRESH)
