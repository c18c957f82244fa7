"""Which accounts are sent a unit's messages, and which units send any."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from hardwire.dialects.ezeio.stream.holders import GRACE_S, UNBUFFERED_S, Holders
from hardwire.dialects.ezeio.stream.messages import Bulletins
from hardwire.dialects.ezeio.stream.readership import Readership, is_streamed
from hardwire.model.access import Group, Right
from hardwire.model.device import Device
from hardwire.model.fact import Fact, Log, LogRow, Sample
from tests.dialects.ezeio.premises import START, House, add_unit, key, make_house

ROW = LogRow("tank", START, Log.FAST, {"flow": 9.021})


def exported(house: House, fact: Fact) -> dict[str, str]:
    return dict(house.dialect.exports(fact))


def accounts(house: House, id: str = "tank", serial: str = "ABC-123") -> list[str]:
    device = house.premises.device(id)
    assert device is not None
    return [group.id for group in Readership(house.premises).accounts(device, serial)]


@pytest.mark.parametrize(
    ("kind", "firmware", "is_new_enough"),
    [
        ("unit", "21012701", True),
        ("unit", "21012700", False),
        ("unit", "20123199", False),
        ("unit", "26010100", True),
        ("unit", "", True),
        ("unit", "v5", True),
        ("unit", "²", True),
        ("board", "7", True),
        ("meter", "5.18", True),
    ],
)
def test_a_unit_needs_a_firmware_of_2021_01_27_to_stream(kind: str, firmware: str, is_new_enough: bool) -> None:
    assert is_streamed(Device(id="x", kind=kind, firmware=firmware)) is is_new_enough


def test_a_row_is_exported_as_it_is_sent() -> None:
    house = make_house()

    found = exported(house, ROW)

    assert found == {
        "demo": '{"channel":"export:123","data":{"type":"LOGDATA","serial":"ABC-123","time":"2026-06-01T12:00:00Z",'
        '"timeout":0,"fields":[{"2":9.021}]}}'
    }


@pytest.mark.parametrize(
    "fact",
    [
        Sample("tank", START, {"flow": 1.0}),
        LogRow("hidden", START, Log.FAST, {"flow": 1.0}),
        LogRow("nobody", START, Log.FAST, {"flow": 1.0}),
        LogRow("tank", START, Log.FAST, {"serial": "text"}),
    ],
)
def test_what_is_sent_to_nobody_is_not_exported(fact: Fact) -> None:
    assert exported(make_house(), fact) == {}


def test_a_unit_that_is_too_old_to_stream_exports_nothing() -> None:
    house = make_house()
    tank = house.premises.device("tank")
    assert tank is not None
    house.roster.declare(replace(tank, firmware="20010101"))

    assert exported(house, ROW) == {}


def test_an_account_that_has_no_key_for_the_unit_keeps_nothing() -> None:
    house = make_house()
    for credential in house.access.credentials("ezeio"):
        house.access.remove(credential.id)
    house.access.add(key("1", rights=Right.CONTROL))
    house.access.add(key("2", functions=("status", "group")))
    without = accounts(house)

    house.access.add(key("3", functions=("subscribe",)))

    assert without == []
    assert accounts(house) == ["demo"]


def test_a_key_that_comes_later_counts_from_then_on() -> None:
    house = make_house()
    add_unit(house, "new", "NEW-001", group="lonely")
    device = house.premises.device("new")
    assert device is not None
    readership = Readership(house.premises)
    house.access.add_group(Group(id="lonely", number=9, name="Lonely"))
    before = list(readership.accounts(device, "NEW-001"))

    house.access.add(key("80000", group="lonely"))
    after = readership.accounts(device, "NEW-001")

    assert before == []
    assert [group.id for group in after] == ["lonely"]
    assert readership.accounts(device, "NEW-001") is after


def test_an_account_above_with_a_key_for_its_subgroups_reads_the_unit_too() -> None:
    house = make_house()
    house.access.add_group(Group(id="top", number=1, name="Top"))
    house.access.add_group(Group(id="demo", number=123, name="Demo", parent="top"))
    house.access.add(key("80000", group="top"))
    own = accounts(house)

    house.access.add(key("90000", group="top", is_inherited=True))

    assert own == ["demo"]
    assert accounts(house) == ["demo", "top"]
    assert '"channel":"export:1"' in exported(house, ROW)["top"]


def test_a_key_of_a_group_that_is_no_account_reads_in_the_account_above() -> None:
    house = make_house()
    house.access.add_group(Group(id="cellar", number=5, name="Cellar", parent="demo", is_account=False))
    add_unit(house, "new", "NEW-001", group="cellar")

    house.access.add(key("80000", group="cellar"))

    assert accounts(house, "new", "NEW-001") == ["demo"]


def test_a_key_of_a_group_without_an_account_keeps_nothing() -> None:
    house = make_house()
    add_unit(house, "new", "NEW-001", group="nobody")

    assert accounts(house, "new", "NEW-001") == []


def test_the_last_status_is_the_newest_by_its_own_time() -> None:
    bulletins = Bulletins()
    rows = [LogRow("tank", START + timedelta(minutes=minute), Log.STATUS, {}) for minute in (0, 20, 10)]

    for row in rows:
        bulletins.note(row)

    assert (bulletins.last("tank"), bulletins.last("meter")) == (rows[1], None)


def test_the_last_holder_that_lets_go_tells_what_is_left() -> None:
    holders = Holders()
    holders.hold("tank", "a", START)
    holders.hold("tank", "b", START + timedelta(minutes=1))
    later = START + timedelta(minutes=10)

    first, second, again = (holders.let_go("tank", socket, later) for socket in ("a", "b", "b"))

    assert (first, second, again) == (0, UNBUFFERED_S - 540, 0)


def test_a_hold_ends_after_thirty_minutes_and_a_repeat_extends_it() -> None:
    holders = Holders()
    for socket in ("over", "again", "waiting"):
        holders.hold("tank", socket, START)
    after = START + timedelta(seconds=UNBUFFERED_S)
    holders.hold("tank", "again", after)

    over = holders.let_go("tank", "over", after)
    # That of the third is over too: it keeps nobody.
    again = holders.let_go("tank", "again", after)

    assert (over, again) == (0, UNBUFFERED_S)
    assert holders.held_by("waiting") == ("tank",)


def test_a_holder_knows_its_units() -> None:
    holders = Holders()
    holders.hold("tank", "a", START)
    holders.hold("meter", "a", START)
    holders.hold("meter", "b", START)

    assert (holders.held_by("a"), holders.held_by("b"), holders.held_by("c")) == (("tank", "meter"), ("meter",), ())
    assert UNBUFFERED_S > GRACE_S > 0
