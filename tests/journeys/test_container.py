"""What the container recipe would put into an image, without an engine: it installs, it runs, it is found well."""

import shlex
import shutil
import socket
import subprocess
import sys
from pathlib import Path

from tests.house import recipe
from tests.house.tree import ROOT
from tests.journeys.conftest import StartHub
from tests.journeys.hub import ANSWERED_WITHIN_S, environment

INSTALLED_WITHIN_S = 120


def health(data: Path) -> int:
    """Run the recipe's health check; returns its exit status."""
    program, *words = recipe.health_check()
    assert program == "python"
    done = subprocess.run(
        [sys.executable, *words],
        env=environment({"HARDWIRE_DATA": str(data)}),
        capture_output=True,
        timeout=ANSWERED_WITHIN_S,
        check=False,
    )
    return done.returncode


def test_the_health_check_tells_a_hub_that_runs_from_none(make_hub: StartHub) -> None:
    hub = make_hub(demo=False)

    assert health(hub.data) == 0
    hub.stop()
    assert health(hub.data) == 1


def test_the_health_check_takes_what_answers_badly_for_no_hub(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as sock:
        sock.bind(str(tmp_path / "hub.sock"))
        sock.listen()
        words = recipe.health_check()[1:]
        with subprocess.Popen([sys.executable, *words], env=environment({"HARDWIRE_DATA": str(tmp_path)})) as asking:
            peer, _ = sock.accept()
            with peer:
                peer.sendall(b"HTTP/1.0 503 Service Unavailable\r\n\r\n")
                assert asking.wait(ANSWERED_WITHIN_S) == 1


def test_what_the_recipe_copies_is_enough_to_install_and_run_a_hub(tmp_path: Path) -> None:
    tree, site = tmp_path / "tree", tmp_path / "site"
    for source in recipe.sources():
        place = tree / source
        place.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, place, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
        else:
            shutil.copy(ROOT / source, place)
    (install,) = [shlex.split(one.text) for one in recipe.of("RUN") if one.text.endswith(" .")]

    subprocess.run(
        [sys.executable, *install[1:], "--quiet", f"--target={site}"],
        cwd=tree,
        check=True,
        timeout=INSTALLED_WITHIN_S,
        capture_output=True,
    )
    command = [sys.executable, str(site / "bin" / "hardwire"), "serve", "--demo", "--port", "0", "--tls-port", "0"]
    env = environment({"PYTHONPATH": str(site), "HARDWIRE_DATA": str(tmp_path / "data")})
    found = subprocess.run(
        [sys.executable, "-c", "import hardwire.version; print(hardwire.version.__file__)"],
        env=env,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
        timeout=ANSWERED_WITHIN_S,
    )
    with subprocess.Popen(command, env=env, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as hub:
        try:
            assert hub.stdout is not None
            ready = hub.stdout.readline()
            is_well = health(tmp_path / "data")
        finally:
            hub.terminate()

    assert ready.startswith(b"ready http=")
    assert is_well == 0
    assert found.stdout.strip() == str(site / "hardwire" / "version.py"), "it is the installed hub that ran"
