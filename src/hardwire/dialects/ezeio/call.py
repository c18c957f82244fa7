"""One call of the API: who calls, whether they may, which function answers."""

from datetime import datetime

from msgspec.structs import replace

from hardwire.contracts.act import Ask, Bear, Respond
from hardwire.contracts.dialect import Entropy
from hardwire.contracts.house import House
from hardwire.contracts.question import Answer
from hardwire.contracts.request import Request
from hardwire.contracts.session import Acts
from hardwire.dialects.ezeio.account import Account
from hardwire.dialects.ezeio.flood import Flood
from hardwire.dialects.ezeio.function import Function, Visit
from hardwire.dialects.ezeio.functions.table import FUNCTIONS
from hardwire.dialects.ezeio.guard import Guard, Refused
from hardwire.dialects.ezeio.wire import Clocked, plain_body
from hardwire.model.access import Credential, Right
from hardwire.model.command import Reply
from hardwire.model.errors import HardwireError

# The tag of the one question that is asked before a function has begun; those of functions are 0 and more.
_NONCE = -1


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
        self._function: Function

    def open(self, now: datetime) -> Acts:
        """Judge who calls."""
        self._began = now
        verdict = self._guard.judge(self._request, now)
        if isinstance(verdict, Refused):
            return [self._refuse(verdict, now)]
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

    def _admit(self, now: datetime) -> Acts:
        """Go on with a caller who has shown the key."""
        account = Account(self._house, self._credential)
        # Unbuffered updates are a way of reading, and the only command that is executed on the caller's behalf.
        caller = replace(account.caller(), rights=self._credential.rights | Right.CONTROL)
        return [Bear(caller), *self._route(account, now)]

    def _route(self, account: Account, now: datetime) -> Acts:
        wait_s = self._flood.wait_s(self._credential.id, now)
        if wait_s:
            return [self._plain(429, "Too many calls", now, {"Retry-After": str(wait_s)})]
        if Right.READ not in self._credential.rights:
            return [self._plain(403, "The key may not read", now)]
        # "/v1/status/ABC123/sections=meta": the part after "v1" decides.
        name, *arguments = self._request.path.removeprefix("/v1/").removesuffix("/").split("/")
        function = FUNCTIONS.get(name)
        if function is None:
            return [self._plain(404, "Unknown function", now)]
        if self._request.method != "GET":
            return [self._plain(405, "Only GET is known here", now, {"Allow": "GET"})]
        visit = Visit(
            request=self._request,
            arguments=tuple(arguments),
            house=self._house,
            entropy=self._entropy,
            credential=self._credential,
            account=account,
            began=self._began,
        )
        self._function = function(visit)
        return self._function.begin(now)

    def _refuse(self, refused: Refused, now: datetime) -> Respond:
        headers = {"WWW-Authenticate": refused.challenge} if refused.challenge else {}
        return self._plain(refused.status, refused.reason, now, headers)

    def _plain(self, status: int, reason: str, now: datetime, headers: dict[str, str] | None = None) -> Respond:
        body = plain_body(Clocked(self._began, now), reason)
        return Respond(status, body, headers={"Cache-Control": "no-store", **(headers or {})})
