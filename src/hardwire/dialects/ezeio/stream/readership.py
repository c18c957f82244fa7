"""Which units are streamed, and which accounts read each."""

from collections.abc import Sequence

from hardwire.contracts.house import House
from hardwire.dialects.ezeio.access.privileges import refusal
from hardwire.dialects.ezeio.unit.account import DIALECT, Account
from hardwire.model.access import Group
from hardwire.model.device import Device

# Units with an older firmware are listed, but do not stream (ezeio reference, section 1.1); it reads as YYMMDDnn.
FIRST_FIRMWARE = 21012701


def is_streamed(device: Device) -> bool:
    """Say whether a unit's firmware is new enough; one that is no logger, or does not say, is streamed."""
    firmware = device.firmware
    return device.kind != "unit" or not (firmware.isascii() and firmware.isdigit()) or int(firmware) >= FIRST_FIRMWARE


class Readership:
    """Remembers which accounts have a key that reads a unit, until keys or groups change."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._edition = -1
        self._accounts: dict[tuple[str, str], Sequence[Group]] = {}

    def accounts(self, device: Device, serial: str) -> Sequence[Group]:
        """Return the accounts that have a key which reaches the unit: its own, and those above with subgroups' keys.

        What no key can read, nobody keeps: a house without ezeio's programs is spared the disk.
        """
        edition = self._house.access_edition()
        if edition != self._edition:
            self._edition = edition
            self._accounts.clear()
        key = (device.id, self._house.face(DIALECT, device.id).group or device.group)
        found = self._accounts.get(key)
        if found is None:
            found = self._accounts[key] = self._found(serial)
        return found

    def _found(self, serial: str) -> Sequence[Group]:
        credentials = self._house.credentials(DIALECT)
        accounts = [Account(self._house, one) for one in credentials if not refusal(one, "subscribe")]
        groups = [account.group for account in accounts if account.unit(serial) is not None]
        return tuple({group.id: group for group in groups if group is not None}.values())
