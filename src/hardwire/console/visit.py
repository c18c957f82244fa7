"""One request for a page: who asks, what is shown."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from importlib.resources import files
from math import ceil
from urllib.parse import parse_qs, urlsplit

from hardwire.console import clients, page
from hardwire.console.frame import refreshed
from hardwire.contracts.act import Act, Ask, Bear, Respond
from hardwire.contracts.dialect import Dialect, Place
from hardwire.contracts.house import House
from hardwire.contracts.question import Answer, PressButton, Question, Record
from hardwire.contracts.request import Request
from hardwire.contracts.session import Acts
from hardwire.dialects.hub import doorman
from hardwire.dialects.hub.clients import cut
from hardwire.model.access import Caller
from hardwire.model.audit import Action
from hardwire.model.command import Reply
from hardwire.model.errors import HardwireError, UnknownError

COOKIE_LIFE_S = 12 * 3600
HTML = "text/html; charset=utf-8"
PLAIN = "text/plain; charset=utf-8"
# Nothing from elsewhere, no inline script, no frame: what a device calls itself cannot become code.
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    # With `no-referrer` a browser sends `Origin: null` with the hub's own forms (Fetch standard, section 3.2).
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}
# By whom the owner logs in, as the lock-out counts: from however many addresses it is tried.
USER = "console:admin"
PRESS = re.compile(r"/devices/([^/]+)/press")
CUT = re.compile(r"/clients/([^/]+)/cut")
FRAGMENTS = {"/": "/devices", "/clients": "/clients/table"}
"""Each page that refreshes itself, and where its content is fetched anew."""
STATIC = {
    "/static/console.css": ("console.css", "text/css; charset=utf-8"),
    "/static/console.js": ("console.js", "text/javascript; charset=utf-8"),
}


class Visit:
    """A one-shot session."""

    def __init__(self, request: Request, house: House, dialects: Mapping[str, Dialect]) -> None:
        self._request = request
        self._house = house
        self._dialects = dialects
        self._welcome: Respond | None = None
        """The answer to a login, once it is written down."""

    def open(self, now: datetime) -> Acts:
        """Show the page."""
        yield from self._shown(now)

    def receive(self, message: str | bytes, now: datetime) -> Acts:
        """A request has no further messages."""
        return ()

    def reply(self, tag: int, answer: Reply | Answer, now: datetime) -> Acts:
        """Tell what became of a press; after a cut, or where the client had gone, the list is what there is to see."""
        is_cut = CUT.fullmatch(self._request.path) is not None
        if isinstance(answer, HardwireError) and not (is_cut and isinstance(answer, UnknownError)):
            yield _answer(500, f"{answer.message}\n".encode(), PLAIN)
        else:
            done = _see_other("/clients", {}) if is_cut else _answer(200, page.pressed())
            yield self._welcome or done

    def notice(self, topic: str, message: str, now: datetime) -> Acts:
        """It listens to nothing."""
        return ()

    def tick(self, now: datetime) -> Acts:
        """It wants no wake-up."""
        return ()

    def closed(self, now: datetime) -> Acts:
        """Nothing is left to do."""
        return ()

    def _shown(self, now: datetime) -> Iterable[Act]:
        request = self._request
        is_reading = request.method in ("GET", "HEAD")
        match request.path:
            case path if path in STATIC and is_reading:
                name, kind = STATIC[path]
                yield _answer(200, files("hardwire.console").joinpath("static", name).read_bytes(), kind)
            case "/login" if is_reading:
                yield _answer(200, page.login(""))
            case "/login" | "/logout" if request.method == "POST" and request.is_foreign:
                yield _answer(403, b"This form is sent from the hub's own page only.\n", PLAIN)
            case "/login" if request.method == "POST":
                yield from self._log_in(now)
            case "/logout" if request.method == "POST":
                yield _see_other("/login", self._cookie("", 0))
            case "/" | "/devices" | "/clients" | "/clients/table" if is_reading:
                yield from self._looked(now)
            case path if request.method == "POST" and (pressed := PRESS.fullmatch(path)):
                yield from self._push(lambda caller: self._press(pressed[1]), _answer(404, page.missing(path)), now)
            case path if request.method == "POST" and (named := CUT.fullmatch(path)):
                yield from self._push(
                    lambda caller: cut(self._house, named[1], caller), _see_other("/clients", {}), now
                )
            case "/" | "/devices" | "/clients" | "/clients/table" | "/login" | "/logout":
                yield _answer(405, b"This page takes no such method.\n", PLAIN)
            case _:
                yield _answer(404, page.missing(request.path))

    def _looked(self, now: datetime) -> Iterable[Act]:
        path, house = self._request.path, self._house
        caller = doorman.caller_of(self._request, house)
        if caller is None:
            is_fragment = path in FRAGMENTS.values()
            if locked_s := doorman.locked_s(self._request, self._house, now):
                # An old cookie may be all that is wrong: whoever knows the credential can log in here and now.
                yield _locked(locked_s)
            else:
                yield _answer(401, b"Log in again.\n", PLAIN) if is_fragment else _see_other("/login", {})
            return
        yield Bear(caller)
        is_of_clients = path.startswith("/clients")
        shown = clients.table(house, now) if is_of_clients else page.cards(house, self._dialects, self._place(), now)
        if path in FRAGMENTS:
            shown = refreshed(path, FRAGMENTS[path], shown, is_open_house=house.is_open_house())
        yield _answer(200, shown)

    def _push(self, wish: Callable[[Caller], Question], otherwise: Respond, now: datetime) -> Iterable[Act]:
        """A button was clicked: ask for what it wishes; where that raises UnknownError answer otherwise."""
        caller = doorman.caller_of(self._request, self._house)
        if self._request.is_foreign:
            yield _answer(403, b"This form is sent from the hub's own page only.\n", PLAIN)
        elif caller is None:
            locked_s = doorman.locked_s(self._request, self._house, now)
            yield _locked(locked_s) if locked_s else _see_other("/login", {})
        else:
            try:
                question = wish(caller)
            except UnknownError:
                yield otherwise
                return
            yield Bear(caller)
            yield Ask(question)

    def _press(self, id: str) -> Question:
        if self._house.device(id) is None:
            raise UnknownError(f"there is no device {id!r}")
        return PressButton(id)

    def _log_in(self, now: datetime) -> Iterable[Act]:
        fields = parse_qs(self._request.body.decode("utf-8", "replace"))
        token = fields.get("token", [""])[0].strip()
        caller = doorman.holder(token, self._house)
        if caller is None:
            locked_s = self._house.strike(self._request.peer, USER, now) if token else 0.0
            wrong = _answer(403, page.login("That is not the admin credential of this hub."))
            yield _locked(locked_s) if locked_s else wrong
            return
        yield Bear(caller)
        self._welcome = _see_other("/", self._cookie(token, COOKIE_LIFE_S))
        yield Ask(Record(Action.CONSOLE_LOGIN))

    def _cookie(self, token: str, life_s: int) -> Mapping[str, str]:
        # A proxy that speaks TLS for the hub passes plain requests on: what counts is the origin that the page has.
        is_tls = self._request.is_tls or self._request.origin.startswith("https://")
        secure = "; Secure" if is_tls else ""
        return {"Set-Cookie": f"{doorman.COOKIE}={token}; Path=/; Max-Age={life_s}; HttpOnly; SameSite=Strict{secure}"}

    def _place(self) -> Place:
        """The origins under which this visitor reaches the hub: the host is the one that was called."""
        port, tls_port = self._house.ports()
        host = urlsplit(self._request.origin).hostname or "127.0.0.1"
        shown = f"[{host}]" if ":" in host else host
        return Place(f"http://{shown}:{port}", f"https://{shown}:{tls_port}")


def _answer(status: int, body: bytes, kind: str = HTML) -> Respond:
    return Respond(status, body, kind, HEADERS)


def _locked(locked_s: float) -> Respond:
    wait_s = ceil(locked_s)
    shown = page.login(f"Too many wrong credentials. Try again in {wait_s} s.")
    return Respond(429, shown, HTML, {**HEADERS, "Retry-After": str(wait_s)})


def _see_other(path: str, cookie: Mapping[str, str]) -> Respond:
    return Respond(303, b"", PLAIN, {**HEADERS, "Location": path, **cookie})
