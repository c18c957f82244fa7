"""The air around a board: every peripheral in it, and which of them are heard."""

from collections.abc import Iterable, Sequence

from hardwire.drivers.simulated.board.ble.peripheral import Peripheral


class Air:
    """The peripherals around one board, shared by all that listens on it."""

    def __init__(self, peripherals: Iterable[Peripheral]) -> None:
        self.peripherals: Sequence[Peripheral] = tuple(peripherals)

    def find(self, address: str) -> Peripheral | None:
        """Return the peripheral of that address: twelve lower-case hex digits."""
        return next((peripheral for peripheral in self.peripherals if peripheral.address == address), None)

    def heard(self, since_us: int, now_us: int) -> Sequence[Peripheral]:
        """Return those that have advertised since then, each once."""
        return [
            peripheral
            for peripheral in self.peripherals
            if not peripheral.is_connected and peripheral.turn(now_us) > peripheral.turn(since_us)
        ]

    def next_heard_us(self, now_us: int) -> int | None:
        """Return when somebody advertises next; None where nobody does."""
        return min(
            (peripheral.next_turn_us(now_us) for peripheral in self.peripherals if not peripheral.is_connected),
            default=None,
        )
