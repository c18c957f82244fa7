"""Reserved bits and opcodes: each is refused with 1002, whatever frame bears it (RFC 6455, section 5.2)."""

import pytest

from tests.server.doors import framed
from tests.server.websocket.bench import PART_TEXT, Bench, closing

BITS = [bits << 4 for bits in range(1, 8)]
DATA, CONTROL = (0x81, 0x82), (0x88, 0x89, 0x8A)


@pytest.mark.parametrize("payload", [b"", b"\x03\xe8", b"x" * 200], ids=["empty", "short", "long"])
async def test_every_pattern_of_reserved_bits_is_refused_on_every_kind_of_frame(bench: Bench, payload: bytes) -> None:
    kinds = DATA if len(payload) > 125 else DATA + CONTROL
    cases = {f"{kind | bits:#04x}": framed(kind | bits, payload) for kind in kinds for bits in BITS}

    outcomes = await bench.outcomes(cases)

    assert outcomes == dict.fromkeys(cases, "1002")


@pytest.mark.parametrize("bits", BITS)
async def test_reserved_bits_are_refused_in_the_parts_of_a_message_too(bench: Bench, bits: int) -> None:
    begun = framed(PART_TEXT, b"begun")
    cases = {
        "the first part": framed(PART_TEXT | bits, b"x"),
        "a part in the middle": begun + framed(bits, b"x"),
        "the last part": begun + framed(0x80 | bits, b"x"),
        "a ping between parts": begun + framed(0x89 | bits, b"x"),
    }

    outcomes = await bench.outcomes(cases)

    assert outcomes == dict.fromkeys(cases, "1002")


@pytest.mark.parametrize("fin", [0x80, 0x00], ids=["whole", "in parts"])
async def test_every_reserved_opcode_is_refused(bench: Bench, fin: int) -> None:
    opcodes = (*range(0x3, 0x8), *range(0xB, 0x10))
    cases = {f"{opcode:#x}": framed(fin | opcode, b"x" * length) for opcode in opcodes for length in (0, 5)}
    begun = {f"{opcode:#x} in a message": framed(PART_TEXT, b"x") + framed(fin | opcode, b"") for opcode in opcodes}

    outcomes = await bench.outcomes({**cases, **begun})

    assert outcomes == dict.fromkeys([*cases, *begun], "1002")


async def test_what_comes_behind_a_broken_rule_is_not_heard(bench: Bench) -> None:
    broken = framed(0x81, b"before") + framed(0x83, b"reserved") + framed(0x81, b"after") + closing(1000)

    outcome = await bench.outcome(broken)

    assert outcome == "1002"
    assert [session.told[1:-1] for session in bench.sessions][1:] == [[("receive", "before")]]
