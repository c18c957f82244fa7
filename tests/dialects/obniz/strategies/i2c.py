"""Buses of I2C: any that the reference allows."""

from hypothesis import strategies as st
from msgspec.structs import replace

from hardwire.model.board.i2c import (
    I2cFailed,
    I2cFault,
    I2cRead,
    I2cWarned,
    I2cWritten,
    ReadI2c,
    StartI2cMaster,
    StartI2cSlave,
    StopI2c,
    WriteI2c,
)
from tests.dialects.obniz.loss import Deviation, Loss

BUSES = st.integers(0, 1)
PINS = st.lists(st.integers(0, 40), min_size=2, max_size=2, unique=True)
ADDRESSES = st.integers(0, 127).flatmap(lambda low: st.sampled_from([(low, 7), (low, 10)])) | st.integers(
    128, 1023
).map(lambda high: (high, 10))
OCTETS = st.binary(max_size=80) | st.just(bytes(range(256)) * 4)


def _needed_bits(word: WriteI2c | ReadI2c | StartI2cSlave | I2cWritten) -> int:
    return 10 if word.address > 127 else 7


_SHORT = Loss(
    "JSON has no word for a low address of ten bits", lambda word: (replace(word, address_bits=_needed_bits(word)),)
)

COMMANDS = {
    StartI2cMaster: st.builds(
        lambda bus, pins, clock_hz: StartI2cMaster(bus, pins[0], pins[1], clock_hz),
        BUSES,
        PINS,
        st.integers(1, 1_000_000),
    ),
    StartI2cSlave: st.builds(
        lambda bus, pins, address: StartI2cSlave(bus, pins[0], pins[1], address[0], address[1]), BUSES, PINS, ADDRESSES
    ),
    WriteI2c: st.builds(
        lambda bus, address, sent: WriteI2c(bus, address[0], sent, address[1]), BUSES, ADDRESSES, OCTETS
    ),
    ReadI2c: st.builds(
        lambda bus, address, count: ReadI2c(bus, address[0], count, address[1]),
        BUSES,
        ADDRESSES,
        st.integers(0, 1024),
    ),
    StopI2c: st.builds(StopI2c, BUSES),
}
HAPPENINGS = {
    I2cRead: st.builds(I2cRead, BUSES, st.integers(0, 1023), OCTETS),
    I2cWritten: st.builds(
        lambda bus, address, found, is_fragmented: I2cWritten(bus, address[0], found, is_fragmented, address[1]),
        BUSES,
        ADDRESSES,
        OCTETS,
        st.booleans(),
    ),
    I2cFailed: st.builds(
        lambda bus, fault, is_read, end: I2cFailed(
            bus,
            fault,
            is_read,
            f"{'reading' if is_read else 'writing'} error: {'timeout' if fault is I2cFault.TIMEOUT else 'none'} {end}",
        ),
        BUSES,
        st.sampled_from(I2cFault),
        st.booleans(),
        st.sampled_from(["", "at address 80", '"はろー"']),
    ),
    I2cWarned: st.builds(I2cWarned, BUSES, st.text(max_size=20)),
}


def _failure_left(failed: I2cFailed) -> tuple[I2cFailed] | None:
    """The sentence is made anew of the numbers."""
    if failed.channel:
        return None
    verb = "reading" if failed.is_read else "writing"
    outcome = "timeout, perhaps nothing is connected" if failed.fault is I2cFault.TIMEOUT else "failed"
    return (replace(failed, message=f"{verb} error: {outcome}"),)


TEXT_LOSSES = {
    StartI2cSlave: _SHORT,
    WriteI2c: _SHORT,
    ReadI2c: _SHORT,
    I2cWritten: _SHORT,
}
FRAME_LOSSES = {
    I2cRead: Loss("a frame without bytes is none", lambda word: (word,) if word.octets else None),
    I2cWritten: Loss(
        "a frame without bytes is none, and it does not say whether more follows",
        lambda word: (replace(word, is_fragmented=True),) if word.octets else None,
    ),
    I2cFailed: Loss("the frame has neither channel nor sentence, and is taken for one of i2c0", _failure_left),
    I2cWarned: Loss("there is no frame for it", lambda word: None),
}
VENDOR_DEVIATIONS = {
    I2cFailed: Deviation("it has sentences of its own"),
}
