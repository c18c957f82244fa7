"""Who asked for what is written down, in one step with it."""

import asyncio
from datetime import timedelta
from ipaddress import ip_address

import pytest

from hardwire.contracts.question import (
    CreateKey,
    IssueCredential,
    PressButton,
    Question,
    ReadAudit,
    Record,
    RevokeCredential,
)
from hardwire.hub.lockout import TRIES
from hardwire.model.access import NOBODY, OWNER, Caller, Credential, Right
from hardwire.model.audit import DETAIL_LIMIT, HUB, Action, Asker, AuditEntry, asker, audited
from hardwire.model.errors import HubFaultError
from tests.fakes.still_clock import NOON
from tests.hub.premises import METER, Premises

OWNER_HERE = Asker("owner")
ELSEWHERE = Asker("10001", "192.0.2.7")
ALL = Right.READ | Right.CONTROL | Right.ADMIN


def key(id: str, name: str = "", **fields: object) -> Credential:
    return Credential(id=id, kind="paper", name=name, secret_hash=id.encode(), **fields)  # type: ignore[arg-type]  # its own fields


def lines(premises: Premises) -> list[tuple[str, str, str]]:
    return [(line.actor, line.action, line.subject) for line in premises.store.audited]


@pytest.mark.parametrize(
    ("caller", "peer", "expected"),
    [
        (OWNER, "", Asker("owner")),
        # The pages of a demo let everybody in.
        (OWNER, "127.0.0.1", Asker("", "127.0.0.1")),
        (Caller(credential="admin", rights=ALL), "192.0.2.7", Asker("admin", "192.0.2.7")),
        (NOBODY, "192.0.2.7", Asker("", "192.0.2.7")),
        (Caller(rights=Right.READ | Right.CONTROL), "", Asker("")),
    ],
)
def test_who_asks_is_a_credential_the_owner_or_nobody_known(caller: Caller, peer: str, expected: Asker) -> None:
    assert asker(caller, peer) == expected


def test_a_line_is_of_bounded_length() -> None:
    line = audited(NOON, Asker("x" * 1000, "y" * 1000), Action.CONTROL_ORDERED, "z" * 1000, "w" * 1000)

    assert [len(text) for text in (line.actor, line.peer, line.subject, line.detail)] == [100, 100, 100, DETAIL_LIMIT]
    assert line.detail.endswith("…")


async def test_keys_tell_who_had_them_made_and_revoked_and_what_they_replace() -> None:
    premises = Premises()

    await premises.desk.answer(IssueCredential(key("old", "app")), ELSEWHERE)
    await premises.desk.answer(IssueCredential(key("new", "app")), OWNER_HERE)
    await premises.desk.answer(RevokeCredential("new"), OWNER_HERE)

    assert lines(premises) == [
        ("10001", "key.issued", "old"),
        ("owner", "key.revoked", "old"),
        ("owner", "key.issued", "new"),
        ("owner", "key.revoked", "new"),
    ]
    assert premises.store.audited[0].peer == "192.0.2.7"
    assert [line.detail for line in premises.store.audited][1:3] == ["replaced by new", "paper 'app' for group home"]


async def test_a_key_that_cannot_be_kept_leaves_no_line() -> None:
    premises = Premises()
    premises.store.fault = HubFaultError("the disk is full", code="disk-full")

    answer = await premises.desk.answer(IssueCredential(key("a")), OWNER_HERE)

    assert isinstance(answer, HubFaultError)
    assert premises.store.audited == []


async def test_a_key_of_a_demo_that_is_revoked_leaves_a_line() -> None:
    premises = Premises()
    premises.hub.access.add(key("demo"), ephemeral=True)

    await premises.desk.answer(RevokeCredential("demo"), OWNER_HERE)

    assert lines(premises) == [("owner", "key.revoked", "demo")]
    assert premises.store.revoked == []


async def test_a_press_that_cannot_be_written_down_is_none() -> None:
    premises = Premises()
    premises.serve(METER)
    premises.store.fault = HubFaultError("the disk is full", code="disk-full")

    answer = await premises.desk.answer(PressButton("meter"), OWNER_HERE)

    assert isinstance(answer, HubFaultError)
    assert not premises.hub.access.is_pressed("meter")
    premises.close()


async def test_a_press_is_written_down() -> None:
    premises = Premises()
    premises.serve(METER)

    await premises.desk.answer_to(PressButton("meter"), OWNER, "")

    assert lines(premises) == [("owner", "button.pressed", "meter")]
    assert premises.hub.access.is_pressed("meter")
    premises.close()


async def test_a_key_that_expires_is_told_of_once() -> None:
    premises = Premises()
    premises.hub.access.add(key("short", expires=NOON + timedelta(seconds=5)))

    for _ in range(3):
        premises.clock.pass_s(4)
        premises.hub.tick()

    assert lines(premises) == [("hub", "key.expired", "short")]


async def test_what_is_done_elsewhere_is_written_down_and_read_back() -> None:
    premises = Premises()
    await premises.desk.answer(Record(Action.BACKUP_MADE, "/media/stick/copy"), OWNER_HERE)
    await premises.desk.answer(Record(Action.CONSOLE_LOGIN), ELSEWHERE)

    everything = await premises.desk.answer(ReadAudit())
    logins = await premises.desk.answer(ReadAudit(action="console", limit=1))

    login = AuditEntry(at=NOON, actor="10001", action="console.login", peer="192.0.2.7")
    assert everything == (
        (1, AuditEntry(at=NOON, actor="owner", action="backup.made", subject="/media/stick/copy")),
        (2, login),
    )
    assert logins == ((2, login),)


async def test_a_change_is_carried_out_by_its_steward_who_is_told_who_asked() -> None:
    premises = Premises()
    heard: list[tuple[Question, Asker]] = []

    async def steward(question: Question, by: Asker) -> object:
        heard.append((question, by))
        return "made"

    premises.desk.entrust(CreateKey, steward)

    answers = [
        await premises.desk.answer(CreateKey(kind="obniz"), ELSEWHERE),
        await premises.desk.answer(CreateKey(kind="obniz")),
    ]

    assert answers == ["made", "made"]
    assert [by for _, by in heard] == [ELSEWHERE, HUB]


async def test_a_lock_out_is_written_down_by_address_and_by_a_user_that_there_is() -> None:
    premises = Premises()
    premises.hub.access.add(key("10001"))
    peer = ip_address("192.0.2.7")

    for user in ("ezeio:10001", "ezeio:my-secret-key", "console:admin"):
        for _ in range(TRIES + 1):
            premises.hub.house.strike(peer, user, premises.clock())
    await asyncio.sleep(0)

    assert lines(premises) == [
        ("hub", "lockout.began", "address 192.0.2.7"),
        ("hub", "lockout.began", "user ezeio:10001"),
        ("hub", "lockout.began", "user (unknown)"),
        ("hub", "lockout.began", "user console:admin"),
    ]
    assert premises.store.audited[0].detail == "wrong credentials, for 30 s"
    assert {line.peer for line in premises.store.audited} == {"192.0.2.7"}


async def test_lock_outs_that_were_not_written_down_are_counted_in_the_next_line() -> None:
    premises = Premises()

    def lock(address: str) -> None:
        for _ in range(TRIES + 1):
            premises.hub.house.strike(ip_address(address), "", premises.clock())

    for number in range(62):
        lock(f"10.0.0.{number}")
    premises.clock.pass_s(120)
    lock("10.0.1.1")

    assert premises.store.audited[-1].detail == "wrong credentials, for 30 s; 2 more were not written down"
