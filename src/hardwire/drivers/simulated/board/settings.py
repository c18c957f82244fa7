"""What can be set of a simulated board: which board it is, and what stands on its bench."""

from enum import Enum
from typing import Annotated

from msgspec import Meta, Struct

from hardwire.drivers.simulated.board.ble.configured import PeripheralSettings
from hardwire.drivers.simulated.board.circuit.generator import Generator
from hardwire.drivers.simulated.board.circuit.voltage import Voltage
from hardwire.drivers.simulated.board.echo import Echo
from hardwire.drivers.simulated.board.hardware import FIRMWARE
from hardwire.drivers.simulated.board.net.wifi import NETWORKS, Network
from hardwire.drivers.simulated.board.parts.placed import Placed

Net = Annotated[tuple[str, ...], Meta(min_length=2, max_length=40)]
EchoHost = Annotated[
    str, Meta(pattern=r"^[0-9A-Za-z.-]+:[0-9]{1,5}$", description="a name and a port, such as example.test:80")
]
Version = Annotated[str, Meta(pattern=r"^\d{1,3}\.\d{1,3}\.\d{1,3}$", description="three numbers, such as 7.1.0")]


class Bench(Enum):
    """What stands around the board apart from what its other settings put there."""

    DEMO = "demo"
    """Something for every function, so that a program has an answer to look at."""
    EMPTY = "empty"
    """Nothing."""


class Settings(Struct, frozen=True, kw_only=True, tag_field="kind", tag="board", forbid_unknown_fields=True):
    """The settings of a device with `driver = "simulated"` and `kind = "board"`."""

    hardware: str = "obnizb1"
    """Which board it is."""
    firmware: Version = FIRMWARE
    """What it reports as its firmware."""
    bench: Bench = Bench.DEMO
    """What stands around it from the start."""
    nets: Annotated[tuple[Net, ...], Meta(max_length=40)] = ()
    """Which pins wires join: lists of names such as `io0`."""
    generators: Annotated[tuple[Generator, ...], Meta(max_length=40)] = ()
    """Square waves on pins."""
    voltages: Annotated[tuple[Voltage, ...], Meta(max_length=40)] = ()
    """Voltages before analog channels."""
    echo: Echo | None = None
    """What throws the sound of a measurement back."""
    parts: Annotated[tuple[Placed, ...], Meta(max_length=100)] = ()
    """What stands on its buses and serial ports."""
    peripherals: Annotated[tuple[PeripheralSettings, ...], Meta(max_length=32)] = ()
    """What advertises around it by Bluetooth."""
    networks: Annotated[tuple[Network, ...], Meta(max_length=64)] = NETWORKS
    """Which wireless networks are in its sight."""
    tcp_allow: Annotated[tuple[str, ...], Meta(max_length=100)] = ()
    """Where its programs may connect to beside the hosts on its bench."""
    echo_hosts: Annotated[tuple[EchoHost, ...], Meta(max_length=100)] = ()
    """Hosts on its bench, as `name:port`: they send back what they get, and no socket is opened for them."""
