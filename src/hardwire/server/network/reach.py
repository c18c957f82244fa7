"""At which addresses the hub is reached: what its listeners are bound to, the machine's own where that is all."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from ipaddress import ip_address

from hardwire.server.network.stand import Address, Interface, Stand

# How long the machine's addresses are taken as read: they change when a cable is pulled or a lease ends.
READ_AGAIN_S = 30.0
# Bridges and tunnels that programs on this machine make: nobody on the household's network reaches the hub by them.
INNER_INTERFACES = (
    "br-",
    "cni",
    "docker",
    "flannel",
    "lxc",
    "lxd",
    "podman",
    "tailscale",
    "tun",
    "veth",
    "virbr",
    "wg",
    "zt",
)


class Reach:
    """Asks the machine for its addresses where a listener is bound to all of them, and else never."""

    def __init__(
        self,
        stands: Callable[[], Sequence[Stand]],
        read: Callable[[], Sequence[Interface]],
        clock_s: Callable[[], float],
    ) -> None:
        """`read` asks the machine, which takes less than a millisecond; the clock is a steady one."""
        self._stands = stands
        self._read = read
        self._clock_s = clock_s
        self._interfaces: Sequence[Interface] = ()
        self._read_at_s: float | None = None

    def certified(self) -> Sequence[Address]:
        """Every address that a client may call, for the hub's certificates."""
        found: dict[Address, None] = {}
        for stand in self._stands():
            for interface in self._at(stand):
                found[interface.address] = None
        return list(found)

    def announced(self, stand: Stand) -> Sequence[Address]:
        """The addresses by which others on the network reach a listener; loopback where it is bound to nothing else.

        Link-local IPv6 is left out: such an address means nothing without the reader's own interface. Link-local IPv4
        counts only where there is no other.
        """
        bound = ip_address(stand.host)
        if not bound.is_unspecified:
            return () if bound.version == 6 and bound.is_link_local else (bound,)
        outer = [
            interface.address
            for interface in self._at(stand)
            if not interface.name.startswith(INNER_INTERFACES)
            and not interface.address.is_loopback
            and not (interface.address.version == 6 and interface.address.is_link_local)
        ]
        return [address for address in outer if not address.is_link_local] or outer

    def is_beyond_loopback(self) -> bool:
        """Whether any listener is reached from another machine."""
        return any(not ip_address(stand.host).is_loopback for stand in self._stands())

    def _at(self, stand: Stand) -> Iterable[Interface]:
        bound = ip_address(stand.host)
        if not bound.is_unspecified:
            return (Interface("", bound),)
        # A listener on `::` takes IPv4 too.
        return [one for one in self._all() if bound.version == 6 or one.address.version == 4]

    def _all(self) -> Sequence[Interface]:
        now_s = self._clock_s()
        if self._read_at_s is None or now_s - self._read_at_s >= READ_AGAIN_S:
            self._read_at_s = now_s
            # A machine that cannot say keeps what it said last: a handshake may not fail for that.
            with suppress(OSError):
                self._interfaces = self._read()
        return self._interfaces
