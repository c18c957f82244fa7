"""The JSON of a message to a destination: an incident of a device, in the hub's own words."""

from collections.abc import Mapping

import msgspec
from msgspec import UNSET, Struct, UnsetType

from hardwire.contracts.house import House
from hardwire.model.fact import Incident
from hardwire.model.value import Value

# Beyond it the values are left out: the message itself has to arrive.
_LIMIT_BYTES = 64 * 1024


class _Device(Struct, frozen=True):
    id: str
    name: str
    group: str
    addresses: Mapping[str, str]


class _Letter(Struct, frozen=True, kw_only=True):
    subject: str
    event: int
    time: str
    type: str
    source: str
    name: str
    message: str
    device: _Device
    value: float | UnsetType
    threshold: float | UnsetType
    values: Mapping[str, Value] | UnsetType


def letter(house: House, number: int, incident: Incident, subject: str) -> str:
    """Return the message; `number` is the incident's own in the event log."""
    device = house.device(incident.device)
    name, group = (device.name or device.id, device.group) if device is not None else (incident.device, "")
    made = _Letter(
        subject=subject or incident.kind,
        event=number,
        time=incident.at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        type=incident.kind,
        source=incident.source,
        name=incident.name,
        message=incident.message,
        device=_Device(incident.device, name, group, house.addresses(incident.device)),
        value=incident.params[0] if incident.params else UNSET,
        threshold=incident.params[1] if len(incident.params) > 1 else UNSET,
        values=incident.values,
    )
    text = msgspec.json.encode(made)
    if len(text) > _LIMIT_BYTES:
        text = msgspec.json.encode(msgspec.structs.replace(made, values=UNSET))
    return text.decode()
