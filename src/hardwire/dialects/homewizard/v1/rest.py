"""One request to the v1 API: plain HTTP, no token, a switch and an allow-list."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TypeAlias

from hardwire.contracts.act import Bear, Execute, Respond
from hardwire.contracts.question import Answer
from hardwire.contracts.request import Request
from hardwire.contracts.session import Acts
from hardwire.dialects.homewizard import system
from hardwire.dialects.homewizard.appliance import Appliance
from hardwire.dialects.homewizard.oneshot import OneShot
from hardwire.dialects.homewizard.product import Product
from hardwire.dialects.homewizard.v1 import state
from hardwire.dialects.homewizard.v1.data import data_v1
from hardwire.dialects.homewizard.v1.wire import (
    METHOD_NOT_ALLOWED_V1,
    NO_RECENT_DATA,
    NOT_ENABLED,
    NOT_FOUND_V1,
    RefusalV1,
    refusal_v1,
)
from hardwire.dialects.homewizard.wire import Shown, body, parameters
from hardwire.model.access import Caller, Right
from hardwire.model.command import Command, Failed, Identify, Reply, WritePoints
from hardwire.model.errors import CallerError, HardwireError


class ExchangeV1(OneShot):
    """A v1 request and its answer.

    The order of its checks: switch and allow-list, path, method, JSON, parameters. Off means off, `/api` included.
    """

    def __init__(self, appliance: Appliance | None, request: Request) -> None:
        """`appliance` is None when the request came to no device of this dialect; one without v1 is none here."""
        # Where v1 is off clients say "enable the API": who has none may not answer so.
        self._known = appliance if appliance is not None and appliance.product.has_v1 else None
        self._request = request
        self._finish: Callable[[datetime], Acts] = lambda now: ()

    def open(self, now: datetime) -> Acts:
        """Answer, or have the device do what the answer tells."""
        if self._known is None:
            return self._refuse(NOT_FOUND_V1)
        if not self._may_come_in():
            return self._refuse(NOT_ENABLED)
        methods = served(self._known.product).get(self._request.path.removesuffix("/"), {})
        step = methods.get("GET" if self._request.method == "HEAD" else self._request.method)
        if not methods:
            return self._refuse(NOT_FOUND_V1)
        if step is None:
            allow = ", ".join([*methods, "HEAD"] if "GET" in methods else methods)
            return self._refuse(METHOD_NOT_ALLOWED_V1, {"Allow": allow})
        try:
            return step(self, now)
        except CallerError as error:
            return self._refuse(refusal_v1(error))

    def reply(self, tag: int, answer: Reply | Answer, now: datetime) -> Acts:
        """Answer with what the device said."""
        match answer:
            case Failed(error=error):
                return self._refuse(refusal_v1(error))
            case HardwireError():
                return self._refuse(refusal_v1(answer))
            case _:
                return self._finish(now)

    def show_device(self, now: datetime) -> Acts:
        """GET /api: which device this is."""
        return self._respond(
            {
                "product_type": self._appliance.product.type,
                "product_name": self._appliance.product.name,
                "serial": self._appliance.face.serial,
                "firmware_version": self._appliance.firmware,
                "api_version": "v1",
            }
        )

    def show_data(self, now: datetime) -> Acts:
        """GET /api/v1/data: what it measures."""
        shown = data_v1(self._appliance, now)
        return self._refuse(NO_RECENT_DATA) if shown is None else self._respond(shown)

    def show_telegram(self, now: datetime) -> Acts:
        """GET /api/v1/telegram: the text as the meter sent it."""
        telegram = self._appliance.telegram(now)
        if telegram is None:
            return self._refuse(NO_RECENT_DATA)
        return [Respond(200, telegram.encode(), "text/plain")]

    def show_system(self, now: datetime) -> Acts:
        """GET /api/v1/system: the settings that v1 knows."""
        return self._respond({name: system.setting(self._appliance, name) for name in self._settings})

    def write_system(self, now: datetime) -> Acts:
        """PUT /api/v1/system: the settings that were sent, as they are now."""
        known = tuple(setting for setting in self._appliance.product.settings if setting.in_v1)
        values = system.wanted(known, parameters(self._request.body))
        changes = system.changes(self._appliance, values)
        self._finish = self.show_system
        return self._execute(WritePoints(changes)) if changes else self.show_system(now)

    def show_state(self, now: datetime) -> Acts:
        """GET /api/v1/state: the relay, its lock and its light."""
        shown = state.state(self._appliance, now)
        return self._refuse(NO_RECENT_DATA) if shown is None else self._respond(shown)

    def write_state(self, now: datetime) -> Acts:
        """PUT /api/v1/state: what was sent, and nothing else."""
        values = state.wanted(parameters(self._request.body))
        self._finish = lambda then: self._respond(values)
        # What is so already is written too: the hub may not know yet that somebody pressed the button.
        return self._execute(WritePoints(state.writes(self._appliance, values)))

    def identify(self, now: datetime) -> Acts:
        """PUT /api/v1/identify: the device shows which one it is."""
        self._finish = lambda then: self._respond({"identify": "ok"})
        return self._execute(Identify())

    @property
    def _appliance(self) -> Appliance:
        assert self._known is not None
        return self._known

    @property
    def _settings(self) -> tuple[str, ...]:
        return tuple(setting.name for setting in self._appliance.product.settings if setting.in_v1)

    def _may_come_in(self) -> bool:
        """Whether v1 is on for this peer. Without tokens, a page from elsewhere has nothing to show."""
        allowed = self._appliance.face.allows_v1(self._request.peer)
        return system.is_v1_on(self._appliance) and allowed and not self._request.is_foreign

    def _execute(self, command: Command) -> Acts:
        device = self._appliance.device.id
        anybody = Caller(devices=(device,), rights=Right.READ | Right.CONTROL)
        return [Bear(anybody), Execute(device, command)]

    def _respond(self, shown: Shown) -> Acts:
        return [Respond(200, body(shown))]

    def _refuse(self, refusal: RefusalV1, headers: Mapping[str, str] = {}) -> Acts:
        return [Respond(refusal.status, refusal.body, headers=headers)]


Step: TypeAlias = Callable[[ExchangeV1, datetime], Acts]

PATHS: Mapping[str, Mapping[str, Step]] = {
    "/api": {"GET": ExchangeV1.show_device},
    "/api/v1/data": {"GET": ExchangeV1.show_data},
    "/api/v1/telegram": {"GET": ExchangeV1.show_telegram},
    "/api/v1/state": {"GET": ExchangeV1.show_state, "PUT": ExchangeV1.write_state},
    "/api/v1/system": {"GET": ExchangeV1.show_system, "PUT": ExchangeV1.write_system},
    "/api/v1/identify": {"PUT": ExchangeV1.identify},
}
"""All that v1 has, in the order of the reference; no product has every path."""


def served(product: Product) -> Mapping[str, Mapping[str, Step]]:
    """Return the paths that a product has in v1, with their methods."""
    missing = {
        "/api/v1/telegram": not product.has_telegram,
        "/api/v1/state": not product.has_state,
        "/api/v1/identify": not product.can_identify_v1,
    }
    return {path: methods for path, methods in PATHS.items() if product.has_v1 and not missing.get(path, False)}
