"""The PWM driver PCA9685, sixteen outputs (NXP data sheet, section 7.3)."""

MODE1, MODE2 = 0x00, 0x01
LED0 = 0x06
LED_END = 0x46
ALL_LED = 0xFA
PRE_SCALE = 0xFE

RESTART = 0x80
AUTO_INCREMENT = 0x20
SLEEP = 0x10
CHANNEL_BYTES = 4
LEAST_PRE_SCALE = 3

FULL_OFF = 0x10
"""In the high byte of a channel's end: all outputs are off after power-on."""

POWER_ON = {MODE1: 0x11, MODE2: 0x04, 0x02: 0xE2, 0x03: 0xE4, 0x04: 0xE8, 0x05: 0xE0, PRE_SCALE: 0x1E}


class Pca9685:
    """A driver on whose outputs nothing hangs: what is written to it can be read."""

    def __init__(self) -> None:
        self._registers = bytearray(256)
        for register, octet in POWER_ON.items():
            self._registers[register] = octet
        for channel in range(LED0, LED_END, CHANNEL_BYTES):
            self._registers[channel + 3] = FULL_OFF
        self._pointer = 0

    def write(self, octets: bytes, now_us: int) -> None:
        """Set the pointer, then write what follows; the pointer moves on where the mode says so."""
        if not octets:
            return
        self._pointer = octets[0]
        for octet in octets[1:]:
            self._store(self._pointer, octet)
            self._step()

    def read(self, count: int, now_us: int) -> bytes:
        """Read on from the pointer."""
        found = bytearray()
        for _ in range(count):
            register = self._pointer
            # The registers of all outputs together read as zero.
            found.append(0 if ALL_LED <= register < PRE_SCALE else self._registers[register])
            self._step()
        return bytes(found)

    def _step(self) -> None:
        if self._registers[MODE1] & AUTO_INCREMENT:
            self._pointer = (self._pointer + 1) & 0xFF

    def _store(self, register: int, octet: int) -> None:
        if ALL_LED <= register < PRE_SCALE:
            for channel in range(LED0, LED_END, CHANNEL_BYTES):
                self._registers[channel + register - ALL_LED] = octet
        elif register == PRE_SCALE:
            # Writes to it are blocked unless the oscillator is off.
            if self._registers[MODE1] & SLEEP:
                self._registers[register] = max(octet, LEAST_PRE_SCALE)
        elif register == MODE1:
            # Writing a one to the restart bit clears it.
            self._registers[register] = octet & ~RESTART
        elif register < LED_END:
            self._registers[register] = octet
