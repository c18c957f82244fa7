"""The `ble` family: a bare controller, a central, a peripheral and pairing (obniz reference, 3.21, 3.22 and 6.3)."""

from collections.abc import Mapping, Sequence
from typing import Any

from hardwire.dialects.obniz.wire import (
    ble_central,
    ble_central_answers,
    ble_hci,
    ble_peripheral,
    ble_peripheral_answers,
    ble_security,
)
from hardwire.dialects.obniz.wire.family import Family, Form, MixedError, by_forms
from hardwire.dialects.obniz.wire.shape import Misfit, fields_of
from hardwire.model.board.ble_hci import StopHci
from hardwire.model.board.ble_peripheral import StopServices
from hardwire.model.command import Command
from hardwire.model.fact import Happening


def _nested(key: str, forms: Sequence[Form], ended_by: type[Command] | None = None) -> Form:
    """Return the form of a key that holds forms of its own, or null where that ends something."""

    def make(number: int, fields: Mapping[str, Any]) -> Sequence[Command]:
        if fields[key] is None and ended_by is not None:
            return (ended_by(),)
        try:
            return by_forms(number, fields[key], forms)
        except Misfit as misfit:
            raise _below(key, misfit) from None
        except MixedError as mixed:
            raise MixedError([_below(key, misfit) for misfit in mixed.misfits], mixed.commands) from None

    return key, make


def _below(key: str, misfit: Misfit) -> Misfit:
    return Misfit(misfit.message, f".{key}{misfit.field}")


# In the order in which the vendor's codec carries several of one object out.
_FORMS: Sequence[Form] = (
    *ble_central.FORMS,
    *ble_peripheral.ADVERTISING_FORMS,
    _nested("peripheral", ble_peripheral.FORMS, StopServices),
    _nested("security", ble_security.FORMS),
    _nested("hci", ble_hci.FORMS, StopHci),
)


def _told(_number: int, value: Any) -> Sequence[Happening]:  # Any: JSON
    fields = fields_of(value, "")
    happenings = [read(fields[key], f".{key}") for key, read in ble_central_answers.REPORTS.items() if key in fields]
    if "peripheral" in fields:
        own = fields_of(fields["peripheral"], ".peripheral")
        happenings += [
            read(own[key], f".peripheral.{key}") for key, read in ble_peripheral_answers.REPORTS.items() if key in own
        ]
    if "hci" in fields:
        happenings += ble_hci.reported(fields["hci"], ".hci")
    if not happenings:
        raise Misfit("unknown")
    return happenings


FAMILY = Family(
    name="ble",
    module=ble_hci.MODULE,
    decode=lambda number, value: by_forms(number, value, _FORMS),
    functions={
        **ble_central.FUNCTIONS,
        **ble_peripheral.FUNCTIONS,
        **ble_security.FUNCTIONS,
        **ble_hci.FUNCTIONS,
    },
    requests={
        **ble_central.REQUESTS,
        **ble_peripheral.REQUESTS,
        **ble_security.REQUESTS,
        **ble_hci.REQUESTS,
    },
    framed_requests={
        **ble_central.FRAMED_REQUESTS,
        **ble_peripheral.FRAMED_REQUESTS,
        **ble_security.FRAMED_REQUESTS,
        **ble_hci.FRAMED_REQUESTS,
    },
    answers={
        **ble_central_answers.ANSWERS,
        **ble_peripheral_answers.ANSWERS,
        **ble_hci.ANSWERS,
    },
    framed_answers={
        **ble_central_answers.FRAMED_ANSWERS,
        **ble_peripheral_answers.FRAMED_ANSWERS,
        **ble_hci.FRAMED_ANSWERS,
    },
    reports=_told,
    framed_reports={
        **ble_central_answers.FRAMED_REPORTS,
        **ble_peripheral_answers.FRAMED_REPORTS,
        **ble_hci.FRAMED_REPORTS,
    },
)
