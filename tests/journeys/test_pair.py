"""`hardwire pair` before a device of paper: what it prints, what it refuses, and how it is interrupted."""

import asyncio
import signal
import subprocess
import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest

from hardwire.app import config
from tests.fakes.paper_appliance import IDENTIFIER, TOKEN, PaperAppliance, on_the_network
from tests.journeys.conftest import StartHub
from tests.journeys.hub import HARDWIRE, environment

WITHIN_S = 30


async def started(*args: str, env: Mapping[str, str] | None = None) -> asyncio.subprocess.Process:
    """Start `hardwire pair ARGS`."""
    return await asyncio.create_subprocess_exec(
        str(HARDWIRE), "pair", *args, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(env)
    )


async def pair(*args: str, env: Mapping[str, str] | None = None) -> tuple[int, str, str]:
    """Run it; return its status and what it printed on each of its two ways."""
    process = await started(*args, env=env)
    async with asyncio.timeout(WITHIN_S):
        out, err = await process.communicate()
    assert b"Traceback" not in err, err.decode()
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()


async def test_the_printed_table_makes_a_device_and_all_else_goes_to_standard_error() -> None:
    async with on_the_network(PaperAppliance()) as appliance:
        appliance.users = [403]

        status, table, said = await pair(appliance.address, "--name", "hub one")

    entry = config.parse(tomllib.loads(table), {}).devices[0]
    assert status == 0
    assert (entry.id, entry.settings.token, entry.settings.identifier) == ("p1meter", TOKEN, IDENTIFIER)
    assert entry.settings.fingerprint == appliance.fingerprint
    assert "secret" in table.splitlines()[0]
    assert '# homewizard = { serial = "5e2fafaabbcc", product = "HWE-P1" }' in table
    assert TOKEN not in said
    assert "not what the certificate of a real HomeWizard device says" in said
    assert "paired with P1 Meter (HWE-P1) 5c2fafaabbcc, firmware 6.0400 as local/hub one" in said
    assert appliance.asked_for("POST", "/api/user") == [{"name": "local/hub one"}] * 2


async def test_what_a_device_calls_itself_commands_no_terminal_and_writes_no_settings() -> None:
    appliance = PaperAppliance(product_name="P1\x1b]0;mine\x07")
    appliance.certificate_name = "appliance/\x1b[2Jp1\nadmin\x9b = true"
    async with on_the_network(appliance):
        status, table, said = await pair(appliance.address)

    assert status == 0
    assert set(tomllib.loads(table)["devices"]["p1meter"]) == {"driver", "host", "token", "fingerprint"}
    assert all(line.isprintable() for line in (*table.splitlines(), *said.splitlines()))
    assert r"appliance/\x1b[2Jp1\nadmin\x9b = true" in said


async def test_a_device_of_v1_alone_needs_no_button() -> None:
    async with on_the_network(PaperAppliance("HWE-NEW", ""), is_tls=False) as appliance:
        status, table, said = await pair(appliance.address)

    assert status == 0
    assert tomllib.loads(table) == {"devices": {"meter": {"driver": "homewizard", "host": appliance.address}}}
    assert "v1 only" in said
    assert "#" not in table


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (["--name", "é"], "no name for a user"),
        (["--serial", "5e2fafaabbcc"], "name it with --as"),
        (["--as", "grid", "--serve-as", "HWE-P2"], "did you mean 'HWE-P1'"),
        (["--as", "grid", "--serial", "short"], "twelve hex digits"),
        (["--as", "grid"], "no hub runs"),
    ],
)
async def test_a_mistake_is_told_before_the_device_is_asked(args: list[str], sentence: str, tmp_path: Path) -> None:
    async with on_the_network(PaperAppliance()) as appliance:
        status, table, said = await pair(appliance.address, *args, "--data", str(tmp_path))

    assert (status, table) == (1, "")
    assert sentence in said
    assert appliance.asked == []


async def test_an_api_that_is_off_is_told_with_what_to_do() -> None:
    async with on_the_network(PaperAppliance(), is_tls=False) as appliance:
        appliance.refusals["GET /api"] = (403, b"")
        status, table, said = await pair(appliance.address)

    assert (status, table) == (1, "")
    assert "switch it on in the vendor's app" in said


async def test_what_the_hub_refuses_after_the_button_loses_no_token(make_hub: StartHub) -> None:
    hub = await asyncio.to_thread(make_hub)
    async with on_the_network(PaperAppliance()) as appliance:
        # The demo's own meter has this serial.
        status, table, said = await pair(
            appliance.address, "--as", "grid", "--serial", "5c2fafaabbcc", env={"HARDWIRE_DATA": str(hub.data)}
        )

    settings = tomllib.loads(table)["devices"]["grid"]
    assert status == 1
    assert (settings["token"], settings["homewizard"]["serial"]) == (TOKEN, "5c2fafaabbcc")
    assert "the address 5c2fafaabbcc belongs to" in said


async def test_ctrl_c_ends_it_without_a_traceback() -> None:
    async with on_the_network(PaperAppliance()) as appliance:
        appliance.users = [403] * 100
        process = await started(appliance.address)
        assert process.stderr is not None
        said = ""
        async with asyncio.timeout(WITHIN_S):
            while "press the button" not in said:
                said += (await process.stderr.readline()).decode()
            process.send_signal(signal.SIGINT)
            out, err = await process.communicate()

    assert process.returncode == 1
    assert (out, b"Traceback" in err) == (b"", False)
