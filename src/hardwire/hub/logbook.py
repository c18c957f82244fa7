"""The two logs that the hub keeps for devices that keep none themselves."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

from hardwire.contracts.house import House
from hardwire.model.command import FlushLog, LogUnbuffered
from hardwire.model.device import Device
from hardwire.model.fact import Log, LogRow
from hardwire.model.point import Keeper, Point, PointKind

# The status log is fixed to ten minutes and holds all fields (ezeio reference, section 1.3).
STATUS_INTERVAL_S = 600
# After a pause of the whole hub (a suspended laptop) it does not make up rows for the time it did not see;
# a clock that was set back by no more than this takes no mark twice.
LONGEST_CATCH_UP_S = 60


class Logbook:
    """Takes rows on the marks of the clock: status every ten minutes, fast at each point's own interval."""

    def __init__(self, house: House, *, is_shown: Callable[[str], bool]) -> None:
        """`is_shown` says which devices have readers of logs at all."""
        self._house = house
        self._is_shown = is_shown
        self._unbuffered_until: dict[str, datetime] = {}
        self._last_s: int | None = None

    def obey(self, device: str, command: LogUnbuffered | FlushLog, now: datetime) -> None:
        """Note for how long rows are wanted at once; the hub's own rows never wait, only the time left is shown."""
        if isinstance(command, LogUnbuffered):
            self._unbuffered_until[device] = now + timedelta(seconds=command.seconds)

    def unbuffered_until(self, device: str) -> datetime | None:
        """Until when rows of a device are wanted at once; None when nobody has ever asked for it."""
        return self._unbuffered_until.get(device)

    def rows(self, now: datetime) -> Iterable[LogRow]:
        """Return the rows that fell due since the last call."""
        this_s = int(now.timestamp())
        last_s = this_s - 1 if self._last_s is None else self._last_s
        if last_s - LONGEST_CATCH_UP_S <= this_s <= last_s:
            return ()
        self._last_s = this_s
        rows: list[LogRow] = []
        first_s = last_s + 1 if this_s > last_s else this_s
        for second in range(max(first_s, this_s - LONGEST_CATCH_UP_S + 1), this_s + 1):
            at = datetime.fromtimestamp(second, UTC)
            for device in self._house.devices():
                if device.log != "self" and self._is_shown(device.id) and self._house.is_fresh(device.id, now):
                    rows.extend(self._rows_of(device, second, at, now))
        return rows

    def _rows_of(self, device: Device, second: int, at: datetime, now: datetime) -> Iterable[LogRow]:
        if second % STATUS_INTERVAL_S == 0:
            yield from self._row(device, at, Log.STATUS, device.points, now)
        due = [
            point
            for point in device.points
            if point.log_interval_s and second % point.log_interval_s == 0 and point.has_number
        ]
        if due:
            yield from self._row(device, at, Log.FAST, due, now)

    def _row(self, device: Device, at: datetime, log: Log, points: Iterable[Point], now: datetime) -> Iterable[LogRow]:
        # Inputs, outputs and the like are no fields, yet the status log has them, so that there is a history of them.
        readings = self._house.readings(device.id)
        values = {
            point.name: readings[point.name].value
            for point in points
            if point.kind is PointKind.NUMBER and point.keeper is Keeper.SOURCE and point.name in readings
        }
        if values:
            until = self._unbuffered_until.get(device.id, now)
            left_s = 0 if log is Log.STATUS else max(0, int((until - now).total_seconds()))
            yield LogRow(device.id, at, log, values, left_s)
