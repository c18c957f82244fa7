"""What the doctor says of the configuration: every mistake of the file, the environment and the store."""

import os
from pathlib import Path

import pytest

from hardwire.app.doctor import devices, store
from hardwire.app.doctor.devices import Estate
from hardwire.app.doctor.finding import Finding, Grade
from hardwire.app.doctor.store import Kept
from hardwire.storage.sqlite import SqliteStore

METER = {"driver": "simulated", "kind": "meter"}


def estate(text: str, path: Path, kept: Kept | None = None, **environment: str) -> Estate:
    """What is understood of a configuration file."""
    file = path / "hardwire.toml"
    file.write_text(text)
    return devices.gather(file, environment, kept or Kept())


def test_a_configuration_without_a_mistake_is_good(tmp_path: Path) -> None:
    (found,) = estate('[devices.grid]\ndriver = "simulated"\nkind = "meter"\n', tmp_path).findings
    (two,) = estate("", tmp_path, Kept(devices={"a": METER, "b": METER})).findings

    assert found.grade is Grade.GOOD
    assert found.text == f"{tmp_path}/hardwire.toml is understood: 1 device"
    assert two.text.endswith("2 devices")
    assert "there is no file" in devices.gather(None, {}, Kept()).findings[0].text


def test_every_mistake_is_told_and_what_is_right_is_kept(tmp_path: Path) -> None:
    found = estate(
        """
        hubb = 1
        [hub]
        port = 9000
        [devices.one]
        driver = "simulated"
        [devices.two]
        driver = "simulated"
        kind = "meter"
        [devices.three]
        driver = "dsmr"
        port = "ttyUSB0"
        """,
        tmp_path,
        HARDWIRE_PROT="1",
        HARDWIRE_TLS_PORT="9001",
    )

    texts = [one.text for one in found.findings]
    assert all(one.grade is Grade.WRONG for one in found.findings)
    assert len(texts) == 4
    assert "did you mean 'HARDWIRE_PORT'?" in texts[0]
    assert "did you mean 'hub'?" in texts[1]
    assert "say which kind it is" in texts[2]
    assert found.findings[3].about == "devices.three.port"
    assert (found.config.hub.port, found.config.hub.tls_port) == (9000, 9001)
    assert [one.id for one in found.devices] == ["two", "three"]


def test_a_device_that_is_made_from_one_that_is_not_there_is_told(tmp_path: Path) -> None:
    found = estate(
        """
        [devices.grid]
        driver = "simulated"
        kind = "meter"
        [devices.battery]
        driver = "simulated"
        kind = "battery"
        meter = "gird"
        [devices.offset]
        driver = "computed"
        points = { power_w = "grid.power_w + nobody.power_w - gird.power_w * 1 m3 / grid.gas.value" }
        """,
        tmp_path,
    )

    assert [(one.grade, one.about, one.text) for one in found.findings] == [
        (
            Grade.WRONG,
            "devices.battery",
            "it reads the device 'gird', and there is none of that id; did you mean 'grid'?",
        ),
        (
            Grade.WRONG,
            "devices.offset",
            "it reads the device 'gird', and there is none of that id; did you mean 'grid'?",
        ),
        (
            Grade.WRONG,
            "devices.offset",
            "it reads the device 'nobody', and there is none of that id; known are battery, grid",
        ),
    ]


def test_a_hub_table_that_is_wrong_hides_no_device(tmp_path: Path) -> None:
    text = '[hub]\nport = "x"\n[devices.grid]\ndriver = "simulated"\nkind = "meter"\n'

    found = estate(text, tmp_path, HARDWIRE_TIMEZONE="Nowhere/Else")

    assert [one.about for one in found.findings] == ["configuration"]
    assert [one.id for one in found.devices] == ["grid"]


@pytest.mark.parametrize("text", ["devices = 3", "[devices]\n\n[devices"])
def test_a_file_that_is_none_is_one_sentence(tmp_path: Path, text: str) -> None:
    (found,) = estate(text, tmp_path).findings

    assert found.grade is Grade.WRONG
    assert "hardwire.toml" in found.text


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    nothing = devices.gather(tmp_path / "hardwire.toml", {}, Kept())
    (missing,) = nothing.findings
    (unreadable,) = devices.gather(tmp_path, {}, Kept()).findings

    assert not nothing.is_read
    assert "there is no file" in missing.text
    assert "Is a directory" in unreadable.text


def test_a_device_that_was_added_and_is_understood_no_more_is_told_with_the_way_out(tmp_path: Path) -> None:
    (found,) = estate("", tmp_path, Kept(devices={"old": {"driver": "gone"}})).findings

    assert found.about == "devices.old"
    assert "`hardwire device remove old`" in found.text


def test_an_address_that_two_devices_want_or_another_had_is_told() -> None:
    grid = {**METER, "homewizard": {"serial": "5c2faf0a0b0c"}}
    kept = Kept(devices={"a": grid, "b": grid}, addresses={("homewizard", "5c2faf0a0b0c"): "gone"})

    found = devices.gather(None, {}, kept).findings

    assert [one.about for one in found] == ["devices.a.homewizard.serial", "devices.b.homewizard.serial"]
    assert "belongs to the device 'gone' for ever" in found[0].text


def test_a_fault_of_the_store_is_a_finding() -> None:
    (found,) = devices.gather(None, {}, Kept(fault="it is damaged")).findings

    assert found == Finding(Grade.WRONG, "store", "it is damaged")


@pytest.mark.parametrize("is_hub_running", [False, True])
async def test_the_store_is_read_and_nothing_is_made_beside_it(tmp_path: Path, is_hub_running: bool) -> None:
    kept = SqliteStore(tmp_path)
    await kept.open()
    await kept.save_device("bench", METER)
    await kept.save_address("obniz", "2345-6789", "bench")
    if not is_hub_running:
        await kept.close()
    before = sorted(os.listdir(tmp_path))

    found = store.gather(tmp_path, is_hub_running=is_hub_running)

    assert found == Kept(devices={"bench": METER}, addresses={("obniz", "2345-6789"): "bench"})
    assert sorted(os.listdir(tmp_path)) == before
    if is_hub_running:
        await kept.close()


async def test_sealed_settings_are_opened_with_the_key_and_told_without_it(tmp_path: Path) -> None:
    kept = SqliteStore(tmp_path)
    await kept.open()
    await kept.save_device("bench", METER, is_secret=True)
    await kept.close()
    (tmp_path / "vault.key").chmod(0o644)

    found = store.gather(tmp_path, is_hub_running=False)
    mode = (tmp_path / "vault.key").stat().st_mode & 0o777
    (tmp_path / "vault.key").unlink()
    lost = store.gather(tmp_path, is_hub_running=False)

    assert found.devices == {"bench": METER}
    assert mode == 0o644
    assert "vault.key" in lost.fault


def test_a_store_that_is_none_is_told(tmp_path: Path) -> None:
    assert store.gather(tmp_path, is_hub_running=False) == Kept()
    (tmp_path / "hardwire.db").write_text("no database at all, and longer than a header of one hundred bytes" * 3)

    assert "cannot be read" in store.gather(tmp_path, is_hub_running=False).fault
