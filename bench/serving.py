"""`hardwire serve` under measurement: its command, its ready line, its CA, and the stamped meters' driver."""

import asyncio
import os
import secrets
import subprocess
import sys
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from bench import stamped_meter
from bench.processes import HERE, Program
from hardwire.model.access import Credential, Right
from hardwire.storage.sqlite import SqliteStore

HARDWIRE = Path(sys.executable).with_name("hardwire")
READY_WITHIN_S = 180.0
BOARD_PATH = "/obniz/1111-1111/ws/1"
"""Of a demo board's socket."""
DEMO_TOKEN = "A" * 32
DEMO_BEARER = {"ezeAPIkey": "12345", "Authorization": "Bearer abcdefghijklmnopqrstuvwx"}
"""What everybody knows of a demo hub's meter and account."""
ENTRY_POINT = f"[hardwire.drivers]\n{stamped_meter.NAME} = {stamped_meter.__name__}:PART\n"


def ready(hub: Program) -> tuple[int, int]:
    """Return the plain and the TLS port of a hub once it is ready."""
    words = dict(word.split("=", 1) for word in hub.wait_line("ready", READY_WITHIN_S))
    plain, tls = urlsplit(words["http"]).port, urlsplit(words["https"]).port
    assert plain is not None
    assert tls is not None
    return plain, tls


def authority(folder: Path) -> Path:
    """Return the file of the CA of the hub whose data is in `folder/data`."""
    command = [sys.executable, str(HARDWIRE), "ca", "export", "--data", str(folder / "data")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    path = folder / "ca.pem"
    path.write_text(done.stdout)
    return path


def grant_meters(data: Path) -> str:
    """Write a user of all meters into a new data folder, as many presses of buttons would; return its token."""
    token = secrets.token_hex(16).upper()
    hashed = sha256(token.encode()).digest()
    asyncio.run(
        grant(
            data,
            Credential(id="bench", kind="homewizard", name="local/bench", rights=Right.READ, secret_hash=hashed),
        )
    )
    return token


async def grant(data: Path, credential: Credential) -> None:
    """Write a credential into a new data folder."""
    store = SqliteStore(data)
    await store.open()
    try:
        await store.save_credential(credential)
    finally:
        await store.close()


def lend_driver(folder: Path, entry_point: str = ENTRY_POINT) -> Mapping[str, str]:
    """Put a driver, the stamped meters' one, within a hub's reach; return the environment that it needs."""
    driver = folder / "path" / "bench_stamped-0.dist-info"
    driver.mkdir(parents=True)
    (driver / "METADATA").write_text("Metadata-Version: 2.1\nName: bench-stamped\nVersion: 0\n")
    (driver / "entry_points.txt").write_text(entry_point)
    given = os.environ.get("PYTHONPATH", "")
    return {"PYTHONPATH": os.pathsep.join(filter(None, (str(driver.parent), str(HERE.parent), given)))}


def demo_hub(folder: str, *more: str, env: Mapping[str, str] | None = None) -> Program:
    """Start `hardwire serve --demo` on free ports with a data folder in `folder`."""
    serve = ["serve", "--demo", "--port", "0", "--tls-port", "0", "--data", f"{folder}/data", *more]
    return Program([str(HARDWIRE), *serve], env=env)
