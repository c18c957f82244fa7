"""The paths of the description: every method with all that it answers."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from makers import Schema, product_names, ref
from schemas_v1 import refusals_v1
from schemas_v2 import error_codes

from hardwire.dialects.homewizard import errors
from hardwire.dialects.homewizard.products.catalogue import CATALOGUE
from hardwire.dialects.homewizard.v1.rest import PATHS, served

Operation: TypeAlias = dict[str, Any]  # Any: an OpenAPI Operation Object

SERVER_V2 = {"url": "https://{device}", "variables": {"device": {"default": "127.0.0.1:8443"}}}
SERVER_V1 = {"url": "http://{device}", "variables": {"device": {"default": "127.0.0.1:8080"}}}
VERSION_HEADERS = {"X-Api-Version": {"$ref": "#/components/headers/X-Api-Version"}}
TOKEN: list[Schema] = [{"token": []}]
NOBODY: list[Schema] = [{}]
# What the server itself says when a body is slow or too long.
OF_BODIES = (408, 413)
MEANINGS = {
    400: "The request is wrong: its version, its JSON or its parameters.",
    401: "No token, or one that this device does not know.",
    403: "Not for this caller.",
    404: "This product has no such path.",
    408: "The body was too slow.",
    413: "The body is too long.",
    426: "This path wants a WebSocket.",
    500: "The hub failed.",
    503: "The device cannot now: its source is silent.",
}
MEANINGS_V1 = MEANINGS | {
    403: "v1 is switched off, or not for this caller.",
    400: "The request is wrong: its JSON, or a value in it.",
}


def all_paths() -> dict[str, Any]:  # Any: OpenAPI Path Item Objects
    """Return every path, v2 first."""
    return {"/api": _both(), **_v2(), **_v1()}


def responses() -> dict[str, Schema]:
    """Return the refusals of both versions by name, each with the codes that it can hold."""
    codes: dict[int, list[str]] = {}
    for code in error_codes():
        codes.setdefault(errors.STATUS.get(code, 400), []).append(code)
    # Told apart from the table: what the hub is not answered in time for, and a slow body.
    codes[503] = codes[408] = codes[500]
    codes[403] = [*codes[403], errors.UNAUTHORIZED]
    # Another method is no operation of a path: 405 belongs to none of them.
    codes.pop(405)
    ids: dict[int, list[str]] = {}
    for refusal in refusals_v1():
        ids.setdefault(refusal.status, []).append(f"{refusal.id} {refusal.description}")
    ids[408] = ids[500]
    ids.pop(405)
    return {
        **{f"Refused{status}": _refused(status, codes[status]) for status in sorted(codes)},
        **{f"Refused{status}V1": _refused_v1(status, ids[status]) for status in sorted(ids)},
    }


def _refused(status: int, codes: Sequence[str]) -> Schema:
    headers: dict[str, Schema] = dict(VERSION_HEADERS)
    if status == 401:
        headers["WWW-Authenticate"] = {"schema": {"const": "Bearer"}}
    if status == 401:
        headers["Retry-After"] = {
            "schema": {"type": "integer", "minimum": 1},
            "description": "In seconds; told after many wrong tokens.",
        }
    if status == 426:
        headers["Upgrade"] = {"schema": {"const": "websocket"}}
    told = ", ".join(f"`{code}`" for code in codes)
    return {"description": f"{MEANINGS[status]} {told}", "headers": headers, "content": _json(ref("Error"))}


def _refused_v1(status: int, ids: Sequence[str]) -> Schema:
    told = "; ".join(f"id {text}" for text in dict.fromkeys(ids))
    return {"description": f"{MEANINGS_V1[status]} {told}", "content": _json(ref("ErrorV1"))}


def _both() -> Schema:
    """`/api` is there in both versions: which one answers is the port's to say."""
    refused = {
        str(status): {
            "description": MEANINGS[status],
            "content": _json({"anyOf": [ref("Error"), ref("ErrorV1")]}),
        }
        for status in (400, 403, 404, 500, 503)
    }
    operation = {
        "operationId": "getDevice",
        "summary": "Which device this is: in v2 over TLS with a token, in v1 over plain HTTP without.",
        "tags": ["v2", "v1"],
        "security": [*TOKEN, *NOBODY],
        "parameters": [_version_parameter()],
        "responses": {
            "200": {
                "description": "Product, serial and versions.",
                "content": _json({"oneOf": [ref("Device"), ref("DeviceV1")]}),
            },
            **{status: refused[status] for status in ("400",)},
            "401": {"$ref": "#/components/responses/Refused401"},
            **{status: told for status, told in refused.items() if status != "400"},
        },
    }
    return {"servers": [SERVER_V2, SERVER_V1], "get": operation}


def _v2() -> dict[str, Any]:  # Any: OpenAPI Path Item Objects
    steered = product_names(product for product in CATALOGUE.values() if product.has_batteries and product.api_version)
    shown = product_names(product for product in CATALOGUE.values() if product.can_identify and product.api_version)
    rebooted = product_names(product for product in CATALOGUE.values() if product.can_reboot and product.api_version)
    read = product_names(product for product in CATALOGUE.values() if product.has_telegram and product.api_version)
    telegram = {"200": _text("The newest telegram, byte for byte."), "503": _text("`telegram:no-telegram-received`.")}
    return {
        "/api/user": {
            "get": _operation("listUsers", "The users of this device.", _ok("Users")),
            "post": _operation(
                "addUser",
                "A token, within 30 s of a press of the device's button. A name that is there already gets a new one.",
                _ok("Token"),
                body="NewUser",
                security=NOBODY,
                without=(401,),
            ),
            "delete": _operation(
                "removeUser",
                "End a user's token; without a body, one's own.",
                _done("The user is gone."),
                body="UserName",
                is_body_required=False,
            ),
        },
        "/api/measurement": {
            "get": _operation("getMeasurement", "What it measures; what is not known is left out.", _ok("Measurement"))
        },
        "/api/system": {
            "get": _operation("getSystem", "Settings and network.", _ok("System")),
            "put": _operation("putSystem", "Change settings; all of them are told.", _ok("System"), body="SystemWrite"),
        },
        "/api/system/identify": {
            "put": _operation("identify", f"Show which device it is ({shown}).", _done("It blinks."), (408, 413))
        },
        "/api/system/reboot": {
            "put": _operation(
                "reboot", f"Start anew ({rebooted}).", _done("It goes offline, and comes back."), OF_BODIES
            )
        },
        "/api/telegram": {
            "get": _operation("getTelegram", f"The meter's telegram ({read}).", telegram),
        },
        "/api/batteries": {
            "get": _operation("getBatteries", f"The batteries that it steers ({steered}).", _ok("Batteries")),
            "put": _operation(
                "putBatteries", "Steer them; the full object is told.", _ok("Batteries"), body="BatteriesWrite"
            ),
        },
        "/api/ws": {
            "get": _operation(
                "openSocket",
                "The WebSocket. Its first message holds the token; no header does.",
                {"101": {"description": "The socket is open."}},
                (426,),
                security=NOBODY,
                without=(401,),
            )
        },
    }


def _v1() -> dict[str, Any]:  # Any: OpenAPI Path Item Objects
    """The v1 paths, by the dialect's own table."""
    told: Mapping[tuple[str, str], tuple[str, str, dict[str, Any], str]] = {  # Any: OpenAPI Response Objects
        ("/api/v1/data", "GET"): ("getDataV1", "What it measures; what is not known is left out", _ok_v1("DataV1"), ""),
        ("/api/v1/telegram", "GET"): (
            "getTelegramV1",
            "The meter's telegram",
            {"200": {"description": "The newest telegram, byte for byte.", "content": _plain()}},
            "",
        ),
        ("/api/v1/state", "GET"): ("getStateV1", "The relay, its lock and its light", _ok_v1("StateV1"), ""),
        ("/api/v1/state", "PUT"): (
            "putStateV1",
            "Switch, lock or dim; what was sent is told",
            _ok_v1("StateWrittenV1"),
            "StateWriteV1",
        ),
        ("/api/v1/system", "GET"): ("getSystemV1", "The settings that v1 knows", _ok_v1("SystemV1"), ""),
        ("/api/v1/system", "PUT"): ("putSystemV1", "Change settings", _ok_v1("SystemV1"), "SystemWriteV1"),
        ("/api/v1/identify", "PUT"): (
            "identifyV1",
            "Show which device it is",
            {
                "200": {
                    "description": "It blinks.",
                    "content": _json(
                        {
                            "type": "object",
                            "properties": {"identify": {"const": "ok"}},
                            "required": ["identify"],
                            "additionalProperties": False,
                        }
                    ),
                }
            },
            "",
        ),
    }
    found: dict[str, Any] = {}  # Any: OpenAPI Path Item Objects
    for path, methods in PATHS.items():
        if path == "/api":
            continue
        products = product_names(product for product in CATALOGUE.values() if path in served(product))
        item: dict[str, Any] = {"servers": [SERVER_V1]}  # Any: OpenAPI Path Item Object
        for method in methods:
            id, summary, good, body = told[path, method]
            item[method.lower()] = _operation_v1(id, f"{summary} ({products}).", good, method, body)
        found[path] = item
    return found


def _operation(
    id: str,
    summary: str,
    good: Mapping[str, Schema],
    also: Sequence[int] = (),
    *,
    body: str = "",
    is_body_required: bool = True,
    security: list[Schema] = TOKEN,
    without: Sequence[int] = (),
) -> Operation:
    """A v2 operation. Every one can be refused for its version, its token, its caller and its path."""
    statuses = {400, 401, 403, 404, 500, 503, *also, *(OF_BODIES if body else ())} - {*without}
    refused = {str(status): {"$ref": f"#/components/responses/Refused{status}"} for status in statuses}
    answers = {**refused, **good}
    return {
        "operationId": id,
        "summary": summary,
        "tags": ["v2"],
        "security": security,
        "parameters": [_version_parameter()],
        **({"requestBody": _body(body, is_required=is_body_required)} if body else {}),
        "responses": {status: answers[status] for status in sorted(answers)},
    }


def _operation_v1(id: str, summary: str, good: Mapping[str, Schema], method: str, body: str) -> Operation:
    statuses = {400, 403, 404, 500, 503, *(OF_BODIES if method == "PUT" else ())}
    refused = {str(status): {"$ref": f"#/components/responses/Refused{status}V1"} for status in statuses}
    answers = {**refused, **good}
    return {
        "operationId": id,
        "summary": summary,
        "tags": ["v1"],
        "security": [],
        **({"requestBody": _body(body, is_required=True)} if body else {}),
        "responses": {status: answers[status] for status in sorted(answers)},
    }


def _version_parameter() -> Schema:
    return {"$ref": "#/components/parameters/X-Api-Version"}


def _body(schema: str, *, is_required: bool) -> Schema:
    return {"required": is_required, "content": _json(ref(schema))}


def _json(schema: Schema) -> Schema:
    return {"application/json": {"schema": schema}}


def _plain() -> Schema:
    return {"text/plain": {"schema": {"type": "string"}}}


def _ok(schema: str) -> dict[str, Schema]:
    return {"200": {"description": "The full object.", "headers": VERSION_HEADERS, "content": _json(ref(schema))}}


def _ok_v1(schema: str) -> dict[str, Schema]:
    return {"200": {"description": "As it is now.", "content": _json(ref(schema))}}


def _done(description: str) -> dict[str, Schema]:
    return {"204": {"description": description, "headers": VERSION_HEADERS}}


def _text(description: str) -> Schema:
    return {"description": description, "headers": VERSION_HEADERS, "content": _plain()}
