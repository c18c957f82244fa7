"""What the hub has still to bring to others: posts to web addresses, orders to devices, messages to accounts."""

from collections.abc import Iterable
from typing import Protocol

from hardwire.app.metrics.family import Family, counter, gauge


class Mail(Protocol):
    """Who knows what is on its way (`app.correspondence.Correspondence`)."""

    def waiting(self) -> tuple[int, int]:
        """How many posts and how many orders have not arrived yet."""
        ...


class Accounts(Protocol):
    """Who numbers what is sent to accounts (`hub.outbox.Outbox`)."""

    @property
    def numbered(self) -> int:
        """How many messages were given a number."""
        ...


class Facts(Protocol):
    """Who holds facts back while others of their account go to the disk (`hub.intake.Intake`)."""

    def held(self) -> int:
        """How many facts wait."""
        ...


def families(mail: Mail, accounts: Accounts, intake: Facts) -> Iterable[Family]:
    """Tell it."""
    posts, orders = mail.waiting()
    yield gauge("hardwire_posts_waiting", "Posts to web addresses (webhooks) that have not arrived yet.", posts)
    yield gauge("hardwire_orders_waiting", "Orders that devices have still to carry out.", orders)
    yield counter("hardwire_exports_total", "Messages to ezeio accounts that were given a number.", accounts.numbered)
    yield gauge("hardwire_facts_held", "Facts that wait behind a write of their account.", intake.held())
