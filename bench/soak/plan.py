"""What the soak consists of: 500 devices in three dialects, some 2,000 messages a second."""

from msgspec import Struct

METERS = 300
READERS = 3
"""Of each meter, which tells its measurement each second: 900 messages a second over TLS."""
LOGGERS = 100
POST_EVERY_S = 2.0
FIELDS = 8
STREAMS = 8
"""Of the account: each row of each logger goes to all of them, 400 messages a second."""
BOARDS = 100
GENERATOR_HZ = 1.5
"""A square wave on a pin that is streamed: two messages for each period, 300 a second of all boards."""
# A simulated board remembers a line's last 512 changes: at this rate it has them before the tenth minute.
BOARD_COMMANDS_PER_S = 2.0
"""Messages of three commands each to every board: two answers come back, 400 a second of all boards."""

WINDOW_S = 10.0


class Plan(Struct, frozen=True, kw_only=True):
    """What the load has to know of the hub."""

    port: int
    tls_port: int
    ca: str
    token: str
    """Of a HomeWizard user of all meters."""
    ezeio_id: str
    ezeio_key: str
    ingest_key: str
    meters: tuple[str, ...]
    """Serials."""
    loggers: tuple[str, ...]
    """Serials."""
    boards: tuple[str, ...]
    """obniz ids."""


def meter_serials() -> tuple[str, ...]:
    """Return the meters' serials."""
    return tuple(f"5c2faf{number:06x}" for number in range(METERS))


def logger_serials() -> tuple[str, ...]:
    """Return the loggers' serials."""
    return tuple(f"SOK-{number:03}" for number in range(LOGGERS))


def board_ids() -> tuple[str, ...]:
    """Return the boards' ids."""
    return tuple(f"3000-{number:04}" for number in range(BOARDS))


def configuration(driver: str) -> str:
    """Return the hub's file; `driver` is the name of the stamped meters' one."""
    fields = ", ".join(f'{{ name = "f{number}" }}' for number in range(1, FIELDS + 1))
    meters = (
        f'[devices.m{serial}]\ndriver = "{driver}"\nhomewizard = {{ serial = "{serial}" }}\n'
        for serial in meter_serials()
    )
    loggers = (
        f'[devices.{serial.lower()}]\ndriver = "ingest"\nezeio = {{ serial = "{serial}" }}\nfields = [{fields}]\n'
        for serial in logger_serials()
    )
    boards = (
        f'[devices.b{number}]\ndriver = "simulated"\nkind = "board"\nbench = "empty"\nobniz = {{ id = "{board}" }}\n'
        f"generators = [{{ pin = 3, frequency_hz = {GENERATOR_HZ}, phase = {number / BOARDS} }}]\n"
        for number, board in enumerate(board_ids())
    )
    return "\n".join((*meters, *loggers, *boards))
