"""Which leaf a TLS client is shown, by the name it asks for."""

import ssl
import tempfile
from asyncio import BaseTransport
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from typing import TypeAlias

import structlog
from msgspec import Struct

from hardwire.server.tls.authority import COMMON_NAME_LIMIT, Authority, Leaf
from hardwire.server.tls.leaves import RENEWED_AHEAD, Leaves, Wanted

Address: TypeAlias = IPv4Address | IPv6Address

# HomeWizard v2 clients ask for `appliance/<name part>/<serial>` and check the common name (HomeWizard reference, 1.2).
APPLIANCE_PREFIX = "appliance/"
LOOPBACK: tuple[Address, ...] = (IPv4Address("127.0.0.1"), IPv6Address("::1"))
HUB_COMMON_NAME = "Hardwire hub"
# One context takes some 20 kB; only names of known devices get one, so this is a bound against devices come and gone.
SHELF_LIMIT = 1024
_SNI_ATTRIBUTE = "hardwire_sni"

log = structlog.get_logger("hardwire.server")


class _Shelved(Struct, frozen=True):
    """A leaf in use: its context, what it was made for, and when to make the next one."""

    context: ssl.SSLContext
    hosts: tuple[str, ...]
    addresses: tuple[Address, ...]
    not_before: datetime
    renew_at: datetime


class Certificates:
    """Makes leaves on demand, keeps them, renews them without a restart.

    - `appliance/...` of a known device: that device's leaf; its common name is that string, it has IP addresses but no
      DNS name, since with a DNS name clients would not look at the common name.
    - `appliance/...` of nobody: no handshake, and a line in the log (RFC 6066, section 3, `unrecognized_name`; event
      loops close before the alert is out, so clients mostly see the connection end). To show another device's leaf
      instead would feed a client that checks nothing with the wrong meter.
    - any other name: the hub's leaf, whose DNS names are `localhost` and `hosts()`. A name that is not among them
      fails at the client; a stranger cannot make the hub sign anything.
    - no name, or an IP literal: the default device's leaf, else the hub's.
    """

    def __init__(
        self,
        authority: Authority,
        *,
        now: Callable[[], datetime],
        names: Callable[[str], bool],
        default: Callable[[], str | None],
        hosts: Callable[[], Iterable[str]] = tuple,
        addresses: Callable[[], Iterable[Address]] = tuple,
        folder: Path | None = None,
    ) -> None:
        """Hold the authority and ask the rest at each handshake, so that devices may come and go.

        `names` says whether a device has that `appliance/...` name, `default` which one speaks where no name is asked
        for, `hosts` by which DNS names the hub is reached (host name, `.local` names, the public one), `addresses` on
        which addresses it listens; loopback is always among them. None of them may wait. Leaves outlive a restart in
        the data folder `folder`.
        """
        self._leaves = Leaves(authority, folder)
        self._authority = authority
        self._now = now
        self._names = names
        self._default = default
        self._hosts = hosts
        self._addresses = addresses
        self._shelf: dict[str, _Shelved] = {}

    def context(self, own: Callable[[], str | None] | None = None) -> ssl.SSLContext:
        """Return the context of one TLS listener: TLS 1.2 or newer, HTTP/1.1.

        `own` tells the `appliance/...` name of the device that the listener belongs to: it speaks where no name is
        asked for, and is the only appliance there. A device without such a name shows the hub's leaf.
        """

        def show(connection: ssl.SSLObject | ssl.SSLSocket, asked: str | None, _: ssl.SSLContext) -> int | None:
            # Names are told apart without regard to case (RFC 6066, section 3), and so do clients compare the leaf's.
            name = None if asked is None else asked.lower()
            setattr(connection, _SNI_ATTRIBUTE, name)
            chosen = self.choose(name) if own is None else self.choose(name, own() or HUB_COMMON_NAME)
            if chosen is None:
                log.info("no device has the name that a TLS client asked for", name=str(name)[:COMMON_NAME_LIMIT])
                return ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME
            connection.context = chosen
            return None

        listener = _bare_context()
        # OpenSSL wants a certificate before it asks `show`, which then always puts another context in its place.
        _load(listener, self._authority.issue(HUB_COMMON_NAME, self._now()))
        listener.sni_callback = show
        return listener

    def choose(self, name: str | None, own: str | None = None) -> ssl.SSLContext | None:
        """Return the context whose leaf answers that name; None when it is an appliance that nobody has.

        `own` is the common name that a device's own listener shows.
        """
        if name is None or _is_address(name):
            return self._shelved(own or self._default() or HUB_COMMON_NAME)
        if not name.startswith(APPLIANCE_PREFIX):
            return self._shelved(HUB_COMMON_NAME)
        is_known = name == own if own is not None else self._names(name)
        return self._shelved(name) if is_known and len(name) <= COMMON_NAME_LIMIT else None

    def _shelved(self, common_name: str) -> ssl.SSLContext:
        now = self._now()
        is_hub = common_name == HUB_COMMON_NAME
        hosts = tuple(dict.fromkeys(("localhost", *self._hosts()))) if is_hub else ()
        addresses = tuple(dict.fromkeys((*LOOPBACK, *self._addresses())))
        shelved = self._shelf.get(common_name)
        if (
            shelved is not None
            and shelved.hosts == hosts
            and set(shelved.addresses) >= set(addresses)
            # A clock that was set back makes a leaf of the future as useless as an expired one.
            and shelved.not_before <= now < shelved.renew_at
        ):
            return shelved.context
        leaf = self._leaves.leaf(Wanted(common_name, hosts, addresses), now)
        context = _bare_context()
        _load(context, leaf)
        self._shelf.pop(common_name, None)
        if len(self._shelf) >= SHELF_LIMIT:
            del self._shelf[next(iter(self._shelf))]
        renew_at = max(leaf.not_after - RENEWED_AHEAD, now + timedelta(days=1))
        self._shelf[common_name] = _Shelved(context, hosts, addresses, leaf.not_before, renew_at)
        return context


def sni_of(transport: BaseTransport | None) -> str | None:
    """Return the server name that this client asked for; None on a plain connection or where it named none."""
    if transport is None:
        return None
    name = getattr(transport.get_extra_info("ssl_object"), _SNI_ATTRIBUTE, None)
    return name if isinstance(name, str) else None


def _bare_context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    # Renegotiation lets a client of TLS 1.2 make the hub compute handshakes for ever.
    context.options |= ssl.OP_NO_RENEGOTIATION
    # OpenSSL asks the context that was chosen, not the listener's: each one has to know the protocol.
    context.set_alpn_protocols(["http/1.1"])
    return context


def _load(context: ssl.SSLContext, leaf: Leaf) -> None:
    # The standard library takes certificates from files only. This one is readable by the hub alone and gone at once.
    with tempfile.NamedTemporaryFile(prefix="hardwire-leaf-") as file:
        file.write(leaf.key_pem + leaf.certificate_pem)
        file.flush()
        context.load_cert_chain(file.name)


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
