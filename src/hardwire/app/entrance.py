"""The way in: names, certificates, the main listeners, those of the devices, and what the network is told of them."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from hardwire.app import demo, parts
from hardwire.app.config import HubTable
from hardwire.app.doors import Doors
from hardwire.contracts.dialect import Dialect
from hardwire.contracts.driver import DriverPart
from hardwire.hub.desk import Desk
from hardwire.hub.hub import Hub
from hardwire.server.limits import DEFAULT_LIMITS, Limits
from hardwire.server.listeners import Listeners
from hardwire.server.network.discovery import Discovery
from hardwire.server.network.names import Names
from hardwire.server.network.reach import Reach
from hardwire.server.requests.front import Front
from hardwire.server.requests.gate import Gate
from hardwire.server.tls.authority import Authority
from hardwire.server.tls.certificates import Certificates


class Entrance:
    """Everything that stands between the network and the dialects. Nothing is open until it is told to."""

    def __init__(
        self,
        table: HubTable,
        authority: Authority,
        hub: Hub,
        desk: Desk,
        dialects: Mapping[str, Dialect],
        *,
        limits: Limits = DEFAULT_LIMITS,
        is_demo: bool = False,
        is_demo_unsafe: bool = False,
        folder: Path | None = None,
    ) -> None:
        """Certificates outlive a restart in the data folder `folder`."""
        self._table = table
        self._hub = hub
        self._is_demo = is_demo
        self._is_demo_unsafe = is_demo_unsafe
        public_host = table.public_url.partition("://")[2].partition(":")[0]
        names = Names(hub, dialects, own=(public_host,) if public_host else ())
        gate = Gate(names.is_host, public_url=table.public_url, origins=table.origins)
        self.front = Front(hub, desk, gate, names, dialects, limits, carrier=table.carrier)
        """Who takes requests, with what it has counted."""
        self.clients = self.front.clients
        """Who is connected."""
        hub.house.clients = self.clients.states
        self._driver_doors: set[str] = set()
        self._listeners = Listeners(self.front)
        self._reach = Reach(self._listeners.stands, lambda: parts.interfaces()(), time.monotonic)
        self._certificates = Certificates(
            authority,
            now=hub.now,
            names=names.is_appliance,
            default=names.default_appliance,
            hosts=names.hosts,
            addresses=self._reach.certified,
            folder=folder,
        )
        self.doors = Doors(
            self._listeners,
            self._certificates,
            names,
            main=[(table.host, table.port), (table.host, table.tls_port)],
            admit=self._admit,
            add_door=self._add_door,
        )
        """For the devices' own listeners."""
        self.discovery = Discovery(
            hub, dialects, self._listeners.stands, self._reach, lambda: parts.responder()(), is_wanted=table.discovery
        )
        hub.access.is_open_house = is_demo
        self._admit(table.host)

    @classmethod
    async def build(
        cls,
        table: HubTable,
        folder: Path,
        hub: Hub,
        desk: Desk,
        dialects: Mapping[str, Dialect],
        *,
        limits: Limits = DEFAULT_LIMITS,
        is_demo: bool = False,
        is_demo_unsafe: bool = False,
    ) -> "Entrance":
        """Load the certificate authority of the data folder, or make it, and build on it.

        Raises:
            HardwireError: the authority cannot be used, or a demo may not listen there.
        """
        authority = await asyncio.to_thread(Authority.open, folder, hub.now())
        hub.access.authority_pem = authority.pem
        return cls(
            table,
            authority,
            hub,
            desk,
            dialects,
            limits=limits,
            is_demo=is_demo,
            is_demo_unsafe=is_demo_unsafe,
            folder=folder,
        )

    async def open(self, socket: Path) -> tuple[str, str]:
        """Open the owner's socket and the main listeners; returns the URLs of these.

        Raises:
            HubFaultError: a port is taken or not allowed.
        """
        await self._listeners.listen_unix(socket)
        host = self._table.host
        port = await self._listeners.listen(host, self._table.port)
        tls_port = await self._listeners.listen(host, self._table.tls_port, tls=self._certificates.context())
        self._hub.access.ports = (port, tls_port)
        self._hub.access.reached_at = self._reached_at
        shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
        return f"http://{shown}:{port}", f"https://{shown}:{tls_port}"

    async def close(self) -> None:
        """Close every listener and say goodbye to who is connected."""
        await self._listeners.close()

    def _reached_at(self) -> Sequence[str]:
        plain = [stand for stand in self._listeners.stands() if stand.device is None and not stand.is_tls]
        return [str(address) for stand in plain for address in self._reach.announced(stand)]

    def _add_door(self, driver: DriverPart) -> None:
        """Open the paths of a driver when the first of its devices comes."""
        if driver.door is not None and driver.name not in self._driver_doors:
            self._driver_doors.add(driver.name)
            self.front.add_door(driver.door(self._hub.house))

    def _admit(self, host: str) -> None:
        """Keep a demo's well-known credentials off the network: each listener speaks for the whole hub.

        Raises:
            BadValueError: a demo may not listen there.
        """
        if self._is_demo:
            demo.refuse_open_hosts([host], is_unsafe_wanted=self._is_demo_unsafe)
            if not demo.are_loopback([host]):
                self._hub.access.is_open_house = False
