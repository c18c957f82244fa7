"""What the log tells of a broken rule: one line that names it, and nothing of what was sent."""

from hardwire.server.sockets.frames import REASON_LIMIT_BYTES
from tests.server.doors import BINARY, CLOSE, PING, TEXT, framed
from tests.server.websocket.bench import LAST, PART_TEXT, Bench, closing

SECRET = b"token-0123456789"
BROKEN = {
    "reserved bits": framed(0xC1, SECRET),
    "opcode 3": framed(0x83, SECRET),
    "opcode 15": framed(0x8F, SECRET),
    "masked": framed(TEXT, SECRET, is_masked=False),
    "fragmented": framed(0x09, SECRET),
    "125 bytes": framed(PING, SECRET * 8),
    "no message": framed(LAST, SECRET),
    "must end first": framed(PART_TEXT, b"begun") + framed(TEXT, SECRET),
    "UTF-8": framed(TEXT, SECRET + b"\xff"),
    "reason": closing(1000, SECRET + b"\xff"),
    "code 1006": closing(1006, SECRET),
    "two bytes": framed(CLOSE, b"\x03"),
    "may have 1000 bytes": framed(BINARY, SECRET * 100),
    "as few bytes": b"\x81\xfe\x00\x01\x00\x00\x00\x00x",
    "highest bit": b"\x82\xff\xff\xff\xff\xff\xff\xff\xff\xff",
}


async def test_each_rule_is_named_in_one_line_and_told_to_the_client_too(bench: Bench) -> None:
    told = {}

    for rule, raw in BROKEN.items():
        client = await bench.opened()
        client.send(raw)
        _, reason = await client.hear_close()
        client.writer.write_eof()
        await client.hear_end()
        await bench.gone()
        told[rule] = reason

    rules = bench.rules()
    assert [named for named, rule in zip(BROKEN, rules, strict=True) if named not in rule] == []
    assert list(told.values()) == list(rules)
    assert max(len(rule.encode()) for rule in rules) <= REASON_LIMIT_BYTES


async def test_nothing_of_what_was_sent_stands_in_the_log(bench: Bench) -> None:
    await bench.outcomes(BROKEN)

    assert len(bench.logs) == len(BROKEN)
    assert "token" not in str(bench.logs)
