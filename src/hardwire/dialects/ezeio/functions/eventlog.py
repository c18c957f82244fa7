"""`eventlog`: what happened to a unit, each event with all fields as they were then (ezeio reference, section 2)."""

from datetime import datetime, timedelta

from hardwire.contracts.act import Ask
from hardwire.contracts.question import Answer, ReadIncidents
from hardwire.contracts.session import Acts
from hardwire.dialects.ezeio.function import Visit
from hardwire.dialects.ezeio.functions.target import UNKNOWN_SYSTEM, target_of
from hardwire.dialects.ezeio.functions.wire_eventlog import Event, EventField, EventMeta, events_body, params_of
from hardwire.dialects.ezeio.path.arguments import RANGE, Span, read_arguments
from hardwire.dialects.ezeio.path.grammar import Argument
from hardwire.dialects.ezeio.unit.account import Unit, numbered
from hardwire.dialects.ezeio.unit.outputs import out_of
from hardwire.dialects.ezeio.unit.snapshot import adc_of, pos_of, whole
from hardwire.dialects.ezeio.unit.system import fields_of, group_of, name_of
from hardwire.dialects.ezeio.unit.zone import east_of_utc_minutes
from hardwire.dialects.ezeio.wire import utc_text
from hardwire.model.command import Reply
from hardwire.model.errors import BadValueError, HardwireError, HubFaultError
from hardwire.model.fact import Incident
from hardwire.model.value import number_text

ROWS = 300
"""How many events a call returns at most: of more the newest, since they are what people look for."""

# What a unit that tells it calls the time since its start.
_UPTIME = "uptime_s"


class Eventlog:
    """One call of `eventlog`."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._unit: Unit
        self._span: Span

    def begin(self, now: datetime) -> Acts:
        """Ask the store."""
        visit = self._visit
        target = target_of(visit)
        if target.unit is None:
            return [visit.refuse(404, UNKNOWN_SYSTEM, now)]
        self._unit = target.unit
        try:
            arguments = read_arguments(target.arguments, visit.request.query, RANGE)
            self._span = arguments.span(now)
        except BadValueError as error:
            return [visit.fail(error, now)]
        # Without `to` what happened in this very second belongs to it.
        until = self._span.until if arguments.has(Argument.TO) else self._span.until + timedelta(seconds=1)
        return [Ask(ReadIncidents(device=self._unit.device.id, since=self._span.since, until=until, limit=ROWS))]

    def reply(self, tag: int, answer: Reply | Answer, now: datetime) -> Acts:
        """Tell the events, oldest first."""
        visit = self._visit
        if isinstance(answer, HardwireError):
            return [visit.fail(answer, now)]
        if not isinstance(answer, tuple):
            return [visit.fail(HubFaultError("no events"), now)]
        events = [self._event(number, incident) for number, incident in answer]
        return [visit.answer(events_body(visit.clocked(now), self._span, events))]

    def _event(self, number: int, incident: Incident) -> Event:
        values = incident.values
        first, second, third, fourth = params_of(incident.params)
        return Event(
            time=utc_text(incident.at),
            eventid=number,
            type=incident.kind,
            source=incident.source,
            sourcename=incident.name,
            actionname=incident.action,
            param1=first,
            param2=second,
            param3=third,
            param4=fourth,
            message=incident.message,
            meta=self._meta(incident),
            adc=adc_of(values),
            out=out_of(self._unit.device, values),
            pos=pos_of(values),
            fields=self._fields(incident),
        )

    def _meta(self, incident: Incident) -> EventMeta:
        house, device = self._visit.house, self._unit.device
        id = group_of(house, device)
        group, account = house.group(id), house.account(id)
        return EventMeta(
            serial=self._unit.serial,
            group=0 if group is None else group.number,
            accountgroupid=None if account is None else account.number,
            uptime=whole(incident.values.get(_UPTIME)),
            name=name_of(house, device),
            tzofs=str(east_of_utc_minutes(device.timezone, incident.at)),
        )

    def _fields(self, incident: Incident) -> dict[str, EventField]:
        """The fields by number; one that had no value then is left out."""
        house, device = self._visit.house, self._unit.device
        known = numbered(incident.values, house.field_numbers(device.id))
        return {
            str(field.number): EventField(
                field.name, field.point.unit, field.point.tag, number_text(known[field.number])
            )
            for field in fields_of(house, device)
            if field.number in known
        }
