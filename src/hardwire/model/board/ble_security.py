"""Bluetooth's pairing: what it asks of the other side, and which keys it keeps."""

from enum import Flag

from hardwire.model.command import Command


class Authentication(Flag):
    """What pairing has to bring (obniz reference, section 6.3, numbered as on the binary wire)."""

    NONE = 0
    BONDING = 1
    MITM = 4
    SECURE_CONNECTION = 8


class KeyType(Flag):
    """Which keys are exchanged (obniz reference, section 6.3, numbered as on the binary wire)."""

    NONE = 0
    LTK = 1
    IRK = 2
    CSRK = 4


class SetAuthentication(Command, frozen=True):
    """Choose what pairing has to bring. No answer."""

    authentication: Authentication


class IndicateSecurityLevel(Command, frozen=True):
    """Choose the level that is asked of a central, 0 to 4. No answer."""

    level: int


class SetKeyTypes(Command, frozen=True):
    """Choose which keys are exchanged. No answer."""

    key_types: KeyType


class SetKeySize(Command, frozen=True):
    """Choose how long a key may be. Unit: bytes, 7 to 16. No answer."""

    size_bytes: int


class ForgetBonds(Command, frozen=True):
    """Forget every device that was bonded. No answer."""
