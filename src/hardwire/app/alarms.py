"""`alarms = [...]` of a device and `[destinations.NAME]`: what is watched, who is told, checked before it counts."""

import base64
import binascii
import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Annotated
from urllib.parse import urlsplit

from msgspec import Meta, Struct

from hardwire.app.tables import Table, bad, converted, nearest
from hardwire.model.alarm import Alarm

# More than a unit has (ezeio reference, section 4).
ALARMS_LIMIT = 200
LONGEST_HOLDOFF_S = 7 * 86_400
# What Standard Webhooks puts before a secret that is base64.
CODED = "whsec_"


class DestinationTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[destinations.NAME]`: a web address that is told of alarms."""

    url: str
    """The http or https address that messages are posted to."""
    secret: Annotated[str, Meta(extra={"secret": True})] = ""
    """What messages are signed with: `whsec_` and base64, or any text; empty signs nothing."""
    subject: str = ""
    """What the message calls itself; empty means `ALARM` or `RESTORE`, as it is."""

    @property
    def key(self) -> bytes:
        """The secret as bytes; empty when nothing is signed."""
        if self.secret.startswith(CODED):
            return base64.b64decode(self.secret.removeprefix(CODED), validate=True)
        return self.secret.encode()


def destination(table: Table, place: str) -> DestinationTable:
    """Check one destination. Raises BadValueError with the place."""
    made: DestinationTable = converted(table, DestinationTable, place)
    if not is_web_address(made.url):
        # The address itself may be a secret.
        raise bad(f"{place}.url", "expected an address that begins with http:// or https:// and names a host")
    try:
        _ = made.key
    except binascii.Error as error:
        raise bad(f"{place}.secret", f"what follows {CODED} is no base64") from error
    return made


def is_web_address(url: str) -> bool:
    """Say whether messages can be posted to an address."""
    try:
        parts = urlsplit(url)
        # Reading the port raises where it is none.
        return parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return False


def device_alarms(table: Table, place: str) -> tuple[Alarm, ...]:
    """Return the alarms of a device's table.

    Whether there is such a point is known only once the device has told its points: until then the alarm rests.

    Raises:
        BadValueError: with the place: a threshold is missing or lies on the wrong side, two have the same name.
    """
    found = table.get("alarms", [])
    if not isinstance(found, list | tuple) or len(found) > ALARMS_LIMIT:
        raise bad(f"{place}.alarms", f"expected a list of at most {ALARMS_LIMIT} tables")
    alarms: list[Alarm] = []
    for index, one in enumerate(found):
        where = f"{place}.alarms[{index}]"
        if not isinstance(one, Mapping):
            raise bad(where, "must be a table")
        alarm: Alarm = converted(one, Alarm, where)
        for key, trouble in _troubles(alarm):
            raise bad(f"{where}.{key}", trouble)
        if any(alarm.name == other.name for other in alarms):
            raise bad(f"{where}.name", f"two alarms are called {alarm.name!r}: give each its own name")
        alarms.append(alarm)
    return tuple(alarms)


def check_destinations(alarms: Sequence[Alarm], known: Collection[str], place: str) -> None:
    """Raise BadValueError for the first destination of an alarm that is not known."""
    for index, alarm in enumerate(alarms):
        for name in alarm.send:
            if name not in known:
                hint = nearest(name, known) if known else ": add [destinations.NAME] with its url"
                raise bad(f"{place}.alarms[{index}].send", f"there is no destination {name!r}{hint}")


def _troubles(alarm: Alarm) -> Iterator[tuple[str, str]]:
    """Yield the setting and the sentence of what is wrong with an alarm."""
    if not alarm.name.strip():
        yield "name", "give the alarm a name"
    if alarm.above is None and alarm.below is None:
        yield "above", "say when it goes off: above or below"
    for key in ("above", "below", "restore_below", "restore_above"):
        limit = getattr(alarm, key)
        if limit is not None and not math.isfinite(limit):
            yield key, "expected a finite number"
    if alarm.above is not None and alarm.below is not None and alarm.below > alarm.above:
        yield "below", "below may not be greater than above: every value would be an alarm"
    if alarm.restore_below is not None and (alarm.above is None or alarm.restore_below > alarm.above):
        yield "restore_below", "goes with above, and may not be greater than it"
    if alarm.restore_above is not None and (alarm.below is None or alarm.restore_above < alarm.below):
        yield "restore_above", "goes with below, and may not be less than it"
    for key in ("holdoff_s", "restore_holdoff_s"):
        if not 0 <= getattr(alarm, key) <= LONGEST_HOLDOFF_S:
            yield key, f"expected 0 to {LONGEST_HOLDOFF_S} seconds"
