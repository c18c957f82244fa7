"""What the controller answers where the answer never changes: what it is, what it has room for, what it accepts.

Advertising is accepted, so that a program goes on; nobody in this air hears it. Sections without a volume are those of
Bluetooth Core, volume 4, part E.
"""

from collections.abc import Mapping

from hardwire.drivers.simulated.board.ble.hci import address_octets, i8, u16
from hardwire.drivers.simulated.board.ble.link import FRAGMENT_BYTES

BOARD_ADDRESS = "02a0b1e00000"
"""The controller's own, administered locally."""
BOARD_NAME = b"Hardwire board"

BLUETOOTH_5_0 = 9
"""The version; the vendor's client wants at least 6 (obniz reference, section 3.21)."""
NO_COMPANY = 0xFFFF
PACKETS_HELD = 8
"""How many packets of connections the controller takes before it reports them as sent."""

LONGEST_TIME_US = 2_120
"""How long a packet of `FRAGMENT_BYTES` is in the air at 1 Mbit/s."""
LISTED = 16
"""Entries in each of the lists of devices, which nothing looks into: everybody is let through."""
EXTENDED_ADVERTISEMENT_BYTES = 1_650
MAX_TX_POWER_DBM = 0

VERSION = bytes((BLUETOOTH_5_0,)) + u16(0) + bytes((BLUETOOTH_5_0,)) + u16(NO_COMPANY) + u16(0)

# No classic Bluetooth, but low energy (volume 2, part C, section 3.3, bits 37 and 38).
LMP_FEATURES = (0b11 << 37).to_bytes(8, "little")
# Packets of 251 bytes and extended advertisements (volume 6, part B, section 4.6, bits 5 and 12).
LE_FEATURES = (1 << 5 | 1 << 12).to_bytes(8, "little")
# Bits of the commands that a host looks for first (section 6.27).
SUPPORTED_COMMANDS = bytes(
    {0: 0x20, 2: 0x80, 5: 0xC0, 14: 0x28, 15: 0x22, 25: 0xF7, 26: 0xFF, 27: 0xBF, 28: 0x0F}.get(octet, 0)
    for octet in range(64)
)
# Scanning, initiating and being central, each alone or with scanning (section 7.8.27, bits 4 to 6 and 22 to 25).
LE_STATES = 0x03C00070.to_bytes(8, "little")

# What follows the status in Command Complete, by opcode.
FIXED: Mapping[int, bytes] = {
    0x080F: b"",  # Write Default Link Policy Settings
    0x0C01: b"",  # Set Event Mask
    0x0C14: BOARD_NAME.ljust(248, b"\0"),  # Read Local Name
    0x0C18: b"",  # Write Page Timeout
    0x0C24: b"",  # Write Class Of Device
    0x0C43: b"",  # Write Inquiry Scan Type
    0x0C45: b"",  # Write Inquiry Mode
    0x0C47: b"",  # Write Page Scan Type
    0x0C56: b"",  # Write Simple Pairing Mode
    0x0C63: b"",  # Set Event Mask Page 2
    0x0C6C: b"\x01\x00",  # Read LE Host Support
    0x0C6D: b"",  # Write LE Host Support
    0x1001: VERSION,  # Read Local Version Information
    0x1002: SUPPORTED_COMMANDS,  # Read Local Supported Commands
    0x1003: LMP_FEATURES,  # Read Local Supported Features
    0x1005: u16(FRAGMENT_BYTES) + b"\x00" + u16(PACKETS_HELD) + u16(0),  # Read Buffer Size
    0x1009: address_octets(BOARD_ADDRESS),  # Read BD_ADDR
    0x2002: u16(FRAGMENT_BYTES) + bytes((PACKETS_HELD,)),  # LE Read Buffer Size
    0x2003: LE_FEATURES,  # LE Read Local Supported Features
    0x2005: b"",  # LE Set Random Address
    0x2006: b"",  # LE Set Advertising Parameters
    0x2007: i8(MAX_TX_POWER_DBM),  # LE Read Advertising Physical Channel Tx Power
    0x2008: b"",  # LE Set Advertising Data
    0x2009: b"",  # LE Set Scan Response Data
    0x200A: b"",  # LE Set Advertising Enable
    0x200F: bytes((LISTED,)),  # LE Read Filter Accept List Size
    0x2010: b"",  # LE Clear Filter Accept List
    0x2011: b"",  # LE Add Device To Filter Accept List
    0x2012: b"",  # LE Remove Device From Filter Accept List
    0x2014: b"",  # LE Set Host Channel Classification
    0x201C: LE_STATES,  # LE Read Supported States
    0x2023: u16(FRAGMENT_BYTES) + u16(LONGEST_TIME_US),  # LE Read Suggested Default Data Length
    0x2024: b"",  # LE Write Suggested Default Data Length
    0x2027: b"",  # LE Add Device To Resolving List
    0x2028: b"",  # LE Remove Device From Resolving List
    0x2029: b"",  # LE Clear Resolving List
    0x202A: bytes((LISTED,)),  # LE Read Resolving List Size
    0x202D: b"",  # LE Set Address Resolution Enable
    0x202E: b"",  # LE Set Resolvable Private Address Timeout
    0x202F: 2 * (u16(FRAGMENT_BYTES) + u16(LONGEST_TIME_US)),  # LE Read Maximum Data Length
    0x2031: b"",  # LE Set Default PHY
    0x2035: b"",  # LE Set Advertising Set Random Address
    0x2036: i8(MAX_TX_POWER_DBM),  # LE Set Extended Advertising Parameters
    0x2037: b"",  # LE Set Extended Advertising Data
    0x2038: b"",  # LE Set Extended Scan Response Data
    0x2039: b"",  # LE Set Extended Advertising Enable
    0x203A: u16(EXTENDED_ADVERTISEMENT_BYTES),  # LE Read Maximum Advertising Data Length
    0x203B: bytes((1,)),  # LE Read Number Of Supported Advertising Sets
    0x203C: b"",  # LE Remove Advertising Set
    0x203D: b"",  # LE Clear Advertising Sets
    0x203E: b"",  # LE Set Periodic Advertising Parameters
    0x203F: b"",  # LE Set Periodic Advertising Data
    0x2040: b"",  # LE Set Periodic Advertising Enable
    0x2045: b"",  # LE Periodic Advertising Create Sync Cancel
    0x2047: b"",  # LE Add Device To Periodic Advertiser List
    0x2048: b"",  # LE Remove Device From Periodic Advertiser List
    0x2049: b"",  # LE Clear Periodic Advertiser List
    0x204A: bytes((LISTED,)),  # LE Read Periodic Advertiser List Size
}
