"""Five clients that nobody here wrote make the same calls with Digest, and each reads the same answers."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tests.journeys.client import Client
from tests.journeys.hub import Hub

KEY_ID = "12345"
KEY = "abcdefghijklmnopqrstuvwx"

GOOD = (
    "/v1/status/ABC123",
    "/v1/status/abc-456/sections=meta,fields,fieldmeta,alarms/fields=1,3",
    "/v1/syslog/ABC123/from=2d",
    "/v1/syslog/ABC456/from=3d/interval=1h,max",
    "/v1/samplelog/ABC123/from=90m/10m/mean",
    "/v1/samplelog/ABC123/from=20m/fields=2/raw",
    "/v1/eventlog/ABC123/from=3d",
    "/v1/group/one",
    "/v1/group/tree/systems,fields",
    "/v1/group/flat/systems,alarms/tag=TANKLVL",
    "/v1/control/ABC456/field[0]=0",
)
BAD = {
    "/v1/status/XYZ987": 404,
    "/v1/status": 404,
    "/v1/samplelog/ABC123/from=never": 400,
    "/v1/syslog/ABC123/from=3d/interval=1h,fastest": 400,
    "/v1/control/ABC456/field[1]=4711": 400,
    "/v1/control/ABC456/field[91]=1": 400,
    "/v1/group/9999": 404,
    "/v1/timeline/ABC123": 404,
}

Told = Mapping[str, tuple[int, dict[str, Any]]]  # Any: JSON


def told_by(name: str, hub: Hub, client: Callable[[str], Client], *, secure: bool) -> Told:
    """Return what a client reads at each path."""
    base, ca = (hub.https, str(hub.ca)) if secure else (hub.http, "")
    paths = (*GOOD, *BAD)
    match name:
        case "curl":
            told = {}
            for path in paths:
                tls = ["--cacert", ca] if ca else []
                done = client("curl").call(
                    "-sSg",
                    "--max-time",
                    "10",
                    "--digest",
                    "-u",
                    f"{KEY_ID}:{KEY}",
                    *tls,
                    "-w",
                    "\n%{http_code}",
                    base + path,
                )
                assert done.returncode == 0, done.stderr
                body, _, status = done.stdout.rpartition("\n")
                told[path] = (int(status), json.loads(body))
            return told
        case "php":
            return as_told(client("php").run("ezeio/php_calls.php", base, KEY_ID, KEY, ca, *paths, timeout_s=120))
        case _:
            script = "ezeio/python_calls.py"
            return as_told(client("digest").run(script, name, base, KEY_ID, KEY, ca, *paths, timeout_s=120))


def as_told(answers: Any) -> Told:  # Any: JSON
    """Return what a script printed, by path."""
    return {path: (status, body) for path, (status, body) in answers.items()}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["requests", "httpx", "aiohttp", "php", "curl"])
def test_every_function_answers_every_client_alike(demo_hub: Hub, client: Callable[[str], Client], name: str) -> None:
    told = told_by(name, demo_hub, client, secure=name in ("httpx", "php"))

    for path in GOOD:
        status, body = told[path]
        assert (status, body["status"]) == (200, "OK"), (path, body)
        assert (next(iter(body)), list(body)[-2:]) == ("reqtime", ["status", "exec_time"])
    for path, wanted in BAD.items():
        status, body = told[path]
        assert status == wanted, (path, body)
        assert list(body) == ["reqtime", "status", "exec_time"]
        assert body["status"] != "OK"
