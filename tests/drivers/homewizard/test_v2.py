"""The v2 API: one socket tells, and every way in which it can fail makes the device stale and nothing else."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from hardwire.drivers.homewizard.driver import HomeWizardDevice
from hardwire.drivers.homewizard.settings import Settings
from hardwire.model.command import Done, WritePoints
from hardwire.model.fact import Fact
from tests.drivers.homewizard.desk import KWH, P1, PACE, Desk, LiveFeed, desk_of, running, settings_for
from tests.fakes.paper_appliance import IDENTIFIER, SERIAL, TOKEN, PaperAppliance, on_the_network

GAS = {
    "unique_id": "4730",
    "type": "gas_meter",
    "timestamp": "2026-11-25T12:55:00",
    "value": 2569.646,
    "unit": "m3",
}
BATTERIES = {
    "mode": "zero",
    "permissions": ["charge_allowed", "discharge_allowed"],
    "charge_to_full": False,
    "battery_count": 2,
    "power_w": -404,
    "target_power_w": -400,
    "max_consumption_w": 1600,
    "max_production_w": 800,
}


def p1(second: int = 0, **more: Any) -> dict[str, Any]:  # Any: what JSON holds
    """Return the measurement of a second."""
    return {**P1, "timestamp": f"2026-11-25T13:00:{second:02}", **more}


async def test_a_device_is_declared_with_what_it_tells_and_its_measurement_published() -> None:
    appliance = PaperAppliance()
    appliance.measurement = p1(external=[GAS])

    async with desk_of(appliance) as desk:
        await desk.until(lambda: "power_w" in desk.feed.values)

    meter = next(each for each in reversed(desk.feed.declared) if each.id == "grid")
    assert (meter.id, meter.kind, meter.name, meter.profile, meter.firmware) == (
        "grid",
        "meter",
        "P1 Meter",
        "HWE-P1",
        "6.0400",
    )
    assert {point.name for point in meter.points} >= {"power_w", "timestamp", "cloud_enabled", "wifi_rssi_db"}
    assert desk.feed.values["power_w"] == 543
    assert [sample.device for sample in desk.feed.samples][-2:] == ["grid.gas", "grid"]


async def test_a_meter_behind_is_a_device_of_its_own_with_its_own_instants() -> None:
    appliance = PaperAppliance()
    other = {**GAS, "unique_id": "4731", "value": 1}
    appliance.measurement = p1(external=[GAS, other])

    async with desk_of(appliance) as desk:
        await desk.until(lambda: "power_w" in desk.feed.values)
        await appliance.push("measurement", p1(1, external=[GAS, other]))
        await desk.until(lambda: len(desk.feed.told("power_w")) == 2)

    gas, second = (next(each for each in desk.feed.declared if each.id == f"grid.{id}") for id in ("gas", "gas2"))
    readings = [sample for sample in desk.feed.samples if sample.device == "grid.gas"]
    assert (gas.kind, gas.parent, gas.point("value") and gas.points[2].unit) == ("gas_meter", "grid", "m3")
    assert second.kind == "gas_meter"
    assert [sample.values for sample in readings] == [
        {"unique_id": "4730", "timestamp": "2026-11-25T12:55:00", "value": 2569.646}
    ]
    assert "grid.gas" in desk.feed.alive_told


async def test_a_device_gone_wild_makes_no_more_than_sixteen_devices() -> None:
    appliance = PaperAppliance()
    appliance.measurement = p1(external=[{**GAS, "unique_id": str(no)} for no in range(16)])

    async with desk_of(appliance) as desk:
        await desk.until(lambda: "power_w" in desk.feed.values)
        await appliance.push("measurement", p1(1, external=[{**GAS, "unique_id": "more"}]))
        await desk.until(lambda: len(desk.feed.told("power_w")) == 2)

    assert len({device.id for device in desk.feed.declared}) == 17
    assert "more than 16 meters" in desk.feed.troubles[0][2]


async def test_network_and_uptime_ride_along_and_settings_are_samples_of_their_own() -> None:
    appliance = PaperAppliance()
    appliance.measurement, appliance.batteries = p1(), {**BATTERIES}

    async with desk_of(appliance) as desk:
        await desk.until(lambda: "power_w" in desk.feed.values)
        await appliance.push("batteries", {**BATTERIES, "target_power_w": -300})
        await desk.until(lambda: desk.feed.values["batteries_target_power_w"] == -300)
        await appliance.push("system", appliance.system)
        await appliance.push("measurement", p1(1))
        await desk.until(lambda: len(desk.feed.told("power_w")) == 2)

    samples = [set(sample.values) for sample in desk.feed.samples]
    assert {"batteries_target_power_w"} in samples
    assert samples.count({"cloud_enabled", "status_led_brightness_pct"}) == 1
    assert next(names for names in samples if "power_w" in names) >= {"wifi_ssid", "wifi_rssi_db", "uptime_s"}
    assert desk.feed.values["batteries_permissions"] == ("charge_allowed", "discharge_allowed")
    assert desk.feed.values["batteries_mode_before"] == "zero"


async def test_a_product_without_batteries_gets_no_points_for_them() -> None:
    appliance = PaperAppliance("HWE-BAT", "Plug-In Battery")
    appliance.measurement = {**KWH, "state_of_charge_pct": 50.123}

    async with desk_of(appliance) as desk:
        await desk.until(lambda: "state_of_charge_pct" in desk.feed.values)

    battery = desk.feed.declared[-1]
    assert battery.kind == "battery"
    assert not [point.name for point in battery.points if point.name.startswith("batteries_")]
    # It is steered through the cloud, which cannot be switched off there.
    assert [point.writable for point in battery.points if point.name == "cloud_enabled"] == [False]
    assert {"type": "subscribe", "data": "batteries"} not in appliance.messages


async def test_what_is_not_pushed_is_asked_for_again() -> None:
    appliance = PaperAppliance()
    appliance.measurement, appliance.batteries = p1(), {**BATTERIES}

    async with desk_of(appliance, pace=replace(PACE, settings_every_s=0.05)) as desk:
        await desk.until(lambda: "power_w" in desk.feed.values)
        appliance.batteries["power_w"] = 17
        await desk.until(lambda: desk.feed.values["batteries_power_w"] == 17)

    assert {"type": "system"} in appliance.messages


async def test_one_connection_brings_all_of_it() -> None:
    appliance = PaperAppliance()
    appliance.measurement, appliance.batteries = p1(), {**BATTERIES}

    async with desk_of(appliance) as desk:
        await desk.until(lambda: "power_w" in desk.feed.values)

        assert appliance.connections == 1


async def test_the_first_measurement_of_a_new_connection_that_is_known_already_is_no_life() -> None:
    appliance = PaperAppliance()
    appliance.measurement = p1()

    async with desk_of(appliance) as desk:
        await desk.until(lambda: "power_w" in desk.feed.values)
        await appliance.push("measurement", p1(1, power_w=1))
        await desk.until(lambda: desk.feed.values["power_w"] == 1)
        for count in (2, 3):
            await appliance.hang_up()
            await desk.listening(count)
        await desk.until(lambda: len(appliance.sockets) == 1)
        told_before = len(desk.feed.told("power_w"))
        await appliance.push("measurement", p1(2, power_w=2))
        await desk.until(lambda: desk.feed.values["power_w"] == 2)

    assert told_before == 2
    assert desk.feed.told("power_w") == [543, 1, 2]


async def test_a_quiet_meter_without_a_clock_lives_while_it_tells_the_same_again_and_again() -> None:
    appliance = PaperAppliance("HWE-KWH1", "kWh Meter")
    appliance.measurement = KWH

    async with desk_of(appliance) as desk:
        await desk.listening()
        for _ in range(3):
            await appliance.push("measurement", KWH)
        await desk.until(lambda: len(desk.feed.told("power_w")) == 4)


async def test_a_socket_that_stands_and_brings_nothing_is_opened_anew_and_its_device_is_stale() -> None:
    appliance = PaperAppliance()
    appliance.measurement = p1()

    async with desk_of(appliance, settings={"stale_after_s": 0.2}) as desk:
        await desk.until(lambda: ("grid", "The device tells nothing new.") in desk.feed.lost_told)
        await desk.listening(3)
        await desk.until(lambda: any("brings no new measurement" in reason for _, reason in desk.feed.lost_told))

    # It said the same old measurement to each connection.
    assert desk.feed.told("power_w") == [543]


async def test_a_setting_that_changes_while_the_device_is_silent_does_not_bring_it_to_life() -> None:
    appliance = PaperAppliance()
    appliance.measurement = p1()

    async with desk_of(appliance, settings={"stale_after_s": 0.3}) as desk:
        await desk.until(lambda: ("grid", "The device tells nothing new.") in desk.feed.lost_told)
        lost_before = len(desk.feed.lost_told)
        await appliance.push("system", {**appliance.system, "cloud_enabled": False})
        await desk.until(lambda: desk.feed.values["cloud_enabled"] is False)

        assert len(desk.feed.lost_told) > lost_before
        assert desk.feed.lost_told[-1][0] == "grid"


async def test_a_device_that_answers_no_ping_is_connected_anew() -> None:
    appliance = PaperAppliance()
    appliance.measurement, appliance.answers_pings = p1(), False

    async with desk_of(appliance, pace=replace(PACE, ping_every_s=0.05, pong_within_s=0.1)) as desk:
        await desk.listening(2)

    assert ("grid", "line", "The device answers no ping any more.") in desk.feed.troubles


async def test_a_device_that_answers_pings_stays_connected() -> None:
    appliance = PaperAppliance()
    appliance.measurement = p1()

    async with desk_of(appliance, pace=replace(PACE, ping_every_s=0.02, pong_within_s=1)) as desk:
        await desk.listening()
        for socket in appliance.sockets:
            await socket.ping(b"hello")
        await asyncio.sleep(0.3)
        await appliance.push("measurement", p1(1))
        await desk.until(lambda: len(desk.feed.told("power_w")) == 2)

        assert len(appliance.asked_for("GET", "/api/ws")) == 1


async def test_a_short_break_is_counted_and_makes_nothing_stale() -> None:
    appliance = PaperAppliance()
    appliance.measurement = p1()

    async with desk_of(appliance) as desk:
        await desk.until(lambda: "power_w" in desk.feed.values)
        lost_before = list(desk.feed.lost_told)
        await appliance.hang_up()
        await desk.listening(2)

        assert desk.feed.lost_told == lost_before
        assert ("grid", "line", "The device closed its socket.") in desk.feed.troubles


async def test_a_token_that_is_refused_is_told_at_once_and_tried_again_slowly() -> None:
    appliance = PaperAppliance()
    appliance.token = "another"

    async with desk_of(appliance, pace=replace(PACE, refused_pause_s=60)) as desk:
        await desk.until(lambda: desk.feed.lost_told)
        await asyncio.sleep(0.2)

    assert "hardwire pair" in desk.feed.lost_told[0][1]
    assert len(appliance.asked) == 1


@pytest.mark.parametrize("way", ["error", "close"])
async def test_a_token_that_is_revoked_while_the_socket_stands_makes_the_device_stale_at_once(way: str) -> None:
    appliance = PaperAppliance()
    appliance.measurement = p1()

    async with desk_of(appliance, pace=replace(PACE, refused_pause_s=60)) as desk:
        await desk.until(lambda: "power_w" in desk.feed.values)
        if way == "error":
            await appliance.push("error", {"message": "user:unauthorized"})
        else:
            await appliance.hang_up(1008, "user:unauthorized")
        await desk.until(lambda: any("hardwire pair" in reason for _, reason in desk.feed.lost_told))


@pytest.mark.parametrize(
    ("greeting", "sentence"),
    [
        ([{"type": "error", "data": {"message": "user:unauthorized"}}], "hardwire pair"),
        ([{"type": "error", "data": {"message": "request:internal-server-error"}}], "request:internal-server-error"),
        ([{"type": "error", "data": "?"}], "does not say why"),
        ([{"type": "error"}], "does not say why"),
        ([], "does not answer on its socket"),
    ],
)
async def test_a_socket_that_does_not_let_us_in_is_told(greeting: list[Any], sentence: str) -> None:  # Any: JSON
    appliance = PaperAppliance()
    appliance.greeting = greeting

    async with desk_of(appliance, pace=replace(PACE, answer_s=0.3)) as desk:
        await desk.until(lambda: any(sentence in reason for _, reason in desk.feed.lost_told))


async def test_a_certificate_that_is_not_the_one_of_the_pairing_is_refused_before_the_token_goes_out() -> None:
    appliance = PaperAppliance()
    appliance.measurement = p1()

    async with desk_of(appliance, settings={"fingerprint": "ab" * 32}) as desk:
        await desk.until(lambda: any("not the one of its pairing" in reason for _, reason in desk.feed.lost_told))

    assert appliance.asked == []


@pytest.mark.parametrize(("identifier", "is_let_in"), [(IDENTIFIER, True), ("", True), (f"{IDENTIFIER[:-1]}d", False)])
async def test_an_authority_may_vouch_for_the_device_and_its_name(
    identifier: str, is_let_in: bool, tmp_path: Any
) -> None:
    appliance = PaperAppliance()
    appliance.measurement = p1()
    async with on_the_network(appliance):
        ca = tmp_path / "ca.pem"
        ca.write_text(appliance.ca)
        settings = settings_for(appliance, is_v2=True, fingerprint="", ca=str(ca), identifier=identifier)

        async with running(settings) as (driver, feed):
            desk = Desk(appliance, driver, feed)
            if is_let_in:
                await desk.until(lambda: "power_w" in feed.values)
            else:
                await desk.until(lambda: any("bears another name" in reason for _, reason in feed.lost_told))
                assert appliance.asked == []


async def test_another_authority_is_refused(tmp_path: Path) -> None:
    appliance, other = PaperAppliance(), PaperAppliance()
    async with on_the_network(appliance), on_the_network(other):
        ca = tmp_path / "ca.pem"
        ca.write_text(other.ca)

        async with running(settings_for(appliance, is_v2=True, fingerprint="", ca=str(ca))) as (driver, feed):
            await Desk(appliance, driver, feed).until(lambda: feed.lost_told)

    assert appliance.asked == []
    assert "not one of the authority" in feed.lost_told[0][1]


async def test_another_device_at_the_address_is_refused() -> None:
    appliance = PaperAppliance()
    appliance.measurement = p1()

    async with desk_of(appliance, settings={"identifier": "appliance/p1dongle/5c2faf000000"}) as desk:
        await desk.until(lambda: any("Another device answers" in reason for _, reason in desk.feed.lost_told))
    async with desk_of(appliance) as desk:
        await desk.until(lambda: "power_w" in desk.feed.values)
        await appliance.push("device", {**appliance.device, "serial": "5c2faf000000"})
        await desk.until(lambda: any("in place of " + SERIAL in reason for _, reason in desk.feed.lost_told))


async def test_new_firmware_is_told() -> None:
    appliance = PaperAppliance()

    async with desk_of(appliance) as desk:
        await desk.listening()
        await appliance.push("device", {**appliance.device, "firmware_version": "6.0500"})
        await desk.until(lambda: desk.feed.declared[-1].firmware == "6.0500")


@pytest.mark.parametrize(
    ("frame", "kind"),
    [
        ("no JSON", "unreadable"),
        (b"\xff\xfe", "unreadable"),
        ("[1]", "unreadable"),
        ("{}", "unreadable"),
        ('{"type":"measurement"}', "unreadable"),
        ('{"type":"device","data":{"serial":"/etc"}}', "unreadable"),
        ("[" * 200_000, "unreadable"),
        ('{"type":"error","data":{"message":"request:unknown-subscription"}}', "refused"),
        ('{"type":"measurement","data":{"power_w":"many","timestamp":"soon"}}', "bad-field"),
        ('{"type":"measurement","data":{"external":7}}', "bad-field"),
        ('{"type":"measurement","data":{"power_w":1%s}}' % ("0" * 400), "bad-field"),
        ('{"type":"measurement","data":{"power_w":1%s}}' % ("0" * 100_000), "unreadable"),
        ('{"type":"measurement","data":{"power_w":1e400}}', "unreadable"),
        ('{"type":"measurement","data":{"external":[{"type":[]}]}}', "bad-field"),
        ('{"type":"measurement","data":{"external":[{"type":"gas_meter","unit":{}}]}}', "bad-field"),
        (
            json.dumps({"type": "measurement", "data": {"external": [{**GAS, "timestamp": "2026-13-45T00:00:00"}]}}),
            "bad-field",
        ),
    ],
)
async def test_a_bad_message_is_counted_and_the_conversation_goes_on(frame: str | bytes, kind: str) -> None:
    appliance = PaperAppliance()
    appliance.measurement = p1()

    async with desk_of(appliance) as desk:
        await desk.until(lambda: "power_w" in desk.feed.values)
        await appliance.say(frame)
        await appliance.say('{"type":"surprise","data":1}')
        await appliance.push("measurement", p1(1, power_w=7))
        await desk.until(lambda: desk.feed.values["power_w"] == 7)

    assert [each for _, each, _ in desk.feed.troubles] == [kind]
    assert len(appliance.asked_for("GET", "/api/ws")) == 1


async def test_a_message_without_end_closes_the_connection() -> None:
    appliance = PaperAppliance()
    appliance.measurement = p1()

    async with desk_of(appliance) as desk:
        await desk.until(lambda: "power_w" in desk.feed.values)
        await appliance.say(json.dumps({"type": "measurement", "data": {"meter_model": "x" * 2**21}}))
        await desk.until(lambda: any("more than 1 MiB" in message for _, _, message in desk.feed.troubles))
        await desk.listening(2)


async def test_a_device_gone_wild_is_read_at_a_walk() -> None:
    appliance = PaperAppliance()
    appliance.measurement = p1()

    async with desk_of(appliance) as desk:
        await desk.until(lambda: "power_w" in desk.feed.values)
        for no in range(300):
            await appliance.push("measurement", p1(power_w=no))
        await asyncio.sleep(0.5)

        assert len(desk.feed.told("power_w")) < 60


async def test_long_messages_are_read_at_a_walk_too() -> None:
    appliance = PaperAppliance()
    appliance.measurement = p1()

    async with desk_of(appliance) as desk:
        await desk.until(lambda: "power_w" in desk.feed.values)
        for no in range(10):
            await appliance.push("measurement", p1(no + 1, power_w=no, padding="x" * 900_000))
        await desk.until(lambda: 0 in desk.feed.told("power_w"))
        await asyncio.sleep(0.5)

        assert len(desk.feed.told("power_w")) < 5


@pytest.mark.parametrize(
    ("asked", "status", "body", "sentence"),
    [
        ("GET /api", 200, b"<html>", "what is no JSON"),
        ("GET /api", 200, b"7", "no object"),
        ("GET /api", 200, b'{"product_type":"HWE-P1"}', "no HomeWizard device"),
        ("GET /api", 404, b"", "no HomeWizard device"),
        ("GET /api", 500, b"", "answers 500"),
        ("GET /api", 403, b"", "local API is off"),
        ("GET /api/system", 302, b"", "answers 302"),
        ("GET /api/system", 200, b" " * 2**21, "longer than 1 MiB"),
        ("GET /api/ws", 200, b"", "opens no socket"),
    ],
)
async def test_what_is_no_such_device_is_told(asked: str, status: int, body: bytes, sentence: str) -> None:
    appliance = PaperAppliance()
    appliance.refusals[asked] = (status, body)

    async with desk_of(appliance) as desk:
        await desk.until(lambda: any(sentence in reason for _, reason in desk.feed.lost_told))


async def test_a_device_that_never_answers_and_one_that_is_not_there_are_told() -> None:
    appliance = PaperAppliance()
    appliance.hangs.add("GET /api/system")

    async with desk_of(appliance, pace=replace(PACE, answer_s=0.2)) as desk:
        await desk.until(lambda: any("not answer in time" in reason for _, reason in desk.feed.lost_told))
    async with running(settings_for(appliance, is_v2=True)) as (driver, feed):
        await Desk(appliance, driver, feed).until(
            lambda: any("cannot be reached" in told for _, told in feed.lost_told)
        )


@pytest.mark.parametrize("path", ["/api", "/api/system", "/api/ws"])
async def test_a_device_that_sends_us_elsewhere_is_not_followed(path: str) -> None:
    appliance, stranger = PaperAppliance(), PaperAppliance()
    stranger.measurement = p1()

    async with on_the_network(stranger, is_tls=False):
        appliance.elsewhere[f"GET {path}"] = f"http://{stranger.address}{path}"
        async with desk_of(appliance) as desk:
            await desk.until(lambda: len(desk.appliance.asked_for("GET", path)) >= 2)

    assert stranger.asked == []
    assert any("307" in reason for _, reason in desk.feed.lost_told)


async def test_what_speaks_no_http_is_told() -> None:
    async def babble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(b"220 ready\r\n")
        writer.close()

    server = await asyncio.start_server(babble, "127.0.0.1", 0)
    async with server:
        settings = Settings(host=f"127.0.0.1:{server.sockets[0].getsockname()[1]}")
        async with running(settings) as (driver, feed):
            await Desk(PaperAppliance(), driver, feed).until(lambda: feed.lost_told)

    assert "The connection to the device broke" in feed.lost_told[0][1]


async def test_a_fault_of_the_hub_is_no_fault_of_the_device() -> None:
    appliance = PaperAppliance()
    appliance.measurement = p1()

    class BrokenFeed(LiveFeed):
        def publish(self, fact: Fact) -> None:
            raise RuntimeError("the hub is broken")

    async with on_the_network(appliance):
        driver = HomeWizardDevice("grid", "home", "UTC", settings_for(appliance, is_v2=True), pace=PACE)
        appliance.system = {}

        with pytest.raises(ExceptionGroup) as caught:
            async with asyncio.timeout(10):
                await driver.run(BrokenFeed())

    assert caught.group_contains(RuntimeError, match="the hub is broken")


async def test_the_telegram_rides_along_with_the_measurements() -> None:
    appliance = PaperAppliance()
    appliance.telegram = b"/ISK5\r\n\r\n!1F28\r\n"

    async with desk_of(appliance, settings={"telegram_interval_s": 1}) as desk:
        await desk.until(lambda: appliance.asked_for("GET", "/api/telegram"))
        await desk.listening()
        await asyncio.sleep(0.1)
        await appliance.push("measurement", p1())
        await desk.until(lambda: "power_w" in desk.feed.values)

    assert desk.feed.values["telegram"] == "/ISK5\r\n\r\n!1F28\r\n"


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (200, b"no telegram", "unreadable"),
        (200, b"/ISK5\xff", "unreadable"),
        (200, b"/" + b"x" * 2**17, "unreadable"),
        (200, b"/" + b"x" * 2**21, "telegram"),
        (503, b"telegram:no-telegram-received", None),
        (404, b"", None),
    ],
)
async def test_a_telegram_that_is_none_is_left_out(status: int, body: bytes, kind: str | None) -> None:
    appliance = PaperAppliance()
    appliance.refusals["GET /api/telegram"] = (status, body)

    async with desk_of(appliance, settings={"telegram_interval_s": 1}) as desk:
        await desk.until(lambda: appliance.asked_for("GET", "/api/telegram"))
        await desk.until(lambda: kind is None or desk.feed.troubles)
        await asyncio.sleep(0.1)
        await appliance.push("measurement", p1())
        await desk.until(lambda: "power_w" in desk.feed.values)

    assert "telegram" not in desk.feed.values
    assert [each for _, each, _ in desk.feed.troubles] == ([kind] if kind else [])


async def test_a_telegram_that_is_refused_for_its_token_ends_the_connection() -> None:
    appliance = PaperAppliance()
    appliance.refusals["GET /api/telegram"] = (401, b"")

    async with desk_of(appliance, settings={"telegram_interval_s": 1}) as desk:
        await desk.until(lambda: any("hardwire pair" in reason for _, reason in desk.feed.lost_told))


async def test_the_token_is_in_no_word_that_is_told() -> None:
    appliance = PaperAppliance()
    appliance.measurement = p1()
    appliance.refusals["PUT /api/system"] = (400, b'{"error":"' + TOKEN.encode() + b'"}')

    async with desk_of(appliance) as desk:
        await desk.until(lambda: "power_w" in desk.feed.values)
        reply = await desk.execute(WritePoints({"cloud_enabled": False}))
        await appliance.hang_up(1008, "user:unauthorized")
        await desk.until(lambda: any("hardwire pair" in reason for _, reason in desk.feed.lost_told))
        told = f"{reply} {desk.feed.lost_told} {desk.feed.troubles} {desk.feed.declared} {vars(desk.driver)}"

    assert not isinstance(reply, Done)
    assert TOKEN not in told
    assert not [headers for headers in appliance.headers if "Authorization" in headers and "Upgrade" in headers]
