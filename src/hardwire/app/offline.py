"""Answers the hub's own API from the files, where no hub runs: devices and keys, nothing that needs a device alive."""

import secrets
import time
from datetime import UTC, datetime
from pathlib import Path

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
from hardwire.model.errors import HubFaultError
from hardwire.server.exchange import Exchange
from hardwire.server.frames import frame_of
from hardwire.storage.sqlite import SqliteStore


async def call(folder: Path, method: str, path: str, body: bytes) -> tuple[int, bytes]:
    """Answer one call of `/hub/v1` with the owner's rights; no driver runs.

    Raises:
        HubFaultError: the files cannot be used.
    """
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
        desk.staff(RemoveDevice, estate.answer)
        request = Request(method=method, target=path, path=path, body=body, caller=OWNER)
        answer = await Exchange(dialects["hub"], request, hub, desk).answer()
        await estate.close()
        if not isinstance(answer, Respond):
            raise HubFaultError("this needs a running hub: start one with `hardwire serve`")
        return answer.status, answer.body
    finally:
        await store.close()
