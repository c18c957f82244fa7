"""The opening handshake: what makes a WebSocket of a request, and how others are told why not (RFC 6455, 4.2)."""

import base64
import hashlib
from collections.abc import Mapping

import pytest

from hardwire.contracts.session import Upgrade
from tests.fakes.paper_dialect import PaperSession
from tests.server.doors import TEXT, Answer, Dialled, framed
from tests.server.websocket.bench import Bench

KEY = "dGhlIHNhbXBsZSBub25jZQ=="
GOOD: Mapping[str, str] = {
    "Host": "localhost",
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": KEY,
}


def asking(*more: str, method: str = "GET", version: str = "1.1", body: bytes = b"", **changes: str | None) -> bytes:
    """A handshake with headers changed (`_` for `-`), left out (None) or added as whole lines."""
    changed = {name.replace("_", "-"): value for name, value in changes.items()}
    headers = {name: changed.get(name, value) for name, value in GOOD.items()}
    lines = [f"{name}: {value}" for name, value in headers.items() if value is not None]
    return "\r\n".join([f"{method} /paper HTTP/{version}", *lines, *more, "", ""]).encode("latin-1") + body


async def asked(bench: Bench, raw: bytes) -> tuple[Dialled, Answer]:
    """Send a handshake on a connection of its own."""
    client = await bench.doors.dial()
    client.send(raw)
    return client, await client.answer()


async def test_the_answer_proves_that_the_key_was_read(bench: Bench) -> None:
    client, answer = await asked(bench, asking())

    client.frame(TEXT, b"a")

    assert answer.status == 101
    assert answer.headers["upgrade"].lower() == "websocket"
    assert answer.headers["connection"].lower() == "upgrade"
    # The key and the answer are the example of RFC 6455, section 1.3.
    assert answer.headers["sec-websocket-accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
    assert await client.hear() == (TEXT, b"a")


@pytest.mark.parametrize("seed", range(8))
async def test_every_key_of_16_bytes_has_its_own_answer(bench: Bench, seed: int) -> None:
    key = base64.b64encode(hashlib.md5(bytes((seed,))).digest()).decode()
    proof = hashlib.sha1(f"{key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11".encode()).digest()

    _, answer = await asked(bench, asking(Sec_WebSocket_Key=key))

    assert answer.headers["sec-websocket-accept"] == base64.b64encode(proof).decode()


@pytest.mark.parametrize(
    "raw",
    [
        asking(Connection="keep-alive, Upgrade"),
        asking(Connection="upgrade,keep-alive"),
        asking(Connection="Keep-Alive ,\tUPGRADE , close"),
        asking("Connection: keep-alive"),
        asking("Connection: Upgrade", Connection="keep-alive"),
        asking(Upgrade="WebSocket"),
        asking(Upgrade="WEBSOCKET", Connection="UPGRADE"),
        asking("X-Longer: " + "x" * 4000),
        asking("Origin: http://localhost"),
        asking().replace(b"Sec-WebSocket-", b"sec-websocket-"),
        asking().replace(b"Upgrade: websocket", b"UPGRADE:websocket"),
        asking().replace(b"Connection: ", b"connection:   "),
    ],
    ids=lambda raw: repr(raw)[30:140],
)
async def test_names_and_words_of_a_handshake_are_read_whatever_their_case_and_place(bench: Bench, raw: bytes) -> None:
    client, answer = await asked(bench, raw)

    client.frame(TEXT, b"a")

    assert answer.status == 101
    assert await client.hear() == (TEXT, b"a")


@pytest.mark.parametrize("version", ["0", "7", "8", "12", "14", "25", "255", "013", "thirteen", "", None])
async def test_another_version_is_told_which_one_is_spoken(bench: Bench, version: str | None) -> None:
    client, answer = await asked(bench, asking(Sec_WebSocket_Version=version))

    client.send(asking())
    second = await client.answer()

    assert (answer.status in (400, 426), answer.headers["sec-websocket-version"]) == (True, "13")
    assert second.status == 101


@pytest.mark.parametrize(
    "key",
    [
        *(None, "", "x", "not base64 at all!", "dGhlIHNhbXBsZSBub25jZQ", "dGhlIHNhbXBsZSBub25jZQ==="),
        *(base64.b64encode(b"x" * length).decode() for length in (0, 1, 15, 17, 32)),
        "dGhlIHNhbXBsZSBub25j!Q==",
    ],
)
async def test_a_key_that_is_not_16_bytes_is_refused(bench: Bench, key: str | None) -> None:
    client, answer = await asked(bench, asking(Sec_WebSocket_Key=key))

    client.send(asking())
    second = await client.answer()

    assert answer.status == 400
    assert "sec-websocket-accept" not in answer.headers
    assert second.status == 101


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
async def test_only_a_get_becomes_a_websocket(bench: Bench, method: str) -> None:
    _, answer = await asked(bench, asking(method=method))

    assert answer.status == 400
    assert "sec-websocket-accept" not in answer.headers
    assert bench.sessions == []


async def test_a_request_of_http_1_0_becomes_no_websocket(bench: Bench) -> None:
    _, answer = await asked(bench, asking(version="1.0"))

    assert answer.status in (200, 400, 426, 505)
    assert "sec-websocket-accept" not in answer.headers
    assert bench.sessions == []


@pytest.mark.parametrize(
    "raw",
    [
        asking(Upgrade=None),
        asking(Connection=None),
        asking(Upgrade=None, Connection=None),
        asking(Upgrade="h2c"),
        asking(Upgrade="websockets"),
        asking(Connection="keep-alive"),
        asking(Connection="no-upgrade"),
        asking(Connection="upgrades, keep-alive"),
    ],
    ids=lambda raw: repr(raw)[30:110],
)
async def test_a_request_that_asks_for_no_websocket_is_an_ordinary_one(bench: Bench, raw: bytes) -> None:
    client, answer = await asked(bench, raw)

    client.send(asking())
    second = await client.answer()

    assert answer.status == 200
    assert second.status == 101


@pytest.mark.parametrize(
    "offer",
    [
        "permessage-deflate",
        "permessage-deflate; client_max_window_bits; server_no_context_takeover",
        "x-webkit-deflate-frame, permessage-deflate; client_max_window_bits=15",
        "nonsense;;; =,",
    ],
)
async def test_no_extension_that_is_offered_is_taken(bench: Bench, offer: str) -> None:
    client, answer = await asked(bench, asking(f"Sec-WebSocket-Extensions: {offer}"))

    client.frame(TEXT, b"x" * 500)

    assert answer.status == 101
    assert "sec-websocket-extensions" not in answer.headers
    assert await client.hear() == (TEXT, b"x" * 500)


async def test_a_compressed_frame_breaks_a_rule_though_compression_was_offered(bench: Bench) -> None:
    client, _ = await asked(bench, asking("Sec-WebSocket-Extensions: permessage-deflate"))

    client.send(framed(0xC1, b"\xf2\x48\xcd\xc9\xc9\x07\x00"))

    assert (await client.hear_close())[0] == 1002


async def test_a_sub_protocol_is_agreed_to_only_where_the_session_does(bench: Bench) -> None:
    offer = "Sec-WebSocket-Protocol: chat, superchat"
    bench.doors.dialect.session = lambda request: PaperSession(
        on_open=lambda: (Upgrade(PaperSession(), protocol="superchat" if request.query else None),)
    )

    _, silent = await asked(bench, asking(offer))
    _, agreed = await asked(bench, asking(offer).replace(b"/paper ", b"/paper?agree=1 "))

    assert [silent.status, agreed.status] == [101, 101]
    assert [answer.headers.get("sec-websocket-protocol") for answer in (silent, agreed)] == [None, "superchat"]


async def test_a_handshake_that_is_refused_reaches_no_session(bench: Bench) -> None:
    for raw in (asking(Sec_WebSocket_Version="8"), asking(Sec_WebSocket_Key="x"), asking(method="POST")):
        await asked(bench, raw)

    assert (bench.sessions, bench.doors.dialect.requests) == ([], [])


async def test_a_handshake_has_no_body(bench: Bench) -> None:
    client, answer = await asked(bench, asking("Content-Length: 5", body=b"hello") + framed(TEXT, b"a"))

    heard = await client.hear() if answer.status == 101 else None

    assert (answer.status, heard) in ((101, (TEXT, b"a")), (400, None))
