"""What stands on the buses of a bench: the parts of the setting `parts`, and those of the demo."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Annotated

from msgspec import Meta, Struct

from hardwire.drivers.simulated.board.buses.spi import PlacedSpiPart
from hardwire.drivers.simulated.board.buses.uart import PlacedUartPart
from hardwire.drivers.simulated.board.hardware import Hardware, missing
from hardwire.drivers.simulated.board.parts.part import I2cPart
from hardwire.drivers.simulated.board.parts.table import KINDS, I2cKind, Kind, SpiKind, UartKind
from hardwire.model.errors import BadValueError

Number = Annotated[int, Meta(ge=0)]

SETTING_OF: Mapping[type[Kind], str] = {I2cKind: "address", SpiKind: "select", UartKind: "baud"}
"""What can be set of a kind of part apart from `part` and `bus`."""


class Placed(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part on an I2C bus, an SPI bus or a serial port. It answers whatever pins that is started on."""

    part: str
    """What is printed on it: see the table of the parts."""
    bus: Number | None = None
    """The number of the bus or port that it stands on; every bus of its kind unless given, the first port."""
    address: Number | None = None
    """Its I2C address, one that the part can have."""
    select: Number | None = None
    """The pin that selects it on an SPI bus while low; it is always selected unless given."""
    baud: Annotated[int, Meta(ge=1, le=5_000_000)] | None = None
    """The speed of a module on a serial port."""


DEMO = (
    Placed(part="24LC256"),
    Placed(part="SHT31", address=0x44),
    Placed(part="SHT31", address=0x45),
    Placed(part="BME280", address=0x76),
    Placed(part="BME280", address=0x77),
    Placed(part="MPU6050"),
    Placed(part="S11059"),
)
"""What answers on every I2C bus of the demo bench."""


class Stock:
    """The parts themselves, as the buses find them."""

    def __init__(self, settings: Sequence[Placed], hardware: Hardware, *, has_demo: bool) -> None:
        """A part of the settings stands in the place of one of the demo that has the same address.

        Raises:
            BadValueError: a part is unknown, stands where another one stands, or where it cannot.
        """
        self.spi: list[PlacedSpiPart] = []
        self.uart: list[PlacedUartPart] = []
        self._hardware = hardware
        self._i2c: dict[tuple[int, int], I2cPart] = {}
        for number, placed in enumerate(settings):
            self._place(placed, f"parts[{number}]")
        if has_demo:
            for placed in DEMO:
                kind = KINDS[placed.part]
                assert isinstance(kind, I2cKind)
                address = _address(placed, kind, "parts")
                for bus in hardware.i2c:
                    self._i2c.setdefault((bus, address), kind.make(address))

    def i2c(self, bus: int, address: int) -> I2cPart | None:
        """Return the part at an address of a bus, or None."""
        return self._i2c.get((bus, address))

    def _place(self, placed: Placed, path: str) -> None:
        kind = KINDS.get(placed.part)
        if kind is None:
            raise BadValueError(_unknown(placed.part), path=f"{path}.part")
        _check_settings(placed, kind, path)
        match kind:
            case I2cKind(make):
                address = _address(placed, kind, path)
                for bus in _buses(placed, self._hardware.i2c, "i2c", path):
                    if (bus, address) in self._i2c:
                        problem = f"two parts stand at the address {address:#04x} of i2c{bus}: move or remove one"
                        raise BadValueError(problem, path=f"{path}.address")
                    self._i2c[bus, address] = make(address)
            case SpiKind(make):
                if placed.select is not None and placed.select not in self._hardware.pins:
                    problem = missing("io", self._hardware.pins, placed.select)
                    raise BadValueError(problem, path=f"{path}.select")
                for bus in _buses(placed, self._hardware.spi, "spi", path):
                    if any(one.unit == bus and placed.select == one.select for one in self.spi):
                        problem = f"two parts of spi{bus} have the same `select`"
                        raise BadValueError(problem, path=f"{path}.select")
                    self.spi.append(PlacedSpiPart(make(), bus, placed.select))
            case UartKind(make, baud):
                port = _buses(placed, self._hardware.uart, "uart", path)[0]
                if any(one.unit == port for one in self.uart):
                    problem = f"two modules stand at uart{port}: move or remove one"
                    raise BadValueError(problem, path=f"{path}.bus")
                self.uart.append(PlacedUartPart(make(baud if placed.baud is None else placed.baud), port))


def _buses(placed: Placed, units: Sequence[int], name: str, path: str) -> Sequence[int]:
    found = [unit for unit in units if placed.bus in (None, unit)]
    if not found:
        listed = ", ".join(f"{name}{unit}" for unit in units) or f"no {name}"
        raise BadValueError(f"the part {placed.part} finds no bus: this board has {listed}", path=f"{path}.bus")
    return found


def _check_settings(placed: Placed, kind: Kind, path: str) -> None:
    given = {"address": placed.address, "select": placed.select, "baud": placed.baud}
    for setting, value in given.items():
        if value is not None and setting != SETTING_OF[type(kind)]:
            raise BadValueError(f"the part {placed.part} has no `{setting}`", path=f"{path}.{setting}")


def _address(placed: Placed, kind: I2cKind, path: str) -> int:
    address = kind.addresses[0] if placed.address is None else placed.address
    if address not in kind.addresses:
        listed = " or ".join(f"{one:#04x}" for one in kind.addresses)
        raise BadValueError(f"the {placed.part} has {listed}, not {address:#04x}", path=f"{path}.address")
    return address


def _unknown(name: str) -> str:
    by_lower = {known.lower(): known for known in KINDS}
    nearest = get_close_matches(name.lower(), by_lower, n=1)
    advice = f"did you mean {by_lower[nearest[0]]!r}?" if nearest else f"choose one of {', '.join(KINDS)}"
    return f"no part {name!r} can be simulated; {advice}"
