"""`subscribe`: a ticket for a stream, and the commands that change what flows (ezeio reference, section 1)."""

from collections.abc import Sequence
from datetime import datetime
from enum import IntEnum

from hardwire.contracts.act import Act, Ask, Execute, Notify, Respond
from hardwire.contracts.question import Answer, IssueTicket, LookUpTicket
from hardwire.contracts.session import Acts
from hardwire.dialects.ezeio.function import Visit
from hardwire.dialects.ezeio.path.grammar import shown
from hardwire.dialects.ezeio.stream.commands import SERIALS_PER_CALL, Order, Wish, orders_of
from hardwire.dialects.ezeio.stream.holders import UNBUFFERED_S
from hardwire.dialects.ezeio.stream.options import options_of
from hardwire.dialects.ezeio.stream.readership import is_streamed
from hardwire.dialects.ezeio.stream.ticket import LIFE_S, Grant, flow_topic, new_ticket
from hardwire.dialects.ezeio.wire import actions_body, ticket_body
from hardwire.model.command import Failed, LogUnbuffered, Reply
from hardwire.model.errors import BadValueError, HardwireError

# What a caller wrote is quoted in the report, but no more of it than tells which serial was meant.
_QUOTED_LENGTH = 20


class _Asked(IntEnum):
    TICKET_ISSUE = 1
    TICKET_LOOK_UP = 2
    FIRST_START = 3


class Subscribe:
    """One call of `subscribe`."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._ticket = ""
        self._orders: tuple[Order, ...] = ()
        self._report: list[str] = []
        self._is_applied = False
        self._is_to_be_tried_later = False
        self._open_starts: set[int] = set()

    def begin(self, now: datetime) -> Acts:
        """Issue a ticket, or look up the one whose stream is to change."""
        match self._visit.arguments:
            case (ticket, *arguments) if ticket.lower() == "ticket":
                return self._issue(arguments, now)
            case (ticket, *serials):
                self._ticket = ticket
                # Commas are the documentation's; a slash between serials means as much.
                self._orders = orders_of(",".join(serials))
                return [Ask(LookUpTicket(ticket), _Asked.TICKET_LOOK_UP)]
            case _:
                return [self._visit.refuse(404, "Unknown function", now)]

    def reply(self, tag: int, answer: Reply | Answer, now: datetime) -> Acts:
        """Take the next answer and go on."""
        if tag >= _Asked.FIRST_START:
            return self._hear_start(tag, answer, now)
        if isinstance(answer, HardwireError):
            return [self._visit.fail(answer, now)]
        return [self._hand_out(now)] if tag == _Asked.TICKET_ISSUE else self._command(answer, now)

    def _issue(self, arguments: Sequence[str], now: datetime) -> Acts:
        """Have a ticket kept with the stream that it is asked for."""
        visit, account = self._visit, self._visit.account.group
        newest = (0, 0) if account is None else visit.house.last_export(account.id)
        try:
            options = options_of(arguments, visit.request.query, now, newest)
        except BadValueError as error:
            return [visit.fail(error, now)]
        if options.selection.is_numbered and account is None:
            return [visit.refuse(400, "The key belongs to no account, and messages are numbered by account", now)]
        self._ticket = new_ticket(visit.entropy)
        grant = Grant(visit.credential.id, options.text)
        return [Ask(IssueTicket(self._ticket, grant.kept, LIFE_S), _Asked.TICKET_ISSUE)]

    def _hand_out(self, now: datetime) -> Respond:
        origin = self._visit.request.origin
        body = ticket_body(
            self._visit.clocked(now),
            # http becomes ws, https becomes wss.
            ws=f"{origin.replace('http', 'ws', 1)}/ws/{self._ticket}",
            api=f"{origin}/v1/subscribe/{self._ticket}/",
            account=self._visit.account.entry(),
            systems=self._visit.account.systems(),
        )
        return self._visit.answer(body)

    def _command(self, grant: Answer, now: datetime) -> Acts:
        """Carry out the orders of a call whose ticket has this grant."""
        visit = self._visit
        if not isinstance(grant, bytes):
            return [visit.refuse(404, "Unknown or closed ticket", now)]
        if Grant.read(grant).key != visit.credential.id:
            return [visit.refuse(403, "The ticket was made with another key", now)]
        if not self._orders:
            return [visit.refuse(400, "No serial given", now)]
        if len(self._orders) > SERIALS_PER_CALL:
            return [visit.refuse(400, f"At most {SERIALS_PER_CALL} systems in one call", now)]
        acts: list[Act] = []
        for order in self._orders:
            acts.extend(self._obey(order, now))
        if not self._open_starts:
            acts.append(self._conclude(now))
        return acts

    def _obey(self, order: Order, now: datetime) -> list[Act]:
        """Report on an order at once, or open a place in the report until the unit has answered."""
        unit = None if order.serial is None else self._visit.account.unit(order.serial)
        if unit is None:
            fault = "Not a serial" if order.serial is None else "Unknown system"
            self._report.append(f"{fault}: {shown(order.text[:_QUOTED_LENGTH])}")
            return []
        if not is_streamed(unit.device):
            self._report.append(f"Firmware too old: {unit.serial}")
            return []
        flow = Notify(flow_topic(self._ticket), f"{order.wish.value}{unit.device.id}")
        self._visit.early.note(flow.topic, flow.message, now)
        if order.wish is Wish.CANCEL:
            self._is_applied = True
            self._report.append(f"Cancel updates: {unit.serial}")
            return [flow]
        place = len(self._report)
        self._open_starts.add(place)
        self._report.append(unit.serial)
        return [flow, Execute(unit.device.id, LogUnbuffered(UNBUFFERED_S), _Asked.FIRST_START + place)]

    def _hear_start(self, tag: int, answer: Reply | Answer, now: datetime) -> Acts:
        place = tag - _Asked.FIRST_START
        self._open_starts.remove(place)
        serial = self._report[place]
        error = answer.error if isinstance(answer, Failed) else answer
        if isinstance(error, HardwireError):
            self._is_to_be_tried_later = True
            self._report[place] = f"Not now: {serial} ({error.message})"
        else:
            self._is_applied = True
            self._report[place] = f"Unbuffered updates: {serial}"
        return () if self._open_starts else [self._conclude(now)]

    def _conclude(self, now: datetime) -> Respond:
        status = "OK" if self._is_applied else "No system could be updated"
        body = actions_body(self._visit.clocked(now), self._report, status)
        # Whose fault it is: a unit that cannot now is not the caller's.
        fault = 503 if self._is_to_be_tried_later else 400
        return self._visit.answer(body, 200 if self._is_applied else fault)
