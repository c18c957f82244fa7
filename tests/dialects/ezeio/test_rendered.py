"""A row is made a message once for each account, although it is kept first and told then."""

from hardwire.dialects.ezeio.stream.messages import Rendered, message_of
from hardwire.model.channel import Channel
from hardwire.model.fact import Log, LogRow
from tests.dialects.ezeio.premises import START, make_house

ACCOUNT = 123


def row(flow: float = 9.021) -> LogRow:
    return LogRow("tank", START, Log.FAST, {"flow": flow})


def test_the_second_who_asks_gets_the_very_same_message() -> None:
    rendered, fact = Rendered(make_house().premises), row()

    messages = [rendered.message(fact, ACCOUNT) for _ in range(2)]

    assert messages[0] is not None
    assert messages[0] is messages[1]


def test_each_account_has_a_message_of_its_own() -> None:
    rendered, fact = Rendered(make_house().premises), row()

    messages = [rendered.message(fact, account) for account in (1, 2)]

    assert ['"channel":"export:1"' in (messages[0] or ""), '"channel":"export:2"' in (messages[1] or "")] == [True] * 2


def test_a_row_like_another_is_another() -> None:
    house = make_house().premises
    rendered = Rendered(house)
    for number in range(20):
        rendered.message(row(number), ACCOUNT)

    last = row(99.5)

    assert rendered.message(last, ACCOUNT) == message_of(house, last, ACCOUNT)


def test_only_the_newest_are_remembered() -> None:
    rendered = Rendered(make_house().premises, rows=2)
    facts = [row(number) for number in range(3)]
    first = [rendered.message(fact, ACCOUNT) for fact in facts]

    again = [rendered.message(fact, ACCOUNT) for fact in reversed(facts)]

    assert again == first[::-1]
    assert [one is other for one, other in zip(again, first[::-1], strict=True)] == [True, True, False]


def test_a_row_with_nothing_to_tell_stays_one() -> None:
    rendered, fact = Rendered(make_house().premises), LogRow("tank", START, Log.FAST, {})

    assert [rendered.message(fact, ACCOUNT) for _ in range(2)] == [None, None]


def test_what_is_kept_and_what_is_told_is_made_once_and_a_part_of_it_anew() -> None:
    house, fact = make_house(), row()
    [(_, kept)] = house.dialect.exports(fact)

    told = house.dialect.render(Channel("ezeio", "tank", "log", account="demo"), fact)
    numbered = house.dialect.render(Channel("ezeio", "tank", "log", account="demo", variant="seq"), fact)
    other = house.dialect.render(Channel("ezeio", "tank", "log", account="demo", variant="fields=7"), fact)

    assert told is kept
    assert isinstance(numbered, str)
    assert numbered.startswith(kept[:-2])
    assert other is None


def test_a_client_that_reads_slowly_misses_no_row() -> None:
    assert not make_house().dialect.keeps_newest(Channel("ezeio", "tank", "log", account="demo"))
