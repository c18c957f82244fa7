"""Who may come to a board: by its token, or by its id alone while it has none and is open."""

from datetime import datetime
from math import ceil

from hardwire.contracts.act import Respond
from hardwire.contracts.house import House
from hardwire.contracts.request import Request
from hardwire.dialects.obniz.face import DIALECT, Face
from hardwire.dialects.obniz.wire import rest
from hardwire.model.access import NOBODY, Caller, Credential, Right
from hardwire.model.device import Device

_BEARER = "bearer "
# The kind of the owner's own credential, by which the command line reaches a hub elsewhere.
_ADMIN = "admin"
BY_ID_ALONE = Right.READ | Right.CONTROL


def admit(house: House, board: Device, request: Request) -> Caller | None:
    """Return as whom a request may reach a board; None when it may not at all.

    A wrong token is refused even where none is needed: its sender believes to be known.
    """
    caller = caller_of(house, request)
    if caller is None:
        return None
    if caller is not NOBODY:
        return caller if caller.may(Right.READ, board.id, board.group) else None
    # A page that the user merely visits could speak to every open board of the house.
    if request.is_foreign or not is_open(house, board):
        return None
    return Caller(group=board.group, devices=(board.id,), rights=BY_ID_ALONE)


def caller_of(house: House, request: Request) -> Caller | None:
    """Return who asks: NOBODY for a request that shows nothing, None for one that shows a wrong token."""
    token = token_of(request)
    if not token:
        return request.caller or NOBODY
    credential = house.holder(DIALECT, token) or house.holder(_ADMIN, token)
    return None if credential is None else _caller(credential)


def turn_away(house: House, request: Request, now: datetime) -> Respond:
    """Return the answer to a request that may not in; whoever shows wrong tokens on and on is told to wait."""
    if caller_of(house, request) is None and (locked_s := house.strike(request.peer, "", now)):
        wait_s = ceil(locked_s)
        reason = f"too many wrong tokens: try again in {wait_s} s"
        return Respond(429, rest.refusal(reason), headers={"Retry-After": str(wait_s)})
    return Respond(403, rest.refusal(rest.NOT_FOUND))


def may_message(house: House, caller: Caller, target: Device) -> bool:
    """Say whether a caller's messages reach the programs of a board.

    A token reaches the boards of its own group, since programs of one owner talk from board to board with a
    token each; whoever has none reaches open boards only.
    """
    if is_open(house, target):
        return True
    is_known = caller.credential is not None or Right.ADMIN in caller.rights
    return is_known and caller.group in (None, target.group)


def is_open(house: House, board: Device) -> bool:
    """Say whether a board can be reached by its id alone."""
    face = house.face(DIALECT, board.id)
    if not isinstance(face, Face) or not (board.is_virtual if face.open is None else face.open):
        return False
    return not any(
        _caller(credential).may(Right.READ, board.id, board.group) for credential in house.credentials(DIALECT)
    )


def is_page_elsewhere(request: Request) -> bool:
    """Say whether a page of another origin may have sent a request of a kind that browsers send without asking.

    Those name no Origin: a GET for a picture or a link, a form of older browsers. What tells them from a program: newer
    browsers say from where they come (Fetch Metadata, `Sec-Fetch-Site`), though not to a plain address on the network;
    there the Referer does, which a page may leave out; and all of them say that they are Mozilla.
    """
    headers = request.headers
    if request.is_foreign or "origin" in headers:
        return request.is_foreign
    if site := headers.get("sec-fetch-site"):
        return site not in ("same-origin", "none")
    if referer := headers.get("referer"):
        return not f"{referer.lower()}/".startswith(f"{request.origin}/")
    return headers.get("user-agent", "").startswith("Mozilla/")


def token_of(request: Request) -> str:
    """Return the token of a request, empty when it has none.

    It stands in the query, in a header of its own, or in the usual one (obniz reference, section 2).
    """
    token = request.query.get("access_token") or request.headers.get("access_token")
    if token:
        return token
    authorization = request.headers.get("authorization", "")
    return authorization[len(_BEARER) :].strip() if authorization.lower().startswith(_BEARER) else ""


def _caller(credential: Credential) -> Caller:
    return Caller(
        credential=credential.id,
        group=None if credential.kind == _ADMIN else credential.group,
        devices=credential.devices,
        rights=credential.rights,
    )
