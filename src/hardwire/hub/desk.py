"""Answers what sessions ask: credentials, tickets, nonces, buttons, recorded samples."""

import asyncio
from collections.abc import Awaitable, Callable

from hardwire.contracts.driver import Receiver
from hardwire.contracts.question import (
    CountNonce,
    DropTicket,
    Handover,
    IssueCredential,
    IssueTicket,
    LookUpTicket,
    PressButton,
    Question,
    ReadAudit,
    ReadExports,
    ReadHistory,
    ReadIncidents,
    ReadSamples,
    Record,
    RedeemTicket,
    RevokeCredential,
)
from hardwire.hub.hub import Hub
from hardwire.model.access import Caller, Credential
from hardwire.model.audit import HUB, Action, Asker, asker, audited
from hardwire.model.errors import CallerError, HardwireError, HubFaultError, NotAllowedError, UnknownError

Clerk = Callable[[Question], Awaitable[object]]
Steward = Callable[[Question, Asker], Awaitable[object]]


class Desk:
    """Turns a question into its answer."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._clerks: dict[type[Question], Clerk] = {}
        self._stewards: dict[type[Question], Steward] = {}
        # What is replaced and how many there are is looked up before the disk is waited for: one at a time.
        self._issuing = asyncio.Lock()

    def staff(self, question: type[Question], clerk: Clerk) -> None:
        """Let the composition root answer a kind of question that concerns it."""
        self._clerks[question] = clerk

    def entrust(self, question: type[Question], steward: Steward) -> None:
        """Let the composition root carry out a kind of change, and have it written down who asked for it."""
        self._stewards[question] = steward

    def answer_to(self, question: Question, caller: Caller, peer: str) -> Awaitable[object]:
        """Answer a question that a caller asks from an address; empty is that of the owner's own Unix socket."""
        return self.answer(question, asker(caller, peer))

    async def answer(self, question: Question, by: Asker = HUB) -> object:
        """Answer a question as its docstring says; what kept it from being answered is an answer too.

        `by` is who asks. What is changed is written into the audit log in the same step as the change itself.
        """
        try:
            return await self._answer(question, by)
        except HardwireError as error:
            return error
        except Exception as fault:  # noqa: BLE001 (one of the two edges: a fault here may not leave the asker waiting)
            self._hub.on_fault(type(question).__name__, fault)
            return HubFaultError("the hub failed; its log says why")

    async def _answer(self, question: Question, by: Asker) -> object:
        line, store = self._hub.line, self._hub.store
        match question:
            case CountNonce(nonce, count, life_s):
                return await line.count_nonce(nonce, count, life_s)
            case IssueTicket(ticket, grant, life_s):
                await line.issue_ticket(ticket, grant, life_s)
                return True
            case RedeemTicket(ticket):
                return await line.redeem_ticket(ticket)
            case LookUpTicket(ticket):
                return await line.look_up_ticket(ticket)
            case DropTicket(ticket):
                await line.drop_ticket(ticket)
                return True
            case IssueCredential(credential, pressed):
                async with self._issuing:
                    return await self._issue(credential, pressed, by)
            case RevokeCredential(id):
                return await self._revoke(id, by)
            case PressButton(device):
                return await self._press(device, by)
            case ReadSamples(device, since, until, limit):
                return await store.samples(device, since, until, limit)
            case ReadHistory(wish):
                return tuple(await store.history(wish))
            case ReadExports(account=account, after=after, since=since, limit=limit):
                return tuple(await store.exports.read(account, after=after, since=since, limit=limit))
            case ReadIncidents(device=device, since=since, until=until, limit=limit):
                return tuple(await store.incidents.read(device, since, until, limit))
            case ReadAudit(since=since, action=action, limit=limit):
                return tuple(await store.audits(since=since, action=action, limit=limit))
            case Record(action, subject, detail):
                await store.audit(audited(self._hub.now(), by, action, subject, detail))
                return True
            case Handover(device, parcel):
                return await self._hand_over(device, parcel)
        steward = self._stewards.get(type(question))
        if steward is not None:
            return await steward(question, by)
        clerk = self._clerks.get(type(question))
        if clerk is None:
            raise HubFaultError(f"nobody here answers {type(question).__name__}")
        return await clerk(question)

    async def _hand_over(self, device: str, parcel: object) -> object:
        driver: object = self._hub.drivers.get(device)
        if not isinstance(driver, Receiver):
            raise UnknownError(f"the device {device!r} takes nothing that is brought to it", code="no-receiver")
        return await driver.receive(device, parcel)

    async def _issue(self, credential: Credential, pressed: str | None, by: Asker) -> Credential:
        access, now = self._hub.access, self._hub.now()
        if pressed is not None and not access.is_pressed(pressed):
            raise NotAllowedError("press the device's button first", code="not-pressed")
        if not access.has_room_for(credential):
            # The press stays good: whoever makes room may go on without another one.
            raise CallerError("too many credentials of this kind; revoke one first", code="no-storage")
        if pressed is not None:
            access.use_press(pressed)
        replaced = access.replaced_by(credential)
        lines = [audited(now, by, Action.KEY_REVOKED, id, f"replaced by {credential.id}") for id in replaced]
        await self._hub.store.save_credential(
            credential,
            replaces=[id for id in replaced if not access.is_ephemeral(id)],
            audit=[*lines, audited(now, by, Action.KEY_ISSUED, credential.id, _of_key(credential))],
        )
        access.add(credential)
        for id in replaced:
            self._hub.line.notify("revoked", id)
        self._tell_holders(credential)
        return credential

    async def _revoke(self, id: str, by: Asker) -> Credential:
        access, now = self._hub.access, self._hub.now()
        credential = access.credential(id)
        if credential is None:
            raise UnknownError(f"there is no key {id!r}; `hardwire key list` shows what there is")
        line = audited(now, by, Action.KEY_REVOKED, id, _of_key(credential))
        if access.is_ephemeral(id):
            await self._hub.store.audit(line)
        else:
            await self._hub.store.revoke_credential(id, now, audit=[line])
        self._hub.line.notify("revoked", id)
        self._tell_holders(credential)
        return credential

    async def _press(self, device: str, by: Asker) -> bool:
        if self._hub.roster.device(device) is None:
            raise UnknownError(f"there is no device {device!r}")
        # Who presses may let somebody in: first it is written down who that was.
        await self._hub.store.audit(audited(self._hub.now(), by, Action.BUTTON_PRESSED, device))
        self._hub.line.notify("pressed", device)
        return True

    def _tell_holders(self, credential: Credential) -> None:
        """Tell who shows the list of users of a device that it changed."""
        reached = credential.devices
        if reached is None:
            reached = tuple(one.id for one in self._hub.roster.devices() if one.group == credential.group)
        for device in reached:
            self._hub.line.notify(f"credentials:{credential.kind}:{device}", credential.id)


def _of_key(credential: Credential) -> str:
    """Which key it is, in a few words; nothing of its secret."""
    name = f" {credential.name!r}" if credential.name else ""
    reach = f"group {credential.group}" if credential.devices is None else ", ".join(credential.devices)
    return f"{credential.kind}{name} for {reach}"
