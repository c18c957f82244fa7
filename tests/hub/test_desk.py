"""What sessions ask, and what kept it from being answered."""

import asyncio
from datetime import timedelta
from hashlib import sha256

import pytest

from hardwire.contracts.question import (
    AddDevice,
    CountNonce,
    DropTicket,
    Handover,
    IssueCredential,
    IssueTicket,
    LookUpTicket,
    PressButton,
    Question,
    ReadSamples,
    RedeemTicket,
    RevokeCredential,
)
from hardwire.hub.access import CREDENTIALS_PER_DEVICE
from hardwire.model.access import Credential
from hardwire.model.audit import AuditEntry
from hardwire.model.errors import CallerError, HardwireError, HubFaultError, UnknownError
from hardwire.model.fact import Sample
from tests.fakes.paper_driver import PaperDriver
from tests.fakes.still_clock import NOON
from tests.hub.premises import METER, Premises


def credential(id: str, name: str = "local/app") -> Credential:
    return Credential(
        id=id, kind="paper", name=name, devices=("meter",), secret_hash=sha256(f"token of {id}".encode()).digest()
    )


def code(answer: object) -> str:
    assert isinstance(answer, HardwireError), answer
    return answer.code


async def test_an_issued_credential_is_durable_before_it_is_valid() -> None:
    premises = Premises()
    premises.store.may_write.clear()
    asking = asyncio.ensure_future(premises.desk.answer(IssueCredential(credential("a"))))
    await asyncio.sleep(0.01)
    before = premises.hub.access.credential("a")

    premises.store.may_write.set()
    answer = await asking

    assert before is None
    assert answer == credential("a")
    assert premises.store.saved == [(credential("a"), ())]
    assert premises.hub.access.holder("paper", "token of a") == credential("a")
    assert premises.store.audited == [
        AuditEntry(at=NOON, actor="hub", action="key.issued", subject="a", detail="paper 'local/app' for meter")
    ]


async def test_a_credential_of_the_same_name_dies_and_its_bearers_are_told() -> None:
    premises = Premises()
    revoked: list[str] = []
    changes: list[str] = []
    await premises.desk.answer(IssueCredential(credential("old")))
    premises.hub.notices.bear("old", "socket", lambda: revoked.append("old"))
    premises.hub.notices.listen("credentials:paper:meter", "page", lambda topic, message: changes.append(message))

    await premises.desk.answer(IssueCredential(credential("new")))

    assert revoked == ["old"]
    assert changes == ["new"]
    assert premises.store.saved[1] == (credential("new"), ("old",))
    assert premises.hub.access.credential("old") is None


async def test_an_ephemeral_credential_is_replaced_without_the_stores_knowledge() -> None:
    premises = Premises()
    premises.hub.access.add(credential("demo"), ephemeral=True)

    await premises.desk.answer(IssueCredential(credential("new")))

    assert premises.store.saved == [(credential("new"), ())]
    assert premises.hub.access.credential("demo") is None


async def test_two_credentials_of_one_name_at_once_leave_one() -> None:
    premises = Premises()

    await asyncio.gather(*(premises.desk.answer(IssueCredential(credential(id))) for id in ("a", "b", "c")))

    assert [one.id for one in premises.hub.access.credentials("paper")] == ["c"]


async def test_one_press_gives_one_credential() -> None:
    premises = Premises()
    premises.serve(METER)
    pressed = await premises.desk.answer(PressButton("meter"))

    answers = [
        await premises.desk.answer(IssueCredential(credential(id, name=id), pressed="meter")) for id in ("a", "b")
    ]

    assert pressed is True
    assert answers[0] == credential("a", name="a")
    assert code(answers[1]) == "not-pressed"
    assert premises.hub.access.credential("b") is None


async def test_a_button_of_no_device_cannot_be_pressed() -> None:
    premises = Premises()

    answer = await premises.desk.answer(PressButton("nobody"))

    assert code(answer) == "unknown"


async def test_a_full_table_has_no_storage() -> None:
    premises = Premises()
    for number in range(CREDENTIALS_PER_DEVICE):
        premises.hub.access.add(credential(str(number), name=f"local/{number}"))

    answer = await premises.desk.answer(IssueCredential(credential("more", name="local/more")))

    assert code(answer) == "no-storage"
    assert premises.store.saved == []


async def test_a_full_table_uses_up_no_press() -> None:
    premises = Premises()
    premises.serve(METER)
    for number in range(CREDENTIALS_PER_DEVICE):
        premises.hub.access.add(credential(str(number), name=f"local/{number}"))
    await premises.desk.answer(PressButton("meter"))

    refused = await premises.desk.answer(IssueCredential(credential("more", name="local/more"), pressed="meter"))
    await premises.desk.answer(RevokeCredential("0"))
    issued = await premises.desk.answer(IssueCredential(credential("more", name="local/more"), pressed="meter"))

    assert code(refused) == "no-storage"
    assert issued == credential("more", name="local/more")


async def test_a_credential_that_the_disk_refused_is_not_valid() -> None:
    premises = Premises()
    premises.store.fault = HubFaultError("the disk is full")

    answer = await premises.desk.answer(IssueCredential(credential("a")))

    assert answer is premises.store.fault
    assert premises.hub.access.credential("a") is None


async def test_a_revoked_credential_dies_durably_and_its_bearers_are_told() -> None:
    premises = Premises()
    revoked: list[str] = []
    await premises.desk.answer(IssueCredential(credential("a")))
    premises.hub.notices.bear("a", "socket", lambda: revoked.append("a"))

    answer = await premises.desk.answer(RevokeCredential("a"))

    assert answer == credential("a")
    assert revoked == premises.store.revoked == ["a"]
    assert premises.hub.access.credential("a") is None
    assert premises.store.audited[-1].action == "key.revoked"
    assert premises.store.audited[-1].subject == "a"


async def test_an_ephemeral_credential_is_revoked_without_the_stores_knowledge() -> None:
    premises = Premises()
    premises.hub.access.add(Credential(id="demo", kind="paper"), ephemeral=True)

    answer = await premises.desk.answer(RevokeCredential("demo"))

    assert answer == Credential(id="demo", kind="paper")
    assert premises.store.revoked == []


async def test_revoking_nothing_says_so() -> None:
    premises = Premises()

    answer = await premises.desk.answer(RevokeCredential("nobody"))

    assert code(answer) == "unknown"


async def test_a_ticket_works_once_and_is_known_until_it_is_dropped() -> None:
    premises = Premises()
    answers = [
        await premises.desk.answer(question)
        for question in (
            IssueTicket("t", b"grant", 10),
            LookUpTicket("t"),
            RedeemTicket("t"),
            RedeemTicket("t"),
            LookUpTicket("t"),
            DropTicket("t"),
        )
    ]

    gone = await premises.desk.answer(LookUpTicket("t"))

    assert answers == [True, b"grant", b"grant", None, b"grant", True]
    assert gone is None


async def test_a_use_of_a_nonce_counts_once() -> None:
    premises = Premises()

    uses = [await premises.desk.answer(CountNonce("n", 1, 60)) for _ in range(2)]

    assert uses == [True, False]


async def test_recorded_samples_are_read_back() -> None:
    premises = Premises()
    samples = [Sample("meter", NOON + timedelta(seconds=second), {"power_w": second}) for second in range(3)]
    premises.store.note(samples)

    answer = await premises.desk.answer(ReadSamples("meter", NOON, NOON + timedelta(seconds=2), 10))

    assert answer == samples[:2]


async def test_a_clerk_answers_what_concerns_the_composition_root() -> None:
    premises = Premises()
    asked: list[Question] = []

    async def clerk(question: Question) -> object:
        asked.append(question)
        return "added"

    premises.desk.staff(AddDevice, clerk)

    answer = await premises.desk.answer(AddDevice("d", {}))

    assert answer == "added"
    assert asked == [AddDevice("d", {})]


async def test_a_question_that_nobody_answers_is_the_hubs_fault() -> None:
    premises = Premises()

    answer = await premises.desk.answer(AddDevice("d", {}))

    assert code(answer) == "hub-fault"


@pytest.mark.parametrize("question", [IssueCredential(credential("a")), AddDevice("d", {})])
async def test_a_fault_is_told_once_and_answered(question: Question) -> None:
    premises = Premises()
    fault = ZeroDivisionError("a bug")

    async def fail(question: Question) -> object:
        raise fault

    premises.store.fault = fault
    premises.desk.staff(AddDevice, fail)

    answer = await premises.desk.answer(question)

    assert code(answer) == "hub-fault"
    assert premises.faults == [(type(question).__name__, fault)]


class Porter(PaperDriver):
    """A driver that takes parcels."""

    async def receive(self, device: str, parcel: object) -> object:
        if parcel == "bomb":
            raise CallerError("take it back", code="bomb")
        return device, parcel


async def test_a_parcel_reaches_the_driver_of_its_device_and_what_it_says_comes_back() -> None:
    premises = Premises()
    premises.serve(METER, driver=Porter())

    answer = await premises.desk.answer(Handover("meter", "parcel"))
    refused = await premises.desk.answer(Handover("meter", "bomb"))

    assert answer == ("meter", "parcel")
    assert code(refused) == "bomb"


@pytest.mark.parametrize("device", ["meter", "nobody"])
async def test_a_parcel_for_a_device_that_takes_none_is_unknown(device: str) -> None:
    premises = Premises()
    premises.serve(METER)

    answer = await premises.desk.answer(Handover(device, "parcel"))

    assert isinstance(answer, UnknownError)
    assert code(answer) == "no-receiver"
