"""What a stream does when the house or the key changes."""

from datetime import timedelta

from hardwire.contracts.act import Bear, Close, Listen, Ping, Unwatch, WakeAt, Watch
from hardwire.dialects.ezeio.holders import Holders
from hardwire.dialects.ezeio.messages import Bulletins
from hardwire.dialects.ezeio.stream import DEVICES, Stream
from hardwire.dialects.ezeio.ticket import flow_topic
from hardwire.model.access import Credential
from hardwire.model.channel import Channel
from tests.dialects.ezeio.premises import START, TICKET, House, add_unit, make_house


def credential(house: House, id: str) -> Credential:
    found = house.premises.credential(id)
    assert found is not None
    return found


def stream(house: House, id: str = "12345") -> Stream:
    return Stream(TICKET, credential(house, id), house.premises, holders=Holders(), bulletins=Bulletins())


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
