"""Who may use the hub's own API and pages: the owner, by socket, bearer token or cookie."""

from datetime import datetime

from hardwire.contracts.house import House
from hardwire.contracts.request import Request
from hardwire.model.access import OWNER, Caller, Right

COOKIE = "hardwire_admin"
KIND = "admin"


def caller_of(request: Request, house: House) -> Caller | None:
    """Return who asks; None when the request shows no valid credential.

    A page of another origin counts by its bearer token alone: a browser sends cookies with whatever page asks.
    """
    if request.caller is not None:
        return request.caller
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return holder(token.strip(), house)
    if request.is_foreign:
        return None
    if house.is_open_house():
        return OWNER
    return holder(cookie_of(request), house)


def holder(token: str, house: House) -> Caller | None:
    """Return the caller that an admin token stands for."""
    credential = house.holder(KIND, token) if token else None
    if credential is None or Right.ADMIN not in credential.rights:
        return None
    return Caller(credential=credential.id, rights=credential.rights)


def locked_s(request: Request, house: House, now: datetime) -> float:
    """Count what a request that was not let in has shown; returns for how many seconds its sender is locked out.

    A request that shows nothing has done nothing wrong.
    """
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    has_shown = bool(token.strip()) if scheme.lower() == "bearer" else bool(cookie_of(request))
    return house.strike(request.peer, "", now) if has_shown else 0.0


def cookie_of(request: Request) -> str:
    """Return the admin token of the cookie; empty when there is none.

    Browsers send the cookies of every port of a host, so what others wrote there may not get in the way.
    """
    for pair in request.headers.get("cookie", "").split(";"):
        name, _, token = pair.strip().partition("=")
        if name == COOKIE:
            return token
    return ""
