"""Messages by HTTP: a link for the programs of one board, a call for those of several (obniz reference, section 2)."""

from datetime import datetime

from hardwire.contracts.act import Bear, Respond
from hardwire.contracts.house import House
from hardwire.contracts.request import Request
from hardwire.contracts.session import Acts
from hardwire.dialects.obniz.admission import BY_ID_ALONE, admit, caller_of, is_page_elsewhere, turn_away
from hardwire.dialects.obniz.face import DIALECT
from hardwire.dialects.obniz.post import READ_ONLY, deliver
from hardwire.dialects.obniz.wire import rest
from hardwire.dialects.obniz.wire.message import SendMessage
from hardwire.dialects.obniz.wire.shape import Misfit
from hardwire.model.access import NOBODY, Caller, Right
from hardwire.model.device import Device


def follow_link(house: House, request: Request, board: Device | None, now: datetime) -> Acts:
    """Answer `GET /obniz/{id}/message?data=...`."""
    if request.method != "GET":
        return (_wrong_method("GET"),)
    caller = None if board is None else admit(house, board, request)
    if board is None or caller is None or (caller.credential is None and is_page_elsewhere(request)):
        return (turn_away(house, request, now),)
    said = request.query.get("data")
    if said is None:
        return Bear(caller), _refuse(400, "[data]missing")
    if Right.CONTROL not in caller.rights:
        return Bear(caller), _refuse(403, READ_ONLY)
    if not house.is_fresh(board.id, now):
        return Bear(caller), _refuse(404, rest.NOT_ONLINE)
    address = house.address(DIALECT, board.id) or ""
    return Bear(caller), *_deliver(house, caller, rest.text_to(address, said), now)


def hand_in(house: House, request: Request, media_type: str, now: datetime) -> Acts:
    """Answer `POST /obniz/message`."""
    if request.method != "POST":
        return (_wrong_method("POST"),)
    caller = caller_of(house, request)
    if caller is NOBODY and not is_page_elsewhere(request):
        caller = Caller(rights=BY_ID_ALONE)
    if caller is None or caller is NOBODY:
        return (turn_away(house, request, now),)
    if Right.CONTROL not in caller.rights:
        return Bear(caller), _refuse(403, READ_ONLY)
    if request.body and media_type not in (rest.JSON_TYPE, rest.FORM_TYPE):
        return Bear(caller), _refuse(415, f"the Content-Type must be {rest.JSON_TYPE} or {rest.FORM_TYPE}")
    try:
        message = rest.letter(request.query, request.body, media_type)
    except Misfit as misfit:
        return Bear(caller), _refuse(400, f"[{misfit.field.removeprefix('.') or 'message'}]{misfit.message}")
    return Bear(caller), *_deliver(house, caller, message, now)


def _deliver(house: House, caller: Caller, message: SendMessage, now: datetime) -> Acts:
    # Nobody stands behind a call who could be answered, so it has no sender (section 3.14).
    delivery = deliver(house, caller, message, sender=None, now=now)
    yield from delivery.acts
    if delivery.acts:
        yield Respond(200, rest.accepted([delivery.warning] if delivery.warning else []))
    else:
        yield _refuse(404, delivery.warning)


def _wrong_method(method: str) -> Respond:
    return Respond(405, rest.refusal(f"only {method} is answered here"), headers={"Allow": method})


def _refuse(status: int, reason: str) -> Respond:
    return Respond(status, rest.refusal(reason))
