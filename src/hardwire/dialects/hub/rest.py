"""One request to the hub's own API, from credential to answer."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from difflib import get_close_matches
from functools import partial
from math import ceil
from typing import Any

from hardwire.contracts.act import Act, Ask, Bear, Execute, Respond
from hardwire.contracts.house import House
from hardwire.contracts.question import (
    AddDevice,
    Answer,
    PressButton,
    ReadHistory,
    ReadSamples,
    Record,
    RemoveDevice,
    RemoveGroup,
    Renew,
)
from hardwire.contracts.question import RevokeCredential as RevokeKey
from hardwire.contracts.request import Request
from hardwire.contracts.session import Acts, Upgrade
from hardwire.dialects.hub import audit, authority, clients, doorman, groups, history, keys, wire
from hardwire.dialects.hub.query import instant, whole
from hardwire.dialects.hub.tail import Tail
from hardwire.dialects.hub.tree import group_of
from hardwire.model.access import Caller, Credential, Group
from hardwire.model.audit import Action
from hardwire.model.board.display import SCALE_LIMIT, SCREEN_POINT, DisplayShown, ReadDisplay
from hardwire.model.client import ClientState
from hardwire.model.command import Done, Failed, Reply
from hardwire.model.device import Device
from hardwire.model.errors import CallerError, HardwireError, NotAllowedError, UnknownError

AUDIT = "/hub/v1/audit"
SAMPLES_DEFAULT = 1_000
SAMPLES_LIMIT = 10_000


class Rest:
    """A one-shot session: every path of `/hub/v1`, and what needs no credential."""

    def __init__(self, request: Request, house: House) -> None:
        self._request = request
        self._house = house
        self._past: history.Past | None = None

    def open(self, now: datetime) -> Acts:
        """Answer at once, or ask the hub first."""
        try:
            yield from self._open(now)
        except HardwireError as fault:
            yield refusal(fault)

    def receive(self, message: str | bytes, now: datetime) -> Acts:
        """A request has no further messages."""
        return ()

    def reply(self, tag: int, answer: Reply | Answer, now: datetime) -> Acts:
        """Answer with what the hub answered."""
        match answer:
            case HardwireError() as fault:
                yield refusal(fault)
            case Failed(fault):
                yield refusal(fault)
            case Done((DisplayShown(png),)):
                yield Respond(200, png, "image/png", headers={"Cache-Control": "no-store"})
            case Done() | True:
                yield _answer({"result": "ok"})
            case str() as id:
                yield _answer({"id": id}, 201 if self._request.method == "POST" else 200)
            case (Credential() as credential, str() as text):
                yield _answer({**keys.shown(credential), "key": text}, 201)
            case Credential() as credential:
                yield _answer(keys.shown(credential))
            case Group() as group:
                yield _answer(groups.shown(self._house, group), 201 if self._request.method == "POST" else 200)
            case ClientState() as client:
                yield _answer(clients.shown(client, now))
            case tuple() as lines if self._request.path == AUDIT:
                yield _answer(audit.shown(lines))
            case tuple() as rows if self._past is not None:
                yield _answer(self._past.answer(rows))
            case samples:
                assert isinstance(samples, Sequence), "ReadSamples, the last question there is, answers samples"
                yield _answer([{"at": wire.instant(one.at), "values": one.values} for one in samples])

    def notice(self, topic: str, message: str, now: datetime) -> Acts:
        """It listens to nothing."""
        return ()

    def tick(self, now: datetime) -> Acts:
        """It wants no wake-up."""
        return ()

    def closed(self, now: datetime) -> Acts:
        """Nothing is left to do."""
        return ()

    def _open(self, now: datetime) -> Iterable[Act | Upgrade]:
        request = self._request
        if request.path in authority.PATHS:
            yield authority.shown(request, self._house.authority_pem())
            return
        caller = doorman.caller_of(request, self._house)
        if caller is None:
            yield unauthorized(doorman.locked_s(request, self._house, now))
            return
        yield Bear(caller)
        methods: dict[str, Callable[[], Iterable[Act | Upgrade]]] = {}
        for method, pattern, action in self._routes(caller, now):
            match = re.fullmatch(pattern, request.path.removeprefix("/hub/v1"))
            if match is not None:
                methods[method] = partial(action, *match.groups())
        if not methods:
            raise UnknownError(f"there is nothing at {request.path}")
        if request.method not in methods:
            allowed = ", ".join(methods)
            yield Respond(
                405, wire.json({"error": {"code": "method", "message": f"use {allowed}"}}), headers={"Allow": allowed}
            )
            return
        yield from methods[request.method]()

    def _routes(
        self, caller: Caller, now: datetime
    ) -> Iterable[tuple[str, str, Callable[..., Iterable[Act | Upgrade]]]]:
        one = r"/devices/([^/]+)"
        yield "GET", r"/devices", lambda: [_answer([self._shown(device, now) for device in self._house.devices()])]
        yield "POST", r"/devices", self._add
        yield "GET", one, lambda id: [_answer(self._shown(self._device(id), now))]
        yield "DELETE", one, self._remove
        yield "POST", one + "/press", lambda id: [Ask(PressButton(self._device(id).id))]
        yield "POST", one + "/send", self._send
        yield "GET", one + r"/display\.png", self._display
        yield "GET", one + "/samples", lambda id: self._samples(id, now)
        yield "GET", one + "/history", lambda id: self._history(id, now)
        yield "GET", one + "/tail", lambda id: self._tail(id, caller)
        yield "POST", r"/restore", self._restore
        yield "POST", r"/backups", self._note_backup
        yield "GET", r"/audit", lambda: [Ask(audit.asked(self._request.query, now))]
        yield "GET", r"/place", lambda: [_answer(wire.place(self._house))]
        yield "GET", r"/groups", lambda: [_answer([groups.shown(self._house, group) for group in self._house.groups()])]
        yield "POST", r"/groups", lambda: [Ask(groups.addition(self._read(groups.NewGroup), self._house))]
        group = r"/groups/([^/]+)"
        yield "GET", group, lambda id: [_answer(groups.shown(self._house, group_of(self._house, id)))]
        yield "PUT", group, lambda id: [Ask(groups.replacement(id, self._read(groups.NewGroup)))]
        yield "PATCH", group, lambda id: [Ask(groups.change(id, self._read(groups.GroupChange), self._house))]
        yield "DELETE", group, lambda id: [Ask(RemoveGroup(id))]
        client = r"/clients/([^/]+)"
        yield "GET", r"/clients", lambda: self._clients(now)
        yield "GET", client, lambda id: [_answer(clients.shown(clients.found(self._house, id), now))]
        yield "DELETE", client, lambda id: [Ask(clients.cut(self._house, id, caller))]
        yield "GET", r"/keys", lambda: [_answer([keys.shown(one) for one in keys.known(self._house)])]
        yield "POST", r"/keys", lambda: self._create_key(now)
        yield "GET", r"/keys/([^/]+)", lambda id: [_answer(keys.shown(keys.found(self._house, id)))]
        yield "DELETE", r"/keys/([^/]+)", lambda id: [Ask(RevokeKey(id))]

    def _device(self, id: str) -> Device:
        """The device of that id, or of that address in any dialect."""
        known = self._house.device(id) or self._called(id)
        if known is None:
            names = [name for device in self._house.devices() for name in (device.id, *self._addresses(device))]
            near = get_close_matches(id, names, n=1)
            hint = f"did you mean {near[0]!r}?" if near else "`hardwire device list` shows what there is"
            raise UnknownError(f"there is no device {id!r}; {hint}")
        return known

    def _called(self, address: str) -> Device | None:
        """The device that some dialect calls so."""
        return next((one for one in self._house.devices() if address in self._addresses(one)), None)

    def _addresses(self, device: Device) -> Iterable[str]:
        return self._house.addresses(device.id).values()

    def _shown(self, device: Device, now: datetime) -> Mapping[str, object]:
        return wire.device(self._house, device, now)

    def _remove(self, id: str) -> Iterable[Act]:
        # A device that could not start is in no roster, yet its owner has to get rid of it.
        known = self._called(id)
        yield Ask(RemoveDevice(id if known is None else known.id))

    def _add(self) -> Iterable[Act]:
        wanted = wire.read(self._request.body, wire.NewDevice)
        yield Ask(AddDevice(wanted.id, wanted.settings))

    def _send(self, id: str) -> Iterable[Act]:
        device = self._device(id)
        yield Execute(device.id, wire.command_of(self._request.body, device))

    def _samples(self, id: str, now: datetime) -> Iterable[Act]:
        query = self._request.query
        since = instant(query, "since", now - timedelta(hours=1))
        until = instant(query, "until", now)
        limit = whole(query, "limit", SAMPLES_DEFAULT, SAMPLES_LIMIT)
        yield Ask(ReadSamples(self._device(id).id, since, until, limit))

    def _history(self, id: str, now: datetime) -> Iterable[Act]:
        self._past = history.asked(self._request.query, self._device(id), self._house, now)
        yield Ask(ReadHistory(self._past.wish))

    def _restore(self) -> Iterable[Act]:
        # The file lies on the hub's machine: whoever has only a token may not have the hub read there.
        if self._request.caller is None:
            raise NotAllowedError("a backup is put back on the hub's own machine: call `hardwire restore` there")
        yield Ask(Renew(wire.read(self._request.body, wire.Backup).file))

    def _note_backup(self) -> Iterable[Act]:
        # Made from the files: the hub only hears of it, from its owner.
        if self._request.caller is None:
            raise NotAllowedError("a backup is made on the hub's own machine: call `hardwire backup` there")
        yield Ask(Record(Action.BACKUP_MADE, wire.read(self._request.body, wire.Backup).file))

    def _display(self, id: str) -> Iterable[Act]:
        device = self._device(id)
        if device.point(SCREEN_POINT) is None:
            raise UnknownError(f"{device.id} has no screen")
        yield Execute(device.id, ReadDisplay(whole(self._request.query, "scale", 1, SCALE_LIMIT)))

    def _tail(self, id: str, caller: Caller) -> Iterable[Act | Upgrade]:
        device = self._device(id)
        if not self._request.is_upgrade:
            raise CallerError("this is a WebSocket: ask for an upgrade", code="upgrade")
        yield Upgrade(Tail(device.id, caller), device=device.id)

    def _clients(self, now: datetime) -> Iterable[Act]:
        query = self._request.query
        device = self._device(query["device"]).id if "device" in query else None
        yield _answer([clients.shown(one, now) for one in clients.asked(query, device, self._house, now)])

    def _create_key(self, now: datetime) -> Iterable[Act]:
        wanted = self._read(keys.NewKey)
        devices = None if wanted.devices is None else tuple(self._device(id).id for id in wanted.devices)
        yield Ask(keys.wish(wanted, devices, self._house, now))

    def _read(self, into: type[Any]) -> Any:  # Any: whatever Struct is asked for
        return wire.read(self._request.body, into)


def _answer(content: object, status: int = 200) -> Respond:
    return Respond(status, wire.json(content))


def unauthorized(locked_s: float) -> Respond:
    """Return the answer to a request without a valid credential, whose sender may be locked out for so many seconds."""
    if locked_s:
        wait_s = ceil(locked_s)
        told = {"code": "locked-out", "message": f"too many wrong credentials: try again in {wait_s} s"}
        return Respond(429, wire.json({"error": told}), headers={"Retry-After": str(wait_s)})
    told = {"code": "unauthorized", "message": "this needs the hub's admin credential"}
    return Respond(401, wire.json({"error": told}), headers={"WWW-Authenticate": 'Bearer realm="hardwire"'})


def refusal(fault: HardwireError) -> Respond:
    """Return the answer that tells an error."""
    status, body = wire.error(fault)
    return Respond(status, body)
