"""The `ble` family: what programs ask in JSON, and what a board tells in JSON."""

from typing import Any

import pytest
from msgspec import json

from hardwire.dialects.obniz.wire import answers, binary, reports, requests, text
from hardwire.model.board.ble_central import (
    BleError,
    BleFailed,
    BleLinkChanged,
    CharacteristicNotified,
    ConnectBle,
    ListCharacteristics,
    NotifyRegistered,
    Property,
    WriteCharacteristic,
)
from hardwire.model.board.ble_hci import AdvertisementFilter, FilterAdvertisements, StartHci, StopHci
from hardwire.model.board.ble_peripheral import (
    AddCharacteristic,
    AddDescriptor,
    AddService,
    Permission,
    SetAdvertisement,
    SetScanResponse,
    StartAdvertising,
    StartService,
    StopService,
    StopServices,
)
from hardwire.model.board.ble_scan import BleScanEnded, BleScanned, ScanBle, StopBleScan
from hardwire.model.board.ble_security import (
    Authentication,
    IndicateSecurityLevel,
    KeyType,
    SetAuthentication,
    SetKeySize,
    SetKeyTypes,
)
from hardwire.model.command import Command
from hardwire.model.fact import Happening

ADDRESS = "aabbccddee01"
PLACE = {"address": ADDRESS, "service_uuid": "fff0", "characteristic_uuid": "fff1"}
OWN = {"service_uuid": "fff0", "characteristic_uuid": "fff1"}


def decoded(ble: Any) -> list[Command]:  # Any: JSON
    """What is understood of the value of `ble`; there is nothing that is not."""
    findings = text.decode(json.encode([{"ble": ble}]))
    assert (findings.warnings, findings.error) == ([], "")
    return [command for _, command in findings.wishes]


def told(ble: Any) -> list[Happening]:  # Any: JSON
    """What is understood of the value of `ble` that a board tells; there is nothing that is not."""
    report = reports.read(json.encode([{"ble": ble}]).decode())
    assert report.troubles == []
    return report.happenings


@pytest.mark.parametrize(
    ("ble", "commands"),
    [
        ({"scan": {}}, [ScanBle(30)]),
        ({"scan": {"duration": 2}}, [ScanBle(2)]),
        ({"scan": None}, [StopBleScan()]),
        ({"connect": {"address": "AABBCCDDEE01"}}, [ConnectBle(ADDRESS)]),
        (
            {"get_characteristics": {"address": ADDRESS, "service_uuid": "E1CFB0D1-AE63-4D6F-B3B6-DE2054F87E5E"}},
            [ListCharacteristics(ADDRESS, "e1cfb0d1ae634d6fb3b6de2054f87e5e")],
        ),
        (
            {"write_characteristic": {**PLACE, "data": [1, 2]}},
            [WriteCharacteristic(ADDRESS, "fff0", "fff1", b"\1\2")],
        ),
        (
            {"write_characteristic": {**PLACE, "data": [], "needResponse": False}},
            [WriteCharacteristic(ADDRESS, "fff0", "fff1", b"", is_confirmed=False)],
        ),
        ({"advertisement": {"adv_data": [2, 1, 6]}}, [SetAdvertisement(b"\2\1\6"), StartAdvertising()]),
        (
            {"advertisement": {"adv_data": [], "scan_resp": [1]}},
            [SetAdvertisement(b""), SetScanResponse(b"\1"), StartAdvertising()],
        ),
        ({"peripheral": None}, [StopServices()]),
        (
            {"security": {"key": {"max_size": 8, "type": ["irk", "ltk"]}}},
            [SetKeyTypes(KeyType.IRK | KeyType.LTK), SetKeySize(8)],
        ),
        ({"hci": None}, [StopHci()]),
        ({"hci": {"initialize": False}}, [StartHci()]),
        (
            {"hci": {"advertisement_filter": [{"range": {"index": 1, "length": 2}, "value": [3, 4]}]}},
            [FilterAdvertisements((AdvertisementFilter(1, 2, b"\3\4"),))],
        ),
        (
            {"hci": {"advertisement_filter": [{"range": {"index": 1, "length": 2}}]}},
            [FilterAdvertisements((AdvertisementFilter(1, 2, b""),))],
        ),
    ],
)
def test_what_a_program_asks_is_understood(ble: Any, commands: list[Command]) -> None:
    assert decoded(ble) == commands


def test_services_are_put_together_first_and_started_last() -> None:
    services = [
        {
            "uuid": "FFF0",
            "characteristics": [
                {
                    "uuid": "fff1",
                    "data": [1],
                    "properties": ["read", "indicate"],
                    "permissions": ["read_encrypted", "write_signed_mitm"],
                    "descriptors": [{"uuid": "2901", "data": [5]}, {"uuid": "2902", "permissions": ["read"]}],
                },
                {"uuid": "fff2"},
            ],
        },
        {"uuid": "fff3"},
    ]

    commands = decoded({"peripheral": {"services": services}})

    assert commands == [
        AddService("fff0"),
        AddCharacteristic(
            service="fff0",
            characteristic="fff1",
            permissions=Permission.READ_ENCRYPTED | Permission.WRITE_SIGNED_MITM,
            properties=Property.READ | Property.INDICATE,
            octets=b"\1",
        ),
        AddDescriptor(service="fff0", characteristic="fff1", descriptor="2901", octets=b"\5"),
        AddDescriptor(
            service="fff0", characteristic="fff1", descriptor="2902", permissions=Permission.READ, octets=b"\0"
        ),
        AddCharacteristic(service="fff0", characteristic="fff2", octets=b"\0"),
        AddService("fff3"),
        StartService("fff0"),
        StartService("fff3"),
    ]


def test_several_wishes_of_one_object_are_carried_out_in_the_vendors_order() -> None:
    ble = {
        "hci": {"initialize": True},
        "security": {"indicate_security_level": 1, "auth": ["mitm"]},
        "peripheral": {"stop_service": {"service_uuid": "fff0"}},
        "connect": {"address": ADDRESS},
        "scan": None,
    }

    commands = decoded(ble)

    assert commands == [
        StopBleScan(),
        ConnectBle(ADDRESS),
        StopService("fff0"),
        SetAuthentication(Authentication.MITM),
        IndicateSecurityLevel(1),
        StartHci(),
    ]


@pytest.mark.parametrize(
    ("ble", "warning"),
    [
        (None, "[ble]unknown command"),
        ({"nothing": 1}, "[ble]unknown command"),
        ({"scan": 1}, "[ble.scan]an object is needed, not number"),
        ({"scan": {"duration": None}}, "[ble.scan.duration]an integer is needed, not null"),
        ({"scan": {"duration": -1}}, "[ble.scan.duration]Value -1 is less than minimum 0"),
        ({"scan": {"interval": 30}}, "[ble.scan]only duration may be here"),
        ({"connect": {"address": ADDRESS, "name": "x"}}, "[ble.connect]only address may be here"),
        ({"connect": None}, "[ble.connect]an object is needed, not null"),
        ({"connect": {}}, "[ble.connect.address]missing"),
        ({"connect": {"address": 1}}, "[ble.connect.address]a string is needed, not number"),
        ({"connect": {"address": "aabbccddee"}}, "[ble.connect.address]an address has 12 hexadecimal digits"),
        ({"connect": {"address": "aabbccddee0g"}}, "[ble.connect.address]an address has 12 hexadecimal digits"),
        *(
            (
                {"get_characteristics": {"address": ADDRESS, "service_uuid": uuid}},
                "[ble.get_characteristics.service_uuid]"
                "a UUID has 4, 8 or 32 hexadecimal digits, with or without dashes",
            )
            for uuid in ("ff", "fff01", "ff0x", "-----", "0" * 34)
        ),
        ({"write_characteristic": PLACE}, "[ble.write_characteristic.data]missing"),
        (
            {"write_characteristic": {**PLACE, "data": [256]}},
            "[ble.write_characteristic.data.0]Value 256 is greater than maximum 255",
        ),
        (
            {"write_characteristic": {**PLACE, "data": [], "needResponse": 1}},
            "[ble.write_characteristic.needResponse]a boolean is needed, not number",
        ),
        ({"advertisement": {}}, "[ble.advertisement.adv_data]missing"),
        ({"advertisement": {"adv_data": [0] * 32}}, "[ble.advertisement.adv_data]at most 31 bytes are taken, not 32"),
        ({"peripheral": 1}, "[ble.peripheral]unknown command"),
        ({"peripheral": {"services": []}}, "[ble.peripheral.services]at least one service is needed"),
        ({"peripheral": {"services": {}}}, "[ble.peripheral.services]an array of objects is needed"),
        (
            {"peripheral": {"services": [{"uuid": "fff0", "text": "x"}]}},
            "[ble.peripheral.services.0]only uuid, characteristics may be here",
        ),
        ({"peripheral": {"services": [1]}}, "[ble.peripheral.services.0]an object is needed, not number"),
        (
            {"peripheral": {"services": [{"uuid": "fff0", "characteristics": [{"data": []}]}]}},
            "[ble.peripheral.services.0.characteristics.0.uuid]missing",
        ),
        (
            {"peripheral": {"services": [{"uuid": "fff0", "characteristics": [{"uuid": "fff1", "properties": 1}]}]}},
            "[ble.peripheral.services.0.characteristics.0.properties]an array of words is needed",
        ),
        (
            {"peripheral": {"services": [{"uuid": "fff0", "characteristics": [{"uuid": "f1f1", "permissions": [0]}]}]}},
            "[ble.peripheral.services.0.characteristics.0.permissions]one of read, read_encrypted, "
            "read_encrypted_mitm, write, write_encrypted, write_encrypted_mitm, write_signed, write_signed_mitm "
            "is needed",
        ),
        ({"security": None}, "[ble.security]unknown command"),
        ({"security": {"key": {}}}, "[ble.security.key]a type or a max_size is needed"),
        (
            {"security": {"key": {"max_size": 17}}},
            "[ble.security.key.max_size]Value 17 is greater than maximum 16",
        ),
        ({"security": {"devices": {"clear": False}}}, "[ble.security.devices.clear]only true means something here"),
        ({"security": {"auth": ["none"]}}, "[ble.security.auth]one of bonding, mitm, secure_connection is needed"),
        ({"hci": {"write": "reset"}}, "[ble.hci.write]an array of bytes is needed, not string"),
        ({"hci": {"advertisement_filter": {}}}, "[ble.hci.advertisement_filter]an array of filters is needed"),
        (
            {"hci": {"advertisement_filter": [{"range": {"index": 256, "length": 0}}]}},
            "[ble.hci.advertisement_filter.0.range.index]Value 256 is greater than maximum 255",
        ),
    ],
)
def test_what_is_no_wish_is_named_with_its_path(ble: Any, warning: str) -> None:
    findings = text.decode(json.encode([{"ble": ble}, {"ble": {"scan": None}}]))

    assert findings.warnings == [warning]
    assert findings.wishes == [("ble", StopBleScan())]


def test_good_parts_of_an_object_are_carried_out_beside_bad_ones() -> None:
    own = {"services": [], "stop_service": {"service_uuid": "fff0"}}

    findings = text.decode(json.encode([{"ble": {"scan": None, "connect": {}, "peripheral": own}}]))

    assert [command for _, command in findings.wishes] == [StopBleScan(), StopService("fff0")]
    assert findings.warnings == ["[ble.connect.address]missing;[ble.peripheral.services]at least one service is needed"]


def test_a_notification_is_told_under_the_right_name_and_under_the_one_that_obniz_py_listens_for() -> None:
    happening = CharacteristicNotified(ADDRESS, "fff0", "fff1", b"\1")
    fields = {**PLACE, "data": [1]}

    told_json = json.decode(answers.told(happening) or "")

    assert told_json == {"ble": {"notify_characteristic": fields, "nofity_characteristic": fields}}
    assert told(told_json["ble"]) == [happening]


def test_an_answer_to_a_registration_is_told_under_the_names_of_the_codec_and_of_the_schema() -> None:
    happening = NotifyRegistered(ADDRESS, "fff0", "fff1", True)

    told_json = json.decode(answers.told(happening) or "")

    assert told_json == {
        "ble": {
            "register_notify_characteristic_result": {**PLACE, "result": "success"},
            "characteristic_register_notify_result": {**PLACE, "result": True},
        }
    }
    assert told(told_json["ble"]) == [happening]


def test_a_failure_of_a_device_names_every_place_since_obniz_py_stumbles_over_a_missing_one() -> None:
    happening = BleFailed(error=BleError.DEVICE_NOT_FOUND, function=7, address=ADDRESS)

    told_json = json.decode(answers.told(happening) or "")

    assert told_json == {
        "ble": {
            "error": {
                "module_error_code": 1,
                "error_code": 6,
                "function_code": 7,
                "message": "connect: device not found",
                "address": ADDRESS,
                "service_uuid": "",
                "characteristic_uuid": "",
                "descriptor_uuid": "",
            }
        }
    }


def test_a_failure_below_a_service_names_only_what_was_asked() -> None:
    happening = BleFailed(error=BleError.SERVICE_NOT_FOUND, function=9, address=ADDRESS, service="fff0")

    told_json = json.decode(answers.told(happening) or "")

    error = told_json["ble"]["error"]
    assert error["message"] == "get_characteristics: service not found"
    assert (error["address"], error["service_uuid"]) == (ADDRESS, "fff0")
    assert not {"characteristic_uuid", "descriptor_uuid"} & {*error}


def test_a_failure_of_unknown_numbers_says_them() -> None:
    told_json = json.decode(answers.told(BleFailed(error=99, function=77)) or "")

    assert told_json["ble"]["error"]["message"] == "function 77: error 99"


@pytest.mark.parametrize("nothing", [None, ""])
def test_a_failure_may_name_nothing(nothing: str | None) -> None:
    happenings = told({"error": {"error_code": 1, "message": "m", "address": nothing, "service_uuid": "FFF0"}})

    assert happenings == [BleFailed(error=1, module_error=0, function=0, service="fff0")]


@pytest.mark.parametrize(("result", "is_success"), [("success", True), ("failed", False), (True, True), (False, False)])
def test_a_result_is_a_word_or_a_boolean(result: Any, is_success: bool) -> None:
    happenings = told({"register_notify_characteristic_result": {**PLACE, "result": result}})

    assert happenings == [NotifyRegistered(ADDRESS, "fff0", "fff1", is_success)]


def test_a_packet_of_a_scan_may_leave_out_what_is_empty() -> None:
    found = {
        "address": ADDRESS,
        "device_type": "ble",
        "address_type": "public",
        "ble_event_type": "connectable_advertisemnt",
        "rssi": -40,
    }

    assert told({"scan_result": found}) == [BleScanned(address=ADDRESS, rssi_dbm=-40)]


def test_no_signal_is_told_stronger_than_clients_take() -> None:
    told_json = json.decode(answers.told(BleScanned(address=ADDRESS, rssi_dbm=3)) or "")

    assert told_json["ble"]["scan_result"]["rssi"] == 0


def test_several_things_told_at_once_are_all_heard() -> None:
    happenings = told(
        {
            "peripheral": {"connection_status": {"address": ADDRESS, "status": "connected"}},
            "scan_result_finish": True,
            "status_update": {"address": ADDRESS, "status": "disconnected"},
        }
    )

    assert happenings[:2] == [BleScanEnded(), BleLinkChanged(ADDRESS, False)]
    assert len(happenings) == 3


@pytest.mark.parametrize(
    ("ble", "trouble"),
    [
        (1, "[ble]an object is needed, not number"),
        ({}, "[ble]unknown"),
        ({"peripheral": {}}, "[ble]unknown"),
        ({"status_update": {"address": ADDRESS}}, "[ble.status_update.status]missing"),
        (
            {"status_update": {"address": ADDRESS, "status": "gone"}},
            "[ble.status_update.status]one of connected, disconnected is needed",
        ),
        ({"hci": {"read": {}}}, "[ble.hci.read.data]missing"),
        (
            {"write_characteristic_result": {**PLACE, "result": 1}},
            "[ble.write_characteristic_result.result]one of success, failed is needed",
        ),
        (
            {"peripheral": {"write_characteristic_result": {**OWN}}},
            "[ble.peripheral.write_characteristic_result.result]missing",
        ),
        ({"error": {"message": "m"}}, "[ble.error.error_code]missing"),
        (
            {"error": {"error_code": 1, "address": "here"}},
            "[ble.error.address]an address has 12 hexadecimal digits",
        ),
    ],
)
def test_what_a_board_tells_and_nobody_understands_is_named(ble: Any, trouble: str) -> None:
    report = reports.read(json.encode([{"ble": ble}]).decode())

    assert (report.happenings, report.troubles) == ([], [trouble])


def test_the_pieces_of_services_and_advertising_go_over_frames_as_json_has_them() -> None:
    commands = decoded(
        {
            "advertisement": {"adv_data": [2, 1, 6], "scan_resp": [1]},
            "peripheral": {"services": [{"uuid": "fff0", "characteristics": [{"uuid": "fff1"}]}]},
        }
    )

    frames = b"".join(requests.as_frame(command) or b"" for command in commands)

    assert [command for _, command in binary.decode(frames).wishes] == commands
