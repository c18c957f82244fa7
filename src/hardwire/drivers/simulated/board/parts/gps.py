"""A GPS module that tells once a second where it is, in NMEA 0183 sentences."""

from datetime import UTC, datetime

from hardwire.drivers.simulated.board.parts import room

SECOND_US = 1_000_000

# On a field near Utrecht, walked round slowly.
LATITUDE_MIN = 52 * 60 + 5.4
LONGITUDE_MIN = 5 * 60 + 7.3
WALK_MIN = 0.02
ALTITUDE_M = 4.0
SATELLITES = 8


class Gps:
    """A module with a fix, which listens to nothing."""

    def __init__(self, baud: int) -> None:
        self.baud = baud

    def hear(self, octets: bytes, now_us: int) -> bytes:
        """Answer nothing."""
        return b""

    def say(self, now_us: int) -> bytes:
        """Say the position and the time of this second."""
        at = datetime.fromtimestamp(now_us // SECOND_US, UTC)
        clock = f"{at:%H%M%S}.000"
        latitude = _degrees(LATITUDE_MIN + WALK_MIN * room.swing(now_us, 300), 2)
        longitude = _degrees(LONGITUDE_MIN + WALK_MIN * room.swing(now_us, 300, 0.25), 3)
        place = f"{latitude},N,{longitude},E"
        return b"".join(
            (
                _sentence(f"GPGGA,{clock},{place},1,{SATELLITES:02},1.0,{ALTITUDE_M:.1f},M,46.0,M,,"),
                _sentence(f"GPRMC,{clock},A,{place},0.50,90.00,{at:%d%m%y},,,A"),
                _sentence(f"GPZDA,{clock},{at:%d,%m,%Y},00,00"),
            )
        )

    def next_mark_us(self, now_us: int) -> int | None:
        """Each whole second."""
        return (now_us // SECOND_US + 1) * SECOND_US


def _degrees(minutes: float, digits: int) -> str:
    whole, rest = divmod(minutes, 60)
    return f"{int(whole):0{digits}}{rest:07.4f}"


def _sentence(text: str) -> bytes:
    check = 0
    for octet in text.encode():
        check ^= octet
    return f"${text}*{check:02X}\r\n".encode()
