"""A computed device among its sources: what it tells when they tell, fall silent, come and go."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from hardwire.model.command import Failed, Identify, WritePoints
from hardwire.model.device import Device
from hardwire.model.energy import energy_points
from tests.drivers.computed.paper import BENCH, CHARGER, GAS, GRID, Desk
from tests.fakes.paper_feed import NOON

DIFFERENCE = {"points": {"power_w": "grid.power_w - charger.power_w"}}
OFFSET = {"points": {"power_w": "grid.power_w + 100 W"}}


async def test_news_of_any_source_make_a_sample_of_its_instant() -> None:
    desk = Desk(GRID, CHARGER, **DIFFERENCE)

    async with desk.running() as feed:
        desk.hear("grid", power_w=3000)
        desk.hear("charger", power_w=2000)
        await desk.wait(0.9)
        later = feed.now()
        desk.hear("charger", power_w=500)
        await desk.wait(1)

    assert desk.told == [{"power_w": 1000}, {"power_w": 2500}]
    assert [sample.at for sample in feed.samples] == [NOON + timedelta(seconds=1), later]


async def test_it_waits_until_every_source_has_told_something() -> None:
    desk = Desk(GRID, CHARGER, **DIFFERENCE)

    async with desk.running():
        desk.hear("grid", power_w=3000)
        await desk.wait(1)
        before = list(desk.told)
        desk.hear("charger", power_w=2000)
        await desk.wait(1)

    assert before == []
    assert desk.reasons == [
        "grid is silent, and nothing is computed from old values",
        "charger is silent, and nothing is computed from old values",
    ]
    assert desk.told == [{"power_w": 1000}]


async def test_sources_that_tell_the_same_moment_are_read_together() -> None:
    desk = Desk(GRID, CHARGER, **DIFFERENCE)
    desk.hear("grid", power_w=0)
    desk.hear("charger", power_w=0)

    async with desk.running():
        desk.hear("grid", power_w=3000)
        await desk.wait(0.005)
        desk.hear("charger", power_w=3000)
        await desk.wait(1)

    assert desk.told == [{"power_w": 0}, {"power_w": 0}]


async def test_one_source_alone_is_told_at_once() -> None:
    desk = Desk(GRID, **OFFSET)

    async with desk.running() as feed:
        desk.hear("grid", power_w=3000)
        await feed.settle()

        assert desk.told == [{"power_w": 3100}]


async def test_instants_grow_where_two_sources_tell_the_same_one() -> None:
    desk = Desk(GRID, CHARGER, **DIFFERENCE)
    desk.hear("grid", power_w=1000)
    desk.hear("charger", power_w=100)

    async with desk.running() as feed:
        desk.hear("charger", at=NOON, power_w=200)
        await desk.wait(0.5)
        # Its clock is ahead, and then the charger's values are of before.
        desk.hear("grid", at=NOON + timedelta(minutes=5), power_w=1000)
        await desk.wait(0.5)
        desk.hear("charger", power_w=300)
        await desk.wait(0.5)

    assert desk.told == [{"power_w": 900}, {"power_w": 800}, {"power_w": 800}, {"power_w": 700}]
    assert [sample.at - NOON for sample in feed.samples] == [
        timedelta(0),
        timedelta(seconds=1, milliseconds=20),
        timedelta(minutes=5),
        timedelta(minutes=5, milliseconds=1),
    ]


async def test_instants_are_whole_milliseconds_as_in_the_store() -> None:
    desk = Desk(GRID, **OFFSET)

    async with desk.running() as feed:
        desk.hear("grid", at=NOON + timedelta(microseconds=1_999), power_w=1)
        await desk.wait(0.5)
        desk.hear("grid", at=NOON + timedelta(microseconds=2_001), power_w=2)
        await desk.wait(0.5)

    assert [sample.at.microsecond % 1000 for sample in feed.samples] == [0, 0]


async def test_at_most_ten_samples_a_second_are_told_and_the_newest_is_among_them() -> None:
    desk = Desk(GRID, CHARGER, **DIFFERENCE)
    desk.hear("charger", power_w=0)

    async with desk.running():
        for number in range(100):
            desk.hear("grid", power_w=number)
            await desk.wait(0.01)
        await desk.wait(0.2)

    assert 9 <= len(desk.told) <= 11
    assert desk.told[-1] == {"power_w": 99}


async def test_news_that_change_nothing_are_no_sample() -> None:
    desk = Desk(GRID, **OFFSET)

    async with desk.running() as feed:
        desk.hear("grid", power_w=1)
        await desk.wait(1)
        desk.hear("grid", batteries_mode="zero")
        feed.meet(replace(GRID, firmware="6.1"))
        await desk.wait(1)

    assert desk.told == [{"power_w": 101}]


async def test_the_same_value_of_a_later_instant_is_a_sample() -> None:
    desk = Desk(GRID, **OFFSET)

    async with desk.running():
        desk.hear("grid", power_w=1)
        await desk.wait(1)
        desk.hear("grid", power_w=1)
        await desk.wait(1)

    assert desk.told == [{"power_w": 101}] * 2


async def test_a_silent_source_makes_it_stale_at_once_and_it_is_back_with_the_source() -> None:
    desk = Desk(GRID, CHARGER, **DIFFERENCE)
    desk.hear("grid", power_w=3000)
    desk.hear("charger", power_w=2000)

    async with desk.running() as feed:
        feed.silence("charger")
        await desk.wait(0.2)
        reasons = list(desk.reasons)
        desk.hear("grid", power_w=1)
        await desk.wait(1)
        desk.hear("charger", power_w=0)
        await desk.wait(1)

    assert reasons == ["charger is silent, and nothing is computed from old values"]
    assert desk.reasons == reasons
    assert desk.told == [{"power_w": 1000}, {"power_w": 1}]


async def test_a_source_that_is_back_without_news_brings_it_back_without_a_sample() -> None:
    desk = Desk(GRID, **OFFSET)
    desk.hear("grid", power_w=1)

    async with desk.running() as feed:
        feed.silence("grid")
        await desk.wait(1)
        feed.neighbours.mark_alive("grid", feed.now())
        feed.followers.wake("grid")
        await desk.wait(1)

    assert desk.told == [{"power_w": 101}]
    assert feed.alive_told == ["virtual"]


async def test_a_source_may_come_later_and_go_and_come_again() -> None:
    desk = Desk(CHARGER, **OFFSET)

    async with desk.running() as feed:
        feed.meet(GRID)
        desk.hear("grid", power_w=1)
        await desk.wait(1)
        feed.neighbours.remove("grid")
        feed.followers.wake("grid")
        await desk.wait(1)
        feed.meet(GRID)
        desk.hear("grid", power_w=2)
        await desk.wait(1)

    assert desk.told == [{"power_w": 101}, {"power_w": 102}]
    assert desk.reasons == ["there is no device 'grid'", "there is no device 'grid'"]


async def test_a_device_and_a_point_that_are_not_there_are_told_with_the_nearest() -> None:
    nowhere = Desk(GRID, points={"power_w": "gird.power_w"})
    pointless = Desk(GRID, points={"power_w": "grid.powr_w"})
    pointless.hear("grid", power_w=1)

    async with nowhere.running(), pointless.running():
        pass

    assert nowhere.reasons == ["there is no device 'gird'; did you mean 'grid'?"]
    assert pointless.reasons == ["grid has no point 'powr_w'; did you mean 'power_w'?"]


async def test_points_that_come_with_the_first_telegram_are_waited_for() -> None:
    desk = Desk(replace(GRID, points=()), **OFFSET)

    async with desk.running() as feed:
        feed.meet(GRID)
        desk.hear("grid", power_w=1)
        await desk.wait(1)

    assert desk.reasons == ["grid is silent, and nothing is computed from old values"]
    assert desk.told == [{"power_w": 101}]


@pytest.mark.parametrize(
    ("points", "reason"),
    [
        ({"power_w": "bench.ad0"}, "power_w: `bench.ad0` is in V, and W is wanted"),
        ({"power_w": "bench.screen"}, "power_w: bench.screen holds a text, and only numbers and flags"),
        ({"meter_model": "bench.ad0"}, "meter_model: bench.ad0 holds a number, and a text is wanted"),
    ],
)
async def test_units_and_kinds_that_only_the_source_knows_are_told_when_it_is_there(
    points: dict[str, str], reason: str
) -> None:
    screen = replace(energy_points(["meter_model"])[0], name="screen")
    desk = Desk(replace(BENCH, points=(*BENCH.points, screen)), points=points)
    desk.hear("bench", ad0=1.5)

    async with desk.running():
        pass

    assert [told[: len(reason)] for told in desk.reasons] == [reason]
    assert desk.told == []


async def test_an_analog_input_becomes_the_charge_of_a_battery() -> None:
    desk = Desk(BENCH, points={"state_of_charge_pct": "clamp((bench.ad0 - 1 V) / 4 V * 100 %, 0, 100)"})

    async with desk.running():
        for volts in (3.0, 0.2, 4.9999, 5.4):
            desk.hear("bench", ad0=volts)
            await desk.wait(1)

    assert [told["state_of_charge_pct"] for told in desk.told] == pytest.approx([50, 0, 99.9975, 100])


async def test_texts_and_flags_are_taken_over_by_name() -> None:
    desk = Desk(GRID, BENCH, points={"meter_model": "grid.meter_model", "power_on": "bench.io0"})
    desk.hear("grid", meter_model="ISK5")
    desk.hear("bench", io0=True)

    async with desk.running():
        pass

    assert desk.told == [{"meter_model": "ISK5", "power_on": True}]


async def test_a_point_without_a_value_is_left_out_and_counted_once() -> None:
    desk = Desk(GRID, points={"power_w": "grid.power_w", "power_l1_w": "grid.power_l1_w"})

    async with desk.running() as feed:
        for watts in (1, 2):
            desk.hear("grid", power_w=watts)
            await desk.wait(1)
        desk.hear("grid", power_w=3, power_l1_w=3)
        await desk.wait(1)

    assert feed.troubles == [("virtual", "missing", "power_l1_w: grid.power_l1_w has no value yet")]
    assert desk.told == [{"power_w": 1}, {"power_w": 2}, {"power_w": 3, "power_l1_w": 3}]


async def test_a_division_by_zero_leaves_the_point_out_from_the_start() -> None:
    desk = Desk(GRID, points={"power_w": "grid.power_w", "power_l1_w": "1000 W / (grid.power_w / 1 W)"})

    async with desk.running() as feed:
        desk.hear("grid", power_w=0)
        await desk.wait(1)

    assert desk.told == [{"power_w": 0}]
    assert [kind for _, kind, _ in feed.troubles] == ["division-by-zero"]


async def test_a_value_that_cannot_be_computed_any_more_makes_the_device_stale_since_the_old_one_would_stay() -> None:
    desk = Desk(GRID, points={"power_w": "grid.power_w", "power_l1_w": "1000 W / (grid.power_w / 1 W)"})

    async with desk.running() as feed:
        for watts in (10, 0, 20):
            desk.hear("grid", power_w=watts)
            await desk.wait(1)

    assert desk.told == [{"power_w": 10, "power_l1_w": 100}, {"power_w": 20, "power_l1_w": 50}]
    assert desk.reasons[1:] == ["power_l1_w cannot be computed: `1000 W / (grid.power_w / 1 W)` divides by 0"]
    assert [kind for _, kind, _ in feed.troubles] == ["division-by-zero"]


async def test_a_device_of_which_nothing_can_be_computed_is_stale() -> None:
    desk = Desk(GRID, points={"power_w": "1000 W / (grid.power_w / 1 W)"})

    async with desk.running():
        desk.hear("grid", power_w=0)
        await desk.wait(1)

    assert desk.told == []
    assert desk.reasons[1:] == ["power_w cannot be computed: `1000 W / (grid.power_w / 1 W)` divides by 0"]


async def test_a_meter_that_it_is_like_lends_what_is_measured_and_no_more() -> None:
    desk = Desk(GRID, like="grid", **OFFSET)
    desk.hear(
        "grid",
        power_w=1,
        power_l1_w=1,
        current_a=1,
        energy_import_kwh=5.5,
        meter_model="ISK5",
        timestamp="2026-11-25T13:00:00",
        telegram="/ISK5",
        batteries_mode="zero",
        batteries_power_w=5,
        cloud_enabled=True,
        power_on=True,
    )

    async with desk.running() as feed:
        pass

    assert desk.told == [
        {
            "power_w": 101,
            "energy_import_kwh": 5.5,
            "meter_model": "ISK5",
            "timestamp": "2026-11-25T13:00:00",
        }
    ]
    (declared,) = feed.declared
    assert {point.name for point in declared.points} == set(desk.told[0])
    assert (declared.sources, declared.group, declared.timezone) == (("grid",), "owners", "Europe/Amsterdam")
    assert desk.device.devices == (declared,)


async def test_the_rest_of_a_meter_is_taken_over_as_it_comes() -> None:
    desk = Desk(replace(GRID, points=energy_points(["power_w"])), like="grid")
    desk.hear("grid", power_w=1)

    async with desk.running() as feed:
        feed.meet(GRID)
        desk.hear("grid", energy_import_kwh=7.5)
        await desk.wait(1)

    assert desk.told == [{"power_w": 1}, {"power_w": 1, "energy_import_kwh": 7.5}]
    assert [device.id for device in feed.declared] == ["virtual", "virtual"]


async def test_a_point_that_its_source_has_no_more_makes_it_stale() -> None:
    desk = Desk(GRID, like="grid")
    desk.hear("grid", power_w=1, current_a=1)

    async with desk.running() as feed:
        feed.neighbours.remove("grid")
        feed.meet(GRID)
        desk.hear("grid", power_w=2)
        await desk.wait(1)
        desk.hear("grid", current_a=2)
        await desk.wait(1)

    assert desk.told == [{"power_w": 1, "current_a": 1}, {"power_w": 2, "current_a": 2}]
    assert desk.reasons == [
        "current_a is not told by its source any more; if it never will be again, start the hub anew"
    ]


async def test_a_meter_that_lives_and_says_nothing_makes_one_that_lives_and_says_nothing() -> None:
    desk = Desk(GRID, like="grid")

    async with desk.running() as feed:
        feed.neighbours.mark_alive("grid", feed.now())
        feed.followers.wake("grid")
        await desk.wait(1)

    assert feed.alive_told == ["virtual"]
    assert feed.facts == []


async def test_meters_behind_it_hang_behind_the_computed_one_with_their_own_instants() -> None:
    desk = Desk(GRID, GAS, like="grid", **OFFSET)
    taken = NOON - timedelta(minutes=3)
    desk.hear("grid.gas", at=taken, unique_id="47", timestamp="2026-11-25T12:57:00", value=12.5)
    desk.hear("grid", power_w=1)

    async with desk.running() as feed:
        desk.hear("grid", power_w=2)
        await desk.wait(1)
        desk.hear("grid.gas", unique_id="47", timestamp="2026-11-25T13:02:00", value=12.6)
        await desk.wait(1)

    gas = [sample for sample in feed.samples if sample.device == "virtual.gas"]
    assert [(sample.at, sample.values["value"]) for sample in gas] == [
        (taken, 12.5),
        (NOON + timedelta(seconds=2), 12.6),
    ]
    assert feed.samples[0].device == "virtual.gas"
    declared = feed.declared[-1]
    assert (declared.id, declared.kind, declared.parent, declared.sources, declared.group) == (
        "virtual.gas",
        "gas_meter",
        "virtual",
        ("grid.gas",),
        "owners",
    )
    assert [point.unit for point in declared.points] == ["", "", "m3"]


async def test_a_meter_behind_it_that_falls_silent_alone_is_stale_alone() -> None:
    desk = Desk(GRID, GAS, like="grid")
    silent = {"grid.gas"}
    is_fresh = desk.feed.is_fresh
    # The roster lets a meter behind another live as long as that; a driver may know better.
    desk.feed.is_fresh = lambda device: device not in silent and is_fresh(device)  # type: ignore[method-assign]  # as above
    desk.hear("grid.gas", value=12.5)
    desk.hear("grid", power_w=1)

    async with desk.running() as feed:
        desk.hear("grid", power_w=2)
        await desk.wait(1)
        silent.clear()
        desk.hear("grid", power_w=3)
        await desk.wait(1)

    assert feed.lost_told == [("virtual.gas", "grid.gas is silent, and nothing is computed from old values")]
    assert feed.alive_told == ["virtual.gas"]
    assert [sample.values["value"] for sample in feed.samples if sample.device == "virtual.gas"] == [12.5]
    assert len(desk.told) == 3


async def test_a_member_of_a_meter_can_be_computed_with() -> None:
    desk = Desk(GRID, GAS, points={"volume_m3": "grid.gas.value - 10 m3"})
    desk.hear("grid.gas", value=12.5)
    desk.hear("grid", power_w=1)

    async with desk.running():
        pass

    assert desk.told == [{"volume_m3": 2.5}]


@pytest.mark.parametrize(
    ("neighbours", "like", "way"),
    [
        ([Device(id="grid", kind="meter", sources=("virtual",))], "grid", "virtual from grid from virtual"),
        (
            [
                Device(id="a", kind="meter", sources=("b", "c")),
                Device(id="b", kind="meter", sources=("c", "a")),
                Device(id="c", kind="meter", sources=("b", "virtual")),
            ],
            "a",
            "virtual from a from c from virtual",
        ),
        (
            [
                Device(id="a.gas", kind="gas_meter", sources=("virtual.gas",)),
                Device(id="virtual.gas", kind="x", parent="virtual"),
            ],
            "a.gas",
            "virtual from a.gas from virtual.gas from virtual",
        ),
    ],
)
async def test_a_circle_is_refused_and_shown(neighbours: list[Device], like: str, way: str) -> None:
    desk = Desk(*neighbours, like=like)
    for neighbour in neighbours:
        desk.hear(neighbour.id)

    async with desk.running():
        pass

    assert desk.reasons == [f"it would be made from itself: {way}; take one of them out"]
    assert desk.told == []


async def test_a_circle_that_is_broken_mends_the_device() -> None:
    desk = Desk(replace(GRID, sources=("virtual",)), **OFFSET)

    async with desk.running() as feed:
        feed.meet(GRID)
        desk.hear("grid", power_w=1)
        await desk.wait(1)

    assert desk.told == [{"power_w": 101}]


async def test_devices_that_are_made_from_others_that_are_computed_are_no_circle() -> None:
    desk = Desk(GRID, replace(CHARGER, sources=("grid", "roof")), **DIFFERENCE)
    desk.hear("grid", power_w=5)
    desk.hear("charger", power_w=1)

    async with desk.running():
        pass

    assert desk.told == [{"power_w": 4}]


async def test_it_can_be_run_again_and_its_instants_go_on() -> None:
    desk = Desk(GRID, **OFFSET)
    desk.hear("grid", power_w=1)

    async with desk.running():
        pass
    async with desk.running() as feed:
        desk.hear("grid", at=NOON, power_w=2)
        await desk.wait(1)

    assert desk.told == [{"power_w": 101}, {"power_w": 102}]
    assert feed.samples[0].at < feed.samples[1].at
    assert feed.alive_told == ["virtual"]
    assert not feed.followers._wakes


@pytest.mark.parametrize("command", [WritePoints({"power_w": 1}), Identify()])
def test_it_takes_no_command(command: WritePoints | Identify) -> None:
    desk = Desk(like="grid")

    reply = desk.device.execute("virtual", command)

    assert isinstance(reply, Failed)
    assert reply.error.code == "unsupported"
    assert reply.error.message == "virtual is computed from grid: send commands to these"
    desk.device.interest("virtual", "measurement", is_watched=True)
