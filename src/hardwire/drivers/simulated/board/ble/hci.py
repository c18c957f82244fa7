"""The words of HCI: numbers of commands, events and errors, and how packets are put together.

Source: Bluetooth Core, volume 4, part E, sections 1.3, 5.4 and 7.
"""

from enum import IntEnum

COMMAND_PACKET = 1
ACL_PACKET = 2
EVENT_PACKET = 4


class Opcode(IntEnum):
    """The commands that do something; those with a fixed answer are in `fixed`."""

    DISCONNECT = 0x0406
    READ_REMOTE_VERSION = 0x041D
    RESET = 0x0C03
    READ_EXTENDED_FEATURES = 0x1004
    READ_RSSI = 0x1405
    LE_SET_EVENT_MASK = 0x2001
    LE_SET_SCAN_PARAMETERS = 0x200B
    LE_SET_SCAN_ENABLE = 0x200C
    LE_CREATE_CONNECTION = 0x200D
    LE_CREATE_CONNECTION_CANCEL = 0x200E
    LE_CONNECTION_UPDATE = 0x2013
    LE_READ_CHANNEL_MAP = 0x2015
    LE_READ_REMOTE_FEATURES = 0x2016
    LE_RAND = 0x2018
    LE_START_ENCRYPTION = 0x2019
    LE_LTK_REPLY = 0x201A
    LE_LTK_NEGATIVE_REPLY = 0x201B
    LE_SET_DATA_LENGTH = 0x2022
    LE_READ_PHY = 0x2030
    LE_SET_PHY = 0x2032
    LE_SET_EXTENDED_SCAN_PARAMETERS = 0x2041
    LE_SET_EXTENDED_SCAN_ENABLE = 0x2042
    LE_EXTENDED_CREATE_CONNECTION = 0x2043


class Status(IntEnum):
    """How a command ended, or why a connection did (volume 1, part F, section 1.3)."""

    SUCCESS = 0x00
    UNKNOWN_COMMAND = 0x01
    UNKNOWN_CONNECTION = 0x02
    KEY_MISSING = 0x06
    MEMORY_EXCEEDED = 0x07
    CONNECTION_EXISTS = 0x0B
    COMMAND_DISALLOWED = 0x0C
    INVALID_PARAMETERS = 0x12
    LOCAL_HOST_TERMINATED = 0x16


DISCONNECTION_COMPLETE = 0x05
ENCRYPTION_CHANGE = 0x08
READ_REMOTE_VERSION_COMPLETE = 0x0C
COMMAND_COMPLETE = 0x0E
COMMAND_STATUS = 0x0F
NUMBER_OF_COMPLETED_PACKETS = 0x13
LE_META = 0x3E

LE_CONNECTION_COMPLETE = 0x01
LE_ADVERTISING_REPORT = 0x02
LE_CONNECTION_UPDATE_COMPLETE = 0x03
LE_READ_REMOTE_FEATURES_COMPLETE = 0x04
LE_ENHANCED_CONNECTION_COMPLETE = 0x0A
LE_PHY_UPDATE_COMPLETE = 0x0C
LE_EXTENDED_ADVERTISING_REPORT = 0x0D
LE_SCAN_TIMEOUT = 0x11

COMMANDS_IN_FLIGHT = 1
"""How many commands the controller takes before it answers."""


def event(code: int, parameters: bytes) -> bytes:
    """Return an event."""
    return bytes((EVENT_PACKET, code, len(parameters))) + parameters


def le_event(subevent: int, parameters: bytes) -> bytes:
    """Return an event of the low energy kind."""
    return event(LE_META, bytes((subevent,)) + parameters)


def command_complete(opcode: int, status: Status, returned: bytes = b"") -> bytes:
    """Return the event that a command is over, with what it returns."""
    return event(COMMAND_COMPLETE, bytes((COMMANDS_IN_FLIGHT,)) + u16(opcode) + bytes((status,)) + returned)


def command_status(opcode: int, status: Status) -> bytes:
    """Return the event that a command was begun, or refused; another event follows when it is over."""
    return event(COMMAND_STATUS, bytes((status, COMMANDS_IN_FLIGHT)) + u16(opcode))


def acl(handle: int, boundary: int, octets: bytes) -> bytes:
    """Return a packet of a connection."""
    return bytes((ACL_PACKET,)) + u16(handle | boundary << 12) + u16(len(octets)) + octets


def u16(value: int) -> bytes:
    """Return a number as two bytes, the low one first."""
    return value.to_bytes(2, "little")


def i8(value: int) -> bytes:
    """Return a signed number as one byte."""
    return value.to_bytes(1, signed=True)


def address_octets(address: str) -> bytes:
    """Return the bytes of an address as packets hold it, its last digits first."""
    return bytes.fromhex(address)[::-1]


def address_text(octets: bytes) -> str:
    """Return the address that six bytes of a packet hold."""
    return octets[::-1].hex()


def word(octets: bytes, position: int) -> int:
    """Return the number that two bytes at a position hold."""
    return int.from_bytes(octets[position : position + 2], "little")
