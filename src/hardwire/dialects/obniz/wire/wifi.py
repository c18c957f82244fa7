"""The `wifi` family: networks in sight of a board (obniz reference, sections 3.16 and 6.3)."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import json

from hardwire.dialects.obniz.wire.family import Family, Form, by_forms, sized
from hardwire.dialects.obniz.wire.framing import frame
from hardwire.dialects.obniz.wire.shape import Misfit, certain, fields_of, needed, text, whole
from hardwire.model.board.wifi import ScanWifi, WifiNetwork, WifiScanned
from hardwire.model.command import Command
from hardwire.model.fact import Happening

_MAC = re.compile(r"[0-9a-fA-F]{12}")
MAC_LENGTH = 12
# One byte says how long a name is, and a signed one how strong the network.
LONGEST_SSID = 255
WEAKEST_DBM, STRONGEST_DBM = -128, 127


def _scan(_number: int, fields: Mapping[str, Any]) -> Sequence[Command]:
    certain(fields["scan"], ".scan")
    return (ScanWifi(),)


_FORMS: Sequence[Form] = (("scan", _scan),)


def _framed_scan(payload: bytes) -> Sequence[Command]:
    sized(payload, 0)
    return (ScanWifi(),)


def _scanned(scanned: WifiScanned) -> str:
    networks = [
        {"ssid": network.ssid, "macAddress": network.mac, "rssi": network.rssi_dbm} for network in scanned.networks
    ]
    return json.encode({"wifi": {"scan": networks}}).decode()


def _scanned_frame(scanned: WifiScanned) -> bytes | None:
    # A hidden network derails the vendor's decoder, which also takes each byte of a name for a character: names that
    # are not ASCII go as text.
    seen = [network for network in scanned.networks if network.ssid]
    if not all(network.ssid.isascii() and len(network.ssid) <= LONGEST_SSID for network in seen):
        return None
    return frame(14, 0, b"".join(_packed(network) for network in seen))


def _packed(network: WifiNetwork) -> bytes:
    rssi_dbm = min(STRONGEST_DBM, max(WEAKEST_DBM, network.rssi_dbm))
    return bytes((len(network.ssid),)) + network.ssid.encode() + network.mac.encode() + rssi_dbm.to_bytes(signed=True)


def _told(_number: int, value: Any) -> Sequence[Happening]:  # Any: JSON
    networks = needed(fields_of(value, ""), "scan")
    if type(networks) is not list:
        raise Misfit("an array of networks is needed", ".scan")
    return (WifiScanned(tuple(_network(fields_of(one, ".scan")) for one in networks)),)


def _network(fields: Mapping[str, Any]) -> WifiNetwork:
    return WifiNetwork(
        text(needed(fields, "ssid", ".scan"), ".scan.ssid"),
        _mac(text(needed(fields, "macAddress", ".scan"), ".scan.macAddress")),
        whole(needed(fields, "rssi", ".scan"), WEAKEST_DBM, STRONGEST_DBM, ".scan.rssi"),
    )


def _mac(digits: str) -> str:
    if not _MAC.fullmatch(digits):
        raise Misfit("12 hexadecimal digits are needed", ".scan.macAddress")
    return digits.lower()


def _framed_told(payload: bytes) -> Sequence[Happening]:
    networks: list[WifiNetwork] = []
    position = 0
    while position < len(payload):
        ssid_after = position + 1 + payload[position]
        position_after = ssid_after + MAC_LENGTH + 1
        if position_after > len(payload):
            raise Misfit("a network is cut off")
        # Networks may have names in any encoding; what is no UTF-8 must not hide the others.
        ssid = payload[position + 1 : ssid_after].decode(errors="replace")
        digits = payload[ssid_after : ssid_after + MAC_LENGTH].decode("ascii", "replace")
        rssi_dbm = int.from_bytes(payload[position_after - 1 : position_after], signed=True)
        networks.append(WifiNetwork(ssid, _mac(digits), rssi_dbm))
        position = position_after
    return (WifiScanned(tuple(networks)),)


FAMILY = Family(
    name="wifi",
    module=14,
    decode=lambda number, value: by_forms(number, value, _FORMS),
    functions={0: _framed_scan},
    requests={ScanWifi: lambda scan: {"wifi": {"scan": True}}},
    framed_requests={ScanWifi: lambda scan: frame(14, 0)},
    answers={WifiScanned: _scanned},
    framed_answers={WifiScanned: _scanned_frame},
    reports=_told,
    framed_reports={0: _framed_told},
)
