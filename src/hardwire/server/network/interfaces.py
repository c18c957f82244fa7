"""The addresses that this machine has now, asked of the operating system."""

from collections.abc import Sequence
from ipaddress import ip_address

import ifaddr

from hardwire.server.network.stand import Interface


def interfaces() -> Sequence[Interface]:
    """Return every address with its interface, in the order in which the system tells them."""
    found = []
    for adapter in ifaddr.get_adapters():
        for held in adapter.ips:
            # An IPv6 address comes with flow and scope, and some systems write the scope into the text too.
            text = held.ip if isinstance(held.ip, str) else held.ip[0]
            found.append(Interface(adapter.name, ip_address(text.partition("%")[0])))
    return found
