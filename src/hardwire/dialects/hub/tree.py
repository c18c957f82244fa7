"""A group by its id, or the error that names the nearest one."""

from difflib import get_close_matches

from hardwire.contracts.house import House
from hardwire.model.access import Group
from hardwire.model.errors import UnknownError


def group_of(house: House, id: str) -> Group:
    """Return the group of that id. Raises UnknownError."""
    group = house.group(id)
    if group is None:
        near = get_close_matches(id, [one.id for one in house.groups()], n=1)
        hint = f"did you mean {near[0]!r}?" if near else "`hardwire group list` shows what there is"
        raise UnknownError(f"there is no group {id!r}; {hint}")
    return group
