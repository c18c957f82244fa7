"""Framing: what a stream of bytes is cut into, whatever its pieces."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardwire.drivers.dsmr.fault import Fault, FaultKind
from hardwire.drivers.dsmr.framing import TELEGRAM_LIMIT_BYTES, Framer, RawTelegram, crc16_arc
from tests.fakes import telegrams


def kinds(found: list[RawTelegram | Fault]) -> list[str]:
    """Return `telegram` or the kind of fault, in order."""
    return ["telegram" if isinstance(each, RawTelegram) else each.kind.value for each in found]


def test_the_crc_is_the_published_one() -> None:
    # The check value of CRC-16/ARC.
    assert crc16_arc(b"123456789") == 0xBB3D


@given(st.binary(max_size=300))
def test_the_crc_table_follows_the_polynomial(octets: bytes) -> None:
    assert crc16_arc(octets) == telegrams.crc16(octets)


@pytest.mark.parametrize(
    "make",
    [
        telegrams.three_phases_with_gas,
        telegrams.one_phase,
        telegrams.version_4,
        telegrams.belgian,
        telegrams.swedish,
        telegrams.hungarian,
    ],
)
def test_a_telegram_with_a_crc_comes_out_verbatim(make: Callable[[], bytes]) -> None:
    octets = make()

    found = Framer(has_crc=True).take(octets)

    assert found == [RawTelegram(octets)]


def test_a_telegram_without_a_crc_comes_out_verbatim_where_its_family_has_none() -> None:
    octets = telegrams.version_2()

    found = Framer(has_crc=False).take(octets)

    assert found == [RawTelegram(octets)]


def test_a_crc_is_checked_even_where_the_family_has_none() -> None:
    right = telegrams.version_4()

    found = Framer(has_crc=False).take(right + telegrams.with_crc_of(right))

    assert kinds(found) == ["telegram", "bad-crc"]


def test_a_telegram_without_a_crc_is_a_fault_where_its_family_has_one() -> None:
    found = Framer(has_crc=True).take(telegrams.version_2())

    assert kinds(found) == ["bad-crc"]
    assert isinstance(found[0], Fault)
    assert "`version` 2.2" in found[0].message


def test_a_crc_without_its_leading_zeros_is_right() -> None:
    framer = Framer(has_crc=True)
    octets = next(
        each for each in (telegrams.telegram("XXX5", [f"0-0:96.14.0({no:04})"]) for no in range(1000)) if b"!0" in each
    )
    shortened = octets.replace(b"!0", b"!")

    assert framer.take(shortened) == [RawTelegram(shortened)]


def test_small_hex_digits_and_a_nul_after_the_crc_are_taken() -> None:
    octets = telegrams.one_phase()
    body, crc = octets[: octets.rindex(b"!") + 1], octets[octets.rindex(b"!") + 1 :].strip()
    odd = body + crc.lower() + b"\0\r\n"

    assert Framer(has_crc=True).take(odd) == [RawTelegram(odd)]


def test_a_wrong_crc_is_a_fault_and_the_next_telegram_is_served() -> None:
    right = telegrams.one_phase()

    found = Framer(has_crc=True).take(telegrams.with_crc_of(right) + right)

    assert kinds(found) == ["bad-crc", "telegram"]


def test_a_crc_that_is_no_number_is_a_fault() -> None:
    right = telegrams.one_phase()

    found = Framer(has_crc=True).take(right[: right.rindex(b"!") + 1] + b"ZZZZ\r\n" + right)

    assert kinds(found) == ["bad-crc", "telegram"]


def test_one_changed_byte_is_found() -> None:
    right = telegrams.three_phases_with_gas()

    found = Framer(has_crc=True).take(right.replace(b"230.1*V", b"330.1*V"))

    assert kinds(found) == ["bad-crc"]


def test_garbage_before_the_first_telegram_is_no_fault() -> None:
    right = telegrams.one_phase()

    found = Framer(has_crc=True).take(b"\x00\xff8.1(001*kWh)\r\n!1F28\r\n" + right)

    assert found == [RawTelegram(right)]


def test_a_telegram_that_another_one_cuts_off_is_truncated() -> None:
    right = telegrams.one_phase()

    found = Framer(has_crc=True).take(right[:200] + right)

    assert kinds(found) == ["truncated", "telegram"]


def test_a_telegram_that_breaks_off_within_its_crc_is_truncated() -> None:
    right = telegrams.one_phase()

    found = Framer(has_crc=True).take(right[: right.rindex(b"!") + 3] + right)

    assert kinds(found) == ["truncated", "telegram"]


def test_what_is_unfinished_when_the_line_ends_is_truncated() -> None:
    framer = Framer(has_crc=True)
    framer.take(telegrams.one_phase()[:100])

    assert kinds(list(framer.end())) == ["truncated"]
    assert framer.kept_bytes == 0
    assert framer.end() == []


def test_a_telegram_that_never_ends_is_dropped_once_and_the_next_one_served() -> None:
    framer = Framer(has_crc=True)
    right = telegrams.one_phase()

    found = framer.take(b"/ABC5\r\n" + b"x" * (TELEGRAM_LIMIT_BYTES + 5000) + right)

    assert kinds(found) == ["too-long", "telegram"]


def test_a_crc_line_that_never_ends_is_a_fault_and_the_next_telegram_served() -> None:
    right = telegrams.one_phase()

    found = Framer(has_crc=True).take(b"/ABC5\r\n!" + b"0" * 50 + right)

    assert kinds(found) == ["bad-crc", "telegram"]


def test_a_stream_without_any_telegram_is_told_as_noise_now_and_then() -> None:
    framer = Framer(has_crc=True)

    found = framer.take(b"\xaa" * (3 * TELEGRAM_LIMIT_BYTES))

    assert kinds(found) == ["noise", "noise", "noise"]
    assert framer.kept_bytes == 0


PIECES = st.lists(
    st.sampled_from(
        [
            telegrams.one_phase(),
            telegrams.three_phases_with_gas(),
            telegrams.with_crc_of(telegrams.one_phase()),
            telegrams.one_phase()[:150],
            telegrams.version_2(),
            b"/",
            b"!",
            b"!\r\n",
            b"\r\n",
            b"/!",
            b"!0000000000000000000",
            b"/X5" + b"y" * 700,
            b"z" * 300,
        ]
    )
    | st.binary(max_size=40),
    max_size=12,
)


@given(PIECES, st.lists(st.integers(min_value=1, max_value=400), max_size=30), st.booleans())
def test_however_the_stream_is_cut_the_outcome_is_the_same(pieces: list[bytes], cuts: list[int], has_crc: bool) -> None:
    stream = b"".join(pieces)
    whole = Framer(has_crc=has_crc, limit_bytes=1024)
    cut_up = Framer(has_crc=has_crc, limit_bytes=1024)

    expected = [*whole.take(stream), *whole.end()]
    found: list[RawTelegram | Fault] = []
    for size in cuts:
        found += cut_up.take(stream[:size])
        stream = stream[size:]
    found += [*cut_up.take(stream), *cut_up.end()]

    assert found == expected


@given(st.lists(st.binary(max_size=3000), max_size=20), st.booleans())
def test_random_bytes_never_raise_and_memory_stays_bounded(chunks: list[bytes], has_crc: bool) -> None:
    framer = Framer(has_crc=has_crc, limit_bytes=512)

    for chunk in chunks:
        framer.take(chunk)

        assert framer.kept_bytes <= 512 + 32


def test_each_kind_of_fault_has_a_sentence_of_its_own() -> None:
    framer = Framer(has_crc=True, limit_bytes=400)
    right = telegrams.telegram("XXX5", ["0-0:96.14.0(0001)"])

    found = framer.take(
        telegrams.with_crc_of(right) + right[:20] + b"/" + b"x" * 500 + b"noise" * 100 + right + b"/" + right
    )

    sentences = {each.kind: each.message for each in found if isinstance(each, Fault)}
    assert set(sentences) == {FaultKind.BAD_CRC, FaultKind.TRUNCATED, FaultKind.TOO_LONG, FaultKind.NOISE}
    assert len(set(sentences.values())) == 4
