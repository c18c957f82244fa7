"""Orders that come before the socket does."""

from datetime import timedelta

from hardwire.contracts.act import Bear, Execute, Watch
from hardwire.dialects.ezeio.stream.early import EarlyOrders
from hardwire.dialects.ezeio.stream.holders import Holders
from hardwire.dialects.ezeio.stream.messages import Bulletins
from hardwire.dialects.ezeio.stream.stream import Stream
from hardwire.dialects.ezeio.stream.ticket import LIFE_S, flow_topic
from hardwire.model.command import LogUnbuffered
from tests.dialects.ezeio.premises import START, TICKET, House, make_house

TOPIC = flow_topic(TICKET)


def test_orders_are_told_in_their_order_to_the_stream_that_they_are_for() -> None:
    early = EarlyOrders()

    early.note(TOPIC, "-tank", START)
    early.note("another", "-tank", START)
    early.note(TOPIC, "+meter", START)

    assert early.told(TOPIC, START) == ("-tank", "+meter")


def test_an_order_is_forgotten_when_its_ticket_can_open_nothing_any_more() -> None:
    early = EarlyOrders()
    early.note(TOPIC, "-tank", START)
    late = START + timedelta(seconds=LIFE_S + 1)

    before = early.told(TOPIC, START + timedelta(seconds=LIFE_S))
    after = early.told(TOPIC, late)
    early.note(TOPIC, "+tank", late)

    assert (before, after, early.told(TOPIC, START)) == (("-tank",), (), ("+tank",))


def stream(house: House, *orders: str) -> Stream:
    early = EarlyOrders()
    for order in orders:
        early.note(TOPIC, order, START)
    credential = house.premises.credential("12345")
    assert credential is not None
    return Stream(TICKET, credential, house.premises, holders=Holders(), bulletins=Bulletins(), early=early)


def test_a_unit_that_was_asked_for_and_cancelled_before_goes_back_to_buffering() -> None:
    session = stream(make_house(), "+tank", "-tank")

    acts = list(session.open(START))

    assert {act.channel.device for act in acts if isinstance(act, Watch)} == {"meter"}
    executed = [place for place, act in enumerate(acts) if isinstance(act, Execute)]
    assert [acts[place] for place in executed] == [Execute("tank", LogUnbuffered(0), 0)]
    # The caller's reach is told before anything is executed.
    assert min(place for place, act in enumerate(acts) if isinstance(act, Bear)) < executed[0]


def test_a_unit_that_was_cancelled_and_asked_for_again_before_stays_unbuffered() -> None:
    session = stream(make_house(), "+tank", "-tank", "+tank")

    acts = list(session.open(START))

    assert {act.channel.device for act in acts if isinstance(act, Watch)} == {"tank", "meter"}
    assert not [act for act in acts if isinstance(act, Execute)]
