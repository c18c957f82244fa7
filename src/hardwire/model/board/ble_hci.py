"""Bluetooth as a bare controller: HCI packets in and out; the client brings the host's stack."""

from msgspec import Struct

from hardwire.model.command import Command
from hardwire.model.fact import Happening


class StartHci(Command, frozen=True):
    """Switch the controller on. No answer."""


class StopHci(Command, frozen=True):
    """Switch the controller off. No answer."""


class WriteHci(Command, frozen=True):
    """Give the controller one H4 packet: a type byte (1 command, 2 ACL), then HCI. It answers by `HciRead`s."""

    packet: bytes


class AdvertisementFilter(Struct, frozen=True):
    """Let an advertisement through whose bytes from `index` on, `length` of them, are `value`."""

    index: int
    length: int
    value: bytes


class FilterAdvertisements(Command, frozen=True):
    """Pass on only advertisements that fit one of the filters; none means all. No answer."""

    filters: tuple[AdvertisementFilter, ...]


class HciRead(Happening, frozen=True):
    """One H4 packet from the controller: a type byte (4 event, 2 ACL), then HCI."""

    packet: bytes
