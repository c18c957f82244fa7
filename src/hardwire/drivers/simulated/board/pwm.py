"""Pulse width modulation as a function of the board: pins that go up and down by themselves."""

from collections.abc import Sequence

from hardwire.drivers.simulated.board.circuit.pins import Pins
from hardwire.drivers.simulated.board.circuit.signal import SECOND_US, Signal, burst, wave
from hardwire.drivers.simulated.board.hardware import require
from hardwire.model.board.pin import PinOwner
from hardwire.model.board.pwm import ModulateAm, SetPwmFrequency, SetPwmPulse, StartPwm, StopPwm
from hardwire.model.command import Command
from hardwire.model.errors import BadValueError
from hardwire.model.fact import Happening

# obniz reference, section 3.6.
FREQUENCY_LIMIT_HZ = 80_000_000
POWER_ON_HZ = 1_000
SYMBOL_US = (50, 1_000_000)
"""The shortest and the longest symbol."""

# The longest codes of remote controls have some 5,000 of the shortest symbols.
BITS_LIMIT = 10_000


class _Channel:
    """One channel as it is after power-on."""

    def __init__(self) -> None:
        self.pin: int | None = None
        self.frequency_hz = POWER_ON_HZ
        self.pulse_us = 0


class Pwm:
    """The channels. Frequency and pulse stay when a channel is attached and detached; each change begins a period."""

    commands: Sequence[type[Command]] = (StartPwm, StopPwm, SetPwmFrequency, SetPwmPulse, ModulateAm)

    def __init__(self, channels: Sequence[int], pins: Pins) -> None:
        self._numbers = channels
        self._pins = pins
        self.power_on()

    def power_on(self) -> None:
        """Detach every channel and forget its frequency and pulse."""
        self._channels = {number: _Channel() for number in self._numbers}

    def carry_out(self, command: Command, now_us: int) -> Sequence[Happening]:
        """Do one thing to one channel."""
        assert isinstance(command, StartPwm | StopPwm | SetPwmFrequency | SetPwmPulse | ModulateAm)
        number = command.channel
        require("pwm", self._numbers, number)
        channel = self._channels[number]
        match command:
            case StartPwm(pin=pin):
                self._start(number, channel, pin)
            case StopPwm():
                self._pins.release(PinOwner.PWM, number)
                channel.pin = None
                return ()
            case SetPwmFrequency(frequency_hz=frequency_hz):
                if not 1 <= frequency_hz <= FREQUENCY_LIMIT_HZ:
                    raise BadValueError(f"a PWM has 1 to {FREQUENCY_LIMIT_HZ} Hz", path="frequency_hz")
                channel.frequency_hz = frequency_hz
            case SetPwmPulse(pulse_us=pulse_us):
                if pulse_us < 0:
                    raise BadValueError("a pulse takes no time, or some", path="pulse_us")
                channel.pulse_us = pulse_us
            case ModulateAm():
                self._put(number, channel, _modulated(command, channel, now_us))
                return ()
        self._put(number, channel, wave(channel.frequency_hz, channel.pulse_us, now_us))
        return ()

    def _start(self, number: int, channel: _Channel, pin: int) -> None:
        if channel.pin != pin:
            # Looked up first: a pin that is not there leaves the channel where it is.
            self._pins[pin]
            self._pins.release(PinOwner.PWM, number)
        self._pins.take(PinOwner.PWM, pin, unit=number)
        channel.pin = pin

    def _put(self, number: int, channel: _Channel, signal: Signal) -> None:
        """Put a signal on the channel's line, unless it has none or another function has taken its pin."""
        pin = channel.pin
        if pin is not None and self._pins.has(PinOwner.PWM, pin, number):
            self._pins.put(pin, signal)


def _modulated(command: ModulateAm, channel: _Channel, now_us: int) -> Signal:
    shortest_us, longest_us = SYMBOL_US
    if not shortest_us <= command.symbol_us <= longest_us:
        raise BadValueError(f"a symbol takes {shortest_us} to {longest_us} us", path="symbol_us")
    if len(command.bits) > BITS_LIMIT:
        raise BadValueError(f"a burst has at most {BITS_LIMIT} bits", path="bits")
    # The vendor's client sets no pulse for a carrier: half of each period is what receivers are made for.
    pulse_us = channel.pulse_us or max(SECOND_US // channel.frequency_hz // 2, 1)
    return burst(command.bits, command.symbol_us, wave(channel.frequency_hz, pulse_us, now_us), now_us)
