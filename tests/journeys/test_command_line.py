"""Every command against a running hub, and every way in which a stranger mistypes one."""

import json
import os
import re
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest

from tests.journeys.conftest import StartHub
from tests.journeys.hub import ANSWERED_WITHIN_S, HARDWIRE, Hub, environment

CONFIG = """
[devices.grid]
driver = "simulated"
kind = "meter"
homewizard = { serial = "5c2faf0a0b0c" }
"""
FIRST_TOKEN = re.compile(r"shown this once: (\S+)")


def hardwire(*args: object, env: dict[str, str] | None = None) -> "subprocess.CompletedProcess[str]":
    """Run `hardwire ARGS` with no hub to begin with."""
    return subprocess.run(
        [str(HARDWIRE), *map(str, args)],
        capture_output=True,
        text=True,
        env=environment(env),
        timeout=ANSWERED_WITHIN_S,
        check=False,
    )


def refused(done: "subprocess.CompletedProcess[str]", status: int = 1) -> str:
    """Return the sentence of a command that was refused; it is one line on standard error."""
    assert done.returncode == status, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    return done.stderr


def test_the_version_is_told_at_once() -> None:
    done = hardwire("--version")

    assert done.returncode == 0
    assert re.fullmatch(r"hardwire \d+\.\d+\.\d+\S*\n", done.stdout)


def test_devices_are_listed_shown_and_followed(demo_hub: Hub) -> None:
    listed = demo_hub.cli("device", "list")
    shown = demo_hub.cli("device", "show", "5c2fafaabbcc")
    tailed = demo_hub.cli("tail", "1234-5678", "--count", "2")

    assert "Demo unit" in listed
    assert "obniz 1234-5678" in listed
    assert "alive" in listed
    assert re.search(r"^power_w +-?\d+ +W +\d\d:\d\d:\d\d$", shown, re.MULTILINE)
    assert [json.loads(line)["device"] for line in tailed.splitlines()] == ["demo-board-1"] * 2


def test_why_a_device_is_silent_stands_below_the_list_and_beside_the_device(make_hub: StartHub) -> None:
    config = '[devices.grid]\ndriver = "computed"\nlike = "gird"\n'
    hub = make_hub(demo=False, config=config)

    deadline = time.monotonic() + ANSWERED_WITHIN_S
    while "gird" not in (listed := hub.cli("device", "list")) and time.monotonic() < deadline:
        time.sleep(0.2)
    shown = hub.cli("device", "show", "grid")

    assert re.search(r"^grid +meter +not seen yet *$", listed, re.MULTILINE)
    assert re.search(r"^grid: there is no device 'gird'", listed, re.MULTILINE)
    assert shown.startswith("grid  (meter, group home)  not seen yet: there is no device 'gird'")


def test_json_is_what_the_hub_answers(demo_hub: Hub) -> None:
    listed = json.loads(demo_hub.cli("device", "list", "--json"))
    shown = json.loads(demo_hub.cli("device", "show", "demo-meter", "--json"))

    assert shown["id"] in [one["id"] for one in listed]
    assert json.loads(demo_hub.cli("key", "list", "--json"))[0]["kind"] == "admin"


def test_a_device_is_added_written_to_and_removed(make_hub: StartHub) -> None:
    hub = make_hub(demo=False, config=CONFIG)

    added = hub.cli("device", "add", "bench", "driver=simulated", "kind=board", "obniz.id=2345-6789")
    hub.cli("send", "bench", '[{"io0": true}]')
    shown = json.loads(hub.cli("device", "show", "bench", "--json"))
    hub.cli("send", "bench", '{"io1": true}')
    hub.cli("send", "grid", '{"identify": true}')
    pressed = hub.cli("press", "5c2faf0a0b0c")
    removed = hub.cli("device", "remove", "2345-6789")

    assert added == "added bench\n"
    assert shown["values"]["io0"]["value"] is True
    assert "30 s" in pressed
    assert removed == "removed bench\n"
    assert "bench" not in hub.cli("device", "list")


def test_what_a_board_is_fitted_with_is_added_as_the_file_has_it(make_hub: StartHub) -> None:
    hub = make_hub(demo=False)
    board = ("device", "add", "bench", "driver=simulated", "kind=board", "bench=empty", "obniz.id=2345-6789")
    look = '[{"i2c0": {"mode": "master", "sda": 0, "scl": 1, "clock": 100000}}, {"i2c0": {"address": 81, "read": 1}}]'

    hub.cli(*board, 'parts=[{ part = "24LC256", address = 0x51 }]', 'tcp_allow=["127.0.0.1:9"]')
    answered = hub.cli("send", "bench", look)

    assert answered == '{"i2c0": {"mode": "master", "address": 81, "data": [255]}}\n'


def test_a_device_that_was_added_is_there_after_a_restart_and_can_be_removed_while_no_hub_runs(
    make_hub: StartHub,
) -> None:
    first = make_hub(demo=False)
    first.cli("device", "add", "bench", "driver=simulated", "kind=board", "obniz.id=2345-6789")
    first.stop()
    again = make_hub(demo=False, data=first.data)
    assert "2345-6789" in again.cli("device", "list")
    again.stop()

    listed = again.cli_run("device", "list")
    removed = again.cli("device", "remove", "bench")

    assert "no hub runs there" in listed.stderr
    assert "2345-6789" in listed.stdout
    assert removed == "removed bench\n"
    assert "no devices yet" in again.cli_run("device", "list").stderr


def test_a_key_is_made_listed_and_revoked(make_hub: StartHub) -> None:
    hub = make_hub(demo=False, config=CONFIG)

    made = dict(line.split(maxsplit=1) for line in hub.cli("key", "create", "ezeio", "--name", "logger").splitlines())
    listed = hub.cli("key", "list")
    hub.cli("key", "revoke", made["id"])

    assert len(made["key"]) == 24
    assert "logger" in listed
    assert made["key"] not in listed
    assert "logger" not in hub.cli("key", "list")
    assert made["id"] in refused(hub.cli_run("key", "revoke", made["id"]))


def test_a_hub_elsewhere_is_reached_by_its_url_and_a_key(make_hub: StartHub, tmp_path: Path) -> None:
    hub = make_hub(demo=False, config=CONFIG)
    key = hub.cli("key", "create", "admin").split()[-1]
    plain = ("--hub", hub.http, "--key", key)
    tls = ("--hub", hub.https, "--key", key, "--ca", hub.ca)

    hub.cli("device", "add", "bench", "driver=simulated", "kind=board", "obniz.id=2345-6789")

    for where in (plain, tls):
        assert hardwire("send", "bench", '[{"io0": true}]', *where).stdout == "done\n"
        assert "grid" in hardwire("device", "list", *where).stdout
        assert hardwire("tail", "grid", "--count", 1, *where).returncode == 0

    assert "--key or HARDWIRE_KEY" in refused(hardwire("device", "list", "--hub", hub.http))
    assert "the key that was given is none" in refused(hardwire("device", "list", "--hub", hub.http, "--key", "wrong"))
    assert "line breaks" in refused(hardwire("device", "list", "--hub", hub.http, env={"HARDWIRE_KEY": "a\nb"}))
    assert "not trusted" in refused(hardwire("device", "list", "--hub", hub.https, "--key", key))
    assert "no hub answers" in refused(hardwire("device", "list", "--hub", hub.http.replace("http", "https")))
    (tmp_path / "no.pem").write_text("nothing")
    assert "no CA in PEM" in refused(hardwire("tail", "grid", "--hub", hub.https, "--ca", tmp_path / "no.pem"))


def test_what_is_not_there_is_named_with_what_comes_nearest(demo_hub: Hub) -> None:
    for command in (("device", "show"), ("press",), ("tail",)):
        assert "did you mean 'demo-meter'?" in refused(demo_hub.cli_run(*command, "demo-metr"))
    assert "did you mean 'device'?" in refused(demo_hub.cli_run("devise"), 2)
    assert "belongs to the demo" in refused(demo_hub.cli_run("device", "remove", "demo-meter"))
    assert "there is no device 'nothing'" in refused(demo_hub.cli_run("device", "remove", "nothing"))
    assert "there is no group 'hoem'" in refused(demo_hub.cli_run("key", "create", "obniz", "--group", "hoem"))


def test_a_board_answers_what_it_is_sent(demo_hub: Hub) -> None:
    asked = '[{"i2c0": {"mode": "master", "sda": 0, "scl": 1, "clock": 100000}}, {"i2c0": {"address": 57, "read": 1}}]'

    answered = demo_hub.cli("send", "2222-2222", '[{"io9": true}, {"io9": "get"}, {"switch": "get"}]')
    half = demo_hub.cli_run(
        "send", "2222-2222", '[{"io9": "get"}, {"io12": true}, {"storage": {"read": {"fileName": "a"}}}]'
    )
    failed = demo_hub.cli_run("send", "2222-2222", asked)

    assert [json.loads(line) for line in answered.splitlines()] == [
        {"io9": True},
        {"switch": {"state": "none", "action": "get"}},
    ]
    assert half.stdout == '{"io9": true}\n'
    assert half.returncode == 1
    assert "this board has no io12; it has io0" in half.stderr
    assert 'this board has no storage; `hardware = "esp32c3"` has one' in half.stderr
    assert failed.stdout == '{"i2c0": {"error": {"message": "no part answers at 0x39"}}}\n'


def test_what_is_wrong_with_a_wish_is_told(demo_hub: Hub) -> None:
    assert "no JSON" in refused(demo_hub.cli_run("send", "demo-board-1", "{io0: true}"))
    assert "give an object" in refused(demo_hub.cli_run("send", "demo-board-1", "5"))
    assert "is no board" in refused(demo_hub.cli_run("send", "demo-meter", "[]"))
    assert "has no point 'power'" in refused(demo_hub.cli_run("send", "demo-meter", '{"power": 5}'))
    assert "takes no values" in refused(demo_hub.cli_run("send", "demo-meter", '{"power_w": 5}'))


def test_what_is_wrong_with_a_new_device_is_told(demo_hub: Hub) -> None:
    add = ("device", "add", "x")

    assert "KEY=VALUE" in refused(demo_hub.cli_run(*add, "driver"))
    assert "did you mean 'simulated'?" in refused(demo_hub.cli_run(*add, "driver=simulate"))
    assert "devices.x.obniz" in refused(demo_hub.cli_run(*add, "driver=simulated", "kind=board", "obniz.id=1"))
    assert "a value and as a table" in refused(demo_hub.cli_run(*add, "driver=simulated", "driver.x=1"))
    taken = refused(demo_hub.cli_run(*add, "driver=simulated", "kind=board", 'obniz.id="1234-5678"'))
    assert "belongs to the device 'demo-board-1'" in taken


def test_where_no_hub_runs_a_command_says_how_to_start_one(tmp_path: Path) -> None:
    folder = tmp_path / "typo"

    for command in (("device", "list"), ("key", "list"), ("tail", "x"), ("device", "remove", "x"), ("press", "x")):
        assert "start one with `hardwire serve`" in refused(hardwire(*command, "--data", folder))
    assert not folder.exists()


@pytest.mark.parametrize("url", ["hub.local", "ftp://hub", "http://", "http://hub:port", "http://[::1", "http://h/x"])
def test_a_url_that_is_none_is_told(url: str) -> None:
    assert "--hub takes a URL" in refused(hardwire("device", "list", "--hub", url))


def test_nobody_at_a_url_is_told() -> None:
    assert "no hub answers at http://127.0.0.1:1" in refused(hardwire("device", "list", "--hub", "http://127.0.0.1:1"))


def test_what_keeps_a_hub_from_starting_is_told(demo_hub: Hub, tmp_path: Path) -> None:
    free = ("--port", 0, "--tls-port", 0)
    (tmp_path / "file").write_text("")
    missing = refused(hardwire("serve", "--config", tmp_path / "no.toml", "--data", tmp_path / "a"))
    taken = refused(hardwire("serve", "--port", demo_hub.port, "--tls-port", 0, "--data", tmp_path / "b"))
    second = refused(hardwire("serve", *free, "--data", demo_hub.data))
    no_folder = refused(hardwire("serve", *free, "--data", tmp_path / "file" / "x"))
    open_demo = refused(hardwire("serve", *free, "--demo", "--host", "0.0.0.0", "--data", tmp_path / "c"))
    variable = refused(hardwire("serve", *free, "--data", tmp_path / "d", env={"HARDWIRE_PROT": "1"}))

    assert "there is no file" in missing
    assert f"Port {demo_hub.port} on 127.0.0.1 is taken" in taken
    assert "in use by another hub" in second
    assert str(tmp_path / "file") in no_folder
    assert "--demo-unsafe" in open_demo
    assert "did you mean 'HARDWIRE_PORT'?" in variable
    assert "is not in the range" in refused(hardwire("serve", "--port", 65536), 2)


def test_a_demo_refuses_a_listener_of_a_devices_own_beyond_loopback(tmp_path: Path) -> None:
    (tmp_path / "h.toml").write_text(CONFIG.replace('0c"', '0c", http = "0.0.0.0:8081"'))
    where = ("--port", 0, "--tls-port", 0, "--config", tmp_path / "h.toml", "--data", tmp_path / "d")

    told = refused(hardwire("serve", "--demo", *where))

    assert "binds to loopback only, not to 0.0.0.0" in told


def test_a_listener_of_a_devices_own_that_cannot_be_opened_is_told_with_its_device(tmp_path: Path) -> None:
    (tmp_path / "h.toml").write_text(CONFIG.replace('0c"', '0c", http = "192.0.2.1:80"'))

    told = refused(
        hardwire("serve", "--port", 0, "--tls-port", 0, "--config", tmp_path / "h.toml", "--data", tmp_path / "d")
    )

    assert "devices.grid.homewizard.http = '192.0.2.1:80': 192.0.2.1 is no address of this machine" in told


def test_the_first_start_prints_the_admin_credential_once_even_after_one_that_failed(
    make_hub: StartHub, demo_hub: Hub, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    failed = refused(hardwire("serve", "--port", demo_hub.port, "--tls-port", 0, "--data", data))
    first = make_hub(demo=False, data=data)
    first.stop()
    second = make_hub(demo=False, data=data)

    found = FIRST_TOKEN.search(first.logged)
    assert FIRST_TOKEN.search(failed) is None
    assert found is not None
    assert FIRST_TOKEN.search(second.logged) is None
    assert "token" not in first.printed
    assert hardwire("device", "list", "--hub", second.http, "--key", found[1]).returncode == 0


def test_a_tail_ends_with_ctrl_c_and_says_when_the_hub_stops(make_hub: StartHub) -> None:
    hub = make_hub()
    command = [str(HARDWIRE), "tail", "demo-board-1", "--data", str(hub.data)]
    tails = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment())
        for _ in range(2)
    ]
    for tail in tails:
        assert tail.stdout is not None
        assert tail.stdout.readline().startswith('{"at":')

    tails[0].send_signal(signal.SIGINT)
    _, interrupted = tails[0].communicate(timeout=ANSWERED_WITHIN_S)
    hub.stop()
    _, stopped = tails[1].communicate(timeout=ANSWERED_WITHIN_S)

    assert (tails[0].returncode, interrupted) == (0, "")
    assert tails[1].returncode == 1
    assert stopped.startswith("hardwire: the hub closed the connection")


@pytest.mark.parametrize("command", [("device", "list"), ("device", "show", "demo-meter"), ("tail", "demo-board-1")])
def test_a_pipe_that_closes_early_is_no_fault(demo_hub: Hub, command: tuple[str, ...]) -> None:
    reader, writer = os.pipe()
    process = subprocess.Popen(
        [str(HARDWIRE), *command, "--data", str(demo_hub.data)],
        stdout=writer,
        stderr=subprocess.PIPE,
        env=environment(),
    )
    os.close(writer)
    os.close(reader)

    _, told = process.communicate(timeout=ANSWERED_WITHIN_S)

    assert told == b""


def test_a_long_data_folder_is_no_obstacle(make_hub: StartHub, tmp_path: Path) -> None:
    hub = make_hub(data=tmp_path / ("x" * 120) / "data")

    assert "demo-meter" in hub.cli("device", "list")
    assert not (hub.data / "hub.sock").exists()


def test_the_owners_socket_is_the_owners_alone(demo_hub: Hub) -> None:
    assert (demo_hub.data / "hub.sock").stat().st_mode & 0o777 == 0o600


def test_the_ca_is_shown_and_exported(demo_hub: Hub, tmp_path: Path) -> None:
    exported = demo_hub.cli("ca", "export")
    shown = demo_hub.cli("ca", "show")

    assert exported.startswith("-----BEGIN CERTIFICATE-----")
    assert re.search(r"^sha-256 +[0-9A-F:]{95}$", shown, re.MULTILINE)
    assert hardwire("ca", "export", "--data", tmp_path / "new").stdout.startswith("-----BEGIN CERTIFICATE-----")


def test_a_hub_that_is_gone_without_goodbye_is_no_hub(make_hub: StartHub) -> None:
    hub = make_hub()
    hub.kill()

    assert (hub.data / "hub.sock").exists()
    assert "start one with `hardwire serve`" in refused(hub.cli_run("tail", "demo-meter"))


def test_what_answers_but_is_no_hub_is_told() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        nobody.listen()
        process = subprocess.Popen(
            [str(HARDWIRE), "device", "list", "--hub", f"http://127.0.0.1:{nobody.getsockname()[1]}"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment(),
        )
        connection, _ = nobody.accept()
        with connection:
            connection.recv(4096)
            connection.sendall(b"SSH-2.0-nobody\r\n\r\n")
        _, told = process.communicate(timeout=ANSWERED_WITHIN_S)

    assert process.returncode == 1
    assert told.startswith("hardwire: no hub answers at")


def test_a_hub_is_ready_soon(make_hub: StartHub) -> None:
    began = time.monotonic()
    hub = make_hub()
    ready_s = time.monotonic() - began
    status = Path(f"/proc/{hub.pid}/status").read_text()

    # The figures are 1.0 s and 80 MB (docs/explain/performance.md); a busy machine gets room for the first.
    assert ready_s < 10
    assert int(re.findall(r"VmRSS:\s+(\d+) kB", status)[0]) < 80_000
