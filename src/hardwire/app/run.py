"""The composition root: builds a hub from its parts, opens its doors, closes it in order."""

import asyncio
import secrets
import time
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack, suppress
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import structlog
from msgspec import Struct

from hardwire.app import demo, parts, realm
from hardwire.app.backup.renewal import Renewal
from hardwire.app.clients import Cutting
from hardwire.app.config import Config, HubTable
from hardwire.app.correspondence import Correspondence
from hardwire.app.entrance import Entrance
from hardwire.app.entries import device_entry
from hardwire.app.estate import Estate, Origin
from hardwire.app.faces import declared
from hardwire.app.folder import socket_path
from hardwire.app.groups import Groups
from hardwire.app.keys import Keys
from hardwire.app.lives import Ready, live
from hardwire.app.metrics.lookout import Lookout
from hardwire.app.repeats import Repeats
from hardwire.app.tally import Tally
from hardwire.app.vigil import Vigil
from hardwire.bus.local import LocalBus
from hardwire.console.console import Console
from hardwire.contracts.dialect import Dialect
from hardwire.contracts.question import AddDevice, CreateKey, CutClient, RemoveDevice, RemoveGroup, Renew, SaveGroup
from hardwire.hub.desk import Desk
from hardwire.hub.hub import Hub
from hardwire.model.access import Credential, Right
from hardwire.model.audit import HUB, Action, audited
from hardwire.model.errors import HardwireError
from hardwire.server.files import raise_files_limit
from hardwire.server.sockets.frames import frame_of
from hardwire.storage.caretaker import Caretaker, Keeping
from hardwire.storage.recorder import Pace, Recorder
from hardwire.storage.sqlite import SqliteStore
from hardwire.version import VERSION

TICK_S = 1.0

log = structlog.get_logger("hardwire")


class Options(Struct, frozen=True, kw_only=True):
    """What the command line says beyond the configuration."""

    folder: Path
    is_demo: bool = False
    is_demo_unsafe: bool = False
    environment: Mapping[str, str] = {}
    repeats: Repeats | None = None
    """Who counts the lines of the log, where somebody does."""


async def run(config: Config, options: Options, on_ready: Callable[[Ready], None]) -> None:
    """Run a hub until SIGINT or SIGTERM, then end it in order: doors, sockets (1001), drivers, store.

    A backup that is put back ends it in the same order, and begins it anew.

    Raises:
        HardwireError: a setting is wrong, a port is taken, the store cannot be used.
    """

    async def begin(config: Config, stack: AsyncExitStack, renewal: Renewal) -> Ready:
        return await _open(config, options, stack, renewal)

    await live(begin, config, options.folder, on_ready)


async def _open(config: Config, options: Options, stack: AsyncExitStack, renewal: Renewal) -> Ready:
    """Build everything; what was opened is closed by the stack, in the opposite order."""
    if options.is_demo:
        # Before there is a data folder.
        demo.refuse_open_hosts([config.hub.host], is_unsafe_wanted=options.is_demo_unsafe)
    raise_files_limit()
    store = SqliteStore(options.folder)
    await store.open()
    stack.push_async_callback(store.close)
    hub = Hub(LocalBus(time.monotonic), store, lambda: datetime.now(UTC), frame_of, stopwatch=time.perf_counter)
    hub.on_fault = lambda where, fault: log.error("a part failed", part=where, exc_info=fault)
    desk = Desk(hub)
    dialects = _dialects(config, hub)
    hub.speak(dialects)
    hub.outbox.epoch = await store.exports.begin_epoch(hub.now())
    pages = Console(hub.house, dialects)
    entrance = await Entrance.build(
        config.hub,
        options.folder,
        hub,
        desk,
        {**dialects, pages.name: pages},
        limits=config.limits,
        is_demo=options.is_demo,
        is_demo_unsafe=options.is_demo_unsafe,
    )
    gathered = asyncio.Event()
    estate = Estate(
        hub,
        store,
        dialects,
        zone=config.hub.timezone,
        doors=entrance.doors,
        gathered=gathered,
        settings=config.dialects,
        reserved=declared(config.devices),
        destinations=config.destinations,
    )
    keys = Keys(hub, desk, config.dialects)
    groups = Groups(hub, store)
    tally = Tally(dialects.values(), store)
    for question in (AddDevice, RemoveDevice):
        desk.entrust(question, estate.answer)
    for change in (SaveGroup, RemoveGroup):
        desk.entrust(change, groups.answer)
    desk.entrust(CreateKey, keys.answer)
    desk.entrust(CutClient, Cutting(hub, entrance.clients).answer)
    desk.entrust(Renew, renewal.answer)
    correspondence = Correspondence(hub, desk, config.destinations)
    lookout = Lookout(
        hub, desk, store, entrance.front, mail=correspondence, logins=hub.lockout, repeats=options.repeats
    )
    stack.push_async_callback(correspondence.close)
    stack.push_async_callback(estate.close)
    stack.push_async_callback(tally.save)
    stack.push_async_callback(entrance.close)
    await _recall(config, options, hub, store, estate, groups)
    await tally.recall()
    _in_background(tally.run(), "tally", stack)
    _record(config.hub, hub, stack)
    await correspondence.open()
    gathered.set()
    _in_background(_tick(hub, correspondence, lookout), "clock", stack)
    await _note_run(hub, renewal, stack)
    _in_background(lookout.run(), "lookout", stack)
    http, https = await entrance.open(socket_path(options.folder, options.environment))
    _in_background(entrance.discovery.run(), "discovery", stack)
    lookout.open()
    stack.push_async_callback(lookout.close)
    return Ready(http, https, await _first_token(hub, store))


async def _note_run(hub: Hub, renewal: Renewal, stack: AsyncExitStack) -> None:
    """Have the audit log tell that the hub runs and with whose files, and tell it that it stops in order."""
    if renewal.before is not None:
        kept = f"what was there before is in {renewal.before.name}"
        await hub.store.audit(audited(hub.now(), renewal.asked_by, Action.BACKUP_RESTORED, detail=kept))
    await hub.store.audit(audited(hub.now(), HUB, Action.HUB_STARTED, detail=f"version {VERSION}"))

    async def stop() -> None:
        # A disk that is full may not keep the hub from ending in order.
        with suppress(HardwireError):
            await hub.store.audit(audited(hub.now(), HUB, Action.HUB_STOPPED, detail=f"version {VERSION}"))

    stack.push_async_callback(stop)


def _record(table: HubTable, hub: Hub, stack: AsyncExitStack) -> None:
    """Keep what devices tell, for as long as it is wanted."""
    pace = Pace(
        interval=timedelta(seconds=table.record_interval_s),
        heartbeat=timedelta(seconds=table.record_heartbeat_s),
        history_days=table.history_days,
    )
    keeping = Keeping(history_days=table.history_days, rollup_days=table.rollup_days, export_days=table.export_days)
    recorder = Recorder(hub.store, hub.house, pace, now=hub.now)
    hub.intake.record(recorder.take)
    caretaker = Caretaker(hub.store, hub.house, recorder, keeping, now=hub.now)
    _in_background(caretaker.run(), "caretaker", stack)


def _dialects(config: Config, hub: Hub) -> Mapping[str, Dialect]:
    return {
        name: part.make(hub.house, secrets.token_bytes, config.dialects.get(name))
        for name, part in parts.dialects().items()
    }


async def _recall(
    config: Config, options: Options, hub: Hub, store: SqliteStore, estate: Estate, groups: Groups
) -> None:
    """Fill the hub from the store, the file and the demo."""
    await groups.recall(config.groups)
    for credential in await store.credentials():
        # The store knows an expired one for a while; that it is over was told when it came to be.
        if not credential.is_expired(hub.now()):
            hub.access.add(credential)
    await realm.hold(store, config.dialects.get("ezeio"), tuple(hub.access.credentials("ezeio")))
    hub.roster.know_numbers(await store.field_numbers())
    for device, values in (await store.kept_values()).items():
        hub.roster.note_kept(device, values)
    for entry in config.devices:
        await estate.add(entry, Origin.FILE)
    if options.is_demo:
        groups.add_of_demo(demo.group())
        for id, table in demo.tables().items():
            await estate.add(device_entry(id, table, config.hub.timezone), Origin.DEMO)
        hub.roster.make_default("homewizard", demo.METER)
        demo.let_in(hub, config)
    await estate.recall()


async def _first_token(hub: Hub, store: SqliteStore) -> str | None:
    """Make the admin credential where there is none, now that nothing can keep it from being shown; else None."""
    if next(iter(hub.access.credentials("admin")), None) is not None:
        return None
    token = secrets.token_urlsafe(24)
    credential = Credential(
        id="admin",
        kind="admin",
        name="first admin",
        rights=Right.READ | Right.CONTROL | Right.ADMIN,
        secret_hash=sha256(token.encode()).digest(),
    )
    line = audited(hub.now(), HUB, Action.KEY_ISSUED, credential.id, "the first admin token, shown at the first start")
    await store.save_credential(credential, audit=[line])
    hub.access.add(credential)
    return token


def _in_background(coroutine: Any, name: str, stack: AsyncExitStack) -> None:  # Any: a coroutine of any result
    task = asyncio.get_running_loop().create_task(coroutine, name=name)

    async def stop() -> None:
        task.cancel()
        await asyncio.wait([task], timeout=5.0)

    stack.push_async_callback(stop)


async def _tick(hub: Hub, correspondence: Correspondence, lookout: Lookout) -> None:
    vigil = Vigil(hub.house)
    while True:
        # On the second, so that log rows stand on their marks.
        await asyncio.sleep(TICK_S - time.time() % TICK_S)
        try:
            hub.tick()
            correspondence.tick(hub.now())
            vigil.look(hub.now())
            lookout.tick()
        except Exception as fault:
            log.error("the hub's clock stumbled", exc_info=fault)
