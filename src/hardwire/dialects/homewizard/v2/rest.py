"""One request to the v2 API over TLS."""

from collections.abc import Callable, Mapping
from datetime import datetime
from math import ceil
from typing import TypeAlias

from hardwire.contracts.act import Ask, Bear, Execute, Respond
from hardwire.contracts.dialect import Entropy
from hardwire.contracts.question import Answer, IssueCredential, RevokeCredential
from hardwire.contracts.request import Request
from hardwire.contracts.session import Acts, Upgrade
from hardwire.dialects.homewizard import users
from hardwire.dialects.homewizard.appliance import Appliance
from hardwire.dialects.homewizard.errors import (
    CREATION_NOT_ENABLED,
    INTERNAL,
    METHOD_NOT_ALLOWED,
    NO_TELEGRAM,
    NOT_FOUND,
    UNAUTHORIZED,
    UPGRADE_REQUIRED,
    USER_NOT_FOUND,
    VERSION_NOT_SUPPORTED,
    refusal,
    refused,
)
from hardwire.dialects.homewizard.oneshot import OneShot
from hardwire.dialects.homewizard.products.catalogue import NEWEST_API
from hardwire.dialects.homewizard.release import VERSION, is_newer
from hardwire.dialects.homewizard.v2 import topics
from hardwire.dialects.homewizard.v2.session import Conversation
from hardwire.dialects.homewizard.wire import Shown, body, error_body, parameters
from hardwire.model.access import Credential, Right
from hardwire.model.command import Command, Failed, Identify, Reboot, Reply, WritePoints
from hardwire.model.errors import CallerError, HardwireError, NotAllowedError, UnknownError

# Clients name the major version alone (HomeWizard reference, section 1.3).
API_MAJOR = "2"


class Exchange(OneShot):
    """A v2 request and its answer.

    The order of its checks: path, method, version header, token, JSON, parameters.
    """

    def __init__(self, appliance: Appliance | None, request: Request, entropy: Entropy) -> None:
        """`appliance` is None when the request came to no device of this dialect."""
        self._known = appliance
        self._request = request
        self._entropy = entropy
        self._user: Credential | None = None
        self._is_leaving = False
        self._finish: Callable[[Answer, datetime], Acts] = lambda answer, now: ()

    def open(self, now: datetime) -> Acts:
        """Answer, or ask the hub for what the answer needs."""
        if self._known is None or self._known.face.release is None:
            return self._refuse(refused(NOT_FOUND))
        methods = _methods(self._known, self._request.path)
        # What answers GET answers HEAD: the server leaves the body out.
        step = methods.get("GET" if self._request.method == "HEAD" else self._request.method)
        if not methods:
            return self._refuse(refused(NOT_FOUND))
        if step is None:
            allow = ", ".join([*methods, "HEAD"] if "GET" in methods else methods)
            return self._refuse(refused(METHOD_NOT_ALLOWED), {"Allow": allow})
        try:
            self._check_version()
            if step not in OPEN_STEPS:
                self._check_token()
                if self._user is None:
                    return self._unauthorized(now)
            acts = step(self, now)
        except CallerError as error:
            acts = self._refuse(error)
        # Who removes its own user bears it no longer: the hub would cut the answer off with it.
        if self._user is None or self._is_leaving:
            return acts
        return [Bear(users.caller(self._user, self._appliance.device)), *acts]

    def reply(self, tag: int, answer: Reply | Answer, now: datetime) -> Acts:
        """Answer with what the hub or the device said."""
        match answer:
            case Failed(error=error):
                return self._refuse(error)
            case UnknownError():
                # Only who removes a user asks for somebody.
                return self._refuse(refused(USER_NOT_FOUND))
            case HardwireError():
                return self._refuse(answer)
            case _:
                return self._finish(answer, now)

    def show(self, now: datetime) -> Acts:
        """GET of a topic: its full object."""
        shown = topics.view(self._appliance, self._topic, now)
        # Old values are never told as if they were new (HomeWizard reference has no code for it).
        return self._refuse(refused(INTERNAL), status=503) if shown is None else self._respond(shown)

    def write(self, now: datetime) -> Acts:
        """PUT to a topic: the full object after the write."""
        values = topics.writes(self._appliance, self._topic, parameters(self._request.body))
        if not values:
            return self.show(now)
        self._finish = lambda answer, then: self.show(then)
        return self._execute(WritePoints(values))

    def identify(self, now: datetime) -> Acts:
        """PUT /api/system/identify: 204; a body is not looked at."""
        self._finish = lambda answer, then: self._done()
        return self._execute(Identify())

    def reboot(self, now: datetime) -> Acts:
        """PUT /api/system/reboot: 204, and then every socket of the device ends; a body is not looked at."""
        self._finish = lambda answer, then: self._done()
        return self._execute(Reboot())

    def telegram(self, now: datetime) -> Acts:
        """GET /api/telegram: the text as the meter sent it; errors are plain text here too."""
        telegram = self._appliance.telegram(now)
        if telegram is None:
            return [self._answer(503, NO_TELEGRAM.encode(), "text/plain")]
        return [self._answer(200, telegram.encode(), "text/plain")]

    def list_users(self, now: datetime) -> Acts:
        """GET /api/user: everybody, the asker marked."""
        assert self._user is not None
        return self._respond(users.shown(self._appliance.house, self._appliance.device, self._user.id))

    def add_user(self, now: datetime) -> Acts:
        """POST /api/user: a token, when the button was pressed."""
        name = users.local_name(parameters(self._request.body).get("name"))
        if self._request.is_foreign:
            # Without a token a page from elsewhere does nothing here: no press is for it.
            raise refused(CREATION_NOT_ENABLED)
        credential, token = users.new_user(name, self._appliance.device, self._entropy)
        self._finish = lambda answer, then: self._respond({"token": token, "name": name})
        return [Ask(IssueCredential(credential, pressed=self._appliance.device.id))]

    def remove_user(self, now: datetime) -> Acts:
        """DELETE /api/user: 204. Without a body, as one client sends it, the asker itself goes."""
        user = self._user
        if self._request.body.strip():
            name = users.given_name(parameters(self._request.body).get("name"))
            user = users.find(self._appliance.house, self._appliance.device, name)
        if user is None:
            raise refused(USER_NOT_FOUND)
        if user != self._user and Right.CONTROL not in self._rights:
            raise NotAllowedError("this token may only read; it can remove no user but its own")
        self._finish = lambda answer, then: self._done()
        self._is_leaving = user == self._user
        return [Ask(RevokeCredential(user.id))]

    def converse(self, now: datetime) -> Acts:
        """GET /api/ws: the WebSocket. Its token comes as its first message, not with the upgrade."""
        if not self._request.is_upgrade or self._request.method != "GET":
            return self._refuse(refused(UPGRADE_REQUIRED), {"Upgrade": "websocket"})
        appliance = self._appliance
        return [
            Upgrade(
                Conversation(appliance, self._request.peer),
                headers=version_header(appliance),
                device=appliance.device.id,
            )
        ]

    @property
    def _appliance(self) -> Appliance:
        assert self._known is not None
        return self._known

    @property
    def _rights(self) -> Right:
        assert self._user is not None
        return self._user.rights

    @property
    def _topic(self) -> str:
        return _plain(self._request.path).removeprefix("/api").strip("/") or "device"

    def _check_version(self) -> None:
        wanted = self._request.headers.get("x-api-version", "").strip()
        spoken = self._appliance.release.version
        # An empty header asks for nothing; a full version is one that the device has to have reached.
        is_spoken = wanted in ("", API_MAJOR) or (
            VERSION.fullmatch(wanted) and wanted.startswith(f"{API_MAJOR}.") and not is_newer(wanted, spoken)
        )
        if not is_spoken:
            raise refused(VERSION_NOT_SUPPORTED)

    def _check_token(self) -> None:
        scheme, _, token = self._request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            self._user = users.holder(self._appliance.house, self._appliance.device, token.strip())

    def _unauthorized(self, now: datetime) -> Acts:
        """Refuse who shows no valid token; whoever shows wrong ones on and on is told to wait.

        Always 401, for clients know no other answer to a token that was revoked: they pair again by it.
        """
        has_shown = bool(self._request.headers.get("authorization", "").partition(" ")[2].strip())
        locked_s = self._appliance.house.strike(self._request.peer, "", now) if has_shown else 0.0
        return self._refuse(refused(UNAUTHORIZED), {"Retry-After": str(ceil(locked_s))} if locked_s else {})

    def _execute(self, command: Command) -> Acts:
        return [Execute(self._appliance.device.id, command)]

    def _respond(self, shown: Shown | list[Shown]) -> Acts:
        return [self._answer(200, body(shown))]

    def _done(self) -> Acts:
        # Devices tell that nothing follows (HomeWizard reference, section 1.3).
        return [self._answer(204, headers={"Content-Length": "0"})]

    def _refuse(self, error: HardwireError, headers: Mapping[str, str] = {}, status: int = 0) -> Acts:
        told = refusal(error)
        if told.status == 401:
            headers = {**headers, "WWW-Authenticate": "Bearer"}
        return [self._answer(status or told.status, error_body(told.code), headers=headers)]

    def _answer(
        self, status: int, text: bytes = b"", content_type: str = "application/json", *, headers: Mapping[str, str] = {}
    ) -> Respond:
        return Respond(status, text, content_type, {**version_header(self._known), **headers})


Step: TypeAlias = Callable[[Exchange, datetime], Acts]

OPEN_STEPS: tuple[Step, ...] = (Exchange.add_user, Exchange.converse)
"""What needs no token of the request: the one hands tokens out, the other asks for one in its first message."""

PATHS: Mapping[str, Mapping[str, Step]] = {
    "/api": {"GET": Exchange.show},
    "/api/user": {"GET": Exchange.list_users, "POST": Exchange.add_user, "DELETE": Exchange.remove_user},
    "/api/measurement": {"GET": Exchange.show},
    "/api/system": {"GET": Exchange.show, "PUT": Exchange.write},
    "/api/ws": {"GET": Exchange.converse},
}
"""What every v2 product answers."""


def version_header(appliance: Appliance | None) -> Mapping[str, str]:
    """Return the header that every answer bears; none where v1 alone is spoken: nobody may take that for a v2 device.

    Source: HomeWizard reference, section 1.3.
    """
    if appliance is None:
        return {"X-Api-Version": NEWEST_API}
    release = appliance.face.release
    return {} if release is None else {"X-Api-Version": release.version}


def _methods(appliance: Appliance, path: str) -> Mapping[str, Step]:
    """Return what a product answers at a path; nothing where it has no such path."""
    product = appliance.product
    match _plain(path):
        case "/api/telegram" if product.has_telegram:
            return {"GET": Exchange.telegram}
        case "/api/batteries" if appliance.face.has_batteries:
            return {"GET": Exchange.show, "PUT": Exchange.write}
        case "/api/system/identify" if product.can_identify:
            return {"PUT": Exchange.identify}
        case "/api/system/reboot" if product.can_reboot:
            return {"PUT": Exchange.reboot}
        case plain:
            return PATHS.get(plain, {})


def _plain(path: str) -> str:
    """Return a path without the slash that some clients put at its end."""
    return path.removesuffix("/")
