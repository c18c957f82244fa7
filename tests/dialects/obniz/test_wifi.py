"""Networks in sight of a board, in both encodings and both directions."""

import pytest

from hardwire.model.board.wifi import ScanWifi, WifiNetwork, WifiScanned
from tests.dialects.obniz.codec import asked, asked_in_frames, reported, told, told_in_frames, written

NEAR = WifiNetwork("ap", "001122aabbcc", -40)
NEAR_FRAMED = "026170303031313232616162626363d8"


def test_a_scan_is_asked_for_in_both_encodings() -> None:
    assert written(ScanWifi()) == ('{"wifi":{"scan":true}}', "0e0000")
    assert asked('{"wifi":{"scan":true}}') == ([ScanWifi()], [])
    assert asked_in_frames("0e0000") == ([ScanWifi()], [])


@pytest.mark.parametrize(
    ("value", "warning"),
    [
        ('{"wifi":{"scan":false}}', "[wifi.scan]only true means something here"),
        ('{"wifi":{"scan":null}}', "[wifi.scan]only true means something here"),
        ('{"wifi":{}}', "[wifi]unknown command"),
        ('{"wifi":null}', "[wifi]unknown command"),
        ('{"wifi0":{"scan":true}}', "[wifi0]unknown command"),
    ],
)
def test_what_is_no_request_is_named_by_its_path(value: str, warning: str) -> None:
    assert asked(value) == ([], [warning])


def test_a_frame_that_is_no_scan_is_named() -> None:
    assert asked_in_frames("0e000101") == ([], ["[wifi]function 0: 0 bytes are needed, not 1"])


@pytest.mark.parametrize(
    ("networks", "json", "frame"),
    [
        ((), "", "0e0000"),
        ((NEAR,), '{"ssid":"ap","macAddress":"001122aabbcc","rssi":-40}', f"0e0010{NEAR_FRAMED}"),
        (
            (NEAR, WifiNetwork("b", "ffffffffffff", 127)),
            '{"ssid":"ap","macAddress":"001122aabbcc","rssi":-40},{"ssid":"b","macAddress":"ffffffffffff","rssi":127}',
            f"0e001f{NEAR_FRAMED}01626666666666666666666666667f",
        ),
    ],
)
def test_what_is_in_sight_is_told_in_both_encodings_and_understood(
    networks: tuple[WifiNetwork, ...], json: str, frame: str
) -> None:
    scanned = WifiScanned(networks)
    text = f'{{"wifi":{{"scan":[{json}]}}}}'

    assert reported(scanned) == (text, frame)
    assert told(text) == ([scanned], [])
    assert told_in_frames(frame) == ([scanned], [])


def test_a_hidden_network_is_left_out_of_frames_since_it_derails_the_vendors_decoder() -> None:
    json, frame = reported(WifiScanned((WifiNetwork("", "001122aabbcc", -40), NEAR)))

    assert json is not None
    assert json.startswith('{"wifi":{"scan":[{"ssid":"","macAddress":"001122aabbcc","rssi":-40},')
    assert frame == f"0e0010{NEAR_FRAMED}"


@pytest.mark.parametrize("ssid", ["はろー", "a" * 256])
def test_names_that_frames_cannot_say_go_as_text(ssid: str) -> None:
    _, frame = reported(WifiScanned((NEAR, WifiNetwork(ssid, "001122aabbcc", -40))))

    assert frame is None


@pytest.mark.parametrize(("rssi_dbm", "octet"), [(-200, "80"), (200, "7f")])
def test_a_strength_out_of_range_is_worth_its_limit_in_frames(rssi_dbm: int, octet: str) -> None:
    _, frame = reported(WifiScanned((WifiNetwork("ap", "001122aabbcc", rssi_dbm),)))

    assert frame == f"0e0010{NEAR_FRAMED[:-2]}{octet}"


def test_a_name_in_another_encoding_does_not_hide_the_network() -> None:
    found = told_in_frames("0e001001ff" + "30" * 12 + "d8" + "00")

    assert found == ([], ["[wifi]function 0: a network is cut off"])
    assert told_in_frames("0e000f01ff" + "30" * 12 + "d8") == (
        [WifiScanned((WifiNetwork("\N{REPLACEMENT CHARACTER}", "0" * 12, -40),))],
        [],
    )


def test_an_address_in_capitals_is_the_same_address() -> None:
    scanned = WifiScanned((WifiNetwork("a", "00aabbccddee", -1),))

    assert told('{"wifi":{"scan":[{"ssid":"a","macAddress":"00AABBCCDDEE","rssi":-1}]}}') == ([scanned], [])


@pytest.mark.parametrize(
    ("value", "trouble"),
    [
        ('{"wifi":[]}', "[wifi]an object is needed, not array"),
        ('{"wifi":{}}', "[wifi.scan]missing"),
        ('{"wifi":{"scan":{}}}', "[wifi.scan]an array of networks is needed"),
        ('{"wifi":{"scan":["ap"]}}', "[wifi.scan]an object is needed, not string"),
        ('{"wifi":{"scan":[{"macAddress":"00aabbccddee","rssi":-1}]}}', "[wifi.scan.ssid]missing"),
        (
            '{"wifi":{"scan":[{"ssid":"a","macAddress":"00:aa","rssi":-1}]}}',
            "[wifi.scan.macAddress]12 hexadecimal digits are needed",
        ),
        (
            '{"wifi":{"scan":[{"ssid":"a","macAddress":"00aabbccddee","rssi":-129}]}}',
            "[wifi.scan.rssi]Value -129 is less than minimum -128",
        ),
    ],
)
def test_a_report_that_is_none_is_complained_about(value: str, trouble: str) -> None:
    assert told(value) == ([], [trouble])
