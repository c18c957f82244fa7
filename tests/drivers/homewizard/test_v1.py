"""The v1 API: polled on an interval, read under the names of the points."""

import asyncio
from typing import Any

import pytest
from msgspec.structs import replace

from hardwire.model.command import Done, Failed, Identify, Reboot, WritePoints
from hardwire.model.errors import BadValueError, CallerError
from tests.drivers.homewizard.desk import PACE, desk_of
from tests.fakes.paper_appliance import PaperAppliance

FAST = {"poll_interval_s": 0.5}
P1_DATA = {
    "wifi_ssid": "Home",
    "wifi_strength": 78,
    "smr_version": 50,
    "meter_model": "ISKRA  2M550T-101",
    "unique_id": "00112233445566778899AABBCCDDEEFF",
    "active_tariff": 2,
    "total_power_import_kwh": 13779.338,
    "total_power_import_t1_kwh": 10830.511,
    "total_power_import_t2_kwh": 2948.827,
    "total_power_import_t3_kwh": None,
    "active_power_w": -543,
    "active_current_l1_a": -2.4,
    "montly_power_peak_w": 1111,
    "montly_power_peak_timestamp": 230101080010,
    "total_gas_m3": 2569.646,
    "gas_timestamp": 210606140010,
    "gas_unique_id": "01FFEEDDCCBBAA99887766554433221100",
}
KWH_DATA = {
    "wifi_ssid": "Home",
    "wifi_strength": 92,
    "total_power_import_kwh": 2.705,
    "total_power_import_t1_kwh": 2.705,
    "active_power_w": -1058.296,
    "active_power_l1_w": -1058.296,
}
SOCKET_DATA = {
    "wifi_ssid": "Home",
    "wifi_strength": 94,
    "total_power_import_t1_kwh": 30.511,
    "active_power_w": 457.277,
}


def p1_meter(**more: Any) -> PaperAppliance:  # Any: what JSON holds
    """Return a P1 meter."""
    appliance = PaperAppliance()
    appliance.data = {**P1_DATA, **more}
    return appliance


def kwh_meter() -> PaperAppliance:
    """Return a one-phase meter."""
    appliance = PaperAppliance("HWE-KWH1", "kWh Meter")
    appliance.data = {**KWH_DATA}
    return appliance


def energy_socket() -> PaperAppliance:
    """Return a socket with old firmware."""
    appliance = PaperAppliance("HWE-SKT", "Energy Socket")
    appliance.data = {**SOCKET_DATA}
    appliance.state = {"power_on": True, "switch_lock": False, "brightness": 255}
    return appliance


async def test_a_p1_meter_is_read_under_the_names_of_the_points() -> None:
    async with desk_of(p1_meter(), is_v2=False, settings=FAST) as desk:
        await desk.until(lambda: "power_w" in desk.feed.values)

    told = desk.feed.values
    assert (told["protocol_version"], told["tariff"], told["power_w"], told["current_l1_a"]) == (50, 2, -543, -2.4)
    assert (told["energy_import_kwh"], told["energy_import_t1_kwh"]) == (13779.338, 10830.511)
    assert (told["monthly_power_peak_w"], told["monthly_power_peak_timestamp"]) == (1111, "2023-01-01T08:00:10")
    assert (told["wifi_ssid"], told["wifi_rssi_db"], told["cloud_enabled"]) == ("Home", -61, True)
    assert "energy_import_t3_kwh" not in told
    assert [sample.values for sample in desk.feed.samples if sample.device == "grid.gas"] == [
        {"unique_id": "01FFEEDDCCBBAA99887766554433221100", "timestamp": "2021-06-06T14:00:10", "value": 2569.646}
    ]


async def test_external_meters_win_over_the_old_gas_fields() -> None:
    water = {
        "unique_id": "4731",
        "type": "water_meter",
        "timestamp": 210606140012,
        "value": 123.456,
        "unit": "m3",
    }
    broken = [{**water, "timestamp": "soon"}, {**water, "unit": "kg"}, {**water, "type": "catfish"}, 7]

    async with desk_of(p1_meter(external=[water, *broken]), is_v2=False, settings=FAST) as desk:
        await desk.until(lambda: "power_w" in desk.feed.values)

    assert {each.id for each in desk.feed.declared} == {"grid", "grid.water"}
    assert desk.feed.troubles[0][1] == "bad-field"
    assert "wrong values in external;" in desk.feed.troubles[0][2]


async def test_a_p1_meter_that_tells_the_same_for_too_long_is_stale_and_lives_again_with_the_next_change() -> None:
    settings = {**FAST, "stale_after_s": 0.7, "telegram_interval_s": 1}

    async with desk_of(p1_meter(), is_v2=False, settings=settings) as desk:
        await desk.until(lambda: ("grid", "The device tells nothing new.") in desk.feed.lost_told)
        polled = len(desk.appliance.asked_for("GET", "/api/v1/data"))
        desk.appliance.data["active_power_w"] = 1
        await desk.until(lambda: desk.feed.values["power_w"] == 1)

    assert polled > 1
    assert desk.feed.told("power_w") == [-543, 1]


async def test_a_new_telegram_shows_that_a_p1_meter_of_constant_load_lives() -> None:
    appliance = p1_meter()
    appliance.telegram = b"/ISK5 1\r\n"
    settings = {**FAST, "telegram_interval_s": 1}

    async with desk_of(appliance, is_v2=False, settings=settings) as desk:
        await desk.until(lambda: "power_w" in desk.feed.values)
        appliance.telegram = b"/ISK5 2\r\n"
        await desk.until(lambda: "grid" in desk.feed.alive_told)
        appliance.data["active_power_w"] = 1
        await desk.until(lambda: desk.feed.values["power_w"] == 1)

    assert desk.feed.values["telegram"] == "/ISK5 2\r\n"


async def test_other_products_live_while_they_answer_and_their_second_register_is_no_point() -> None:
    async with desk_of(kwh_meter(), is_v2=False, settings=FAST) as desk:
        await desk.until(lambda: len(desk.feed.told("power_w")) == 3)

    assert (desk.feed.values["energy_import_kwh"], desk.feed.values["power_w"]) == (2.705, -1058.296)
    assert not {"energy_import_t1_kwh", "power_l1_w"} & desk.feed.values.keys()


async def test_all_polling_goes_over_one_connection_and_asks_for_what_is_not_there_once() -> None:
    appliance = kwh_meter()
    appliance.refusals["GET /api/v1/system"] = (404, b"")

    async with desk_of(appliance, is_v2=False, settings=FAST, pace=replace(PACE, settings_every_s=0.01)) as desk:
        await desk.until(lambda: len(desk.feed.told("power_w")) == 3)

        assert appliance.connections == 1
        assert len(appliance.asked_for("GET", "/api/v1/system")) == 1
        assert not appliance.asked_for("GET", "/api/v1/state")
        assert not [headers for headers in appliance.headers if "Authorization" in headers]


async def test_a_socket_of_old_firmware_tells_its_total_and_its_relay() -> None:
    async with desk_of(energy_socket(), is_v2=False, settings=FAST) as desk:
        await desk.until(lambda: "power_w" in desk.feed.values)
        desk.appliance.state = {"power_on": False, "switch_lock": False, "brightness": 10}
        await desk.until(lambda: desk.feed.values["power_on"] is False)

    assert desk.feed.values["energy_import_kwh"] == 30.511
    assert "energy_import_t1_kwh" not in desk.feed.values
    assert {"power_on", "brightness"} in [set(sample.values) for sample in desk.feed.samples]


async def test_a_write_to_the_socket_is_followed_by_all_of_its_state() -> None:
    appliance = energy_socket()

    async with desk_of(appliance, is_v2=False, settings=FAST, pace=replace(PACE, state_every_s=60)) as desk:
        await desk.until(lambda: "power_w" in desk.feed.values)
        assert appliance.state is not None
        appliance.state["power_on"] = False
        reply = await desk.execute(WritePoints({"switch_lock": True, "cloud_enabled": False}))

        assert reply == Done()
        assert desk.feed.values["power_on"] is False
        assert desk.feed.values["switch_lock"] is True
        assert desk.feed.values["cloud_enabled"] is False
    assert appliance.asked_for("PUT", "/api/v1/state") == [{"switch_lock": True}]
    assert appliance.asked_for("PUT", "/api/v1/system") == [{"cloud_enabled": False}]


@pytest.mark.parametrize(
    ("body", "kind", "code"),
    [
        (b'{"error":{"id":8,"description":"locked"}}', CallerError, "not-writable"),
        (b'{"error":{"id":7,"description":"limited"}}', BadValueError, "bad-value"),
        (b"?", BadValueError, "bad-value"),
    ],
)
async def test_what_the_socket_refuses_is_the_callers_to_change(body: bytes, kind: type, code: str) -> None:
    appliance = energy_socket()
    appliance.refusals["PUT /api/v1/state"] = (400, body)

    async with desk_of(appliance, is_v2=False, settings=FAST) as desk:
        await desk.until(lambda: "power_w" in desk.feed.values)
        reply = await desk.execute(WritePoints({"power_on": False}))

    assert isinstance(reply, Failed)
    assert type(reply.error) is kind
    assert (reply.error.code, reply.error.path) == (code, "power_on")


async def test_v1_identifies_and_knows_no_reboot() -> None:
    async with desk_of(energy_socket(), is_v2=False, settings=FAST) as desk:
        await desk.until(lambda: "power_w" in desk.feed.values)
        replies = [await desk.execute(command) for command in (Identify(), Reboot())]

    assert replies[0] == Done()
    assert isinstance(replies[1], Failed)
    assert replies[1].error.code == "unsupported"
    assert desk.appliance.asked_for("PUT", "/api/v1/identify") == [None]


@pytest.mark.parametrize(
    ("asked", "status", "sentence"),
    [
        ("GET /api", 403, "local API is off"),
        ("GET /api/v1/data", 403, "local API is off"),
        ("GET /api/v1/data", 404, "no HomeWizard device"),
        ("GET /api/v1/data", 503, "has no recent measurement"),
        ("GET /api/v1/data", 500, "answers 500"),
    ],
)
async def test_what_the_device_says_instead_is_told(asked: str, status: int, sentence: str) -> None:
    appliance = kwh_meter()
    appliance.refusals[asked] = (status, b"")

    async with desk_of(appliance, is_v2=False, settings=FAST) as desk:
        await desk.until(lambda: any(sentence in reason for _, reason in desk.feed.lost_told))


async def test_a_product_that_nobody_knows_is_read_by_all_names() -> None:
    appliance = PaperAppliance("HWE-NEW", "Something new")
    appliance.data = {**KWH_DATA, "active_liter_lpm": 7.2, "total_power_import_t1_kwh": "?", "active_tariff": True}

    async with desk_of(appliance, is_v2=False, settings=FAST) as desk:
        await desk.until(lambda: "power_w" in desk.feed.values)

    assert (desk.feed.values["flow_lpm"], desk.feed.values["power_l1_w"]) == (7.2, -1058.296)
    assert "total_power_import_t1_kwh" in desk.feed.troubles[0][2]


async def test_a_device_slower_than_its_interval_is_not_asked_in_bursts() -> None:
    appliance = kwh_meter()

    async with desk_of(appliance, is_v2=False, settings=FAST) as desk:
        await desk.until(lambda: "power_w" in desk.feed.values)
        appliance.hangs.add("GET /api/v1/data")
        await asyncio.sleep(0.6)
        appliance.hangs.clear()
        await desk.until(lambda: any("not answer in time" in message for _, _, message in desk.feed.troubles))
        await desk.until(lambda: len(desk.feed.told("power_w")) > 2)
