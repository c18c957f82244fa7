"""The tree of groups: what the configuration file says of it, what is added, changed and removed by command."""

import asyncio
from collections.abc import Iterable, Mapping

from hardwire.app.config import GroupTable
from hardwire.app.ids import trouble_of
from hardwire.app.tables import bad, nearest
from hardwire.contracts.question import Question, RemoveGroup, SaveGroup
from hardwire.contracts.store import Store
from hardwire.hub.access import Access
from hardwire.hub.hub import Hub
from hardwire.model.access import Group
from hardwire.model.audit import HUB, Action, Asker, audited
from hardwire.model.errors import BadValueError, CallerError, UnknownError

HOME = "home"
"""Where devices and keys go that name no group."""
NAME_LIMIT = 100
DESCRIPTION_LIMIT = 500
NUMBER_LIMIT = 2**31 - 1
DAYS_LIMIT = 36_500

# Sessions look anew at what they reach when they hear it.
TOPIC = "devices"


class Groups:
    """Owns the tree: whatever changes in it is on the disk before it counts."""

    def __init__(self, hub: Hub, store: Store) -> None:
        self._hub = hub
        self._store = store
        self._in_file: set[str] = set()
        self._of_demo: set[str] = set()
        # What a change depends on is looked up before the disk is waited for: one at a time.
        self._changing = asyncio.Lock()

    async def recall(self, tables: Mapping[str, GroupTable]) -> None:
        """Know the groups of earlier runs and those of the configuration file, whose word counts.

        Raises:
            BadValueError: the file names a parent that is not there, a circle, a number twice, an orphan.
        """
        access = self._hub.access
        for group in await self._store.groups():
            access.add_group(group)
        numbers = {group.number for group in access.groups()}
        # Who takes another's number comes after that other one has got a new one.
        for group in sorted(_of_file(tables, access), key=lambda group: group.number in numbers):
            if group != access.group(group.id):
                line = audited(
                    self._hub.now(), HUB, Action.GROUP_SAVED, group.id, f"by the configuration file: {group.name}"
                )
                await self._store.save_group(group, audit=[line])
                access.add_group(group)
        self._in_file = set(tables)
        await ensure(self._hub, self._store, HOME)

    def add_of_demo(self, group: Group) -> None:
        """Know a group that is there as long as the demo is; nothing of it is kept."""
        self._hub.access.add_group(group)
        self._of_demo.add(group.id)

    async def answer(self, question: Question, by: Asker = HUB) -> object:
        """Answer what the owner asks. Errors: as `SaveGroup` and `RemoveGroup` say."""
        async with self._changing:
            if isinstance(question, SaveGroup):
                return await self._save(question, by)
            assert isinstance(question, RemoveGroup), "staffed for nothing else"
            return await self._remove(question.id, by)

    async def _save(self, wanted: SaveGroup, by: Asker) -> Group:
        access = self._hub.access
        self._refuse_others_own(wanted.id, "change it there")
        _check(wanted)
        known = access.group(wanted.id)
        group = Group(
            id=wanted.id,
            number=wanted.number or (_free_number(access) if known is None else known.number),
            name=wanted.name or wanted.id,
            description=wanted.description,
            parent=wanted.parent,
            is_account=wanted.is_account,
            history_days=wanted.history_days,
        )
        holder = next((one for one in access.groups() if one.number == group.number and one.id != group.id), None)
        if holder is not None:
            raise CallerError(
                f"the number {group.number} is that of the group {holder.id!r}: choose another one, or none at all",
                code="number-taken",
            )
        if group.parent is not None and access.group(group.parent) is None:
            known_groups = nearest(group.parent, (one.id for one in access.groups()))
            raise UnknownError(f"there is no group {group.parent!r} to be its parent{known_groups}")
        if group.parent is not None and access.reaches(group.id, group.parent):
            way = "itself" if group.parent == group.id else f"{group.parent!r}, which lies below it"
            raise CallerError(f"the group {group.id!r} cannot lie below {way}", code="circle")
        if group.parent is None and not group.is_account:
            raise CallerError(
                f"the group {group.id!r} has no parent, so it is an account: name its parent, or let it be one",
                code="orphan",
            )
        what = "added" if known is None else "changed"
        await self._store.save_group(
            group, audit=[audited(self._hub.now(), by, Action.GROUP_SAVED, group.id, f"{what}: {group.name}")]
        )
        access.add_group(group)
        self._hub.line.notify(TOPIC, "")
        return group

    async def _remove(self, id: str, by: Asker) -> str:
        access = self._hub.access
        if access.group(id) is None:
            raise UnknownError(f"there is no group {id!r}{nearest(id, (one.id for one in access.groups()))}")
        self._refuse_others_own(id, "remove it there")
        if id == HOME:
            raise CallerError("the group 'home' stays: devices and keys that name no group belong to it", code="in-use")
        for what, members in (
            ("subgroups", [one.id for one in access.groups() if one.parent == id]),
            ("devices", await self._devices_of(id)),
            ("keys", [one.id for one in access.of_group(id) if one.kind != "admin"]),
        ):
            if members:
                raise CallerError(
                    f"the group {id!r} has {what}: {', '.join(sorted(members))}; remove them or move them first",
                    code="in-use",
                )
        await self._store.remove_group(id, audit=[audited(self._hub.now(), by, Action.GROUP_REMOVED, id)])
        access.remove_group(id)
        self._hub.line.notify(TOPIC, "")
        return id

    async def _devices_of(self, id: str) -> list[str]:
        """The devices that the group owns or is shown, those included that could not start."""
        hub = self._hub
        found = {one.id for one in hub.roster.devices() if one.group == id}
        for device in hub.roster.devices():
            for dialect in hub.roster.addresses(device.id):
                if getattr(hub.roster.face(dialect, device.id), "group", "") == id:
                    found.add(device.id)
        found.update(name for name, settings in (await self._store.devices()).items() if settings.get("group") == id)
        return list(found)

    def _refuse_others_own(self, id: str, what_to_do: str) -> None:
        if id in self._in_file:
            raise CallerError(
                f"the group {id!r} stands in the configuration file, [groups.{id}]: {what_to_do}", code="in-file"
            )
        if id in self._of_demo:
            raise CallerError(
                f"the group {id!r} belongs to the demo: it goes when the hub runs without --demo", code="in-demo"
            )


async def ensure(hub: Hub, store: Store, id: str) -> None:
    """Make a group that a device names known: an account with the next free number. A known one stays as it is."""
    if hub.access.group(id) is None:
        group = Group(id=id, number=_free_number(hub.access), name="Home" if id == HOME else id)
        await store.save_group(group)
        hub.access.add_group(group)


def _free_number(access: Access) -> int:
    return max((group.number for group in access.groups()), default=0) + 1


def _check(wanted: SaveGroup) -> None:
    """Raise BadValueError for what no group can be called."""
    if trouble := trouble_of(wanted.id, "a group's"):
        raise BadValueError(trouble, path="id")
    for field, text, limit in (
        ("name", wanted.name, NAME_LIMIT),
        ("description", wanted.description, DESCRIPTION_LIMIT),
    ):
        # Lists print it: it may not steer a terminal.
        if len(text) > limit or not text.isprintable():
            raise BadValueError(f"a group's {field} is one line of at most {limit} printable characters", path=field)
    if not 0 <= wanted.number <= NUMBER_LIMIT:
        raise BadValueError(f"a group's number is 1 to {NUMBER_LIMIT}, or 0 for the next free one", path="number")
    if wanted.history_days is not None and not 0 <= wanted.history_days <= DAYS_LIMIT:
        raise BadValueError(f"rows are kept for 0 to {DAYS_LIMIT} days", path="history_days")


def _of_file(tables: Mapping[str, GroupTable], access: Access) -> Iterable[Group]:
    """The groups of the file, with numbers that stay what they were where the file names none.

    Raises:
        BadValueError: what the file says of the tree cannot be.
    """
    others = {one.number: one.id for one in access.groups() if one.id not in tables}
    given: dict[int, str] = {}
    for id, table in tables.items():
        if table.number and table.number in given | others:
            holder = (given | others)[table.number]
            raise bad(f"groups.{id}", f"the number {table.number} is that of the group {holder!r}", key="number")
        if table.number:
            given[table.number] = id
    taken = {*given, *others}
    found: dict[str, Group] = {}
    for id, table in tables.items():
        known = access.group(id)
        number = table.number or (known.number if known is not None and known.number not in given else 0)
        number = number or max(taken | {group.number for group in access.groups()}, default=0) + 1
        taken.add(number)
        found[id] = Group(
            id=id,
            number=number,
            name=table.name or id,
            description=table.description,
            parent=table.parent or None,
            is_account=table.is_account,
            history_days=table.history_days,
        )
    _check_tree({**{one.id: one for one in access.groups()}, **found}, tables)
    return found.values()


def _check_tree(groups: Mapping[str, Group], tables: Mapping[str, GroupTable]) -> None:
    for id in tables:
        group = groups[id]
        place = f"groups.{id}"
        if group.parent is None and not group.is_account:
            raise bad(place, "it has no parent, so it is an account: name its parent", key="is_account")
        if group.parent is not None and group.parent not in groups:
            raise bad(place, f"there is no group {group.parent!r}{nearest(group.parent, groups)}", key="parent")
        way = {id}
        above = group.parent
        while above is not None and above in groups:
            if above in way:
                raise bad(place, f"it lies below itself, by way of {group.parent!r}", key="parent")
            way.add(above)
            above = groups[above].parent
