"""The colour sensor S11059-02DT (Hamamatsu data sheet KPIC1082E)."""

from hardwire.drivers.simulated.board.parts import room

CONTROL = 0
TIMING = (1, 2)
RED = 3
COLOURS = 4

CONTROL_RESET = 0x80
CONTROL_STANDBY = 0x40
CONTROL_IS_IDLE = 0x20
CONTROL_HIGH_GAIN = 0x08
CONTROL_MANUAL = 0x04

POWER_ON_CONTROL = 0xE4
POWER_ON_TIMING = 0x0C30

# Register map: how long one colour is looked at; in the manual mode it is a multiple of the second row.
FIXED_MS = (0.0875, 1.4, 22.4, 179.2)
MANUAL_MS = (0.175, 2.8, 44.8, 358.4)

# Electrical and optical characteristics: counts per lx in 546 ms of red, green, blue and infrared.
SENSITIVITY_MS = 546
LOW_GAIN = (11.2, 8.3, 4.4, 3.0)
HIGH_GAIN = (117.0, 85.0, 44.8, 30.0)


class S11059:
    """A sensor under the light of the room."""

    def __init__(self) -> None:
        self._control = POWER_ON_CONTROL
        self._timing = bytearray(POWER_ON_TIMING.to_bytes(2, "big"))
        self._counts = bytes(2 * COLOURS)

    def load(self, register: int, now_us: int) -> int:
        """Return the settings or a byte of the counts; while it measures again and again, those of now."""
        if register == CONTROL:
            return self._control
        if register in TIMING:
            return self._timing[register - TIMING[0]]
        if not RED <= register < RED + 2 * COLOURS:
            return 0
        if not self._control & (CONTROL_RESET | CONTROL_STANDBY | CONTROL_IS_IDLE):
            self._counts = self._measure(now_us)
        return self._counts[register - RED]

    def store(self, register: int, octet: int, now_us: int) -> None:
        """Choose how it measures; clearing reset and standby starts it."""
        if register in TIMING:
            self._timing[register - TIMING[0]] = octet
        elif register == CONTROL:
            self._control = octet & ~CONTROL_IS_IDLE
            if octet & CONTROL_STANDBY:
                self._control |= CONTROL_IS_IDLE
            elif octet & CONTROL_MANUAL and not octet & CONTROL_RESET:
                # The manual mode measures once and goes to standby by itself.
                self._counts = self._measure(now_us)
                self._control |= CONTROL_IS_IDLE

    def _measure(self, now_us: int) -> bytes:
        step = self._control & 3
        is_manual = self._control & CONTROL_MANUAL
        time_ms = MANUAL_MS[step] * int.from_bytes(self._timing, "big") if is_manual else FIXED_MS[step]
        sensitivity = HIGH_GAIN if self._control & CONTROL_HIGH_GAIN else LOW_GAIN
        counts = (round(room.light_lx(now_us) * one * time_ms / SENSITIVITY_MS) for one in sensitivity)
        return b"".join(min(0xFFFF, count).to_bytes(2, "big") for count in counts)
