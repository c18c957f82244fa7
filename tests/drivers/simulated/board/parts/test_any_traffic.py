"""Whatever is sent to a part: it answers as many bytes as were asked for, or does not acknowledge, and nothing else."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardwire.drivers.simulated.board.parts.part import NotAcknowledgedError
from hardwire.drivers.simulated.board.parts.table import KINDS, I2cKind, SpiKind, UartKind
from tests.drivers.simulated.board.parts.bench import NOON_US, part

TRAFFIC = st.lists(st.tuples(st.binary(max_size=40), st.integers(0, 80), st.integers(0, 10**10)), max_size=8)
"""What is written, how much is read then, and how many microseconds pass before."""


def names(kind: type) -> list[str]:
    return [name for name, one in KINDS.items() if isinstance(one, kind)]


@pytest.mark.parametrize("name", names(I2cKind))
@settings(max_examples=60, deadline=None)
@given(traffic=TRAFFIC)
def test_a_part_on_an_i2c_bus_answers_what_was_asked_or_not_at_all(
    name: str, traffic: list[tuple[bytes, int, int]]
) -> None:
    one, now_us = part(name), NOON_US

    for octets, count, pause_us in traffic:
        now_us += pause_us
        with suppress(NotAcknowledgedError):
            one.write(octets, now_us)
        with suppress(NotAcknowledgedError):
            assert len(one.read(count, now_us)) == count


@pytest.mark.parametrize("name", names(I2cKind))
def test_every_register_of_a_part_can_be_read_and_written(name: str) -> None:
    one = part(name)

    for register in range(256):
        for octets in (bytes((register,)), bytes((register, 0xFF, 0x00, 0x55))):
            with suppress(NotAcknowledgedError):
                one.write(octets, NOON_US)
                assert len(one.read(40, NOON_US)) == 40


@pytest.mark.parametrize("name", names(SpiKind))
@settings(max_examples=60, deadline=None)
@given(traffic=TRAFFIC)
def test_a_part_on_an_spi_bus_gives_back_as_many_bytes_as_it_gets(
    name: str, traffic: list[tuple[bytes, int, int]]
) -> None:
    kind = KINDS[name]
    assert isinstance(kind, SpiKind)
    one = kind.make()

    for octets, count, pause_us in traffic:
        assert len(one.transfer(octets, NOON_US + pause_us)) == len(octets)
        if count % 2:
            one.deselect()


@pytest.mark.parametrize("name", names(UartKind))
@settings(max_examples=60, deadline=None)
@given(traffic=TRAFFIC)
def test_a_module_on_a_serial_port_says_no_more_than_a_moment_can_hold(
    name: str, traffic: list[tuple[bytes, int, int]]
) -> None:
    kind = KINDS[name]
    assert isinstance(kind, UartKind)
    one = kind.make(kind.baud)

    for octets, _, pause_us in traffic:
        mark_us = one.next_mark_us(NOON_US + pause_us)
        assert len(one.hear(octets, NOON_US)) <= len(octets)
        assert len(one.say(NOON_US + pause_us)) < 300
        assert mark_us is None or mark_us > NOON_US + pause_us
