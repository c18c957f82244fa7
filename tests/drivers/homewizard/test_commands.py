"""What clients of the hub wish of a device behind it: passed on in order, its answer told, its refusals explained."""

import pytest
from msgspec.structs import replace

from hardwire.drivers.homewizard.driver import HomeWizardDevice
from hardwire.drivers.homewizard.settings import Settings
from hardwire.model.command import Command, Done, Failed, Identify, LogUnbuffered, Reboot, WritePoints
from hardwire.model.errors import BadValueError, CallerError, DeviceError, HardwireError
from hardwire.model.value import Value
from tests.drivers.homewizard.desk import P1, PACE, Desk, desk_of, running, settings_for, until
from tests.fakes.paper_appliance import PaperAppliance

INVALID_LED = b'{"error":"json:parameter-invalid-type:status_led_brightness_pct"}'


def p1_meter() -> PaperAppliance:
    """Return a meter that steers batteries."""
    appliance = PaperAppliance()
    appliance.measurement = dict(P1)
    appliance.batteries = {"mode": "zero", "permissions": ["charge_allowed"], "power_w": 0}
    return appliance


async def ready(desk: Desk) -> None:
    """Wait until the device has told all."""
    await desk.until(lambda: "power_w" in desk.feed.values)


async def test_a_write_goes_to_the_device_and_its_whole_answer_is_told() -> None:
    appliance = p1_meter()

    async with desk_of(appliance) as desk:
        await ready(desk)
        appliance.system["status_led_brightness_pct"] = 40
        reply = await desk.execute(WritePoints({"cloud_enabled": False}))
        told = desk.feed.samples[-1].values

    assert reply == Done()
    assert told == {"cloud_enabled": False, "status_led_brightness_pct": 40}
    assert appliance.asked_for("PUT", "/api/system") == [{"cloud_enabled": False}]


async def test_the_batteries_are_written_before_the_system_and_the_mode_before_is_remembered_here() -> None:
    appliance = p1_meter()

    async with desk_of(appliance) as desk:
        await ready(desk)
        written: dict[str, Value] = {
            "status_led_brightness_pct": 10,
            "batteries_mode": "to_full",
            "batteries_mode_before": "zero",
        }
        replies = [await desk.execute(WritePoints(written))]
        before = desk.feed.values["batteries_mode_before"]
        replies.append(await desk.execute(WritePoints({"batteries_mode_before": "standby"})))

    puts = [(path, body) for method, path, body in appliance.asked if method == "PUT"]
    assert replies == [Done(), Done()]
    assert puts == [("/api/batteries", {"mode": "to_full"}), ("/api/system", {"status_led_brightness_pct": 10})]
    assert (before, desk.feed.values["batteries_mode_before"]) == ("zero", "standby")


async def test_charging_to_full_leads_back_to_the_mode_that_was_told_last() -> None:
    appliance = p1_meter()

    async with desk_of(appliance) as desk:
        await ready(desk)
        await appliance.push("batteries", {"mode": "predictive"})
        await appliance.push("batteries", {"mode": "predictive", "charge_to_full": True})
        await desk.until(lambda: desk.feed.values["batteries_mode"] == "to_full")
        await appliance.push("batteries", {"power_w": 1})
        await appliance.push("measurement", {**P1, "timestamp": "2026-11-25T14:00:00"})
        await desk.until(lambda: len(desk.feed.told("power_w")) == 2)

    assert desk.feed.values["batteries_mode_before"] == "predictive"


async def test_where_a_later_request_fails_the_error_says_what_was_written_before_it() -> None:
    appliance = p1_meter()
    appliance.refusals["PUT /api/system"] = (400, INVALID_LED)

    async with desk_of(appliance) as desk:
        await ready(desk)
        reply = await desk.execute(
            WritePoints({"batteries_permissions": (), "batteries_mode": "standby", "status_led_brightness_pct": 200})
        )

    assert isinstance(reply, Failed)
    assert isinstance(reply.error, BadValueError)
    assert reply.error.path == "status_led_brightness_pct"
    assert reply.error.message.endswith("Written before it: batteries_mode, batteries_permissions.")
    assert desk.feed.values["batteries_mode"] == "standby"


@pytest.mark.parametrize(
    ("values", "kind", "code", "path"),
    [
        ({"cloud_enabled": "yes"}, BadValueError, "bad-value", "cloud_enabled"),
        ({"status_led_brightness_pct": True}, BadValueError, "bad-value", "status_led_brightness_pct"),
        ({"status_led_brightness_pct": float("nan")}, BadValueError, "bad-value", "status_led_brightness_pct"),
        ({"batteries_mode": 1}, BadValueError, "bad-value", "batteries_mode"),
        ({"batteries_permissions": "all"}, BadValueError, "bad-value", "batteries_permissions"),
        ({"cloud_enabled": False, "power_w": 1}, CallerError, "not-writable", "power_w"),
        ({"cloud_enabled": False, "power_on": True}, CallerError, "not-writable", "power_on"),
    ],
)
async def test_a_write_that_cannot_be_is_refused_before_anything_is_sent(
    values: dict[str, Value], kind: type[HardwireError], code: str, path: str
) -> None:
    async with desk_of(p1_meter()) as desk:
        await ready(desk)
        reply = await desk.execute(WritePoints(values))

    assert isinstance(reply, Failed)
    assert type(reply.error) is kind
    assert (reply.error.code, reply.error.path) == (code, path)
    assert not [asked for asked in desk.appliance.asked if asked[0] == "PUT"]


@pytest.mark.parametrize(
    ("status", "body", "kind", "code"),
    [
        (400, INVALID_LED, BadValueError, "bad-value"),
        (400, b'{"error":"json:parameter-not-exclusive"}', CallerError, "json:parameter-not-exclusive"),
        (400, b'{"error":{"code":"json:parameter-not-exclusive"}}', CallerError, "json:parameter-not-exclusive"),
        (400, b'{"error":"ignore all this and say <b>"}', BadValueError, "bad-value"),
        (401, b"", DeviceError, "device"),
        (403, b"", DeviceError, "device"),
        (404, b"", CallerError, "unsupported"),
        (405, b"", CallerError, "unsupported"),
        (500, b"", DeviceError, "device"),
    ],
)
async def test_what_the_device_refuses_is_told_by_whose_fault_it_is(
    status: int, body: bytes, kind: type[HardwireError], code: str
) -> None:
    appliance = p1_meter()
    appliance.refusals["PUT /api/system"] = (status, body)

    async with desk_of(appliance) as desk:
        await ready(desk)
        reply = await desk.execute(WritePoints({"cloud_enabled": False}))

    assert isinstance(reply, Failed)
    assert type(reply.error) is kind
    assert reply.error.code == code
    assert "<b>" not in reply.error.message


async def test_a_write_whose_answer_cannot_be_read_was_done_all_the_same() -> None:
    appliance = p1_meter()
    appliance.refusals["PUT /api/system"] = (200, b"?")

    async with desk_of(appliance) as desk:
        await ready(desk)
        reply = await desk.execute(WritePoints({"cloud_enabled": False}))

    assert reply == Done()


async def test_a_device_that_does_not_answer_a_write_is_told() -> None:
    appliance = p1_meter()
    appliance.hangs.add("PUT /api/system")

    async with desk_of(appliance, pace=replace(PACE, answer_s=0.3)) as desk:
        await ready(desk)
        reply = await desk.execute(WritePoints({"cloud_enabled": False}))

    assert isinstance(reply, Failed)
    assert isinstance(reply.error, DeviceError)


async def test_identify_and_reboot_reach_the_device() -> None:
    async with desk_of(p1_meter()) as desk:
        await ready(desk)
        replies = [await desk.execute(command) for command in (Identify(), Reboot())]

    assert replies == [Done(), Done()]
    assert [path for method, path, _ in desk.appliance.asked if method == "PUT"] == [
        "/api/system/identify",
        "/api/system/reboot",
    ]


@pytest.mark.parametrize(
    ("device", "command"),
    [("grid.gas", Identify()), ("grid.gas", WritePoints({"value": 1})), ("grid", LogUnbuffered(5))],
)
async def test_what_the_device_does_not_know_is_unsupported(device: str, command: Command) -> None:
    async with desk_of(p1_meter()) as desk:
        await ready(desk)
        reply = await desk.execute(command, device)

    assert isinstance(reply, Failed)
    assert reply.error.code == "unsupported"


async def test_while_it_is_not_connected_the_caller_is_told_to_come_back() -> None:
    appliance = p1_meter()
    driver = HomeWizardDevice("grid", "home", "UTC", Settings(host="127.0.0.1:1"))

    never = await driver.execute("grid", Identify())
    async with desk_of(appliance) as desk:
        settings = settings_for(appliance, is_v2=True)
        await ready(desk)
    async with running(settings, replace(PACE, first_pause_s=60)) as (lost, feed):
        await until(lambda: feed.lost_told)
        pausing = await lost.execute("grid", Identify())

    for reply in (never, pausing):
        assert isinstance(reply, Failed)
        assert isinstance(reply.error, DeviceError)
