"""One call of a logger: who it is, what it brings, what it is told."""

import base64
import binascii
import zlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from math import ceil

from hardwire.contracts.act import Act, Ask, Bear, Respond
from hardwire.contracts.house import House
from hardwire.contracts.question import Answer, Handover
from hardwire.contracts.request import Request
from hardwire.dialects.ezeio.unit.serial import dashed
from hardwire.drivers.ingest import wire
from hardwire.drivers.ingest.batch import BODY_LIMIT_BYTES, VALUES_LIMIT, Batch, Receipt
from hardwire.drivers.ingest.table import table_of
from hardwire.model.access import Caller, Right
from hardwire.model.command import Reply
from hardwire.model.device import Device
from hardwire.model.errors import BadValueError, HardwireError, NotAllowedError, UnknownError

PREFIX = "/ingest/v1"
KIND = "ingest"
JSON, CSV = "application/json", "text/csv"
CHALLENGES = ('Bearer realm="hardwire"', 'Basic realm="hardwire", charset="UTF-8"')
MEDIA = f"send {JSON} or {CSV}, and say which in the header Content-Type"
RETRY_AFTER_S = 10
YES = ("1", "true", "yes")


class _UnauthorizedError(HardwireError):
    """It shows no key that is valid."""

    code = "unauthorized"


class _LockedError(HardwireError):
    """It has shown too many keys that are none."""

    code = "locked-out"

    def __init__(self, message: str, wait_s: int) -> None:
        super().__init__(message)
        self.wait_s = wait_s


class _MediaError(HardwireError):
    """Its body is of a kind that is not read here."""

    code = "media-type"


class _MethodError(HardwireError):
    """Its method is not for this path."""

    code = "method"


class Visit:
    """A one-shot session: it shows its key, brings a batch or nothing, gets its receipt."""

    def __init__(self, request: Request, house: House) -> None:
        self._request = request
        self._house = house

    def open(self, now: datetime) -> Iterable[Act]:
        """Check the call, then hand over what it brings."""
        request = self._request
        try:
            if request.method not in ("POST", "GET"):
                raise _MethodError("POST brings rows, GET asks for commands")
            caller = self._caller(now)
            yield Bear(caller)
            device = self._device(caller)
            batch = self._batch()
            if batch.size > VALUES_LIMIT:
                raise BadValueError(
                    f"more than {VALUES_LIMIT} values or rows in one call: send several", code="too-large"
                )
        except HardwireError as error:
            yield _refused(error)
            return
        yield Ask(Handover(device.id, batch))

    def reply(self, tag: int, answer: Reply | Answer, now: datetime) -> Sequence[Act]:
        """Answer with the receipt, or with what kept the batch from being taken."""
        if isinstance(answer, Receipt):
            return [Respond(200 if answer.is_kept else 400, wire.receipt_body(answer))]
        assert isinstance(answer, HardwireError), "a logger's driver receipts what it takes"
        return [_refused(answer)]

    def receive(self, message: str | bytes, now: datetime) -> Sequence[Act]:
        """A request has one message: itself."""
        return ()

    def notice(self, topic: str, message: str, now: datetime) -> Sequence[Act]:
        """It listens to nothing."""
        return ()

    def tick(self, now: datetime) -> Sequence[Act]:
        """It waits for no time."""
        return ()

    def closed(self, now: datetime) -> Sequence[Act]:
        """Nothing of it stays."""
        return ()

    def _caller(self, now: datetime) -> Caller:
        if self._request.caller is not None:
            return self._request.caller
        scheme, _, rest = self._request.headers.get("authorization", "").strip().partition(" ")
        key = ""
        if scheme.lower() == "bearer":
            key = rest.strip()
        # A browser sends a password that it knows with the requests of any page.
        elif scheme.lower() == "basic" and not self._request.is_foreign:
            key = _password(rest.strip())
        credential = self._house.holder(KIND, key) if key else None
        if credential is None:
            if key and (locked_s := self._house.strike(self._request.peer, "", now)):
                raise _LockedError(f"too many wrong keys: try again in {ceil(locked_s)} s", ceil(locked_s))
            raise _UnauthorizedError(
                "this needs the unit's key, as `Authorization: Bearer KEY` or as the password of Basic: "
                "`hardwire key create ingest --device ID` makes one"
            )
        return Caller(
            credential=credential.id, group=credential.group, devices=credential.devices, rights=credential.rights
        )

    def _device(self, caller: Caller) -> Device:
        text = self._request.path.removeprefix(PREFIX).strip("/")
        serial = dashed(text)
        device = None if serial is None else self._house.find("ezeio", serial)
        device = device or self._house.device(text)
        if device is None:
            raise UnknownError(f"there is no unit {text!r}: the path is {PREFIX}/SERIAL, or the device's id")
        group = device.group
        if caller.group is not None and self._house.reaches(caller.group, group) and self._is_inherited(caller):
            group = caller.group
        if not caller.may(Right.CONTROL, device.id, group):
            raise NotAllowedError(f"this key is not for the unit {text}, or may only read")
        return device

    def _is_inherited(self, caller: Caller) -> bool:
        credential = None if caller.credential is None else self._house.credential(caller.credential)
        return credential is not None and credential.is_inherited

    def _batch(self) -> Batch:
        request = self._request
        is_partial = request.query.get("partial", "").lower() in YES
        asked = Batch(done=_ids(request.query.get("done", "")), failed=_ids(request.query.get("failed", "")))
        body = _unpacked(request)
        if request.method == "GET" or not body.strip():
            return asked
        kind, _, parameters = request.headers.get("content-type", "").partition(";")
        match kind.strip().lower():
            case "application/json":
                batch = wire.batch_of(body, is_partial=is_partial)
            case "text/csv":
                batch = table_of(_text(body, parameters), is_partial=is_partial)
            case "":
                raise _MediaError(f"the body has no type: {MEDIA}")
            case other:
                raise _MediaError(f"{other[:60]!r} is not read here: {MEDIA}")
        return Batch(
            rows=batch.rows,
            refused=batch.refused,
            done=[*batch.done, *asked.done],
            failed=[*batch.failed, *asked.failed],
            is_partial=is_partial,
        )


def _unpacked(request: Request) -> bytes:
    """Return the body, unfolded where it came as gzip. Raises HardwireError."""
    match request.headers.get("content-encoding", "identity").strip().lower():
        case "identity" | "":
            return request.body
        case "gzip" | "x-gzip":
            pass
        case other:
            raise _MediaError(f"the encoding {other[:60]!r} is not read here: send gzip, or the body as it is")
    unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        # A few bytes can unfold to very many: no more than the limit is ever made of them.
        body = unpacker.decompress(request.body, BODY_LIMIT_BYTES + 1)
    except zlib.error as error:
        raise BadValueError("the body is no gzip", code="bad-body") from error
    if len(body) > BODY_LIMIT_BYTES:
        raise BadValueError(f"the body is longer than {BODY_LIMIT_BYTES} bytes once it is unpacked", code="too-large")
    if not unpacker.eof:
        raise BadValueError("the body is gzip that was cut short", code="bad-body")
    return body


def _text(body: bytes, parameters: str) -> str:
    charset = parameters.lower().partition("charset=")[2].partition(";")[0].strip(' "')
    if charset not in ("", "utf-8", "utf8", "us-ascii"):
        raise _MediaError(f"the charset {charset[:60]!r} is not read here: send UTF-8")
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise BadValueError("the body is no text in UTF-8", code="bad-body") from error


def _password(encoded: str) -> str:
    """The password of a Basic header; empty where it cannot be read. Who the user is does not matter."""
    try:
        return base64.b64decode(encoded, validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return ""


def _ids(text: str) -> Sequence[str]:
    return [id for one in text.split(",") if (id := one.strip())]


def _refused(error: HardwireError) -> Respond:
    status, body = wire.error_body(error)
    match error:
        case _UnauthorizedError():
            return Respond(401, body, challenges=CHALLENGES)
        case _LockedError(wait_s=wait_s):
            return Respond(429, body, headers={"Retry-After": str(wait_s)})
        case _MediaError():
            return Respond(415, body, headers={"Accept": f"{JSON}, {CSV}"})
        case _MethodError():
            return Respond(405, body, headers={"Allow": "GET, POST"})
    if error.code == "too-large":
        return Respond(413, body)
    return Respond(status, body, headers={"Retry-After": str(RETRY_AFTER_S)} if status == 503 else {})
