"""Both codecs against the vendor's own, over generated words: what obniz.js writes and reads is what this hub does."""

import subprocess
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import SearchStrategy
from msgspec import Struct, json

from hardwire.dialects.obniz.wire import answers, binary, requests, text
from hardwire.dialects.obniz.wire.family import Findings, Written
from hardwire.model.board.ble_central import NotifyUnregistered
from hardwire.model.command import Command
from hardwire.model.fact import Happening
from tests.dialects.obniz.loss import Deviation
from tests.dialects.obniz.vocabulary import COMMANDS, FRAME_LOSSES, HAPPENINGS, VENDOR_DEVIATIONS
from tests.journeys.client import Client

# Of each type: some four thousand words in all, in one call of Node.
EXAMPLES = 30

BLE_LONG = "E1CFB0D1-AE63-4D6F-B3B6-DE2054F87E5E"
BLE_OWN = {"service_uuid": "fff0", "characteristic_uuid": "fff1"}
BLE_PLACE = {"address": "aabbccddee01", **BLE_OWN}
BLE_VALUE = {**BLE_PLACE, "descriptor_uuid": "2901"}
# Without `indicate` and `extended_properties`: the vendor's encoder misspells both and leaves their bits out.
BLE_CHARACTERISTICS = [
    {
        "uuid": "fff1",
        "data": [1],
        "properties": ["auth", "read", "write_without_response", "broadcast", "notify", "write"],
        "permissions": ["read_encrypted", "write_signed_mitm"],
        "descriptors": [{"uuid": "2901", "data": [5]}, {"uuid": "2902", "permissions": ["read"]}],
    },
    {"uuid": "fff2"},
]

OBJECTS: list[Written] = [
    *({f"io{pin}": value} for pin in (0, 7, 39) for value in (True, False, "get", None)),
    {"io1": {"direction": "input", "stream": False}},
    {"io1": {"direction": "input"}},
    {"io1": {"direction": "input", "stream": True, "value": True, "colour": 1}},
    {"io1": {"direction": "output", "value": True}},
    {"io3": {"pull_type": "float", "output_type": "open-drain", "value": False, "direction": "output"}},
    {"io1": None, "io0": True, "system": {"wait": 1}, "io": {"animation": {"name": "a", "status": "pause"}}},
    {"switch": "get", "display": {"clear": True}, "ad1": None, "pwm1": None, "io10": True, "io2": True},
    {"pwm0": {"modulate": {"type": "am", "symbol_length": 0.0705, "data": [0, 1, 1, 0, 1, 0, 0, 0]}, "io": 4}},
    {"pwm0": {"pulse": 0.0015, "freq": 1000, "io": 4}},
    {"pwm0": {"pulse": 1.001}},
    {"logic_analyzer": {"io": [0], "interval": 0.0015, "duration": 10}},
    {"measure": {"echo": {"io_pulse": 1, "io_echo": 2, "pulse_width": 0.0115}}},
    {"measure": {"echo": {"io_pulse": 1, "io_echo": 1, "pulse": "negative", "pulse_width": 1, "timeout": 0.0015}}},
    {"display": {"text": "Hello, はろー"}},
    {"display": {"text": "b", "clear": True}},
    {"display": {"raw": list(range(256)) * 4}},
    {"display": {"raw": list(range(256)) * 128, "color_depth": 16}},
    {"display": {"pin_assign": {"0": {"module_name": "io", "pin_name": "output"}}}},
    {"display": {"pin_assign": {"2": {"module_name": "LED"}, "11": {}, "led": {}}}},
    {"display": {"pin_assign": {"1": {"module_name": "はろーxyz", "pin_name": "é"}}}},
    {"system": {"queue_mode": {}}},
    {"system": {"queue_mode": {"interval": 5}}},
    {
        "system": {
            "clock": 5,
            "wait": 5,
            "reboot": True,
            "sleep_minute": 2,
            "queue_mode": {"timestamp": "unix_seconds"},
            "self_check": True,
            "sleep_seconds": 5,
            "keep_working_at_offline": True,
            "reset": True,
            "sleep_io_trigger": True,
        }
    },
    {
        "io": {
            "animation": {
                "name": "blink",
                "status": "loop",
                "states": [{"duration": 0, "state": {"pwm0": {"freq": 5}, "io1": False, "io0": True}}],
            }
        }
    },
    {"uart0": {"rx": 0, "tx": 1}},
    {"uart2": {"rx": 0, "tx": 1, "stop": 1.5, "data": [1], "de": 5, "colour": 1}},
    {"uart0": {"rx": 5, "tx": 1, "rts": 0, "flowcontrol": "rts"}},
    {"spi0": {"mode": "master", "clock": 1000, "clk": 0, "mosi": 1, "miso": 2, "data": [1], "read": True}},
    {"spi1": {"mode": "master", "clock": 1000, "miso": 3, "cs": 3, "drive": "5v", "gnd": 4}},
    {"i2c0": {"mode": "master", "sda": 2, "scl": 3, "clock": 400000, "read": 2, "address": 80, "data": [1]}},
    {"i2c1": {"mode": "slave", "sda": 2, "scl": 3, "slave_address": 5, "slave_address_length": 7, "clock": 100}},
    {"i2c0": {"address": 1023, "data": [], "address_bits": 7}},
    {"tcp0": {"write": {"data": [1]}, "connect": {"port": 1, "domain": "はは"}, "disconnect": True, "colour": 1}},
    {"tcp7": {"disconnect": False}},
    {"wifi": {"scan": True, "colour": 1}},
    {
        "plugin": {
            "reload": True,
            "send": [1],
            "call_request": {"id": 1, "lua": "a", "colour": 1},
            "exec_lua": "z",
            "cloud_transaction_response": {"id": 1, "success": True},
        }
    },
    {"storage": {"read": {"fileName": "launch_img"}, "save": {"fileName": "はa", "data": [1], "colour": 1}}},
    {"motion": {}},
    {"motion": {"temperature": {"mode": "sensitive"}, "acceleration": {"mode": "oneshot"}, "colour": 1}},
    {"location": {"start": {}, "colour": 1}},
    {"canbus0": {"data": [], "id": 5, "rtr": True, "colour": 1}},
    {
        "canbus0": {
            "data": [1],
            "id": 5,
            "mode": "listen",
            "tx": 0,
            "rx": 1,
            "kbps": 500,
            "filter_code": 0,
            "filter_mask": 0,
        }
    },
    {"ble": {"scan": {}, "connect": {"address": "AABBCCDDEE01"}, "hci": {"write": [1], "initialize": False}}},
    {"ble": {"get_characteristics": {"address": "aabbccddee01", "service_uuid": BLE_LONG}}},
    {"ble": {"write_descriptor": {**BLE_PLACE, "descriptor_uuid": "2902", "data": [7]}, "read_descriptor": BLE_VALUE}},
    {"ble": {"advertisement": {"adv_data": [2, 1, 6]}}},
    {"ble": {"peripheral": None, "advertisement": {"scan_resp": [], "adv_data": []}}},
    {"ble": {"peripheral": {"services": [{"uuid": "FFF0", "characteristics": BLE_CHARACTERISTICS}, {"uuid": "fff3"}]}}},
    {
        "ble": {
            "security": {"devices": {"clear": True}, "key": {"max_size": 8, "type": ["csrk", "ltk"]}, "auth": []},
            "peripheral": {
                "write_descriptor": {**BLE_OWN, "descriptor_uuid": "2902", "data": [1]},
                "notify_characteristic": BLE_OWN,
                "read_characteristic": BLE_OWN,
                "stop_service": {"service_uuid": "fff0"},
                "services": [{"uuid": "fff0"}],
            },
            "disconnect": {"address": "aabbccddee01"},
            "scan": None,
        }
    },
    {"storage": {"read": {"fileName": "a"}}, "uart0": None, "spi0": None, "i2c0": None, "canbus0": None},
]
"""JSON that this hub would not write itself: fields left out, several together, in no order."""


REFUSED: list[Written] = [
    {"uart0": {"tx": 1}},
    {"uart0": {"rx": 1, "tx": 1}},
    {"uart0": {"rx": 0, "tx": 1, "rts": 1}},
    {"uart0": {"rx": 0, "tx": 41}},
    {"uart0": {"rx": 0, "tx": 1, "stop": 3}},
    {"uart0": {"rx": 0, "tx": 1, "baud": 1.5}},
    {"uart0": {"rx": 0, "tx": 1, "bits": 9}},
    {"uart0": {"de": None}},
    {"uart3": None},
    {"spi0": {"mode": "master", "clock": 1000}},
    {"spi0": {"mode": "master", "clock": 1000, "clk": 0, "mosi": 0}},
    {"spi0": {"mode": "slave", "clock": 1000, "clk": 0}},
    {"spi0": {"data": [1]}},
    {"spi2": None},
    {"i2c0": {"mode": "master", "sda": 2, "scl": 2, "clock": 1}},
    {"i2c0": {"mode": "master", "sda": 2, "scl": 3}},
    {"i2c0": {"mode": "slave", "sda": 2, "scl": 3, "slave_address": 5, "slave_address_length": 10}},
    {"i2c0": {"address": 80, "data": [1], "address_bits": 10}},
    {"i2c0": {"address": 1024, "read": 1}},
    {"i2c0": {"address": 80}},
    {"tcp0": {"connect": {"port": 65536, "domain": "a"}}},
    {"tcp0": {"connect": {"port": 1, "domain": "a" * 31}}},
    {"tcp0": {"connect": {"port": 1, "domain": "a", "colour": 1}}},
    {"tcp0": {"write": {"data": [1], "colour": 1}}},
    {"tcp0": None},
    {"wifi": {"scan": False}},
    {"plugin": {"send": "abc"}},
    {"plugin": {"reload": False}},
    {"plugin": {"call_request": {"id": 1 << 32, "lua": "a"}}},
    {"plugin": {"cloud_transaction_response": {"id": 9, "success": 1}}},
    {"storage": {"save": {"fileName": "a"}}},
    {"storage": None},
    {"motion": {"temperature": {"mode": "sensitive", "sensitivity": 1.01}}},
    {"motion": {"temperature": None}},
    {"location": {"start": {"colour": 1}}},
    {"location": {}},
    {"canbus0": {"mode": "normal", "tx": 0, "rx": 0, "kbps": 500, "filter_code": 0, "filter_mask": 0}},
    {"canbus0": {"mode": "normal", "tx": 0, "rx": 1, "kbps": 0, "filter_code": 0, "filter_mask": 0}},
    {"canbus0": {"mode": "normal", "tx": 0, "rx": 1, "kbps": 500, "filter_code": 0}},
    {"canbus0": {"id": 5}},
    {"ble": {"scan": {"duration": 2.5}}},
    {"ble": {"scan": {"colour": 1}}},
    {"ble": {"connect": {"address": "aabbccddee0"}}},
    {"ble": {"connect": {"address": "aabbccddee01", "colour": 1}}},
    {"ble": {"get_services": None}},
    {"ble": {"write_characteristic": BLE_PLACE}},
    {"ble": {"advertisement": {"adv_data": [0] * 32}}},
    {"ble": {"advertisement": {"scan_resp": []}}},
    {"ble": {"peripheral": {"services": []}}},
    {"ble": {"peripheral": {"services": [{"uuid": "fff0", "characteristics": [{"uuid": "fff1", "text": "a"}]}]}}},
    {"ble": {"security": {"auth": ["none"]}}},
    {"ble": {"security": {"devices": {"clear": False}}}},
    {"ble": {"hci": {"write": "reset"}}},
]
"""JSON with one fault each."""


FIT_NO_SCHEMA: Mapping[type[Happening], str] = {
    NotifyUnregistered: "the schema has a boolean where the vendor's decoder makes a word",
}
"""What goes to programs although the vendor's schemas refuse it, and why."""


class Codec(Struct):
    """What the vendor's codec makes of each thing that it is given; None for what it refuses."""

    requests: list[str | None]
    reports: list[list[Any] | None]  # Any: JSON
    answers: list[int]


Vendor: TypeAlias = Callable[..., Codec]


@pytest.fixture
def vendor(client: Callable[[str], Client]) -> Vendor:
    """Run the vendor's codec on objects of requests, frames of reports, objects of answers."""
    node = client("obniz-js")

    def run(requests: Iterable[Written] = (), reports: Iterable[bytes] = (), answers: Iterable[Written] = ()) -> Codec:
        given = {"requests": [*requests], "reports": [frame.hex() for frame in reports], "answers": [*answers]}
        done = subprocess.run(
            [node.program, str(node.path("obniz/codec.js"))],
            input=json.encode(given),
            capture_output=True,
            env=node.env,
            timeout=120,
            check=True,
        )
        return json.decode(done.stdout, type=Codec)

    return run


def examples(strategies: Mapping[Any, SearchStrategy[Any]]) -> list[Any]:  # Any: words of all types
    """Draw the same words in every run."""
    drawn: list[Any] = []  # Any: as above
    for strategy in strategies.values():

        @settings(
            max_examples=EXAMPLES,
            derandomize=True,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=[*HealthCheck],
        )
        @given(strategy)
        def draw(word: Any) -> None:  # Any: as above
            drawn.append(word)

        draw()
    return drawn


def deviation(word: Any) -> Deviation | None:  # Any: a word of any type
    """The known deviation that shows in this word."""
    known = VENDOR_DEVIATIONS.get(type(word))
    return known if known is not None and known.is_met(word) else None


def understood(findings: Findings) -> list[Command] | str:
    """What was understood, without the keys, which the binary encoding has not; or what was not."""
    if findings.has_trouble:
        return f"{findings.warnings}{findings.error}"
    return [command for _, command in findings.wishes]


def framed(commands: list[Command] | str) -> str:
    return "".join((requests.as_frame(command) or b"").hex() for command in commands if isinstance(command, Command))


def carried(commands: list[Command] | str) -> list[Command] | str:
    """What frames leave of commands."""
    if isinstance(commands, str):
        return commands
    left = [(each,) if (loss := FRAME_LOSSES.get(type(each))) is None else loss.left(each) for each in commands]
    return [command for each in left for command in each or ()]


def test_what_obniz_js_encodes_is_what_the_json_says(vendor: Vendor) -> None:
    encoded = vendor(requests=OBJECTS).requests

    read = [understood(binary.decode(bytes.fromhex(frames or ""))) for frames in encoded]

    assert read == [understood(text.decode(json.encode([each]))) for each in OBJECTS]


def test_what_obniz_js_refuses_to_encode_is_no_command_here_either(vendor: Vendor) -> None:
    encoded = vendor(REFUSED, ()).requests

    read = [text.decode(json.encode([each])) for each in REFUSED]

    assert [each for each, frames in zip(REFUSED, encoded, strict=True) if frames is not None] == []
    assert [(each.wishes, len(each.warnings)) for each in read] == [([], 1)] * len(REFUSED)


def test_commands_are_written_and_read_as_obniz_js_writes_them(vendor: Vendor) -> None:
    pairs = [
        (command, written)
        for command in examples(COMMANDS)
        # What is text only goes as text: nobody frames it.
        if (written := requests.as_object(command)) is not None and requests.as_frame(command) is not None
    ]
    encoded = vendor(requests=[written for _, written in pairs]).requests

    troubles: list[str] = []
    for (command, written), frames in zip(pairs, encoded, strict=True):
        known = deviation(command)
        ours = understood(text.decode(json.encode([written])))
        if known is None and frames != framed(ours):
            troubles.append(f"{command} is written {framed(ours)}, and by obniz.js {frames}")
        if known is None or known.still_reads:
            theirs = understood(binary.decode(bytes.fromhex(frames or "")))
            if theirs != carried(ours):
                troubles.append(f"{command} is read {ours}, and from obniz.js {theirs}")

    assert "\n".join(troubles[:20]) == ""


def test_happenings_are_read_by_obniz_js_as_the_json_says(vendor: Vendor) -> None:
    pairs = [
        (happening, frames)
        for happening in examples(HAPPENINGS)
        if (frames := answers.framed(happening)) is not None and deviation(happening) is None
    ]
    decoded = vendor(reports=[frames for _, frames in pairs]).reports

    troubles = [
        f"{happening} is {said}, and to obniz.js {theirs}"
        for (happening, _), theirs in zip(pairs, decoded, strict=True)
        if (said := json.decode(answers.array(objects(happening)))) != theirs
    ]

    assert "\n".join(troubles[:20]) == ""


def objects(happening: Happening) -> list[str]:
    """The JSON of what a frame can say of a happening."""
    loss = FRAME_LOSSES.get(type(happening))
    said = (happening,) if loss is None else loss.left(happening) or ()
    return [one for each in said if (one := answers.told(each)) is not None]


def test_what_is_told_in_json_fits_the_schemas_of_obniz_js(vendor: Vendor) -> None:
    told = [
        (happening, each)
        for happening in examples(HAPPENINGS)
        if type(happening) not in FIT_NO_SCHEMA and (said := answers.told(happening)) is not None
        for each in json.decode(answers.array([said]))
    ]
    fits = vendor(answers=[each for _, each in told]).answers

    troubles = [f"{happening} is {each}" for (happening, each), fit in zip(told, fits, strict=True) if not fit]

    assert "\n".join(troubles[:20]) == ""
