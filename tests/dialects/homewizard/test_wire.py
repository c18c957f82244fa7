"""The JSON of the dialect, and which error becomes which code."""

import pytest

from hardwire.dialects.homewizard.errors import Refusal, refusal, refused
from hardwire.dialects.homewizard.v1.wire import refusal_v1
from hardwire.dialects.homewizard.wire import parameters, received
from hardwire.model.errors import (
    BadValueError,
    CallerError,
    DeviceError,
    HardwireError,
    HubFaultError,
    NotAllowedError,
    UnknownError,
)

DEEP = "[" * 100_000


@pytest.mark.parametrize(
    "text", ["", "{", "{'a':1}", DEEP, '{"a":' + DEEP, b'{"a":"\xff"}', b"\xff\xfe{}", '{"a":NaN}', '{"a":1e999}']
)
def test_what_is_no_json_is_refused_whatever_is_wrong_with_it(text: str | bytes) -> None:
    with pytest.raises(CallerError) as error:
        parameters(text)

    assert error.value.code == "request:invalid-json"


@pytest.mark.parametrize("text", ["[]", "7", '"text"', "null", "true"])
def test_json_that_is_no_object_holds_nothing_to_recognize(text: str) -> None:
    with pytest.raises(CallerError) as error:
        received(text)

    assert error.value.code == "json:no-parameters-recognized"


@pytest.mark.parametrize(
    ("error", "told", "status_v1", "id_v1"),
    [
        (refused("request:invalid-json"), Refusal(400, "request:invalid-json"), 400, 2),
        (refused("json:no-parameters-recognized"), Refusal(400, "json:no-parameters-recognized"), 400, 7),
        (BadValueError("wrong", path="x"), Refusal(400, "json:parameter-invalid-type:x"), 400, 7),
        (refused("json:parameter-invalid-type", "x"), Refusal(400, "json:parameter-invalid-type:x"), 400, 7),
        (NotAllowedError("press first", code="not-pressed"), Refusal(403, "user:creation-not-enabled"), 403, 202),
        (NotAllowedError("reads only"), Refusal(403, "user:unauthorized"), 403, 202),
        (UnknownError("what?"), Refusal(404, "request:not-found"), 500, 901),
        (CallerError("full", code="no-storage"), Refusal(400, "user:no-storage"), 500, 901),
        (CallerError("cannot", code="unsupported"), Refusal(400, "json:no-parameters-recognized"), 400, 8),
        (DeviceError("gone"), Refusal(503, "request:internal-server-error"), 503, 901),
        (HubFaultError("broken"), Refusal(500, "request:internal-server-error"), 500, 901),
    ],
)
def test_every_error_has_its_code(error: HardwireError, told: Refusal, status_v1: int, id_v1: int) -> None:
    told_v1 = refusal_v1(error)

    assert refusal(error) == told
    assert (told_v1.status, told_v1.id) == (status_v1, id_v1)
