"""What to do about a listener that cannot stand: its port is held, or its address is not here."""

from collections.abc import Sequence
from ipaddress import IPv4Address

from hardwire.app.doctor.addresses import Addresses
from hardwire.app.doctor.holders import Holder
from hardwire.app.doctor.sockets import Bound, Ip

# The example where the machine has no network to take one from.
EXAMPLE = "192.168.1.50"
# Programs that often stand on ports 80 and 443 of a machine at home, and are units of their own name everywhere.
TYPICAL = ("nginx", "apache2", "httpd", "lighttpd", "caddy", "traefik", "haproxy", "pihole-FTL")
# These pass a container's published port on.
CONTAINER_PROXIES = ("docker-proxy", "rootlessport", "slirp4netns", "pasta", "conmon")


def about_holders(listener: str, ip: Ip, rivals: Sequence[Bound], known: Sequence[Holder], addresses: Addresses) -> str:
    """Say who holds a listener's port, as far as it is known, and the three ways out."""
    port = rivals[0].port
    if known:
        said = f"{listener} is held by {known[0]}: {_stop(known[0])}"
    else:
        said = (
            f"{listener} is held by a program that this user may not see: `sudo ss -ltnp 'sport = :{port}'` names it. "
            "Stop it"
        )
    # Who holds one address alone leaves the others of the machine to the hub.
    everywhere = next((one.ip for one in rivals if one.ip.is_unspecified), None)
    narrower = "" if everywhere is None else f"let it listen on one address instead of {everywhere} and "
    command = f"sudo ip addr add {_neighbour(ip, addresses)}/24 dev {addresses.interface or 'eth0'}"
    return f"{said}, or {narrower}give the hub an address of its own (`{command}`), or choose another port"


def about_nowhere(host: str, ip: Ip, addresses: Addresses) -> str:
    """Say that a listener's address is not one of the machine's, and which are."""
    has = ", ".join(sorted(str(one) for one in addresses.own if not one.is_loopback and not one.is_link_local))
    length = 24 if ip.version == 4 else 64
    return (
        f"{host} is no address of this machine (it has {has or 'none but loopback'}): give it to the machine "
        f"(`sudo ip addr add {ip}/{length} dev {addresses.interface or 'eth0'}`, and to keep it in the network's "
        "settings), or write one that it has"
    )


def _stop(holder: Holder) -> str:
    if holder.program in CONTAINER_PROXIES or holder.container:
        return "publish another port of that container (`docker ps` or `podman ps` shows which)"
    unit = holder.unit.removesuffix(".service") or (holder.program if holder.program in TYPICAL else "")
    return f"stop it (`sudo systemctl disable --now {unit}`)" if unit else f"stop it (`kill {holder.pid}`)"


def _neighbour(ip: Ip, addresses: Addresses) -> str:
    """An example of an address of the hub's own, in the network of the machine."""
    near = addresses.lan if ip.is_unspecified or ip.is_loopback else ip
    if not isinstance(near, IPv4Address):
        return EXAMPLE
    taken = {near, *addresses.own}
    network = int(near) & ~0xFF
    return str(next((one for last in range(50, 255) if (one := IPv4Address(network + last)) not in taken), near))
