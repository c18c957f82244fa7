"""What a row of a unit's log is to a client, and which STATUS of a unit was the last."""

from hardwire.contracts.house import House
from hardwire.dialects.ezeio.stream.selection import WHOLE, Selection
from hardwire.dialects.ezeio.unit.account import DIALECT, numbered
from hardwire.dialects.ezeio.wire import log_message, status_message
from hardwire.model.fact import Log, LogRow

# A row is told within the same turn or a hundred rows later; what is longer on its way to the disk is made anew.
ROWS = 512


def message_of(house: House, row: LogRow, account: int, selection: Selection = WHOLE) -> str | None:
    """Return a row as a message of an account, without its number; None when it has nothing to tell."""
    serial = house.address(DIALECT, row.device)
    if serial is None:
        return None
    fields = numbered(row.values, house.field_numbers(row.device))
    allowed = selection.allowed(house, row.device)
    if allowed is not None:
        fields = {number: value for number, value in fields.items() if number in allowed}
    if not fields:
        return None
    if row.log is Log.STATUS:
        return status_message(account, serial, row.at, fields)
    return log_message(account, serial, row.at, row.unbuffered_s, fields)


class Rendered:
    """Remembers what the newest rows are to accounts: a row is kept for an account first, then told to its streams."""

    def __init__(self, house: House, rows: int = ROWS) -> None:
        self._house = house
        self._rows = rows
        self._messages: dict[tuple[int, int], tuple[LogRow, str | None]] = {}

    def message(self, row: LogRow, account: int) -> str | None:
        """Return `message_of` a row with all its fields, made once for each account."""
        # By identity: to compare rows takes longer than to look one up, and a row that is kept here keeps its id.
        key = (id(row), account)
        known = self._messages.get(key)
        if known is not None:
            return known[1]
        message = message_of(self._house, row, account)
        if len(self._messages) >= self._rows:
            del self._messages[next(iter(self._messages))]
        self._messages[key] = row, message
        return message


class Bulletins:
    """Remembers each unit's last STATUS row of this run, by the row's own time."""

    def __init__(self) -> None:
        self._rows: dict[str, LogRow] = {}

    def note(self, row: LogRow) -> None:
        """Take a row of the status log; an older one than is known changes nothing."""
        known = self._rows.get(row.device)
        if known is None or known.at <= row.at:
            self._rows[row.device] = row

    def last(self, device: str) -> LogRow | None:
        """The newest row that was told in this run."""
        return self._rows.get(device)
