"""One call of the API: who calls, whether they may, which function answers."""

from datetime import datetime

from msgspec.structs import replace

from hardwire.contracts.act import Ask, Bear, Respond
from hardwire.contracts.dialect import Entropy
from hardwire.contracts.house import House
from hardwire.contracts.question import Answer
from hardwire.contracts.request import Request
from hardwire.contracts.session import Acts
from hardwire.dialects.ezeio.access.flood import Flood
from hardwire.dialects.ezeio.access.guard import Guard, Refused
from hardwire.dialects.ezeio.access.privileges import CHANGING, refusal
from hardwire.dialects.ezeio.function import Function, Visit
from hardwire.dialects.ezeio.functions.table import FUNCTIONS
from hardwire.dialects.ezeio.stream.early import EarlyOrders
from hardwire.dialects.ezeio.unit.account import Account
from hardwire.dialects.ezeio.wire import Clocked, plain_body
from hardwire.model.access import Credential, Right
from hardwire.model.command import Reply
from hardwire.model.errors import HardwireError

# The tag of the one question that is asked before a function has begun; those of functions are 0 and more.
_NONCE = -1


class Call:
    """The one-shot session of a request below `/v1`."""

    def __init__(
        self,
        request: Request,
        *,
        house: House,
        entropy: Entropy,
        guard: Guard,
        flood: Flood,
        early: EarlyOrders,
    ) -> None:
        self._request = request
        self._early = early
        self._house = house
        self._entropy = entropy
        self._guard = guard
        self._flood = flood
        self._began: datetime
        self._credential: Credential
        self._function: Function

    def open(self, now: datetime) -> Acts:
        """Judge who calls."""
        self._began = now
        if self._request.method == "OPTIONS":
            # Somebody asks what there is: no secret, no key.
            return [self._plain(200, "OK", now, {"Allow": _allowed(self._name)})]
        verdict = self._guard.judge(self._request, now)
        if isinstance(verdict, Refused):
            return [self._refuse(verdict, now)]
        if verdict.use is not None and self._name in CHANGING and _is_led_here(self._request):
            # As in the guard, for links and frames too: what they lead to is shown to nobody but the user, and done.
            return [self._plain(403, "A page of another origin needs ezeAPIkey with Bearer", now)]
        self._credential = verdict.credential
        return self._admit(now) if verdict.use is None else [Ask(verdict.use, _NONCE)]

    def reply(self, tag: int, answer: Reply | Answer, now: datetime) -> Acts:
        """Take the next answer and go on."""
        if tag != _NONCE:
            return self._function.reply(tag, answer, now)
        if isinstance(answer, HardwireError):
            return [self._plain(500, "The hub failed", now)]
        return self._admit(now) if answer else [self._refuse(self._guard.stale(now), now)]

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

    @property
    def _name(self) -> str:
        """The function's name: in `/v1/status/ABC123/sections=meta` the part after `v1`, in any case."""
        return self._parts[0].lower() if self._parts else ""

    @property
    def _parts(self) -> list[str]:
        """The path's segments behind `v1`. Empty ones say nothing: clients join addresses with a slash too many."""
        return [part for part in self._request.path.removeprefix("/v1").split("/") if part]

    def _admit(self, now: datetime) -> Acts:
        """Go on with a caller who has shown the key."""
        account = Account(self._house, self._credential)
        caller = account.caller()
        if self._name == "subscribe":
            # Unbuffered updates are a way of reading: a unit is only told to send at once what it would send later.
            caller = replace(caller, rights=caller.rights | Right.CONTROL)
        return [Bear(caller), *self._route(account, now)]

    def _route(self, account: Account, now: datetime) -> Acts:
        excess = self._flood.excess(self._credential.id, now)
        if excess is not None:
            return [self._plain(429, excess.sentence, now, {"Retry-After": str(excess.wait_s)})]
        name = self._name
        function = FUNCTIONS.get(name)
        if function is None:
            return [self._plain(404, "Unknown function", now)]
        if reason := refusal(self._credential, name):
            return [self._plain(403, reason, now)]
        if self._request.method not in _methods(name):
            return [self._plain(405, "Only GET is known here", now, {"Allow": _allowed(name)})]
        visit = Visit(
            request=self._request,
            arguments=tuple(self._parts[1:]),
            house=self._house,
            entropy=self._entropy,
            credential=self._credential,
            account=account,
            early=self._early,
            began=self._began,
        )
        self._function = function(visit)
        return self._function.begin(now)

    def _refuse(self, refused: Refused, now: datetime) -> Respond:
        headers = {"Retry-After": str(refused.wait_s)} if refused.wait_s else {}
        answer = self._plain(refused.status, refused.reason, now, headers)
        return replace(answer, challenges=refused.challenges)

    def _plain(self, status: int, reason: str, now: datetime, headers: dict[str, str] | None = None) -> Respond:
        body = plain_body(Clocked(self._began, now), reason)
        return Respond(status, body, headers={"Cache-Control": "no-store", **(headers or {})})


def _is_led_here(request: Request) -> bool:
    """Whether a browser says that a page other than the hub's own has led to this call (Fetch Metadata, section 2.2).

    An address that somebody has typed is `none`; programs say nothing.
    """
    return request.headers.get("sec-fetch-site", "none").lower() not in ("none", "same-origin")


def _methods(function: str) -> tuple[str, ...]:
    """The methods of a function; one that changes something is no place for HEAD, which only looks (RFC 9110)."""
    return ("GET",) if function in CHANGING else ("GET", "HEAD")


def _allowed(function: str) -> str:
    return ", ".join((*_methods(function), "OPTIONS"))
