"""Which device a name means: the names of certificates and the host names, gathered from the dialects."""

import socket
from collections.abc import Iterable, Mapping

from hardwire.contracts.dialect import Dialect
from hardwire.hub.hub import Hub

# What routers put behind the names of their house. Nobody can register a name below these (RFC 8375 for home.arpa;
# .internal is reserved, the others are not delegated), so no page from elsewhere can come in under one.
HOUSE_DOMAINS = ("home", "home.arpa", "internal", "lan", "localdomain")


class Names:
    """An index of the devices' names, made anew when a device comes or goes."""

    def __init__(self, hub: Hub, dialects: Mapping[str, Dialect], own: Iterable[str] = ()) -> None:
        """`own` are further DNS names of the hub itself (the host of `public_url`)."""
        self._hub = hub
        self._dialects = dialects
        host = socket.gethostname().lower()
        self._own = tuple(dict.fromkeys(name for name in (host, f"{host.partition('.')[0]}.local", *own) if name))
        self._appliances: dict[str, str] = {}
        self._hosts: dict[str, str] = {}
        # Devices come by the hundred at a start: gathered when first asked.
        self._is_old = True
        hub.notices.listen("devices", self, self._changed)

    def device(self, name: str | None) -> str | None:
        """The device that goes by a certificate's name or a host name."""
        if name is None:
            return None
        self._gather()
        return self._appliances.get(name) or self._hosts.get(_as_local(name))

    def is_appliance(self, name: str) -> bool:
        """Whether a device's certificate bears that name."""
        self._gather()
        return name in self._appliances

    def is_host(self, name: str) -> bool:
        """Whether the hub or one of its devices goes by that DNS name."""
        self._gather()
        return name in self._own or _as_local(name) in self._own or _as_local(name) in self._hosts

    def hosts(self) -> Iterable[str]:
        """Every DNS name that the hub answers to."""
        self._gather()
        return (*self._own, *self._hosts)

    def default_appliance(self) -> str | None:
        """The certificate name of the device that the main listeners speak for."""
        for dialect in self._dialects.values():
            device = self._hub.roster.default(dialect.name)
            name = None if device is None else dialect.appliance(device)
            if name is not None:
                return name
        return None

    def appliance(self, device: str) -> str | None:
        """The certificate name of a device."""
        self._gather()
        return next((name for name, id in self._appliances.items() if id == device), None)

    def _changed(self, topic: str, message: str) -> None:
        self._is_old = True

    def _gather(self) -> None:
        if not self._is_old:
            return
        self._is_old = False
        appliances: dict[str, str] = {}
        hosts: dict[str, str] = {}
        for device in self._hub.roster.devices():
            for dialect in self._dialects.values():
                name = dialect.appliance(device)
                if name is not None:
                    appliances[name] = device.id
                hosts.update(dict.fromkeys(dialect.hosts(device), device.id))
        self._appliances, self._hosts = appliances, hosts


def _as_local(name: str) -> str:
    """Return the `.local` name of what a house's router has given a name in a domain of its own."""
    label, _, domain = name.partition(".")
    return f"{label}.local" if domain in HOUSE_DOMAINS else name
