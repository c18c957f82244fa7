"""`group`: the groups of a key, their units, how these stand (ezeio reference, section 2)."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec import UNSET, Struct
from msgspec.structs import replace

from hardwire.contracts.question import Answer
from hardwire.contracts.session import Acts
from hardwire.dialects.ezeio.function import Visit
from hardwire.dialects.ezeio.functions.wire_group import GroupEntry, GroupSystem, ServicesEntry, groups_body
from hardwire.dialects.ezeio.path.arguments import Arguments, read_arguments
from hardwire.dialects.ezeio.path.grammar import Argument, shown
from hardwire.dialects.ezeio.unit.account import Unit
from hardwire.dialects.ezeio.unit.standing import alarm_statuses, field_statuses
from hardwire.dialects.ezeio.unit.system import group_of, name_of, note_of
from hardwire.model.access import Group as OwnerGroup
from hardwire.model.command import Reply
from hardwire.model.errors import BadValueError

_KNOWN = frozenset({Argument.SYSTEMS, Argument.FIELDS, Argument.ALARMS, Argument.SERVICES, Argument.TAG})

_NUMBER = re.compile(r"[0-9]{1,9}")


class _Wanted(Struct, frozen=True, kw_only=True):
    """What is told of each group."""

    has_systems: bool
    has_fields: bool
    has_alarms: bool
    has_services: bool
    only: tuple[str, ...] | None
    tag: str | None


class Group:
    """One call of `group`."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit

    def begin(self, now: datetime) -> Acts:
        """Answer from memory."""
        visit = self._visit
        segments = [segment.strip() for segment in visit.arguments if segment.strip()]
        try:
            mode, *rest = segments or [""]
            wanted = _wanted(read_arguments(rest, visit.request.query, _KNOWN))
        except BadValueError as error:
            return [visit.fail(error, now)]
        groups, units = self._in_scope(), self._units()
        entries = {group.id: self._entry(group, units.get(group.id, ()), wanted) for group in groups}
        root = groups[0]
        match mode.lower():
            case "one":
                told = [entries[root.id]]
            case "flat":
                told = list(entries.values())
            case "tree":
                told = [_tree(root, groups, entries)]
            case number if _NUMBER.fullmatch(number):
                told = [entries[group.id] for group in groups if group.number == int(number)]
            case _:
                fault = f"Unknown mode {shown(mode)}" if mode else "No mode given"
                return [visit.refuse(400, f"{fault}: one, tree, flat or the number of a group", now)]
        if not told:
            # Of a group out of reach the same is said as of one that is not there.
            return [visit.refuse(404, "Unknown group", now)]
        return [visit.answer(groups_body(visit.clocked(now), told))]

    def reply(self, tag: int, answer: Reply | Answer, now: datetime) -> Acts:
        """Nothing is asked."""
        return ()

    def _in_scope(self) -> Sequence[OwnerGroup]:
        """The key's own group first, then those below it where the key reaches them."""
        house, credential = self._visit.house, self._visit.credential
        # A group that nobody described goes by its id.
        root = house.group(credential.group) or OwnerGroup(id=credential.group, number=0, name=credential.group)
        below = [one for one in house.groups() if one.id != root.id and house.reaches(root.id, one.id)]
        return [root, *below] if credential.is_inherited else [root]

    def _units(self) -> Mapping[str, Sequence[Unit]]:
        """The units in the key's scope by group."""
        units: dict[str, list[Unit]] = {}
        for unit in self._visit.account.units():
            units.setdefault(group_of(self._visit.house, unit.device), []).append(unit)
        return units

    def _entry(self, group: OwnerGroup, units: Sequence[Unit], wanted: _Wanted) -> GroupEntry:
        return GroupEntry(
            id=str(group.number),
            name=group.name,
            description=group.description,
            is_account=str(int(group.is_account)),
            systems=[self._system(unit, group, wanted) for unit in units] if wanted.has_systems else UNSET,
        )

    def _system(self, unit: Unit, group: OwnerGroup, wanted: _Wanted) -> GroupSystem:
        house, device = self._visit.house, unit.device
        return GroupSystem(
            ezeid=unit.serial.replace("-", ""),
            name=name_of(house, device),
            note=note_of(house, device) or None,
            fields=field_statuses(house, device, only=wanted.only, tag=wanted.tag) if wanted.has_fields else UNSET,
            alarms=alarm_statuses(house, device) if wanted.has_alarms else UNSET,
            services=ServicesEntry(group.history_days) if wanted.has_services else UNSET,
        )


def _wanted(arguments: Arguments) -> _Wanted:
    """What a call wants: fields, alarms and services are told of systems, so each brings those along."""
    details = (Argument.FIELDS, Argument.ALARMS, Argument.SERVICES, Argument.TAG)
    is_list = bool(arguments.said.get(Argument.FIELDS))
    return _Wanted(
        has_systems=arguments.has(Argument.SYSTEMS) or any(arguments.has(one) for one in details),
        has_fields=arguments.has(Argument.FIELDS) or arguments.has(Argument.TAG),
        has_alarms=arguments.has(Argument.ALARMS),
        has_services=arguments.has(Argument.SERVICES),
        only=arguments.fields() if is_list else None,
        tag=arguments.tag(),
    )


def _tree(root: OwnerGroup, groups: Sequence[OwnerGroup], entries: Mapping[str, GroupEntry]) -> GroupEntry:
    """Return the root with all that is below it, from the leaves up."""
    below: dict[str | None, list[OwnerGroup]] = {}
    for group in groups[1:]:
        below.setdefault(group.parent, []).append(group)
    order = [root]
    for group in order:
        # It grows as it is read: each of the groups in scope has one way up, which ends at the root.
        order.extend(below.get(group.id, ()))
    grown: dict[str, GroupEntry] = {}
    for group in reversed(order):
        children = [grown[one.id] for one in below.get(group.id, ())]
        grown[group.id] = replace(entries[group.id], children=children)
    return grown[root.id]
