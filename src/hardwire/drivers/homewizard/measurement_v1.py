"""A v1 measurement, under the names of the points."""

from collections.abc import Iterable, Mapping
from itertools import chain

from hardwire.dialects.homewizard.product import Field, FieldKind
from hardwire.dialects.homewizard.products.catalogue import CATALOGUE
from hardwire.drivers.homewizard.measurement import Measurement, MeterBehind, good_value, meters_of
from hardwire.drivers.homewizard.wire import Table, number_of, text_of, without_nothing
from hardwire.model.value import Value


def measurement_v1_of(read: Table, product_type: str) -> tuple[Measurement, tuple[str, ...]]:
    """Return what `/api/v1/data` tells, and the names of fields that hold what they cannot.

    A product that is not known may have the fields of all the others. Null is as good as absent.

    Source: HomeWizard reference, sections 4.1 to 4.4.
    """
    values: dict[str, Value] = {}
    repeats: dict[str, Value] = {}
    odd: list[str] = []
    for field in _fields(product_type):
        raw = read.get(field.v1)
        if raw is None:
            continue
        value = good_value(field.name, moment_of(raw) if field.kind is FieldKind.MOMENT else raw)
        if value is None:
            odd.append(field.v1)
        elif field.stand_in and not _counts_tariffs(product_type):
            repeats[field.stand_in] = value
        else:
            values[field.name] = value
    # Old firmware of the socket tells the repeats alone (HomeWizard reference, section 4.2).
    values = {**repeats, **values}
    external = read.get("external")
    meters, are_good = meters_of(_with_moments(external))
    if not meters and (gas := _gas(read)) is not None:
        meters = (gas,)
    return Measurement(values, meters), tuple(odd) if are_good else (*odd, "external")


def network_v1_of(read: Table) -> Mapping[str, Value]:
    """Return what `/api/v1/data` tells of the network; strength is a percentage there."""
    strength = number_of(read.get("wifi_strength"))
    # 0 % is -100 dB, 100 % is -50 dB (HomeWizard reference, section 2.5).
    rssi_db = None if strength is None else min(100, max(0, strength)) / 2 - 100
    return without_nothing({"wifi_ssid": text_of(read.get("wifi_ssid")), "wifi_rssi_db": rssi_db})


def moment_of(value: object) -> str | None:
    """Return `YYMMDDhhmmss`, an integer, as `YYYY-MM-DDTHH:MM:SS`; None when it is none.

    Source: HomeWizard reference, section 4.1.
    """
    if type(value) is not int or not 0 < value < 10**12:
        return None
    digits = f"{value:012}"
    year, month, day, hour, minute, second = (digits[at : at + 2] for at in range(0, 12, 2))
    return f"20{year}-{month}-{day}T{hour}:{minute}:{second}"


def _fields(product_type: str) -> Iterable[Field]:
    product = CATALOGUE.get(product_type)
    if product is not None:
        return [field for field in product.fields if field.v1]
    every = chain.from_iterable(product.fields for product in CATALOGUE.values())
    return {field.v1: field for field in every if field.v1}.values()


def _counts_tariffs(product_type: str) -> bool:
    """Whether the first tariff is one of several; elsewhere v1 says the only register twice."""
    product = CATALOGUE.get(product_type)
    return product is None or any(field.name == "tariff" for field in product.fields)


def _with_moments(external: object) -> object:
    """Return `external` with its timestamps as v2 has them."""
    if not isinstance(external, list):
        return external
    return [
        {**entry, "timestamp": moment_of(entry.get("timestamp"))} if isinstance(entry, dict) else entry
        for entry in external
    ]


def _gas(read: Table) -> MeterBehind | None:
    """Return the gas meter as firmware before `external` tells it."""
    value, timestamp = number_of(read.get("total_gas_m3")), moment_of(read.get("gas_timestamp"))
    if value is None or timestamp is None:
        return None
    return MeterBehind("gas_meter", text_of(read.get("gas_unique_id")) or "", timestamp, value, "m3")
