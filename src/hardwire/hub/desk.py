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
    ReadExports,
    ReadHistory,
    ReadIncidents,
    ReadSamples,
    RedeemTicket,
    RevokeCredential,
)
from hardwire.hub.hub import Hub
from hardwire.model.access import Credential
from hardwire.model.errors import CallerError, HardwireError, HubFaultError, NotAllowedError, UnknownError

Clerk = Callable[[Question], Awaitable[object]]


class Desk:
    """Turns a question into its answer."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._clerks: dict[type[Question], Clerk] = {}
        # What is replaced and how many there are is looked up before the disk is waited for: one at a time.
        self._issuing = asyncio.Lock()

    def staff(self, question: type[Question], clerk: Clerk) -> None:
        """Let the composition root answer a kind of question that concerns it."""
        self._clerks[question] = clerk

    async def answer(self, question: Question) -> object:
        """Answer a question as its docstring says; what kept it from being answered is an answer too."""
        try:
            return await self._answer(question)
        except HardwireError as error:
            return error
        except Exception as fault:  # noqa: BLE001 (one of the two edges: a fault here may not leave the asker waiting)
            self._hub.on_fault(type(question).__name__, fault)
            return HubFaultError("the hub failed; its log says why")

    async def _answer(self, question: Question) -> object:
        line = self._hub.line
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
                    return await self._issue(credential, pressed)
            case RevokeCredential(id):
                return await self._revoke(id)
            case PressButton(device):
                return self._press(device)
            case ReadSamples(device, since, until, limit):
                return await self._hub.store.samples(device, since, until, limit)
            case ReadHistory(wish):
                return tuple(await self._hub.store.history(wish))
            case ReadExports(account=account, after=after, since=since, limit=limit):
                return tuple(await self._hub.store.exports.read(account, after=after, since=since, limit=limit))
            case ReadIncidents(device=device, since=since, until=until, limit=limit):
                return tuple(await self._hub.store.incidents.read(device, since, until, limit))
            case Handover(device, parcel):
                return await self._hand_over(device, parcel)
        clerk = self._clerks.get(type(question))
        if clerk is None:
            raise HubFaultError(f"nobody here answers {type(question).__name__}")
        return await clerk(question)

    async def _hand_over(self, device: str, parcel: object) -> object:
        driver: object = self._hub.drivers.get(device)
        if not isinstance(driver, Receiver):
            raise UnknownError(f"the device {device!r} takes nothing that is brought to it", code="no-receiver")
        return await driver.receive(device, parcel)

    async def _issue(self, credential: Credential, pressed: str | None) -> Credential:
        access = self._hub.access
        if pressed is not None and not access.is_pressed(pressed):
            raise NotAllowedError("press the device's button first", code="not-pressed")
        if not access.has_room_for(credential):
            # The press stays good: whoever makes room may go on without another one.
            raise CallerError("too many credentials of this kind; revoke one first", code="no-storage")
        if pressed is not None:
            access.use_press(pressed)
        replaced = access.replaced_by(credential)
        await self._hub.store.save_credential(
            credential, replaces=[id for id in replaced if not access.is_ephemeral(id)]
        )
        access.add(credential)
        for id in replaced:
            self._hub.line.notify("revoked", id)
        await self._hub.store.audit(self._hub.now(), credential.kind, f"issued {credential.id} {credential.name!r}")
        self._tell_holders(credential)
        return credential

    async def _revoke(self, id: str) -> Credential:
        access = self._hub.access
        credential = access.credential(id)
        if credential is None:
            raise UnknownError(f"there is no key {id!r}; `hardwire key list` shows what there is")
        if not access.is_ephemeral(id):
            await self._hub.store.revoke_credential(id, self._hub.now())
        self._hub.line.notify("revoked", id)
        await self._hub.store.audit(self._hub.now(), credential.kind, f"revoked {id} {credential.name!r}")
        self._tell_holders(credential)
        return credential

    def _press(self, device: str) -> bool:
        if self._hub.roster.device(device) is None:
            raise UnknownError(f"there is no device {device!r}")
        self._hub.line.notify("pressed", device)
        return True

    def _tell_holders(self, credential: Credential) -> None:
        """Tell who shows the list of users of a device that it changed."""
        reached = credential.devices
        if reached is None:
            reached = tuple(one.id for one in self._hub.roster.devices() if one.group == credential.group)
        for device in reached:
            self._hub.line.notify(f"credentials:{credential.kind}:{device}", credential.id)
