"""Pulse width modulation: a pin that goes up and down by itself. It answers nothing."""

from hardwire.model.command import Command


class StartPwm(Command, frozen=True):
    """Attach a channel to a pin; its frequency and pulse stay as they were set."""

    channel: int
    pin: int


class StopPwm(Command, frozen=True):
    """Detach the channel and give its pin back."""

    channel: int


class SetPwmFrequency(Command, frozen=True):
    """Choose how often a second the pin goes up: 1 to 80,000,000 Hz (obniz reference, section 3.6)."""

    channel: int
    frequency_hz: int


class SetPwmPulse(Command, frozen=True):
    """Choose how long the pin is high in each period.

    Unit: whole microseconds, as the binary wire has it (obniz reference, section 6.3).
    """

    channel: int
    pulse_us: int


class ModulateAm(Command, frozen=True):
    """Send bits by switching the channel's carrier on and off, each bit for one symbol (infrared remotes).

    Unit: whole microseconds. `bits` holds one byte, 0 or 1, for each bit.
    """

    channel: int
    symbol_us: int
    bits: bytes
