"""What the `system` family tells: pongs, times and a low supply (obniz reference, sections 3.2 and 6.3)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec import json

from hardwire.dialects.obniz.wire import debug
from hardwire.dialects.obniz.wire.family import FrameReader, sized
from hardwire.dialects.obniz.wire.framing import frame
from hardwire.dialects.obniz.wire.shape import Misfit, fields_of, needed, octets, whole
from hardwire.model.board.system import Pong, Stamp, SupplyLow, Timestamped
from hardwire.model.fact import Happening

_MODULE = 0
_LATEST_MS = (1 << 64) - 1

_ENCODE = json.Encoder().encode


def pong(pong: Pong, asked_ms: int, answered_ms: int) -> str:
    """Return the answer to a ping as one JSON object. The Python SDK needs all three times (section 3.2).

    Unit: unix ms; when the hub took the ping and when it gives the answer.
    """
    key = _ENCODE([*pong.key]).decode()
    return (
        f'{{"system":{{"pong":{{"key":{key},"obnizTime":{pong.board_time_ms},'
        f'"pingServerTime":{asked_ms},"pongServerTime":{answered_ms}}}}}}}'
    )


def _timestamp(happening: Timestamped) -> str:
    # JSON has milliseconds whatever was chosen: so the vendor's decoder makes them of both frames.
    time_ms = happening.time * 1000 if happening.stamp is Stamp.SECONDS else happening.time
    return f'{{"system":{{"timestamp":{time_ms}}}}}'


def _timestamp_frame(happening: Timestamped) -> bytes:
    return frame(_MODULE, 20, happening.time.to_bytes(4 if happening.stamp is Stamp.SECONDS else 8))


def _supply(happening: SupplyLow) -> str:
    return debug.warning(f"the supply voltage is low: {happening.voltage_v:.2f} V")


def _supply_frame(happening: SupplyLow) -> bytes:
    # What the first byte means nobody says.
    return frame(_MODULE, 9, b"\0" + round(happening.voltage_v * 100).to_bytes(2))


def _pong_frame(happening: Pong) -> bytes:
    times = happening.board_time_ms.to_bytes(8) + happening.sent_ms.to_bytes(8)
    return frame(_MODULE, 8, times + happening.key)


ANSWERS: Mapping[type[Happening], Callable[[Any], str]] = {  # Any: the happening of that type
    Pong: lambda happening: pong(happening, happening.sent_ms, happening.board_time_ms),
    Timestamped: _timestamp,
    SupplyLow: _supply,
}

FRAMED_ANSWERS: Mapping[type[Happening], Callable[[Any], bytes]] = {  # Any: the happening of that type
    Pong: _pong_frame,
    Timestamped: _timestamp_frame,
    SupplyLow: _supply_frame,
}


def told(_number: int, value: Any) -> Sequence[Happening]:  # Any: JSON
    """Read a pong, a time, or both.

    Raises:
        Misfit: it is neither.
    """
    fields = fields_of(value, "")
    happenings: list[Happening] = []
    if "pong" in fields:
        happenings.append(_pong(fields_of(fields["pong"], ".pong")))
    if "timestamp" in fields:
        happenings.append(Timestamped(whole(fields["timestamp"], 0, _LATEST_MS, ".timestamp"), Stamp.MILLISECONDS))
    if not happenings:
        raise Misfit("a pong or a timestamp is needed")
    return happenings


def _pong(fields: Mapping[str, Any]) -> Pong:  # Any: JSON
    place = ".pong"
    return Pong(
        octets(needed(fields, "key", place), f"{place}.key"),
        whole(fields.get("obnizTime", 0), 0, _LATEST_MS, f"{place}.obnizTime"),
        whole(fields.get("pingServerTime", 0), 0, _LATEST_MS, f"{place}.pingServerTime"),
    )


def _framed_pong(payload: bytes) -> Sequence[Happening]:
    if len(payload) < 16:
        raise Misfit(f"at least 16 bytes are needed, not {len(payload)}")
    return (Pong(payload[16:], int.from_bytes(payload[:8]), int.from_bytes(payload[8:16])),)


def _framed_supply(payload: bytes) -> Sequence[Happening]:
    return (SupplyLow(int.from_bytes(sized(payload, 3)[1:]) / 100),)


def _framed_timestamp(payload: bytes) -> Sequence[Happening]:
    if len(payload) == 4:
        return (Timestamped(int.from_bytes(payload), Stamp.SECONDS),)
    return (Timestamped(int.from_bytes(sized(payload, 8)), Stamp.MILLISECONDS),)


FRAMED_REPORTS: Mapping[int, FrameReader] = {8: _framed_pong, 9: _framed_supply, 20: _framed_timestamp}
