"""The paths of a driver: there from its first device on, also one that is added while the hub runs."""

import asyncio
from hashlib import sha256
from pathlib import Path

import pytest

from hardwire.app.config import HubTable
from hardwire.app.entrance import Entrance
from hardwire.app.estate import Estate, Origin
from hardwire.app.keys import Keys
from hardwire.contracts.question import AddDevice, CreateKey, RemoveDevice
from hardwire.model.access import Credential
from hardwire.model.errors import UnknownError
from hardwire.server.tls.authority import Authority
from tests.app.ports import free_port
from tests.app.premises import board, house

WITHIN_S = 15


async def status(port: int, key: str, path: str) -> int:
    """Return the status that a poll is answered with."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\nConnection: close\r\n\r\n"
    writer.write(head.encode())
    try:
        return int((await asyncio.wait_for(reader.read(), WITHIN_S)).split()[1])
    finally:
        writer.close()


async def test_a_driver_whose_first_device_is_added_while_the_hub_runs_opens_its_paths(tmp_path: Path) -> None:
    port = free_port()
    async with house(tmp_path) as inside:
        authority = Authority.create(inside.hub.now())
        table = HubTable(port=port, tls_port=0)
        entrance = Entrance(table, authority, inside.hub, inside.desk, inside.dialects)
        estate = Estate(inside.hub, inside.store, inside.dialects, zone="UTC", doors=entrance.doors)
        await entrance.open(tmp_path / "socket")
        try:
            before = await status(port, "key", "/ingest/v1/one")
            for id in ("one", "two"):
                await estate.answer(AddDevice(id, {"driver": "ingest"}))
            made = await Keys(inside.hub, inside.desk, {}).answer(CreateKey(kind="ingest", devices=("one",)))
            assert isinstance(made, tuple)
            found = [await status(port, made[1], f"/ingest/v1/{id}") for id in ("one", "two", "three")]
            wrong = await status(port, "wrong", "/ingest/v1/one")
            await estate.answer(RemoveDevice("one"))
            gone = await status(port, made[1], "/ingest/v1/one")
        finally:
            await entrance.close()
            await estate.close()

    assert (before, found, wrong, gone) == (404, [200, 403, 404], 401, 404)


async def test_a_driver_without_paths_has_no_keys_either(tmp_path: Path) -> None:
    async with house(tmp_path) as inside:
        keys = Keys(inside.hub, inside.desk, {})
        await inside.estate.add(board("bench", "2345-6789"), Origin.FILE)

        for kind in ("simulated", "computed", "no-such"):
            with pytest.raises(UnknownError):
                await keys.answer(CreateKey(kind=kind))


async def test_a_key_of_a_drivers_door_is_a_token_kept_as_its_hash(tmp_path: Path) -> None:
    async with house(tmp_path) as inside:
        made = await Keys(inside.hub, inside.desk, {}).answer(CreateKey(kind="ingest"))

    assert isinstance(made, tuple)
    credential, text = made
    assert isinstance(credential, Credential)
    assert (credential.kind, credential.secret_hash) == ("ingest", sha256(text.encode()).digest())
