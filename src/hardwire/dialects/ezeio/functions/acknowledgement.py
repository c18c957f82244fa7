"""What a key's callback is told once a unit has confirmed what was set with the key (ezeio reference, `control`)."""

from datetime import datetime

from hardwire.contracts.errand import Errand
from hardwire.contracts.house import House
from hardwire.dialects.ezeio.functions.wire_control import AckMeta, control_ack
from hardwire.dialects.ezeio.unit.account import DIALECT
from hardwire.dialects.ezeio.unit.system import group_of, name_of, note_of


def acknowledge(house: House, errand: Errand, now: datetime) -> str | None:
    """Return the CONTROL_ACK of an errand; None where the device is no unit any more."""
    device = house.device(errand.device)
    serial = house.address(DIALECT, errand.device)
    if device is None or serial is None:
        return None
    id = group_of(house, device)
    group, account = house.group(id), house.account(id)
    meta = AckMeta(
        serial=serial,
        group=0 if group is None else group.number,
        accountgroupid=None if account is None else account.number,
        name=name_of(house, device),
        note=note_of(house, device),
    )
    return control_ack(errand.credential, now, meta, errand.actions)
