"""What a row of a unit's log is to a client, and which STATUS of a unit was the last."""

from hardwire.contracts.house import House
from hardwire.dialects.ezeio.stream.selection import WHOLE, Selection
from hardwire.dialects.ezeio.unit.account import DIALECT, numbered
from hardwire.dialects.ezeio.wire import log_message, status_message
from hardwire.model.fact import Log, LogRow


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
