"""One call of the API: who calls, what for, the answer."""

from datetime import datetime
from enum import IntEnum

from msgspec.structs import replace

from hardwire.contracts.act import Act, Ask, Bear, Execute, Notify, Respond
from hardwire.contracts.dialect import Entropy
from hardwire.contracts.house import House
from hardwire.contracts.question import Answer, IssueTicket, LookUpTicket
from hardwire.contracts.request import Request
from hardwire.contracts.session import Acts
from hardwire.dialects.ezeio.account import Account
from hardwire.dialects.ezeio.commands import SERIALS_PER_CALL, Order, Wish, orders_of
from hardwire.dialects.ezeio.flood import Flood
from hardwire.dialects.ezeio.guard import Guard, Refused
from hardwire.dialects.ezeio.ticket import LIFE_S, flow_topic, new_ticket
from hardwire.dialects.ezeio.wire import Clocked, actions_body, plain_body, ticket_body
from hardwire.model.access import Credential, Right
from hardwire.model.command import Failed, LogUnbuffered, Reply
from hardwire.model.errors import CallerError, DeviceError, HardwireError

UNBUFFERED_S = 1800
"""How long unbuffered updates last; a repeated call begins anew (ezeio reference, section 1.5)."""

# What a caller wrote is quoted in the report, but no more of it than tells which serial was meant.
_QUOTED_LENGTH = 20


class _Asked(IntEnum):
    NONCE = 0
    TICKET_ISSUE = 1
    TICKET_LOOK_UP = 2
    FIRST_START = 3


class Call:
    """The one-shot session of a request below `/v1`."""

    def __init__(self, request: Request, *, house: House, entropy: Entropy, guard: Guard, flood: Flood) -> None:
        self._request = request
        self._house = house
        self._entropy = entropy
        self._guard = guard
        self._flood = flood
        self._began: datetime
        self._credential: Credential
        self._account: Account
        self._ticket = ""
        self._orders: tuple[Order, ...] = ()
        self._report: list[str] = []
        self._is_applied = False
        self._is_to_be_tried_later = False
        self._open_starts: set[int] = set()

    def open(self, now: datetime) -> Acts:
        """Judge who calls."""
        self._began = now
        verdict = self._guard.judge(self._request, now)
        if isinstance(verdict, Refused):
            return [self._refuse(verdict, now)]
        self._credential = verdict.credential
        self._account = Account(self._house, verdict.credential)
        return self._admit(now) if verdict.use is None else [Ask(verdict.use, _Asked.NONCE)]

    def reply(self, tag: int, answer: Reply | Answer, now: datetime) -> Acts:
        """Take the next answer and go on."""
        if tag >= _Asked.FIRST_START:
            return self._hear_start(tag, answer, now)
        if isinstance(answer, HardwireError):
            return [self._fail(answer, now)]
        match tag:
            case _Asked.NONCE:
                return self._admit(now) if answer else [self._refuse(self._guard.stale(now), now)]
            case _Asked.TICKET_ISSUE:
                return [self._hand_out(now)]
            case _:
                return self._command(answer, now)

    def receive(self, message: str | bytes, now: datetime) -> Acts:
        """A one-shot session gets no messages."""
        return ()

    def notice(self, topic: str, message: str, now: datetime) -> Acts:
        """It listens to nothing."""
        return ()

    def tick(self, now: datetime) -> Acts:
        """It asks for no wake-up."""
        return ()

    def closed(self, now: datetime) -> Acts:
        """It leaves nothing behind."""
        return ()

    def _admit(self, now: datetime) -> Acts:
        """Go on with a caller who has shown the key."""
        # Unbuffered updates are a way of reading, and the only command that is ever given here.
        caller = replace(self._account.caller(), rights=self._credential.rights | Right.CONTROL)
        return [Bear(caller), *self._route(now)]

    def _route(self, now: datetime) -> Acts:
        wait_s = self._flood.wait_s(self._credential.id, now)
        if wait_s:
            return [self._plain(429, "Too many calls", now, {"Retry-After": str(wait_s)})]
        if Right.READ not in self._credential.rights:
            return [self._plain(403, "The key may not read", now)]
        # "/v1/subscribe/wstkt.../ABC123": what the first three parts are decides; a slash at the end is the api URL's.
        match self._request.path.removesuffix("/").split("/"):
            case ["", "v1", "subscribe", "ticket"]:
                return self._only_get(now) or self._issue()
            case ["", "v1", "subscribe", ticket, *serials] if len(serials) < 2:
                return self._only_get(now) or self._look_up(ticket, "".join(serials))
            case _:
                return [self._plain(404, "Unknown function", now)]

    def _only_get(self, now: datetime) -> list[Act]:
        if self._request.method == "GET":
            return []
        return [self._plain(405, "Only GET is known here", now, {"Allow": "GET"})]

    def _issue(self) -> Acts:
        self._ticket = new_ticket(self._entropy)
        return [Ask(IssueTicket(self._ticket, self._credential.id.encode(), LIFE_S), _Asked.TICKET_ISSUE)]

    def _hand_out(self, now: datetime) -> Respond:
        origin = self._request.origin
        body = ticket_body(
            Clocked(self._began, now),
            # http becomes ws, https becomes wss.
            ws=f"{origin.replace('http', 'ws', 1)}/ws/{self._ticket}",
            api=f"{origin}/v1/subscribe/{self._ticket}/",
            account=self._account.entry(),
            systems=self._account.systems(),
        )
        return self._respond(200, body)

    def _look_up(self, ticket: str, serials: str) -> Acts:
        self._ticket = ticket
        self._orders = orders_of(serials)
        return [Ask(LookUpTicket(ticket), _Asked.TICKET_LOOK_UP)]

    def _command(self, grant: Answer, now: datetime) -> Acts:
        """Carry out the orders of a call whose ticket has this grant."""
        if grant is None:
            return [self._plain(404, "Unknown or closed ticket", now)]
        if grant != self._credential.id.encode():
            return [self._plain(403, "The ticket was made with another key", now)]
        if not self._orders:
            return [self._plain(400, "No serial given", now)]
        if len(self._orders) > SERIALS_PER_CALL:
            return [self._plain(400, f"At most {SERIALS_PER_CALL} systems in one call", now)]
        acts: list[Act] = []
        for order in self._orders:
            acts.extend(self._obey(order))
        if not self._open_starts:
            acts.append(self._conclude(now))
        return acts

    def _obey(self, order: Order) -> list[Act]:
        """Report on an order at once, or open a place in the report until the unit has answered."""
        unit = None if order.serial is None else self._account.unit(order.serial)
        if unit is None:
            fault = "Not a serial" if order.serial is None else "Unknown system"
            self._report.append(f"{fault}: {order.text[:_QUOTED_LENGTH]}")
            return []
        flow = Notify(flow_topic(self._ticket), f"{order.wish.value}{unit.device.id}")
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
        body = actions_body(Clocked(self._began, now), self._report, status)
        # Whose fault it is: a unit that cannot now is not the caller's.
        fault = 503 if self._is_to_be_tried_later else 400
        return self._respond(200 if self._is_applied else fault, body)

    def _refuse(self, refused: Refused, now: datetime) -> Respond:
        headers = {"WWW-Authenticate": refused.challenge} if refused.challenge else {}
        return self._plain(refused.status, refused.reason, now, headers)

    def _fail(self, error: HardwireError, now: datetime) -> Respond:
        match error:
            case CallerError():
                return self._plain(400, error.message, now)
            case DeviceError():
                return self._plain(503, error.message, now)
            case _:
                return self._plain(500, "The hub failed", now)

    def _plain(self, status: int, reason: str, now: datetime, headers: dict[str, str] | None = None) -> Respond:
        return self._respond(status, plain_body(Clocked(self._began, now), reason), headers)

    def _respond(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> Respond:
        # A ticket is a secret while it lives: no cache may keep it.
        return Respond(status, body, headers={"Cache-Control": "no-store", **(headers or {})})
