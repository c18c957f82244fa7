"""HomeWizard Energy: v2 over TLS, v1 over plain HTTP."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from msgspec.structs import replace

from hardwire.contracts.act import Respond
from hardwire.contracts.dialect import Entropy, Place, Service
from hardwire.contracts.house import House
from hardwire.contracts.request import Request
from hardwire.contracts.session import Session
from hardwire.dialects.homewizard import batteries, system
from hardwire.dialects.homewizard.appliance import DIALECT, Appliance, appliance
from hardwire.dialects.homewizard.errors import CREATION_NOT_ENABLED, INTERNAL, INVALID_JSON, TOO_LARGE, UNAUTHORIZED
from hardwire.dialects.homewizard.face import Face
from hardwire.dialects.homewizard.services import certificate_name, host_name, services
from hardwire.dialects.homewizard.v1 import state
from hardwire.dialects.homewizard.v1.rest import ExchangeV1
from hardwire.dialects.homewizard.v1.wire import BAD_JSON, INTERNAL_ERROR, NOT_ENABLED, TOO_LARGE_V1
from hardwire.dialects.homewizard.v2 import topics
from hardwire.dialects.homewizard.v2.rest import Exchange, version_header
from hardwire.dialects.homewizard.wire import error_body, message
from hardwire.model.channel import Channel
from hardwire.model.device import Device
from hardwire.model.fact import Fact, Sample
from hardwire.model.point import Point

# Clients take a socket without a measurement for 30 s as dead (HomeWizard reference, section 3.5).
MEASUREMENT_REPEAT_S = 25
MESSAGE_LIMIT_BYTES = 64 * 1024
REFUSALS = {400: INVALID_JSON, 403: UNAUTHORIZED, 413: TOO_LARGE}
REFUSALS_V1 = {400: BAD_JSON, 403: NOT_ENABLED, 413: TOO_LARGE_V1}
# What the server refuses with these has many causes (a Host that is not the hub's, a broken handshake) and one code:
# the sentence rides along, for people. Clients look at the status and the code.
EXPLAINED = (400, 403)
EVERYWHERE = ("0.0.0.0", "[::]")


class HomeWizard:
    """The HomeWizard side of the hub: one device per address."""

    name = DIALECT
    prefixes: Sequence[str] = ("/api",)
    takes_root = False
    message_limit_bytes = MESSAGE_LIMIT_BYTES

    def __init__(self, house: House, entropy: Entropy) -> None:
        self._house = house
        self._entropy = entropy

    def answer(self, request: Request) -> Session:
        """Return the session of a request to the device that it names, else to the default one."""
        known = self._addressed(request)
        return Exchange(known, request, self._entropy) if request.is_tls else ExchangeV1(known, request)

    def refuse(self, status: int, reason: str, request: Request, now: datetime) -> Respond:
        """Return the refusal in the shape of the API that was called: v2 over TLS, v1 elsewhere."""
        if not request.is_tls:
            told = REFUSALS_V1.get(status, INTERNAL_ERROR)
            return Respond(status, replace(told, description=reason).body if status in EXPLAINED else told.body)
        known = self._addressed(request)
        code = REFUSALS.get(status, INTERNAL)
        if status == 403 and request.method == "POST":
            # Who is pairing waits on with this code, and gives up at another.
            code = CREATION_NOT_ENABLED
        shown = error_body(code, reason if status in EXPLAINED else "")
        return Respond(status, shown, headers=version_header(known))

    def exports(self, fact: Fact) -> Iterable[tuple[str, str]]:
        """Nothing that is sent here is kept."""
        return ()

    def render(self, channel: Channel, fact: Fact) -> str | None:
        """Return the full object of the channel's topic when the fact is news in it.

        A telegram is one push: what the meters behind it tell rides along with its own values.
        """
        if not isinstance(fact, Sample) or fact.device != channel.device:
            return None
        known = self._watched(channel)
        if known is None or not topics.is_news(known, channel.topic, fact.values):
            return None
        return _message(known, channel.topic, fact.at)

    def latest(self, channel: Channel, now: datetime) -> str | None:
        """Return the full object of the channel's topic."""
        known = self._watched(channel)
        return None if known is None else _message(known, channel.topic, now)

    def repeat_after_s(self, channel: Channel) -> float | None:
        """A measurement is repeated while its source lives."""
        return MEASUREMENT_REPEAT_S if channel.topic == "measurement" else None

    def keeps_newest(self, channel: Channel) -> bool:
        """A measurement, like every state, replaces the one before it."""
        return True

    def appliance(self, device: Device) -> str | None:
        """Return the name in the device's certificate.

        Source: HomeWizard reference, section 1.2.
        """
        known = appliance(self._house, device.id)
        return None if known is None else certificate_name(known)

    def hosts(self, device: Device) -> Sequence[str]:
        """Return the device's mDNS name, and the same without its domain, as a router's own names have it.

        Source: HomeWizard reference, section 1.4.
        """
        known = appliance(self._house, device.id)
        return () if known is None else (host_name(known), host_name(known).removesuffix(".local"))

    def services(self, device: Device) -> Sequence[Service]:
        """Return the services of the product's APIs.

        Source: HomeWizard reference, section 1.4.
        """
        known = appliance(self._house, device.id)
        return () if known is None else services(known)

    def line(self, device: Device, place: Place) -> str:
        """Return a call that reads the meter: v1 where it is on or there is nothing else, else v2."""
        known = appliance(self._house, device.id)
        own = (None, None) if known is None else (known.face.http, known.face.https)
        if known is not None and (system.is_v1_on(known) or known.product.api_version is None):
            return f"curl {self._reached(device, own[0], place.http)}/api/v1/data"
        token = self._known_token(device) or "TOKEN"
        return (
            f"curl --cacert hardwire-ca.pem -H 'Authorization: Bearer {token}' "
            f"{self._reached(device, own[1], place.https)}/api/measurement"
        )

    def face(self, device: Device, settings: Face) -> Sequence[Point]:
        """Return the settings that the product has and its source has not."""
        hardware = settings.hardware
        return (
            *system.kept_points(hardware.settings, is_v1_on=settings.v1),
            *(batteries.kept_points(device) if settings.has_batteries else ()),
            *(state.kept_points() if hardware.has_state else ()),
        )

    def _reached(self, device: Device, own: str | None, main: str) -> str:
        """Where a device answers: at the main origin, at its own listener, or at the main origin by its name."""
        if self._house.default(DIALECT) == device:
            return main
        if own is None:
            return f"-H 'Host: {self.hosts(device)[0]}' {main}"
        host, _, port = own.rpartition(":")
        scheme, _, main_host = main.rpartition(":")[0].partition("://")
        return f"{scheme}://{main_host if host in EVERYWHERE else host}:{port}"

    def _known_token(self, device: Device) -> str | None:
        """The token that everybody knows, where its user is one of this device."""
        token = self._house.known_secret(DIALECT)
        user = None if token is None else self._house.holder(DIALECT, token)
        return token if user is not None and device.id in (user.devices or ()) else None

    def _watched(self, channel: Channel) -> Appliance | None:
        """Return whose channel it is; None when the device is here no more, or its product has no socket."""
        known = appliance(self._house, channel.device)
        return None if known is None or known.face.release is None else known

    def _addressed(self, request: Request) -> Appliance | None:
        device = self._house.default(DIALECT) if request.device is None else self._house.device(request.device)
        return None if device is None else appliance(self._house, device.id)


def _message(known: Appliance, topic: str, now: datetime) -> str | None:
    shown = topics.view(known, topic, now)
    return None if shown is None else message(topic, shown)
