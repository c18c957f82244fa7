"""Which devices the network is told of, by mDNS: those that a client finds by an address and a port alone."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import suppress

import structlog

from hardwire.contracts.dialect import Dialect
from hardwire.hub.hub import Hub
from hardwire.model.device import Device
from hardwire.server.network.reach import Reach
from hardwire.server.network.stand import Announcement, Key, Responder, Stand

# An address that a machine gets after its start (DHCP) is told within this time.
LOOK_AGAIN_S = 30.0
# Devices come in crowds: what changes within this time is told together.
SETTLE_S = 0.2
# Who shuts down says goodbye in less; a network that is gone may not hold the hub up.
GOODBYE_S = 2.0

log = structlog.get_logger("hardwire.discovery")


class Discovery:
    """Keeps the network in step with the devices, their settings and the machine's addresses.

    A device is told of at its own listeners, and at the main ones where it is its dialect's default there: a client
    that found any other there would speak to the default device, since it connects by address.
    """

    def __init__(
        self,
        hub: Hub,
        dialects: Mapping[str, Dialect],
        stands: Callable[[], Sequence[Stand]],
        reach: Reach,
        make: Callable[[], Responder],
        *,
        is_wanted: bool | None = None,
    ) -> None:
        """`make` loads what speaks mDNS, once there is something to tell.

        `is_wanted` is what the owner says; None tells of what is reached from other machines, and nothing on loopback.
        """
        self._hub = hub
        self._dialects = dialects
        self._stands = stands
        self._reach = reach
        self._make = make
        self._is_wanted = is_wanted
        self._responder: Responder | None = None
        self._changed = asyncio.Event()
        self._doubled: set[Key] = set()

    async def run(self) -> None:
        """Tell, and tell again what changes, until cancelled; then say goodbye."""
        if self._is_wanted is False:
            return
        for topic in ("devices", "kept"):
            self._hub.notices.listen(topic, self, lambda topic, message: self._changed.set())
        try:
            while True:
                self._changed.clear()
                try:
                    await self.refresh()
                except Exception as fault:
                    # One device's fault may not keep the others from being found for good.
                    log.error("devices were not announced", exc_info=fault)
                with suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_AGAIN_S):
                        await self._changed.wait()
                        await asyncio.sleep(SETTLE_S)
        finally:
            self._hub.notices.forget(self, ("devices", "kept"), ())
            if self._responder is not None:
                await _in_time(self._responder.close())

    async def refresh(self) -> None:
        """Bring the network up to date."""
        wanted = self.announcements()
        if self._responder is None:
            if not wanted:
                return
            self._responder = self._make()
        await self._responder.tell(wanted)

    def announcements(self) -> Mapping[Key, Announcement]:
        """Return what there is to tell now."""
        # Where nothing is reached from elsewhere the machine is not even asked for its addresses.
        if not self._is_wanted and not self._reach.is_beyond_loopback():
            return {}
        found: dict[Key, Announcement] = {}
        for announcement in self._found():
            key = (announcement.service.type, announcement.service.instance)
            first = found.setdefault(key, announcement)
            if first is not announcement and key not in self._doubled:
                self._doubled.add(key)
                log.warning(
                    "two devices would be found under one name, so the second is not announced: "
                    "give one of them another serial",
                    name=key[1],
                    first=first.device,
                    second=announcement.device,
                )
        if self._is_wanted is None or any(not _is_loopback(one) for one in found.values()):
            # On the network a loopback address would lead each machine to itself.
            return {key: one for key, one in found.items() if not _is_loopback(one)}
        return found

    def _found(self) -> Iterator[Announcement]:
        stands = self._stands()
        main = [stand for stand in stands if stand.device is None]
        own: dict[str, list[Stand]] = {}
        for stand in stands:
            if stand.device is not None:
                own.setdefault(stand.device, []).append(stand)
        for dialect in self._dialects.values():
            default = self._hub.roster.default(dialect.name)
            for device in self._hub.roster.devices():
                # The listener that the dialect's own settings named comes first; every listener serves every dialect.
                open_to_it = sorted(own.get(device.id, ()), key=lambda stand: stand.dialect != dialect.name)
                if device == default:
                    open_to_it += main
                yield from self._told(device, dialect, open_to_it)

    def _told(self, device: Device, dialect: Dialect, stands: Sequence[Stand]) -> Iterator[Announcement]:
        if not stands:
            return
        for service in dialect.services(device):
            stand = next((stand for stand in stands if stand.is_tls is service.is_tls), None)
            addresses = () if stand is None else tuple(self._reach.announced(stand))
            if stand is not None and addresses:
                yield Announcement(device=device.id, service=service, port=stand.port, addresses=addresses)


async def _in_time(goodbye: Awaitable[None]) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(GOODBYE_S):
            await goodbye


def _is_loopback(announcement: Announcement) -> bool:
    return all(address.is_loopback for address in announcement.addresses)
