"""Speaks mDNS (RFC 6762): announces services, answers who asks for them, says goodbye."""

import asyncio
import logging
from collections.abc import Awaitable, Mapping
from contextlib import suppress

import structlog
from msgspec import Struct
from zeroconf import (  # type: ignore[attr-defined]  # two of them it exports without saying so to type checkers
    DNSOutgoing,
    DNSPointer,
    DNSQuestionType,
    Error,
    NonUniqueNameException,
    ServiceInfo,
    Zeroconf,
)
from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf

from hardwire.server.network.stand import Announcement, Key

MDNS_PORT = 5353
DOMAIN = "local."
# A name that another machine holds is asked for again: that machine may be switched off meanwhile.
ASK_AGAIN_S = 300.0
# How long the holder of a name has to say who it is.
HOLDER_WITHIN_MS = 1000

log = structlog.get_logger("hardwire.discovery")


class _Told(Struct):
    """What the network knows, and what it was made from."""

    announcement: Announcement
    info: ServiceInfo


class _Zeroconf(Zeroconf):
    """Answers each question for a service with a message for each instance that has all of it as answers.

    DNS-SD wants SRV, TXT and addresses as additional records (RFC 6763, section 12.1). The npm client
    homewizard-energy-api takes TXT from the answers alone, one device from each message, and ends the program where it
    finds none; browsers read both sections alike (HomeWizard reference, section 1.4).
    """

    def async_send(
        self,
        out: DNSOutgoing,
        addr: str | None = None,
        port: int = MDNS_PORT,
        v6_flow_scope: tuple[()] | tuple[int, int] = (),
        transport: object = None,
    ) -> None:
        """Send a message; what answers a question goes out as announcements, to all or to who asked for itself."""
        # A simple resolver, which asks from another port, gets its question repeated and stays served as it is
        # (RFC 6762, section 6.7).
        if out.is_response() and out.additionals and not out.questions:
            pointers = [record for record, _ in out.answers if isinstance(record, DNSPointer)]
            asked = [self.registry.async_get_info_name(pointer.alias.lower()) for pointer in pointers]
            if len(pointers) == len(out.answers) and all(asked):
                for info in asked:
                    assert info is not None, "all are there"
                    whole = self.generate_service_broadcast(info, None)
                    super().async_send(whole, addr, port, v6_flow_scope, transport)  # type: ignore[arg-type]  # zeroconf's own transport, passed on as it came
                return
        super().async_send(out, addr, port, v6_flow_scope, transport)  # type: ignore[arg-type]  # zeroconf's own transport, passed on as it came


class ZeroconfResponder:
    """`server.network.Responder` by the package zeroconf."""

    def __init__(self) -> None:
        self._zeroconf: AsyncZeroconf | None = None
        self._interfaces: list[str] = []
        self._told: dict[Key, _Told] = {}
        self._withheld: dict[Key, tuple[Announcement, float]] = {}
        """What another machine holds the name of, and when to ask again."""
        self._broadcasts: dict[Key, asyncio.Future[object]] = {}
        self._trouble = ""
        # What keeps it from speaking is told here, once.
        logging.getLogger("zeroconf").setLevel(logging.CRITICAL)

    async def tell(self, wanted: Mapping[Key, Announcement]) -> None:
        """Let the network know these services and no others."""
        try:
            await self._tell(wanted)
        except (OSError, RuntimeError, Error) as error:
            # No network yet, no multicast, an address that has just gone, a port 5353 that is not shared.
            reason = str(error) or type(error).__name__
            if reason != self._trouble:
                self._trouble = reason
                log.warning(
                    "devices cannot be announced by mDNS; the hub goes on without, and tries again",
                    port=MDNS_PORT,
                    reason=reason,
                )
            # What is half broken stays so; the next time begins anew.
            with suppress(OSError, RuntimeError, Error):
                await self.close()
        else:
            self._trouble = ""

    async def close(self) -> None:
        """Say goodbye for all of them."""
        for broadcast in self._broadcasts.values():
            broadcast.cancel()
        self._broadcasts.clear()
        zeroconf, self._zeroconf = self._zeroconf, None
        self._told.clear()
        self._withheld.clear()
        if zeroconf is not None:
            await zeroconf.async_close()

    async def _tell(self, wanted: Mapping[Key, Announcement]) -> None:
        interfaces = sorted({str(address) for one in wanted.values() for address in one.addresses})
        if not interfaces:
            await self.close()
            return
        if self._zeroconf is None:
            self._zeroconf = AsyncZeroconf(zc=_Zeroconf(interfaces=interfaces))
            self._interfaces = interfaces
        zeroconf = self._zeroconf
        await zeroconf.zeroconf.async_wait_for_start()
        for key in [key for key in self._told if key not in wanted]:
            told = self._told.pop(key)
            log.info("no longer announced", name=key[1], type=key[0], device=told.announcement.device)
            self._broadcast(key, await zeroconf.async_unregister_service(told.info))
        for key, told in list(self._told.items()):
            if told.announcement != wanted[key]:
                told.announcement = wanted[key]
                told.info = _info(wanted[key])
                self._broadcast(key, await zeroconf.async_update_service(told.info))
        if interfaces != self._interfaces:
            await zeroconf.async_update_interfaces(interfaces)
            self._interfaces = interfaces
        self._withheld = {key: held for key, held in self._withheld.items() if held[0] == wanted.get(key)}
        now_s = asyncio.get_running_loop().time()
        fresh = [
            key
            for key in wanted
            if key not in self._told and (key not in self._withheld or now_s >= self._withheld[key][1])
        ]
        await asyncio.gather(*(self._announce(zeroconf, key, wanted[key]) for key in fresh))

    async def _announce(self, zeroconf: AsyncZeroconf, key: Key, announcement: Announcement) -> None:
        """Announce a service, unless another machine has its name."""
        info = _info(announcement)
        # zeroconf asks for answers to this machine alone, where another program may take them from the shared port.
        holder = await zeroconf.async_get_service_info(info.type, info.name, HOLDER_WITHIN_MS, DNSQuestionType.QM)
        # A repeater on the network may remember what this hub itself said before it was killed.
        is_echo = holder is not None and _is_ours(holder, info)
        try:
            if holder is not None and not is_echo:
                raise NonUniqueNameException
            broadcast = await zeroconf.async_register_service(info, cooperating_responders=is_echo)
        except NonUniqueNameException:
            if key not in self._withheld:
                log.warning(
                    "another machine on the network has this name already, so the device is not announced: "
                    "each serial may be given to one device only",
                    name=key[1],
                    type=key[0],
                    device=announcement.device,
                )
            self._withheld[key] = announcement, asyncio.get_running_loop().time() + ASK_AGAIN_S
            return
        self._withheld.pop(key, None)
        self._told[key] = _Told(announcement, info)
        addresses = ", ".join(map(str, announcement.addresses))
        log.info(
            "announced",
            name=key[1],
            type=key[0],
            device=announcement.device,
            addresses=addresses,
            port=announcement.port,
        )
        self._broadcast(key, broadcast)

    def _broadcast(self, key: Key, sending: Awaitable[object]) -> None:
        """Let zeroconf repeat itself on its own time; what it repeated before is old, and may not come after."""
        before = self._broadcasts.get(key)
        if before is not None:
            before.cancel()
        self._broadcasts[key] = asyncio.ensure_future(sending)


def _info(announcement: Announcement) -> AsyncServiceInfo:
    service = announcement.service
    kind = f"{service.type}.{DOMAIN}"
    return AsyncServiceInfo(
        kind,
        f"{service.instance}.{kind}",
        port=announcement.port,
        properties=dict(service.text),
        server=f"{service.host}.",
        parsed_addresses=[str(address) for address in announcement.addresses],
    )


def _is_ours(holder: ServiceInfo, info: ServiceInfo) -> bool:
    """Whether who has the name is at the same port of one of the same addresses."""
    return holder.port == info.port and not set(info.parsed_addresses()).isdisjoint(holder.parsed_addresses())
