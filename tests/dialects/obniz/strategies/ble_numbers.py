"""The texts and sets that many Bluetooth words share."""

from enum import Flag
from typing import TypeVar

from hypothesis import strategies as st

from hardwire.model.board.ble_central import Property
from hardwire.model.board.ble_peripheral import Permission

F = TypeVar("F", bound=Flag)

ADDRESSES = st.binary(min_size=6, max_size=6).map(bytes.hex)
UUIDS = st.one_of([st.binary(min_size=size, max_size=size) for size in (2, 4, 16)]).map(bytes.hex)
VALUES = st.binary(max_size=40)
ADVERTISED = st.binary(max_size=31)
SUCCESSES = st.booleans()


def sets(kind: type[F]) -> st.SearchStrategy[F]:
    """Any set of the words of `kind`."""
    return st.lists(st.sampled_from(list(kind))).map(lambda chosen: kind(sum({one.value for one in chosen})))


PROPERTIES = sets(Property)
PERMISSIONS = sets(Permission)

DEVICE = (ADDRESSES,)
SERVICE = (ADDRESSES, UUIDS)
CHARACTERISTIC = (*SERVICE, UUIDS)
DESCRIPTOR = (*CHARACTERISTIC, UUIDS)
OWN_SERVICE = (UUIDS,)
OWN_CHARACTERISTIC = (UUIDS, UUIDS)
OWN_DESCRIPTOR = (UUIDS, UUIDS, UUIDS)
