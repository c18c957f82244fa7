"""Analog inputs as a function of the board: convert once, stream, stop."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from hardwire.drivers.simulated.board.circuit.pins import Pins
from hardwire.drivers.simulated.board.circuit.voltage import Voltage
from hardwire.drivers.simulated.board.function import Tell
from hardwire.drivers.simulated.board.hardware import missing, require
from hardwire.drivers.simulated.board.instants import next_mark_us
from hardwire.model.board.analog import AnalogValue, ReadAnalog, StopAnalog, StreamAnalog
from hardwire.model.command import Command
from hardwire.model.errors import BadValueError
from hardwire.model.fact import Happening
from hardwire.model.value import Value

STREAM_US = 100_000
"""How often a streamed channel is looked at."""
STREAM_V = 0.010
"""By how much it must have moved to be told again."""
POINTS_US = 1_000_000
"""How often the points of all channels get new values."""


class _Told(Struct, frozen=True):
    """The voltage that a stream's readers know, with the tenth of a second in which it was told."""

    mark: int
    volts: float


class Ad:
    """The analog channels; each measures the pin of its number and takes it from nobody.

    Parts drive a pin and measure the same one (obniz.js, Potentiometer). A conversion takes no time: it finds the
    level that a switching output has at that very instant, and no average.
    """

    commands: Sequence[type[Command]] = (ReadAnalog, StreamAnalog, StopAnalog)

    def __init__(self, channels: Sequence[int], voltages: Sequence[Voltage], pins: Pins, tell: Tell) -> None:
        """Put voltages before channels.

        Raises:
            BadValueError: `voltages` name a channel that the board has not.
        """
        self._channels = channels
        self._voltages = {voltage.channel: voltage for voltage in voltages}
        for index, voltage in enumerate(voltages):
            if voltage.channel not in channels:
                raise BadValueError(missing("ad", channels, voltage.channel), path=f"voltages[{index}].channel")
        self._pins = pins
        self._tell = tell
        self._values: Mapping[str, Value] = {}
        self._values_mark = -1
        self.power_on()

    def power_on(self) -> None:
        """End every stream."""
        self._streamed: dict[int, _Told | None] = {}

    def carry_out(self, command: Command, now_us: int) -> Sequence[Happening]:
        """Do one thing to one channel."""
        assert isinstance(command, ReadAnalog | StreamAnalog | StopAnalog)
        channel = command.channel
        require("ad", self._channels, channel)
        match command:
            case ReadAnalog():
                return (AnalogValue(channel, self._volts(channel, now_us)),)
            case StreamAnalog():
                self._streamed[channel] = None
            case StopAnalog():
                self._streamed.pop(channel, None)
        return ()

    def advance(self, now_us: int) -> None:
        """Tell the voltages that have moved since their streams' readers heard them."""
        mark = now_us // STREAM_US
        for channel, known in self._streamed.items():
            if known is not None and known.mark == mark:
                continue
            volts = self._volts(channel, now_us)
            if known is None or abs(volts - known.volts) >= STREAM_V:
                self._streamed[channel] = _Told(mark, volts)
                self._tell(AnalogValue(channel, volts))

    def next_change_us(self, now_us: int) -> int | None:
        """Return when channels are looked at again."""
        return next_mark_us(now_us, STREAM_US if self._streamed else POINTS_US)

    def values(self, now_us: int) -> Mapping[str, Value]:
        """Return the voltage of each channel as it was when this second was first looked at."""
        mark = now_us // POINTS_US
        if mark != self._values_mark:
            self._values_mark = mark
            self._values = {f"ad{channel}": self._volts(channel, now_us) for channel in self._channels}
        return self._values

    def _volts(self, channel: int, now_us: int) -> float:
        line = self._pins.line(channel)
        voltage = self._voltages.get(channel)
        return line.volts(now_us) if voltage is None or line.is_driven else voltage.volts(now_us)
