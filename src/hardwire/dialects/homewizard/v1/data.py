"""What `/api/v1/data` tells: the measurements by their v1 names."""

from datetime import datetime

from hardwire.dialects.homewizard.appliance import Appliance
from hardwire.dialects.homewizard.measurement import MOMENT, MeterBehind, measured, meters_behind
from hardwire.dialects.homewizard.product import FieldKind
from hardwire.dialects.homewizard.system import wifi_rssi_db, wifi_ssid
from hardwire.dialects.homewizard.wire import Shown
from hardwire.model.value import Value


def data_v1(appliance: Appliance, now: datetime) -> Shown | None:
    """Return a product's measurements for v1 clients; None when it has none that count as current.

    `wifi_ssid` is in every answer: clients tell v1 from v2 by it.

    Source: HomeWizard reference, section 4.1; key order as in its real captures.
    """
    if not appliance.is_fresh(now):
        return None
    fields = {field.v1: _v1(value, field.kind) for field, value in measured(appliance) if field.v1}
    meters = meters_behind(appliance)
    if not fields and not meters:
        return None
    shown: dict[str, object] = {
        "wifi_ssid": wifi_ssid(appliance),
        "wifi_strength": _strength_pct(wifi_rssi_db(appliance)),
        **fields,
    }
    gas_meters = [meter for meter in meters if meter.type == "gas_meter"]
    if gas_meters:
        # After an exchange both meters are there: the one that still counts is the newer.
        gas = max(gas_meters, key=lambda meter: meter.timestamp)
        shown |= {
            "total_gas_m3": gas.value,
            "gas_timestamp": _moment(gas.timestamp),
            "gas_unique_id": gas.unique_id,
        }
    if meters:
        shown["external"] = [_external(meter) for meter in meters]
    return shown


def _external(meter: MeterBehind) -> Shown:
    return {
        "unique_id": meter.unique_id,
        "type": meter.type,
        "timestamp": _moment(meter.timestamp),
        "value": meter.value,
        "unit": meter.unit,
    }


def _v1(value: Value, kind: FieldKind) -> Value:
    return _moment(value) if kind is FieldKind.MOMENT and isinstance(value, str) else value


def _moment(timestamp: str) -> int:
    """Return `YYMMDDhhmmss` as an integer: as a text it breaks clients (HomeWizard reference, section 4.1)."""
    match = MOMENT.fullmatch(timestamp)
    assert match is not None
    return int("".join(match.groups()))


def _strength_pct(rssi_db: int) -> int:
    """Return how good the Wi-Fi is: 0 % at -100 dB and below, 100 % at -50 dB and above."""
    if rssi_db == 0:
        return 0
    return min(100, max(0, 2 * (rssi_db + 100)))
