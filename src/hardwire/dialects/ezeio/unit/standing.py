"""How the fields and alarms of a unit stand now, as `status` and `group` tell them."""

from collections.abc import Collection, Mapping

from hardwire.contracts.house import House
from hardwire.dialects.ezeio.unit.account import numbered
from hardwire.dialects.ezeio.unit.system import fields_of
from hardwire.dialects.ezeio.unit.wire_status import AlarmStatus, FieldStatus
from hardwire.dialects.ezeio.wire import utc_text
from hardwire.model.device import Device


def field_statuses(
    house: House,
    device: Device,
    *,
    with_words: bool = True,
    with_values: bool = True,
    only: Collection[str] | None = None,
    tag: str | None = None,
) -> Mapping[str, FieldStatus]:
    """Return fields by number, in the order of their numbers; one whose value is wanted and not known is left out.

    `only` are the numbers that are wanted, None all; `tag` an asset tag in any case.
    """
    values = {name: reading.value for name, reading in house.readings(device.id).items()}
    known = numbered(values, house.field_numbers(device.id))
    statuses: dict[str, FieldStatus] = {}
    for field in fields_of(house, device):
        number, point = str(field.number), field.point
        is_wanted = only is None or number in only
        is_tagged = tag is None or point.tag.lower() == tag.lower()
        if not is_wanted or not is_tagged or (with_values and field.number not in known):
            continue
        words = FieldStatus(name=field.name, unit=point.unit, assettag=point.tag) if with_words else FieldStatus()
        statuses[number] = (
            FieldStatus(name=words.name, unit=words.unit, assettag=words.assettag, value=known[field.number])
            if with_values
            else words
        )
    return statuses


def alarm_statuses(house: House, device: Device) -> Mapping[str, AlarmStatus]:
    """Return alarms by number, 1 and up in the order of their declaration."""
    return {
        str(number): AlarmStatus(standing.alarm.name, standing.state.value, utc_text(standing.since))
        for number, standing in enumerate(house.alarms(device.id), 1)
    }
