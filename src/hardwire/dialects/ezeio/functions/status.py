"""`status`: what the hub last heard of a unit, without a word to it (ezeio reference, section 2)."""

from collections.abc import Mapping
from datetime import UTC, datetime

from msgspec import UNSET

from hardwire.contracts.question import Answer
from hardwire.contracts.session import Acts
from hardwire.dialects.ezeio.function import Visit
from hardwire.dialects.ezeio.functions.target import UNKNOWN_SYSTEM, target_of
from hardwire.dialects.ezeio.path.arguments import read_arguments
from hardwire.dialects.ezeio.path.grammar import Argument
from hardwire.dialects.ezeio.unit.account import Unit
from hardwire.dialects.ezeio.unit.outputs import out_of
from hardwire.dialects.ezeio.unit.snapshot import adc_of, pos_of, registers_of, text_of, whole
from hardwire.dialects.ezeio.unit.standing import alarm_statuses, field_statuses
from hardwire.dialects.ezeio.unit.system import group_of, name_of, note_of
from hardwire.dialects.ezeio.unit.wire_status import MetaEntry, Sections, status_body
from hardwire.dialects.ezeio.unit.zone import east_of_utc_minutes
from hardwire.dialects.ezeio.wire import EPOCH
from hardwire.model.command import Reply
from hardwire.model.errors import BadValueError
from hardwire.model.unit import LINK, RSSI_DBM, SIM_ICCID
from hardwire.model.value import Value

SECTIONS = ("meta", "adc", "out", "pos", "fields", "fieldmeta", "device", "alarms")
DEFAULT_SECTIONS = ("meta", "adc", "out", "pos", "fields", "fieldmeta")

# The status log is fixed to it, and clients know `time` on such a mark.
_MARK_S = 600

_KNOWN = frozenset({Argument.SECTIONS, Argument.FIELDS})


class Status:
    """One call of `status`."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit

    def begin(self, now: datetime) -> Acts:
        """Answer from memory."""
        visit = self._visit
        target = target_of(visit)
        if target.unit is None:
            return [visit.refuse(404, UNKNOWN_SYSTEM, now)]
        try:
            arguments = read_arguments(target.arguments, visit.request.query, _KNOWN)
            names = arguments.sections(SECTIONS) or DEFAULT_SECTIONS
            fields = arguments.fields()
        except BadValueError as error:
            return [visit.fail(error, now)]
        sections = self._sections(target.unit, names, fields, now)
        return [visit.answer(status_body(visit.clocked(now), self._dated(target.unit), sections))]

    def reply(self, tag: int, answer: Reply | Answer, now: datetime) -> Acts:
        """Nothing is asked."""
        return ()

    def _dated(self, unit: Unit) -> datetime:
        """The ten-minute mark at or before the newest value; without any, before the last sign of life."""
        house = self._visit.house
        instants = [reading.at for reading in house.readings(unit.device.id).values()]
        newest = max(instants, default=house.alive_at(unit.device.id) or EPOCH)
        second = int(newest.timestamp())
        return datetime.fromtimestamp(second - second % _MARK_S, UTC)

    def _sections(self, unit: Unit, names: tuple[str, ...], fields: tuple[str, ...] | None, now: datetime) -> Sections:
        house, device = self._visit.house, unit.device
        values = {name: reading.value for name, reading in house.readings(device.id).items()}
        # The documented default names `fieldmeta`, the documented answer has no such key: it is the words beside the
        # values.
        has_words, has_values = "fieldmeta" in names, "fields" in names
        return Sections(
            meta=self._meta(unit, values, now) if "meta" in names else UNSET,
            adc=adc_of(values) if "adc" in names else UNSET,
            out=out_of(device, values) if "out" in names else UNSET,
            pos=pos_of(values) if "pos" in names else UNSET,
            fields=field_statuses(house, device, with_words=has_words, with_values=has_values, only=fields)
            if has_words or has_values
            else UNSET,
            device=registers_of(values) if "device" in names else UNSET,
            alarms=alarm_statuses(house, device) if "alarms" in names else UNSET,
        )

    def _meta(self, unit: Unit, values: Mapping[str, Value], now: datetime) -> MetaEntry:
        house, device = self._visit.house, unit.device
        id = group_of(house, device)
        group, account = house.group(id), house.account(id)
        return MetaEntry(
            serial=unit.serial,
            groupid=str(0 if group is None else group.number),
            accountgroupid=None if account is None else account.number,
            name=name_of(house, device),
            note=note_of(house, device),
            tzofs=str(east_of_utc_minutes(device.timezone, now)),
            link=text_of(values, LINK),
            RSSI=whole(values.get(RSSI_DBM)),
            sim_iccid=text_of(values, SIM_ICCID),
        )
