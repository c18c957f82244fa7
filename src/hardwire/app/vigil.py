"""Which devices fall silent, with the reason, and which come back: told in the log."""

from datetime import datetime, timedelta

import structlog
from msgspec import Struct

from hardwire.contracts.house import House
from hardwire.model.device import Device

# A line that comes and goes fills no log: a device is told of once in this time, as it is then.
PAUSE = timedelta(minutes=1)

log = structlog.get_logger("hardwire.devices")


class _Told(Struct, frozen=True):
    """What was said last of a device."""

    reason: str | None
    """Why it was silent; None: it was back."""
    at: datetime


class Vigil:
    """Watches over every device of a house that has a source of its own."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._told: dict[str, _Told] = {}

    def look(self, now: datetime) -> None:
        """Tell what has changed. Called about once a second."""
        devices = {device.id: device for device in self._house.devices() if device.parent is None}
        for gone in self._told.keys() - devices.keys():
            del self._told[gone]
        for device in devices.values():
            reason = self._silence(device, now)
            told = self._told.get(device.id)
            # At first a device counts as there: what comes as it should is no news.
            if reason == (None if told is None else told.reason) or (told is not None and now - told.at < PAUSE):
                continue
            self._told[device.id] = _Told(reason, now)
            if reason is None:
                log.info("a device is back", device=device.id)
            else:
                log.warning("a device is silent", device=device.id, reason=reason)

    def _silence(self, device: Device, now: datetime) -> str | None:
        """Why a device is silent; None while it is not, or before it could have told anything."""
        if self._house.is_fresh(device.id, now):
            return None
        lost = self._house.lost_since(device.id)
        if lost is not None:
            return lost[1]
        return None if self._house.alive_at(device.id) is None else "it tells nothing any more"
