"""Secret settings of a device: found by the mark of its driver, encrypted on the disk, there again after a restart."""

from pathlib import Path
from typing import Any

import pytest

from hardwire.app.entries import device_entry
from hardwire.app.secrets import has_secret
from hardwire.contracts.question import AddDevice
from hardwire.model.errors import BadValueError
from tests.app.premises import house

TOKEN = "5EC2E7" * 5
METER = {"driver": "homewizard", "host": "127.0.0.1:1", "token": TOKEN, "fingerprint": "ab" * 32}


def all_of(folder: Path) -> bytes:
    """Return everything that a folder's files hold."""
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


def made(table: dict[str, Any]) -> None:  # Any: TOML
    """Check a table and build its driver."""
    entry = device_entry("grid", table, "UTC")
    entry.driver.make("grid", "home", "UTC", entry.settings)


@pytest.mark.parametrize(
    ("table", "is_secret"),
    [
        (METER, True),
        ({"driver": "homewizard", "host": "127.0.0.1:1"}, False),
        ({"driver": "simulated", "kind": "meter"}, False),
        ({"driver": "simulated", "kind": "board", "obniz": {"id": "2345-6789"}}, False),
    ],
)
def test_a_table_is_secret_when_it_gives_a_setting_that_its_driver_marks(
    table: dict[str, Any], is_secret: bool
) -> None:  # Any: TOML
    assert has_secret(device_entry("grid", table, "UTC"), table) is is_secret


async def test_a_token_is_no_plain_text_on_the_disk_and_is_there_again_after_a_restart(tmp_path: Path) -> None:
    async with house(tmp_path) as before:
        await before.estate.answer(AddDevice("grid", METER))

        assert (await before.store.devices())["grid"] == METER
    kept = all_of(tmp_path)
    async with house(tmp_path) as after:
        await after.estate.recall()

        assert after.hub.roster.device("grid") is not None
    assert TOKEN.encode() not in kept


@pytest.mark.parametrize(
    "wrong",
    [{"token": f"{TOKEN} "}, {"tokne": TOKEN}, {"token": [TOKEN]}, {"host": 7}, {"fingerprint": "x"}, {"ca": "x"}],
)
def test_a_mistake_is_told_without_the_token(wrong: dict[str, Any]) -> None:  # Any: TOML
    with pytest.raises(BadValueError) as caught:
        made({**METER, **wrong})

    assert TOKEN not in f"{caught.value!r} {caught.value.message}"


def test_an_entry_that_is_printed_shows_no_token() -> None:
    assert TOKEN not in repr(device_entry("grid", METER, "UTC"))
