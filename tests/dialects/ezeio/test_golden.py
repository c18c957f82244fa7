"""The documented answers of `subscribe`, byte for byte."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from hardwire.contracts.act import Act, Execute, Respond
from hardwire.contracts.question import Answer
from hardwire.contracts.request import Request
from hardwire.contracts.session import Session, Upgrade
from hardwire.dialects.ezeio.dialect import Ezeio
from hardwire.dialects.ezeio.part import Face, make
from hardwire.dialects.ezeio.stream.selection import Selection
from hardwire.dialects.ezeio.stream.wire_stream import gap_message
from hardwire.hub.access import Access
from hardwire.hub.house import Premises
from hardwire.hub.roster import Roster
from hardwire.model.access import Group
from hardwire.model.channel import Channel
from hardwire.model.command import Done, Reply
from hardwire.model.device import Device
from hardwire.model.fact import Log, LogRow
from hardwire.model.point import Point
from tests.dialects.ezeio.premises import KEY, TICKET, key, no_entropy

NOW = datetime(2021, 1, 31, 14, 15, 16, tzinfo=UTC)
ANSWERED = NOW + timedelta(milliseconds=55)
WELL = Device(
    id="well",
    kind="unit",
    name="Well 7",
    group="works",
    log="self",
    firmware="21012701",
    points=(
        Point(name="level", label="Level", unit="in", decimals=2, tag="LVL"),
        Point(name="flow", label="Flow", unit="gal/min", decimals=3, log_interval_s=60),
    ),
)


def golden(name: str) -> str:
    return (Path(__file__).parent / "golden" / f"{name}.json").read_text("utf-8").removesuffix("\n")


class Works:
    """An account with one unit, as the documentation shows one."""

    def __init__(self, *, firmware: str = WELL.firmware) -> None:
        roster, access = Roster(), Access(lambda: NOW)
        access.add_group(Group(id="works", number=123, name="Works", description="Pumps / tanks"))
        access.add(key("12345", group="works", expires=None))
        roster.declare(replace(WELL, firmware=firmware))
        roster.show("well", "ezeio", "ABC-123", Face(serial="ABC-123"))
        roster.mark_alive("well", NOW - timedelta(seconds=16))
        self.premises = Premises(roster, access)
        self.dialect: Ezeio = make(self.premises, no_entropy, None)

    def call(self, path: str) -> Session:
        """Begin a call."""
        headers = {"ezeapikey": "12345", "authorization": f"Bearer {KEY}"}
        session = self.dialect.answer(
            Request(method="GET", target=path, path=path, headers=headers, origin="https://api.eze.io")
        )
        list(session.open(NOW))
        return session

    def row(self, channel: str, row: LogRow, **selection: bool) -> str | bytes | None:
        """Render a row."""
        variant = Selection(**selection).variant  # type: ignore[arg-type]  # a test's own choice of fields
        return self.dialect.render(Channel("ezeio", "well", channel, account="works", variant=variant), row)


def body(acts: Iterable[Act | Upgrade]) -> str:
    *_, answer = acts
    assert isinstance(answer, Respond)
    return answer.body.decode()


def test_the_answer_with_a_ticket() -> None:
    session = Works().call("/v1/subscribe/ticket")

    assert body(session.reply(1, True, ANSWERED)) == golden("ticket")


def test_a_status_message() -> None:
    row = LogRow("well", datetime(2021, 1, 31, 14, 20, tzinfo=UTC), Log.STATUS, {"level": 73.4, "flow": 8.112})

    assert Works().row("status", row) == golden("status")


def test_a_logdata_message() -> None:
    row = LogRow("well", datetime(2021, 1, 31, 14, 21, 15, tzinfo=UTC), Log.FAST, {"flow": 9.021})

    assert Works().row("log", row) == golden("logdata")


def test_a_logdata_message_of_a_numbered_stream_in_the_unbuffered_mode() -> None:
    works = Works()
    works.premises.last_export = lambda account: (1612102516, 17)
    row = LogRow("well", datetime(2021, 1, 31, 14, 21, 15, tzinfo=UTC), Log.FAST, {"flow": 9.021}, 1740)

    assert works.row("log", row, is_numbered=True) == golden("logdata_since")


def test_the_news_of_a_gap() -> None:
    assert gap_message(123, NOW, (1612000000, 3), (1612102516, 0)) == golden("gap")


def test_the_answer_to_commands() -> None:
    session = Works().call(f"/v1/subscribe/{TICKET}/-ABC123,ABC124,!abc-123")
    (*_, start) = session.reply(2, b"12345", NOW)
    assert isinstance(start, Execute)

    assert body(session.reply(start.tag, Done(), ANSWERED)) == golden("command")


@pytest.mark.parametrize("grant", [None, "no grant at all"])
def test_the_answer_to_a_command_whose_stream_is_closed(grant: Reply | Answer) -> None:
    session = Works().call(f"/v1/subscribe/{TICKET}/ABC123")

    assert body(session.reply(2, grant, ANSWERED)) == golden("command_refused")


def test_a_unit_that_is_too_old_to_stream_is_listed_and_named_in_the_report() -> None:
    works = Works(firmware="21012700")
    listed = body(works.call("/v1/subscribe/ticket").reply(1, True, ANSWERED))
    session = works.call(f"/v1/subscribe/{TICKET}/ABC123")

    answer = body(session.reply(2, b"12345\nsince=1-1", ANSWERED))

    assert listed == golden("ticket")
    assert '"actions":["Firmware too old: ABC-123"],"status":"No system could be updated"' in answer
