"""The paths by which loggers bring their rows: `POST /ingest/v1/{serial}`."""

from collections.abc import Sequence
from datetime import datetime

from hardwire.contracts.act import Respond
from hardwire.contracts.house import House
from hardwire.contracts.request import Request
from hardwire.contracts.session import Session
from hardwire.drivers.ingest import wire
from hardwire.drivers.ingest.batch import BODY_LIMIT_BYTES
from hardwire.drivers.ingest.visit import PREFIX, Visit

CODES = {400: "bad-request", 403: "not-allowed", 408: "slow-body", 413: "too-large", 500: "hub-fault", 503: "busy"}


class IngestDoor:
    """`contracts.door.Door` of this driver."""

    name = "ingest"
    prefixes: Sequence[str] = (PREFIX,)
    takes_root = False
    message_limit_bytes = BODY_LIMIT_BYTES

    def __init__(self, house: House) -> None:
        self._house = house

    def answer(self, request: Request) -> Session:
        """Return the session that answers a request."""
        return Visit(request, self._house)

    def refuse(self, status: int, reason: str, request: Request, now: datetime) -> Respond:
        """Return an error in JSON. One that a logger may try again says when."""
        headers = {"Retry-After": "10"} if status == 503 else {}
        return Respond(status, wire.problem_body(CODES.get(status, "refused"), reason), headers=headers)
