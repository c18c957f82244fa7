"""The read-only view of the hub's world that sessions are given."""

from collections.abc import Callable, Sequence
from datetime import datetime

from hardwire.contracts.house import Address
from hardwire.hub.access import Access
from hardwire.hub.roster import Roster
from hardwire.model.alarm import AlarmStanding
from hardwire.model.client import ClientState
from hardwire.model.history import Export


class Premises:
    """`contracts.house.House` over a roster and an access: each method is its owner's own."""

    def __init__(self, roster: Roster, access: Access) -> None:
        self.devices = roster.devices
        self.device = roster.device
        self.children = roster.children
        self.find = roster.find
        self.address = roster.address
        self.addresses = roster.addresses
        self.face = roster.face
        self.default = roster.default
        self.readings = roster.readings
        self.alive_at = roster.alive_at
        self.online_since = roster.online_since
        self.is_fresh = roster.is_fresh
        self.field_numbers = roster.field_numbers
        self.identified_until = roster.identified_until
        self.rebooted_at = roster.rebooted_at
        self.lost_since = roster.lost_since
        self.troubles = roster.troubles
        self.group = access.group
        self.groups = access.groups
        self.access_edition: Callable[[], int] = lambda: access.edition
        self.reaches = access.reaches
        self.account = access.account
        self.credential = access.credential
        self.credentials = access.credentials
        self.holder = access.holder
        self.ports: Callable[[], tuple[int, int]] = lambda: access.ports
        self.began: Callable[[], datetime] = lambda: access.began
        self.known_secret: Callable[[str], str | None] = access.known_secrets.get
        self.is_open_house: Callable[[], bool] = lambda: access.is_open_house
        self.authority_pem: Callable[[], str] = lambda: access.authority_pem
        self.reached_at: Callable[[], Sequence[str]] = lambda: access.reached_at()
        # What the hub, once it is built on this view, tells in their place.
        self.alarms: Callable[[str], Sequence[AlarmStanding]] = lambda device: ()
        self.unbuffered_until: Callable[[str], datetime | None] = lambda device: None
        self.last_export: Callable[[str], tuple[int, int]] = lambda account: (0, 0)
        self.exports_after: Callable[[str, tuple[int, int]], Sequence[Export] | None] = lambda account, after: ()
        self.clients: Callable[[], Sequence[ClientState]] = lambda: ()
        self.strike: Callable[[Address | None, str, datetime], float] = lambda peer, user, now: 0.0
        self.shared_secret: Callable[[], bytes] = lambda: bytes(32)
