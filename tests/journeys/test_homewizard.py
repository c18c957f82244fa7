"""A P1 meter as clients that nobody here wrote meet it: python-homewizard-energy 10.2.0, v2 and v1."""

import contextlib
import json
import re
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.journeys.client import Client
from tests.journeys.conftest import StartHub
from tests.journeys.hub import Hub, running_hub

SERIAL = "5c2fafaabbcc"
FindClient = Callable[[str], Client]


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """A demo hub whose settings these journeys may change."""
    with running_hub(tmp_path_factory.mktemp("homewizard")) as hub:
        yield hub


def host(hub: Hub, *, is_tls: bool) -> str:
    """Host and port, as these clients take them."""
    return (hub.https if is_tls else hub.http).partition("://")[2]


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [one.getsockname()[1] for one in sockets]


def test_the_library_reads_and_writes_all_that_v2_has(hub: Hub, client: FindClient) -> None:
    library = client("homewizard")

    seen = library.run("homewizard_v2.py", "read", host(hub, is_tls=True), hub.ca, SERIAL)

    assert seen["has_v2_api"] is True
    assert seen["device"] == ["HWE-P1", "P1 Meter", SERIAL, "2.3.0"]
    assert seen["measurement"]["power_w"] is not None
    assert seen["measurement"]["wifi_ssid"] is None
    total = seen["measurement"]["energy_import_t1_kwh"] + seen["measurement"]["energy_import_t2_kwh"]
    assert seen["measurement"]["energy_import_kwh"] == pytest.approx(total, abs=0.002)
    assert [meter[0] for meter in seen["external"]] == ["gas_meter"]
    cloud_enabled, wifi_ssid, has_uptime = seen["system"]
    assert cloud_enabled is True
    assert wifi_ssid
    assert has_uptime
    assert seen["dark"] == [False, 5]
    assert seen["telegram"].startswith("/")
    assert "\r\n" in seen["telegram"]
    assert seen["modes"] == {mode: [mode, 0, 0.0] for mode in seen["modes"]}
    assert {"ZERO", "STANDBY", "TO_FULL", "PREDICTIVE"} <= set(seen["modes"])
    assert "status_led_brightness_pct" in seen["too_bright"]
    assert seen["combined"] == [True, True, True]
    assert seen["without_identifier"] == SERIAL
    # A certificate is a device's own: another's name is refused, and so is a token that is none.
    assert seen["other_identifier"] == "RequestError"
    assert seen["wrong_token"] == "UnauthorizedError"


def pair(library: Client, hub: Hub, place: str, serial: str) -> Any:  # Any: the JSON of what the library saw
    """Have the library become a user of a device, the button pressed when it is waiting."""
    process = library.start("homewizard_v2.py", "pair", place, hub.ca, serial)
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == "press\n"
        hub.cli("press", serial)
        printed, complaints = process.communicate("pressed\n", timeout=60)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 0, complaints
    return json.loads(printed)


def test_the_library_becomes_a_user_when_the_button_is_pressed(hub: Hub, client: FindClient) -> None:
    library = client("homewizard")

    seen = pair(library, hub, host(hub, is_tls=True), SERIAL)

    assert seen["before"] == "DisabledError"
    assert seen["bad_name"] == "user:name-invalid"
    assert re.fullmatch("[A-F0-9]{32}", seen["token"])
    assert seen["serial"] == SERIAL
    # One press, one token; and a user that removed itself is none.
    assert seen["second"] == "DisabledError"
    assert seen["after"] == "UnauthorizedError"


def test_each_of_two_meters_is_reached_by_its_name_and_at_an_address_of_its_own(
    make_hub: StartHub, client: FindClient
) -> None:
    library = client("homewizard")
    plain, tls = free_ports(2)
    house = make_hub(
        demo=False,
        config=f"""
            [devices.grid]
            driver = "simulated"
            kind = "meter"
            homewizard = {{ serial = "5c2faf0a0b0c", v1 = true }}

            [devices.barn]
            driver = "simulated"
            kind = "meter"
            homewizard = {{ serial = "5c2faf000001", v1 = true, http = "127.0.0.1:{plain}", https = "127.0.0.1:{tls}" }}
        """,
    )

    by_default = library.run("homewizard_v1.py", host(house, is_tls=False))
    at_its_own = library.run("homewizard_v1.py", f"127.0.0.1:{plain}")
    by_name = pair(library, house, host(house, is_tls=True), "5c2faf000001")
    by_address = pair(library, house, f"127.0.0.1:{tls}", "5c2faf000001")

    assert by_default["device"][2] == "5c2faf0a0b0c"
    assert at_its_own["device"][2] == by_name["serial"] == by_address["serial"] == "5c2faf000001"


def test_the_library_reads_all_that_v1_has(hub: Hub, client: FindClient) -> None:
    library = client("homewizard")

    seen = library.run("homewizard_v1.py", host(hub, is_tls=False))

    # The library reads `v1` as 1.0.0.
    assert seen["device"] == ["HWE-P1", "P1 Meter", SERIAL, "1.0.0"]
    assert seen["measurement"]["power_w"] is not None
    assert seen["measurement"]["energy_import_kwh"] > 0
    assert seen["measurement"]["wifi_ssid"]
    assert [meter[0] for meter in seen["external"]] == ["gas_meter"]
    assert (seen["system"], seen["off"]) == (True, False)
    assert seen["telegram"].startswith("/")
    assert seen["identify"] is True
    assert seen["state"] == "UnsupportedError"


def test_v1_is_closed_until_the_owner_opens_it(make_hub: StartHub, client: FindClient) -> None:
    library = client("homewizard")
    closed = make_hub(
        demo=False,
        config="""
            [devices.grid]
            driver = "simulated"
            kind = "meter"
            homewizard = { serial = "5c2faf0a0b0c" }
        """,
    )

    seen = library.run("homewizard_v1.py", host(closed, is_tls=False))

    assert seen == {"error": "DisabledError"}


@pytest.mark.parametrize("order", ["strict", "early", "pipelined"])
def test_a_socket_serves_each_order_of_messages_that_clients_have(hub: Hub, client: FindClient, order: str) -> None:
    anyone = client("homewizard")

    seen = anyone.run("homewizard_ws.py", order, f"{hub.wss}/api/ws", hub.ca)

    types = [message["type"] for message in seen["heard"]]
    assert types == ["authorization_requested", "authorized", "measurement", "measurement", "measurement"]
    assert seen["heard"][0]["data"] == {"api_version": "2.3.0"}
    assert set(seen["heard"][1]) == {"type"}
    moments = [message["data"]["timestamp"] for message in seen["heard"][2:]]
    assert moments == sorted(moments)


def test_a_socket_with_a_wrong_token_is_told_and_closed(hub: Hub, client: FindClient) -> None:
    anyone = client("homewizard")

    seen = anyone.run("homewizard_ws.py", "wrong", f"{hub.wss}/api/ws", hub.ca)

    assert seen["heard"][1:] == [{"type": "error", "data": {"message": "user:unauthorized"}}]
    assert seen["close"] == 1008


def test_a_socket_takes_no_message_longer_than_its_limit(hub: Hub, client: FindClient) -> None:
    anyone = client("homewizard")

    seen = anyone.run("homewizard_ws.py", "too_long", f"{hub.wss}/api/ws", hub.ca)

    assert [message["type"] for message in seen["heard"]] == ["authorization_requested", "authorized"]
    assert seen["close"] == 1009


def test_a_socket_answers_polls_writes_and_mistakes_in_order(hub: Hub, client: FindClient) -> None:
    anyone = client("homewizard")

    seen = anyone.run("homewizard_ws.py", "polls", f"{hub.wss}/api/ws", hub.ca)

    heard = [message["data"]["message"] if message["type"] == "error" else message["type"] for message in seen["heard"]]
    assert heard[:6] == ["authorization_requested", "authorized", "device", "user", "system", "batteries"]
    # The answer to a write waits for the disk: it may come after what was asked later.
    assert sorted(heard[6:]) == sorted(
        [
            *("system", "measurement", "request:invalid-json", "request:invalid-json", "request:unknown-subscription"),
            "json:parameter-invalid-type:status_led_brightness_pct",
        ]
    )
    written = [message for message in seen["heard"][6:] if message["type"] == "system"]
    assert written[0]["data"]["status_led_brightness_pct"] == 55
