"""The settings of a product: what `/api/system` tells and takes."""

from collections.abc import Mapping
from datetime import datetime
from typing import TypeGuard

from hardwire.dialects.homewizard.appliance import Appliance
from hardwire.dialects.homewizard.errors import INVALID_TYPE, NO_PARAMETERS, refused
from hardwire.dialects.homewizard.measurement import whole
from hardwire.dialects.homewizard.product import Setting
from hardwire.dialects.homewizard.wire import Shown
from hardwire.model.point import Keeper, Point, PointKind
from hardwire.model.value import Value

# A source on a cable has no Wi-Fi, and clients want one: a good one, named after the hub.
DEFAULT_SSID = "Hardwire"
DEFAULT_RSSI_DB = -50


def kept_points(appliance_settings: tuple[Setting, ...], *, is_v1_on: bool) -> tuple[Point, ...]:
    """Return the points in which the hub keeps a product's settings."""
    return tuple(
        Point(
            name=setting.name,
            kind=setting.kind,
            writable=setting.writable,
            keeper=Keeper.HUB,
            initial=is_v1_on if setting.initial is None else setting.initial,
        )
        for setting in appliance_settings
    )


def wifi_ssid(appliance: Appliance) -> str:
    """Return the name of the network that the source is in."""
    ssid = appliance.value("wifi_ssid")
    return ssid if isinstance(ssid, str) else DEFAULT_SSID


def wifi_rssi_db(appliance: Appliance) -> int:
    """Return how strongly the source is received."""
    rssi = whole(appliance.value("wifi_rssi_db"))
    return DEFAULT_RSSI_DB if rssi is None else rssi


def is_v1_on(appliance: Appliance) -> bool:
    """Whether the v1 API is switched on: as last written, else as its owner chose.

    A product whose settings have no such switch goes by its owner's choice alone.
    """
    written = setting(appliance, "api_v1_enabled")
    return appliance.product.has_v1 and (appliance.face.v1 if written is None else written is True)


def setting(appliance: Appliance, name: str) -> Value | None:
    """Return what a setting holds now; None when the product has no such setting."""
    for known in appliance.product.settings:
        if known.name == name:
            return _current(appliance, known)
    return None


def system(appliance: Appliance, now: datetime) -> Shown:
    """Return what `GET /api/system` tells in v2.

    Source: HomeWizard reference, section 2.5.
    """
    settings = {known.name: _current(appliance, known) for known in appliance.product.settings}
    return {
        "wifi_ssid": wifi_ssid(appliance),
        "wifi_rssi_db": wifi_rssi_db(appliance),
        "uptime_s": _uptime_s(appliance, now),
        **settings,
    }


def writable(appliance: Appliance) -> tuple[Setting, ...]:
    """Return the settings that clients may write: neither the product nor the source keeps them to itself."""
    return tuple(known for known in appliance.product.settings if known.writable and _may_write(appliance, known))


def wanted(settings: tuple[Setting, ...], parameters: Mapping[str, object]) -> dict[str, Value]:
    """Return the settings that a client writes. What it may not write, or nobody knows, is passed over.

    Raises:
        CallerError: `json:parameter-invalid-type:<name>`, also when a number is out of range;
            `json:no-parameters-recognized` when nothing is left.
    """
    values = {known.name: _good(known, parameters[known.name]) for known in settings if known.name in parameters}
    if not values:
        raise refused(NO_PARAMETERS)
    return values


def changes(appliance: Appliance, values: Mapping[str, Value]) -> dict[str, Value]:
    """Return those of the values that are not so already: an unchanged setting is no news to anybody."""
    return {name: value for name, value in values.items() if setting(appliance, name) != value}


def _uptime_s(appliance: Appliance, now: datetime) -> int:
    """Return what the source tells, else for how long the hub has played the device without starting it anew."""
    house, device = appliance.house, appliance.device.id
    rebooted_at = house.rebooted_at(device)
    reading = house.readings(device).get("uptime_s")
    # What it told before it started anew counts no more, and it may take a while to come back.
    if reading is not None and (rebooted_at is None or reading.at >= rebooted_at):
        uptime_s = whole(reading.value)
        if uptime_s is not None:
            return uptime_s
    return int((now - (rebooted_at or house.began())).total_seconds())


def _may_write(appliance: Appliance, known: Setting) -> bool:
    point = appliance.device.point(known.name)
    return point is None or point.writable


def _current(appliance: Appliance, known: Setting) -> Value:
    kept = appliance.value(known.name)
    if known.kind is PointKind.NUMBER:
        kept = whole(kept)
    if kept is not None:
        return kept
    return appliance.face.v1 if known.initial is None else known.initial


def _good(known: Setting, value: object) -> Value:
    if known.kind is PointKind.FLAG and isinstance(value, bool):
        return value
    if known.kind is PointKind.NUMBER and _is_number(value) and 0 <= value <= known.high:
        return round(value)
    raise refused(INVALID_TYPE, known.name)


def _is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)
