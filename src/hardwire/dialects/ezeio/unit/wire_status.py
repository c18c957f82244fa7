"""The JSON of `status`: what the hub last heard of a unit, section by section."""

from collections.abc import Mapping
from datetime import datetime

from msgspec import UNSET, Struct, UnsetType

from hardwire.dialects.ezeio.unit.snapshot import Position
from hardwire.dialects.ezeio.wire import Clocked, escaped, utc_text


class MetaEntry(Struct, frozen=True):
    """Who a unit is. Mind the types: numbers are strings here and there, as clients know them."""

    serial: str
    groupid: str
    accountgroupid: int | None
    name: str
    note: str
    tzofs: str
    """Minutes east of UTC."""
    link: str
    RSSI: int
    sim_iccid: str


class FieldStatus(Struct, frozen=True, kw_only=True):
    """A field: its words when `fieldmeta` is asked for, its value when `fields` is."""

    name: str | UnsetType = UNSET
    unit: str | UnsetType = UNSET
    assettag: str | UnsetType = UNSET
    value: float | UnsetType = UNSET


class AlarmStatus(Struct, frozen=True):
    """Where an alarm stands, since when."""

    name: str
    state: str
    since: str


class Sections(Struct, frozen=True, kw_only=True):
    """The sections of a status; those that were not asked for have no key."""

    meta: MetaEntry | UnsetType = UNSET
    adc: Mapping[str, int] | UnsetType = UNSET
    out: Mapping[str, int] | UnsetType = UNSET
    pos: Position | UnsetType = UNSET
    fields: Mapping[str, FieldStatus] | UnsetType = UNSET
    device: Mapping[str, Mapping[str, float]] | UnsetType = UNSET
    alarms: Mapping[str, AlarmStatus] | UnsetType = UNSET


class _Status(Struct, frozen=True, kw_only=True):
    reqtime: str
    time: str
    meta: MetaEntry | UnsetType
    adc: Mapping[str, int] | UnsetType
    out: Mapping[str, int] | UnsetType
    pos: Position | UnsetType
    fields: Mapping[str, FieldStatus] | UnsetType
    device: Mapping[str, Mapping[str, float]] | UnsetType
    alarms: Mapping[str, AlarmStatus] | UnsetType
    status: str
    exec_time: float


def status_body(clocked: Clocked, at: datetime, sections: Sections) -> bytes:
    """Return the answer of `status`; `at` is what its values are dated."""
    return escaped(
        _Status(
            reqtime=clocked.reqtime,
            time=utc_text(at),
            meta=sections.meta,
            adc=sections.adc,
            out=sections.out,
            pos=sections.pos,
            fields=sections.fields,
            device=sections.device,
            alarms=sections.alarms,
            status="OK",
            exec_time=clocked.exec_time,
        )
    )
