"""Bluetooth as a bare controller within the `ble` family (obniz reference, sections 3.21 and 6.3)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hardwire.dialects.obniz.wire.family import Form, FrameDecoder, FrameReader, Written, listed
from hardwire.dialects.obniz.wire.framing import frame
from hardwire.dialects.obniz.wire.shape import Misfit, fields_of, flag, needed, octets, whole
from hardwire.model.board.ble_hci import (
    AdvertisementFilter,
    FilterAdvertisements,
    HciRead,
    StartHci,
    StopHci,
    WriteHci,
)
from hardwire.model.command import Command
from hardwire.model.fact import Happening

MODULE = 11
_MOST = 0xFF


def _initialize(_number: int, fields: Mapping[str, Any]) -> Sequence[Command]:
    # The vendor's codec does not look at the value: false starts it as well.
    flag(fields["initialize"], ".initialize")
    return (StartHci(),)


def _write(_number: int, fields: Mapping[str, Any]) -> Sequence[Command]:
    return (WriteHci(octets(fields["write"], ".write")),)


def _filter(_number: int, fields: Mapping[str, Any]) -> Sequence[Command]:
    place = ".advertisement_filter"
    filters = fields["advertisement_filter"]
    if type(filters) is not list:
        raise Misfit("an array of filters is needed", place)
    return (FilterAdvertisements(tuple(_one_filter(one, f"{place}.{n}") for n, one in enumerate(filters))),)


def _one_filter(value: Any, place: str) -> AdvertisementFilter:  # Any: JSON
    fields = fields_of(value, place)
    within = f"{place}.range"
    reach = fields_of(needed(fields, "range", place), within)
    return AdvertisementFilter(
        whole(needed(reach, "index", within), 0, _MOST, f"{within}.index"),
        whole(needed(reach, "length", within), 0, _MOST, f"{within}.length"),
        octets(fields.get("value", []), f"{place}.value", _MOST),
    )


FORMS: Sequence[Form] = (("initialize", _initialize), ("write", _write), ("advertisement_filter", _filter))
"""What `hci` may hold; null ends it."""


def _framed_filter(payload: bytes) -> Sequence[Command]:
    filters: list[AdvertisementFilter] = []
    position = 0
    while position < len(payload):
        head = payload[position : position + 3]
        value = payload[position + 3 : position + 3 + head[-1]]
        if len(head) < 3 or len(value) < head[2]:
            raise Misfit(f"filter {len(filters)} is cut off")
        filters.append(AdvertisementFilter(head[0], head[1], value))
        position += 3 + len(value)
    return (FilterAdvertisements(tuple(filters)),)


FUNCTIONS: Mapping[int, FrameDecoder] = {
    41: lambda payload: (StartHci(),),
    42: lambda payload: (StopHci(),),
    43: lambda payload: (WriteHci(payload),),
    45: _framed_filter,
}


def _written(value: Any) -> Written:  # Any: JSON
    return {"ble": {"hci": value}}


def _written_filter(command: FilterAdvertisements) -> Written:
    return _written(
        {
            "advertisement_filter": [
                {"range": {"index": one.index, "length": one.length}, "value": [*one.value]} for one in command.filters
            ]
        }
    )


def _filter_frame(command: FilterAdvertisements) -> bytes:
    pieces = (bytes((one.index, one.length, len(one.value))) + one.value for one in command.filters)
    return frame(MODULE, 45, b"".join(pieces))


REQUESTS: Mapping[type[Command], Callable[[Any], Written]] = {  # Any: the command of that type
    StartHci: lambda command: _written({"initialize": True}),
    StopHci: lambda command: _written(None),
    WriteHci: lambda command: _written({"write": [*command.packet]}),
    FilterAdvertisements: _written_filter,
}
FRAMED_REQUESTS: Mapping[type[Command], Callable[[Any], bytes]] = {  # Any: the command of that type
    StartHci: lambda command: frame(MODULE, 41),
    StopHci: lambda command: frame(MODULE, 42),
    WriteHci: lambda command: frame(MODULE, 43, command.packet),
    FilterAdvertisements: _filter_frame,
}
ANSWERS: Mapping[type[Happening], Callable[[Any], str]] = {  # Any: the happening of that type
    HciRead: lambda happening: f'{{"ble":{{"hci":{{"read":{{"data":{listed(happening.packet)}}}}}}}}}',
}
FRAMED_ANSWERS: Mapping[type[Happening], Callable[[Any], bytes]] = {  # Any: the happening of that type
    HciRead: lambda happening: frame(MODULE, 44, happening.packet),
}


def reported(value: Any, within: str) -> Sequence[Happening]:  # Any: JSON
    """Read what a board tells under `hci`.

    Raises:
        Misfit: it is no packet.
    """
    read = needed(fields_of(value, within), "read", within)
    within = f"{within}.read"
    return (HciRead(octets(needed(fields_of(read, within), "data", within), f"{within}.data")),)


FRAMED_REPORTS: Mapping[int, FrameReader] = {44: lambda payload: (HciRead(payload),)}
