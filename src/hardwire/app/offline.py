"""Answers the hub's own API from the files, where no hub runs: nothing that needs a device alive."""

import re
import secrets
import time
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from hardwire.app import parts
from hardwire.app.backup.exchange import mend
from hardwire.app.estate import Estate
from hardwire.bus.local import LocalBus
from hardwire.contracts.act import Respond
from hardwire.contracts.question import RemoveDevice
from hardwire.contracts.request import Request
from hardwire.hub.desk import Desk
from hardwire.hub.hub import Hub
from hardwire.model.access import OWNER
from hardwire.model.device import Device
from hardwire.model.errors import HubFaultError
from hardwire.model.fact import Log
from hardwire.model.point import Point
from hardwire.server.requests.exchange import Exchange
from hardwire.server.sockets.frames import frame_of
from hardwire.storage.recorded import read_recorded
from hardwire.storage.sqlite import SqliteStore

_PAST = re.compile("/hub/v1/devices/[^/]+/(history|samples)")


async def call(folder: Path, method: str, path: str, body: bytes) -> tuple[int, bytes]:
    """Answer one call of `/hub/v1` with the owner's rights; no driver runs.

    Raises:
        HubFaultError: the files cannot be used.
    """
    place = urlsplit(path)
    mend(folder)
    store = SqliteStore(folder)
    await store.open()
    try:
        hub = Hub(LocalBus(time.monotonic), store, lambda: datetime.now(UTC), frame_of)
        desk = Desk(hub)
        dialects = {name: part.make(hub.house, secrets.token_bytes, None) for name, part in parts.dialects().items()}
        estate = Estate(hub, store, dialects, zone="UTC", is_running=False)
        for group in await store.groups():
            hub.access.add_group(group)
        for credential in await store.credentials():
            hub.access.add(credential)
        await estate.recall()
        desk.entrust(RemoveDevice, estate.answer)
        if _PAST.fullmatch(place.path):
            await _remember(hub, store)
        request = Request(
            method=method,
            target=path,
            path=unquote(place.path),
            query=dict(parse_qsl(place.query)),
            body=body,
            caller=OWNER,
        )
        answer = await Exchange(dialects["hub"], request, hub, desk).answer()
        await estate.close()
        if not isinstance(answer, Respond):
            raise HubFaultError("this needs a running hub: start one with `hardwire serve`")
        return answer.status, answer.body
    finally:
        await store.close()


async def _remember(hub: Hub, store: SqliteStore) -> None:
    """Let devices of a configuration file, which is not read here, be found by what was recorded of them.

    Only for their past: nothing else is known of them.
    """
    hub.roster.know_numbers(await store.field_numbers())
    for id, logs in (await store.read(read_recorded)).items():
        if hub.roster.device(id) is None:
            names = dict.fromkeys(name for points in logs.values() for name in points)
            log = "self" if Log.FAST.value in logs else ""
            hub.roster.declare(Device(id=id, kind="unknown", points=tuple(Point(name=name) for name in names), log=log))
    for (dialect, address), id in (await store.addresses()).items():
        if hub.roster.device(id) is not None and hub.roster.address(dialect, id) is None:
            hub.roster.show(id, dialect, address, None)
