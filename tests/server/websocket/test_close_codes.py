"""Which close codes and reasons a client may send, and how each is answered (RFC 6455, sections 5.5.1 and 7.4)."""

import struct

import pytest

from tests.server.doors import CLOSE, Dialled, framed
from tests.server.websocket.bench import Bench, closing

# Sections 7.4.1 and 11.7, with what IANA has registered since (1012, 1013, 1014).
GIVEN = (1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014)
# Section 7.4.2: registered by libraries and frameworks, or private.
FREE = (3000, 3001, 3999, 4000, 4001, 4999)
# 1004 is reserved, 1005, 1006 and 1015 never stand in a frame.
UNGIVEN = (0, 1, 2, 126, 127, 255, 256, 998, 999, 1004, 1005, 1006, 1015, 1016, 1017, 1100, 1999, 2000, 2001, 2999)
BEYOND = (5000, 5001, 9999, 32767, 32768, 65534, 65535)
NOT_UTF_8 = (
    b"\xff",
    b"ok \xc3",
    b"ok \xed\xa0\x80 ok",
    b"\xc3\x28",
    b"\xce\xba\xe1\xbd\xb9\xf4\x90\x80\x80",
    b"x" * 122 + b"\xc3",
)


async def answered(client: Dialled) -> tuple[bytes, bytes]:
    """The payload of the close frame that comes first, and all that comes behind it."""
    kind, payload = await client.hear()
    assert kind == CLOSE
    return payload, await client.hear_end()


@pytest.mark.parametrize("code", GIVEN + FREE)
async def test_a_code_that_may_be_sent_is_sent_back_and_the_connection_ends(bench: Bench, code: int) -> None:
    plain, reasoned = await bench.opened(), await bench.opened()

    plain.send(closing(code))
    reasoned.send(closing(code, "Grüße".encode()))
    answers = [await answered(plain), await answered(reasoned)]

    assert [(payload[:2], rest) for payload, rest in answers] == [(struct.pack("!H", code), b"")] * 2
    assert bench.logs == []


@pytest.mark.parametrize("code", UNGIVEN + BEYOND)
async def test_a_code_that_may_not_be_sent_is_answered_with_1002(bench: Bench, code: int) -> None:
    cases = {"plain": closing(code), "with a reason": closing(code, b"because"), "twice": closing(code) * 2}

    outcomes = await bench.outcomes(cases)

    assert outcomes == dict.fromkeys(cases, "1002")
    assert [str(code) in rule for rule in bench.rules()] == [True] * 3


async def test_a_close_without_a_code_is_answered_with_one_that_is_normal_or_none(bench: Bench) -> None:
    client = await bench.opened()

    client.frame(CLOSE, b"")
    answer = await answered(client)

    assert answer in ((struct.pack("!H", 1000), b""), (b"", b""))
    assert bench.logs == []


async def test_a_close_with_half_a_code_is_answered_with_1002(bench: Bench) -> None:
    cases = {f"{byte:#x}": framed(CLOSE, bytes((byte,))) for byte in (0x00, 0x03, 0xE8, 0xFF)}

    outcomes = await bench.outcomes(cases)

    assert outcomes == dict.fromkeys(cases, "1002")


async def test_a_reason_that_is_no_utf_8_is_answered_with_1007(bench: Bench) -> None:
    cases = {str(reason): closing(1000, reason) for reason in NOT_UTF_8}

    outcomes = await bench.outcomes(cases)

    assert outcomes == dict.fromkeys(cases, "1007")


@pytest.mark.parametrize("reason", [b"x" * 123, "é".encode() * 61 + b"x", "𝄞".encode() * 30 + "€".encode()])
async def test_a_reason_of_123_bytes_is_taken_and_one_more_breaks_a_rule(bench: Bench, reason: bytes) -> None:
    client = await bench.opened()

    client.send(closing(1000, reason))
    answer = await answered(client)
    outcome = await bench.outcome(closing(1000, reason + b"x"))

    assert (len(reason), answer[0][:2], answer[1]) == (123, b"\x03\xe8", b"")
    assert outcome == "1002"
