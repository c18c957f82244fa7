"""The demo bench: something for every function of a board, so that a program has an answer to look at."""

from msgspec.structs import replace

from hardwire.drivers.simulated.board.circuit.generator import Generator
from hardwire.drivers.simulated.board.circuit.voltage import Voltage
from hardwire.drivers.simulated.board.echo import Echo
from hardwire.drivers.simulated.board.hardware import Hardware
from hardwire.drivers.simulated.board.settings import Bench, Settings

WAVE_PINS = (1, 6)
"""The pins with a 2 Hz square wave."""
CHANNELS_PER_TURN = 12
"""Neighbouring channels are a twelfth of a period apart."""
ECHO_HOST = "example.test:80"
"""A host that sends back what it gets. The name is one that never exists (RFC 6761, section 6.2)."""


def furnished(settings: Settings, hardware: Hardware) -> Settings:
    """Return the settings with what the demo bench adds to them; what they say themselves stays."""
    if settings.bench is Bench.EMPTY:
        return settings
    clipped = {generator.pin for generator in settings.generators}
    waves = (Generator(pin=pin) for pin in WAVE_PINS if pin in hardware.pins and pin not in clipped)
    given = {voltage.channel for voltage in settings.voltages}
    sines = (
        Voltage(channel=channel, phase=channel % CHANNELS_PER_TURN / CHANNELS_PER_TURN)
        for channel in hardware.channels
        if channel not in given
    )
    return replace(
        settings,
        generators=(*settings.generators, *waves),
        voltages=(*settings.voltages, *sines),
        echo=settings.echo or Echo(),
        echo_hosts=(*settings.echo_hosts, ECHO_HOST),
    )
