"""Every listener of the configuration: free, the hub's already, or who else holds it and what to do."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path

from msgspec import Struct

from hardwire.app.config import Config
from hardwire.app.doctor import holders
from hardwire.app.doctor.addresses import Addresses, is_here, listener_ip
from hardwire.app.doctor.advice import EXAMPLE, about_holders, about_nowhere
from hardwire.app.doctor.finding import Finding, good, hint, wrong
from hardwire.app.doctor.holders import Holder, OpenFiles
from hardwire.app.doctor.hub import Hub, State
from hardwire.app.doctor.rights import Rights, how_to
from hardwire.app.doctor.sockets import Bound, overlap
from hardwire.app.entries import LISTENERS, DeviceEntry, split_address


class Wanted(Struct, frozen=True):
    """A listener that the configuration asks for."""

    setting: str
    """`hub.port`, `devices.grid.homewizard.http`."""
    host: str
    port: int

    def __str__(self) -> str:
        return _shown(self.host, self.port)


class Ports(Struct, frozen=True, kw_only=True):
    """What is known of this machine's ports."""

    bound: Sequence[Bound] | None
    """Every socket that waits for clients; None where the system does not list them."""
    holders: Mapping[int, Holder]
    """By a socket's inode, whose it is, where this user may see it."""
    addresses: Addresses
    rights: Rights
    hub: Hub


def wanted(config: Config, devices: Sequence[DeviceEntry]) -> tuple[Wanted, ...]:
    """Return every listener with a port of its own choice: the hub's two, and those of devices."""
    found = [
        Wanted("hub.port", config.hub.host, config.hub.port),
        Wanted("hub.tls_port", config.hub.host, config.hub.tls_port),
    ]
    for device in devices:
        for dialect, face in device.faces.items():
            for setting in LISTENERS:
                address = getattr(face, setting, None)
                if address:
                    found.append(Wanted(f"devices.{device.id}.{dialect}.{setting}", *split_address(address)))
    return tuple(one for one in found if one.port)


def gather(
    root: Path, bound: Sequence[Bound] | None, files: OpenFiles, addresses: Addresses, rights: Rights, hub: Hub
) -> Ports:
    """Name the holder of each waiting socket."""
    seen = {one.inode: files.get(f"socket:[{one.inode}]") for one in bound or ()}
    named = {inode: holders.holder(root, pid) for inode, pid in seen.items() if pid is not None}
    return Ports(bound=bound, holders=named, addresses=addresses, rights=rights, hub=hub)


def check(listeners: Sequence[Wanted], ports: Ports) -> Iterator[Finding]:
    """Tell of each listener whether it can stand, and of all whether anybody can reach them."""
    for one, other in combinations(listeners, 2):
        if _clash(one, other):
            yield wrong(
                other.setting,
                f"{other} cannot stand beside {one.setting} = {one}: give one of them another port, or each an "
                'address of its own (for the hub [hub] host = "127.0.0.1", for instance)',
            )
    held = sorted({(one.port, str(one.ip)) for one in ports.bound or () if _is_known_hubs(one, ports)})
    if held:
        yield good("hub", f"it listens on {', '.join(_shown(ip, port) for port, ip in held)}")
    lowest = min((listener.port for listener in listeners), default=0)
    yield from (_judged(listener, ports, lowest) for listener in listeners)
    ips = [listener_ip(listener.host) for listener in listeners]
    if ips and all(ip is not None and ip.is_loopback for ip in ips):
        lan = ports.addresses.lan or "its address on your network"
        yield hint(
            "hub.host",
            f'nobody but this machine reaches the hub: set [hub] host = "0.0.0.0", or "{lan}", to let others in',
        )


def discovery(ports: Ports) -> Iterator[Finding]:
    """Tell who answers mDNS on this machine: several may, each for its own names."""
    here = [one for one in ports.bound or () if one.transport == "udp" and one.port == 5353]
    others = {
        ports.holders[one.inode].program
        for one in here
        if one.inode in ports.holders and ports.holders[one.inode].pid != ports.hub.pid
    }
    if others:
        yield good("discovery", f"{' and '.join(sorted(others))} answers mDNS here (port 5353); the hub shares it")
    elif here:
        yield good("discovery", "mDNS (port 5353) is answered here, and several may share it")


def _shown(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _is_known_hubs(one: Bound, ports: Ports) -> bool:
    holder = ports.holders.get(one.inode)
    return one.transport == "tcp" and holder is not None and holder.pid == ports.hub.pid


def _clash(one: Wanted, other: Wanted) -> bool:
    ip, other_ip = listener_ip(one.host), listener_ip(other.host)
    return ip is not None and other_ip is not None and overlap((ip, one.port), (other_ip, other.port))


def _judged(listener: Wanted, ports: Ports, lowest: int) -> Finding:
    ip = listener_ip(listener.host)
    if ip is None:
        return hint(
            listener.setting,
            f"{listener.host} is a name, and only your network knows whose: write an address, such as "
            f"{ports.addresses.lan or EXAMPLE}, to have it checked",
        )
    rivals = [
        one for one in ports.bound or () if one.transport == "tcp" and overlap((ip, listener.port), (one.ip, one.port))
    ]
    strangers = [one for one in rivals if not _is_hubs(one, ports)]
    if strangers:
        return wrong(
            listener.setting, about_holders(str(listener), ip, strangers, _known(strangers, ports), ports.addresses)
        )
    if rivals:
        return good(listener.setting, f"{listener} is this hub's")
    if not is_here(ip, ports.addresses):
        return wrong(listener.setting, about_nowhere(listener.host, ip, ports.addresses))
    if ports.hub.state is State.RUNS and ports.bound is not None:
        return hint(
            listener.setting,
            f"{listener} is free, and the hub that runs does not listen there: see its log, or restart it",
        )
    if ports.bound is None:
        return good(listener.setting, f"{listener}: this system does not tell whether it is free")
    return _allowed(listener, ports.rights, lowest)


def _is_hubs(one: Bound, ports: Ports) -> bool:
    """Whether a socket is this hub's.

    A hub that has the right to bind low ports hides its files from its own user's other processes (ptrace(2), "access
    mode checking"): then the user that it runs as has to do.
    """
    holder = ports.holders.get(one.inode)
    if holder is not None:
        return holder.pid == ports.hub.pid
    return ports.hub.state is State.RUNS and one.uid == ports.hub.uid


def _known(sockets: Sequence[Bound], ports: Ports) -> Sequence[Holder]:
    return [ports.holders[one.inode] for one in sockets if one.inode in ports.holders]


def _allowed(listener: Wanted, rights: Rights, lowest: int) -> Finding:
    """Judge the right to a free port; `lowest` is the lowest of all that are wanted, which one setting then covers."""
    if rights.may_bind(listener.port):
        return good(listener.setting, f"{listener} is free")
    if rights.has_unit:
        return good(
            listener.setting,
            f"{listener} is free, and for the service hardwire.service to take; {rights.user} may not take it from a "
            "shell",
        )
    return wrong(
        listener.setting,
        f"{listener} is free, but {rights.user} may not listen below port {rights.first_free_port}: {how_to(lowest)}",
    )
