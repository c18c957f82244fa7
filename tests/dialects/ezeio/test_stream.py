"""What a stream does when the house or the key changes."""

from collections.abc import Iterable
from datetime import timedelta

import pytest
from msgspec.structs import replace

from hardwire.contracts.act import Act, Ask, Bear, Close, Execute, Listen, Ping, Send, Unwatch, WakeAt, Watch
from hardwire.contracts.question import ReadExports
from hardwire.contracts.session import Upgrade
from hardwire.dialects.ezeio.stream.early import EarlyOrders
from hardwire.dialects.ezeio.stream.holders import Holders
from hardwire.dialects.ezeio.stream.messages import Bulletins
from hardwire.dialects.ezeio.stream.options import PLAIN, Options
from hardwire.dialects.ezeio.stream.selection import Selection
from hardwire.dialects.ezeio.stream.stream import DEVICES, Stream
from hardwire.dialects.ezeio.stream.ticket import flow_topic
from hardwire.dialects.ezeio.unit.account import Account
from hardwire.model.access import Credential, Right
from hardwire.model.channel import Channel
from hardwire.model.command import Done, LogUnbuffered
from hardwire.model.errors import HubFaultError
from hardwire.model.fact import Log, LogRow
from hardwire.model.history import HistoryRow
from tests.dialects.ezeio.premises import START, TICKET, House, add_unit, make_house
from tests.dialects.ezeio.since_premises import EPOCH, export, remember


def credential(house: House, id: str) -> Credential:
    found = house.premises.credential(id)
    assert found is not None
    return found


def stream(house: House, id: str = "12345", *, options: Options = PLAIN, bulletins: Bulletins | None = None) -> Stream:
    return Stream(
        TICKET,
        credential(house, id),
        house.premises,
        holders=Holders(),
        bulletins=bulletins or Bulletins(),
        early=EarlyOrders(),
        options=options,
    )


def test_a_stream_carries_both_logs_of_every_unit_in_scope() -> None:
    acts = list(stream(make_house()).open(START))

    watched = [(act.channel.device, act.channel.topic, act.channel.account) for act in acts if isinstance(act, Watch)]
    assert watched == [
        ("tank", "status", "demo"),
        ("tank", "log", "demo"),
        ("meter", "status", "demo"),
        ("meter", "log", "demo"),
    ]
    assert [act.topic for act in acts if isinstance(act, Listen)] == [flow_topic(TICKET), DEVICES]


def test_a_unit_that_is_added_later_flows_too_within_a_wider_reach() -> None:
    house = make_house()
    session = stream(house)
    list(session.open(START))
    add_unit(house, "new", "NEW-001")

    bear, *watches = session.notice(DEVICES, "new", START)

    assert isinstance(bear, Bear)
    assert bear.caller.devices == ("tank", "meter", "new")
    assert watches == [
        Watch(Channel("ezeio", "new", "status", account="demo")),
        Watch(Channel("ezeio", "new", "log", account="demo")),
    ]


def test_a_unit_that_is_removed_is_no_longer_watched() -> None:
    house = make_house()
    session = stream(house)
    list(session.open(START))
    house.roster.remove("tank")

    _, *acts = session.notice(DEVICES, "tank", START)

    assert acts == [
        Unwatch(Channel("ezeio", "tank", "status", account="demo")),
        Unwatch(Channel("ezeio", "tank", "log", account="demo")),
    ]


def test_a_unit_of_another_account_changes_nothing() -> None:
    house = make_house()
    session = stream(house)
    list(session.open(START))
    add_unit(house, "theirs", "NEW-001", group="other")

    acts = list(session.notice(DEVICES, "theirs", START))

    assert acts == []


def test_what_is_cancelled_stays_so_when_the_house_changes() -> None:
    house = make_house()
    session = stream(house)
    list(session.open(START))
    list(session.notice(flow_topic(TICKET), "-tank", START))
    add_unit(house, "new", "NEW-001")

    acts = session.notice(DEVICES, "new", START)

    assert {act.channel.device for act in acts if isinstance(act, Watch)} == {"new"}


def test_pings_have_a_payload_and_come_often_enough_for_a_client_that_gives_up_after_five_seconds() -> None:
    session = stream(make_house())
    *_, wake = session.open(START)
    assert isinstance(wake, WakeAt)
    assert wake.at is not None

    ping, again = session.tick(wake.at)

    assert isinstance(ping, Ping)
    assert ping.payload
    assert timedelta(seconds=3) <= wake.at - START <= timedelta(seconds=4)
    assert again == WakeAt(wake.at + (wake.at - START))


def test_the_stream_ends_when_its_key_expires() -> None:
    session = stream(make_house(), "70000")
    list(session.open(START))

    acts = [list(session.tick(START + timedelta(seconds=second))) for second in (59, 60)]

    assert isinstance(acts[0][0], Ping)
    assert acts[1] == [Close(1008, "the key has expired")]


def test_the_stream_ends_when_its_key_is_gone() -> None:
    house = make_house()
    session = stream(house)
    list(session.open(START))
    house.access.remove("12345")

    acts = list(session.tick(START))

    assert acts == [Close(1008, "the key has expired")]


def watched(acts: Iterable[Act | Upgrade]) -> set[str]:
    return {act.channel.device for act in acts if isinstance(act, Watch)}


def executed(acts: Iterable[Act | Upgrade]) -> list[tuple[str, int]]:
    found = [act for act in acts if isinstance(act, Execute)]
    return [(act.device, act.command.seconds) for act in found if isinstance(act.command, LogUnbuffered)]


def age(house: House, firmware: str) -> None:
    tank = house.premises.device("tank")
    assert tank is not None
    house.roster.declare(replace(tank, firmware=firmware))


def test_a_unit_with_an_old_firmware_is_listed_and_not_streamed() -> None:
    house = make_house()
    age(house, "21012700")
    session = stream(house)

    acts = list(session.open(START))

    assert watched(acts) == {"meter"}
    assert [unit.device.id for unit in Account(house.premises, credential(house, "12345")).units()] == ["tank", "meter"]


def test_a_unit_streams_from_its_update_on() -> None:
    house = make_house()
    age(house, "21012700")
    session = stream(house)
    list(session.open(START))
    age(house, "26010100")

    acts = session.notice(DEVICES, "tank", START)

    assert watched(acts) == {"tank"}


def test_a_stream_may_tell_its_units_to_send_at_once_whatever_its_key_may() -> None:
    acts = list(stream(make_house()).open(START))

    (bear,) = (act for act in acts if isinstance(act, Bear))
    assert bear.caller.rights == Right.READ | Right.CONTROL


def test_one_socket_that_cancels_leaves_another_its_unbuffered_updates() -> None:
    house = make_house()
    holders = Holders()
    first, second = (
        Stream(
            ticket,
            credential(house, "12345"),
            house.premises,
            holders=holders,
            bulletins=Bulletins(),
            early=EarlyOrders(),
        )
        for ticket in ("wstkt1", "wstkt2")
    )
    for session, ticket in ((first, "wstkt1"), (second, "wstkt2")):
        list(session.open(START))
        list(session.notice(flow_topic(ticket), "+tank", START))

    cancelled = executed(first.notice(flow_topic("wstkt1"), "-tank", START + timedelta(minutes=1)))
    closed = executed(second.closed(START + timedelta(minutes=2)))

    assert cancelled == []
    assert closed == [("tank", 60)]


def test_what_is_left_of_thirty_minutes_is_never_made_longer() -> None:
    session = stream(make_house())
    list(session.open(START))
    list(session.notice(flow_topic(TICKET), "+tank", START))

    closed = executed(session.closed(START + timedelta(minutes=29, seconds=30)))

    assert closed == [("tank", 30)]


def test_a_mode_that_has_run_out_is_left_alone() -> None:
    session = stream(make_house())
    list(session.open(START))
    list(session.notice(flow_topic(TICKET), "+tank", START))

    cancelled = executed(session.notice(flow_topic(TICKET), "-tank", START + timedelta(minutes=30)))

    assert cancelled == []


def test_a_stream_holds_what_its_client_asked_for_again_from_then_on() -> None:
    session = stream(make_house())
    list(session.open(START))
    list(session.notice(flow_topic(TICKET), "+tank", START))
    list(session.notice(flow_topic(TICKET), "+tank", START + timedelta(minutes=29)))

    closed = executed(session.closed(START + timedelta(minutes=31)))

    assert closed == [("tank", 60)]


def test_nothing_is_watched_while_older_messages_are_on_their_way_although_the_house_changes() -> None:
    house = make_house()
    remember(house, 900)
    options = Options(selection=Selection(is_numbered=True), after=(EPOCH, 1))
    session = stream(house, options=options)
    opened = list(session.open(START))
    add_unit(house, "new", "NEW-001")

    changed = list(session.notice(DEVICES, "new", START))

    assert watched([*opened, *changed]) == set()
    assert [type(act) for act in changed] == [Bear]
    assert [act for act in opened if isinstance(act, Ask)] == [
        Ask(ReadExports(account="demo", after=(EPOCH, 0), limit=1), 1)
    ]


def test_pages_follow_one_another_until_memory_has_the_rest() -> None:
    house = make_house()
    remember(house, 1002)
    session = stream(house, options=Options(selection=Selection(is_numbered=True), after=(EPOCH, 1)))
    list(session.open(START))
    list(session.reply(1, (export(1, 0.0),), START))

    first = list(session.reply(1, tuple(export(number, 1.0) for number in range(2, 502)), START))
    second = list(session.reply(1, tuple(export(number, 1.0) for number in range(502, 1002)), START))
    third = list(session.reply(1, (export(1002, 1.0),), START))

    assert [sum(isinstance(act, Send) for act in acts) for acts in (first, second, third)] == [500, 500, 1]
    assert first[-1] == Ask(ReadExports(account="demo", after=(EPOCH, 501), limit=500), 1)
    assert watched([*first, *second]) == set()
    assert watched(third) == {"tank", "meter"}


def test_a_page_that_comes_late_or_an_answer_that_nobody_waits_for_changes_nothing() -> None:
    session = stream(make_house())
    list(session.open(START))

    acts = [*session.reply(1, (export(1, 0.0),), START), *session.reply(0, Done(), START)]

    assert acts == []


def test_the_last_status_of_this_run_is_sent_without_a_number_and_a_stale_one_is_not() -> None:
    house = make_house()
    house.roster.mark_alive("meter", START)
    bulletins = Bulletins()
    for device, point in (("tank", "level"), ("meter", "power")):
        bulletins.note(LogRow(device, START - timedelta(minutes=5), Log.STATUS, {point: 7}))
    house.roster.mark_lost("meter", "the cable is out", START)
    options = Options(selection=Selection(is_numbered=True), after=(0, 0), is_last_wanted=True)
    session = stream(house, options=options, bulletins=bulletins)

    sent = [act.payload for act in session.open(START) if isinstance(act, Send)]

    assert sent == [
        '{"channel":"export:123","data":{"type":"STATUS","serial":"ABC-123","time":"2026-06-01T11:55:00Z",'
        '"fields":[{"1":7}]}}'
    ]


@pytest.mark.parametrize("answer", [(), HubFaultError("the disk is gone")])
def test_a_unit_without_a_last_status_has_none_sent(answer: object) -> None:
    session = stream(make_house(), options=Options(is_last_wanted=True))
    list(session.open(START))

    assert list(session.reply(2, answer, START)) == []


def test_a_status_that_came_live_meanwhile_or_says_nothing_is_not_followed_by_an_older_one() -> None:
    house = make_house()
    bulletins = Bulletins()
    session = stream(house, options=Options(is_last_wanted=True), bulletins=bulletins)
    list(session.open(START))
    found = (HistoryRow(START - timedelta(minutes=5), {"level": 7.0}),)
    empty = (HistoryRow(START - timedelta(minutes=5), {"unheard_of": 7.0}),)

    says_nothing = list(session.reply(2, empty, START))
    bulletins.note(LogRow("tank", START, Log.STATUS, {"level": 8}))
    is_late = list(session.reply(2, found, START))

    assert (says_nothing, is_late) == ([], [])


def test_a_key_without_an_account_has_a_snapshot_of_account_0() -> None:
    house = make_house()
    add_unit(house, "new", "NEW-001", group="nobody")
    house.roster.mark_alive("new", START)
    bulletins = Bulletins()
    bulletins.note(LogRow("new", START, Log.STATUS, {"level": 1}))
    options = Options(selection=Selection(is_numbered=True), after=(0, 0), is_last_wanted=True)
    session = stream(house, "50000", options=options, bulletins=bulletins)

    acts = list(session.open(START))

    assert [act.payload for act in acts if isinstance(act, Send)] == [
        '{"channel":"export:0","data":{"type":"STATUS","serial":"NEW-001","time":"2026-06-01T12:00:00Z",'
        '"fields":[{"1":1}]}}'
    ]
    assert watched(acts) == {"new"}
