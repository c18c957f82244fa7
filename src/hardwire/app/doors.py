"""The ways to reach devices: their own listeners, opened and closed as they come and go, and their drivers' paths."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any

from msgspec import Struct

from hardwire.app.entries import LISTENERS, DeviceEntry, split_address
from hardwire.contracts.driver import DriverPart
from hardwire.model.errors import CallerError, HubFaultError
from hardwire.server.listeners import Listeners
from hardwire.server.network.names import Names
from hardwire.server.tls.certificates import Certificates


class _Wanted(Struct, frozen=True, kw_only=True):
    """A listener that a device's settings ask for."""

    place: str
    """The setting that asks for it: `devices.grid.homewizard.http`."""
    dialect: str
    address: str
    """As it is written."""
    host: str
    port: int
    is_tls: bool


class Doors:
    """Gives each device the listeners that its settings name, all of them or none."""

    def __init__(
        self,
        listeners: Listeners,
        certificates: Certificates,
        names: Names,
        *,
        main: Sequence[tuple[str, int]],
        admit: Callable[[str], None],
        add_door: Callable[[DriverPart], None],
    ) -> None:
        """`main` are host and port of the hub's own listeners; `admit` raises HardwireError for a host not allowed.

        `add_door` opens the paths of a driver that has some.
        """
        self._listeners = listeners
        self._certificates = certificates
        self._names = names
        self._main = main
        self._admit = admit
        self._add_door = add_door
        self._held: dict[str, Sequence[_Wanted]] = {}

    async def open(self, entry: DeviceEntry) -> None:
        """Open a device's own listeners, and the paths that its driver has on the main ones.

        Raises:
            CallerError: one of them is not to be had, with code `listener`; the sentence says why. None stays open.
            HardwireError: the hub may not listen at one of the hosts.
        """
        device = entry.id
        wanted = list(_wanted(device, entry.faces))
        for number, one in enumerate(wanted):
            self._admit(one.host)
            self._refuse_double(one, wanted[:number])
        if wanted:
            self._held[device] = wanted
        try:
            for one in wanted:
                tls = self._certificates.context(lambda: self._names.appliance(device)) if one.is_tls else None
                try:
                    await self._listeners.listen(one.host, one.port, device=device, dialect=one.dialect, tls=tls)
                except HubFaultError as error:
                    raise CallerError(f"{one.place} = {one.address!r}: {error.message}", code="listener") from error
        except BaseException:
            await self.close(device)
            raise
        # They stay when the device goes: there is nobody to reach by them then, and the answer says so.
        self._add_door(entry.driver)

    async def close(self, device: str) -> None:
        """Close a device's own listeners; who is connected there is told to go."""
        if self._held.pop(device, None) is not None:
            await self._listeners.drop(device)

    def _refuse_double(self, one: _Wanted, earlier: Sequence[_Wanted]) -> None:
        """Raise CallerError when the hub itself holds the address: the kernel could not say who does."""
        for host, port in self._main:
            if _meet(one, host, port):
                raise CallerError(
                    f"{one.place} = {one.address!r} is where the hub itself listens ({host} port {port}): "
                    "choose another address or port for one of them",
                    code="listener",
                )
        for other in (*earlier, *(held for listeners in self._held.values() for held in listeners)):
            if _meet(one, other.host, other.port):
                raise CallerError(
                    f"{one.place} = {one.address!r} and {other.place} = {other.address!r} are one address: "
                    "each listener of a device needs its own",
                    code="listener",
                )


def _wanted(device: str, faces: Mapping[str, Any]) -> Iterator[_Wanted]:  # Any: each dialect's own Face struct
    for dialect, face in faces.items():
        for setting in LISTENERS:
            address = getattr(face, setting, None)
            if address:
                host, port = split_address(address)
                yield _Wanted(
                    place=f"devices.{device}.{dialect}.{setting}",
                    dialect=dialect,
                    address=address,
                    host=host,
                    port=port,
                    is_tls=setting == "https",
                )


def _meet(one: _Wanted, host: str, port: int) -> bool:
    """Whether both would be the same port of the same address; a port of 0 meets nobody."""
    if one.port != port:
        return False
    first, second = _literal(one.host), _literal(host)
    if first == second:
        return True
    # `::` takes IPv4 as well.
    everything: tuple[object, ...] = (IPv6Address("::"),)
    if isinstance(first, IPv4Address) and isinstance(second, IPv4Address):
        everything = (*everything, IPv4Address("0.0.0.0"))
    return first in everything or second in everything


def _literal(host: str) -> IPv4Address | IPv6Address | str:
    try:
        return ip_address("127.0.0.1" if host == "localhost" else host)
    except ValueError:
        return host
