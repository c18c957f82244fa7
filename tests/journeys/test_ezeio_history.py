"""curl asks the demo hub what its units are and what they have logged, in every spelling, and asks wrongly too."""

import json
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.journeys.client import Client
from tests.journeys.hub import Hub

KEY = "12345:abcdefghijklmnopqrstuvwx"

# What was logged before the hub's start is told within its first second; a slow machine has more time than that.
LOGGED_WITHIN_S = 20

WAYS: Mapping[str, Callable[[Sequence[float]], float]] = {
    "mean": statistics.fmean,
    "median": statistics.median,
    "min": min,
    "max": max,
    "sum": sum,
    "spread": lambda values: max(values) - min(values),
    "count": len,
}

Read = Callable[..., list[tuple[int, dict[str, Any]]]]  # Any: JSON


@pytest.fixture
def read(demo_hub: Hub, client: Callable[[str], Client]) -> Read:
    """Have one curl call paths of the API, one after the other on one connection; returns status and body of each."""

    def get(*paths: str) -> list[tuple[int, dict[str, Any]]]:  # Any: JSON
        urls = [demo_hub.http + path for path in paths]
        done = client("curl").call("-sSg", "--max-time", "30", "--digest", "-u", KEY, "-w", "\n%{http_code}\n", *urls)
        assert done.returncode == 0, done.stderr
        lines = done.stdout.splitlines()
        return [(int(status), json.loads(body)) for body, status in zip(lines[::2], lines[1::2], strict=True)]

    return get


def recent_half_hour() -> tuple[datetime, datetime]:
    """Return the last half an hour that ended on a ten-minute mark which units have certainly uploaded."""
    until = datetime.fromtimestamp((int(time.time()) - 120) // 600 * 600, UTC)
    return until - timedelta(minutes=30), until


def test_a_status_tells_of_a_unit_with_the_documented_types(read: Read) -> None:
    (found, told), (_, chosen) = read("/v1/status/ABC123", "/v1/status/abc-123/%66ields=2/sections%3Dfields,fieldmeta/")

    assert (found, told["status"]) == (200, "OK")
    sections = ["meta", "adc", "out", "pos", "fields"]
    assert list(told) == ["reqtime", "time", *sections, "status", "exec_time"]
    assert told["time"].endswith("0:00Z")
    assert (told["meta"]["serial"], told["meta"]["groupid"], told["meta"]["tzofs"]) == ("ABC-123", "123", "0")
    assert list(told["adc"])[-3:] == ["Vin", "Vbat", "V5"]
    assert all(type(value) is int for section in ("adc", "out", "pos") for value in told[section].values())
    assert list(chosen["fields"]) == ["2"]
    assert chosen["fields"]["2"]["name"] == "Output flow"


def test_a_group_tells_its_units(read: Read) -> None:
    answers = read("/v1/group/one/systems", "/v1/group/tree/systems,fields/tag=TANKLVL", "/v1/group/123", "/v1/group/9")

    assert [status for status, _ in answers] == [200, 200, 200, 404]
    assert [system["ezeid"] for system in answers[0][1]["groups"][0]["systems"]] == ["ABC123", "ABC456"]
    tree = answers[1][1]["groups"][0]
    assert (tree["id"], tree["is_account"], tree["children"]) == ("123", "1", [])
    assert list(tree["systems"][0]["fields"]) == ["1"]
    assert "systems" not in answers[2][1]["groups"][0]


def test_both_logs_tell_what_was_logged_and_what_it_comes_to(read: Read) -> None:
    since, until = recent_half_hour()
    span = f"from={since:%Y-%m-%dT%H:%M:%SZ}/to={until:%Y-%m-%dT%H:%M:%S}%2B00:00"
    log = f"/v1/samplelog/ABC123/{span}/fields=2"
    deadline = time.monotonic() + LOGGED_WITHIN_S
    while not read(log)[0][1]["rows"]:
        assert time.monotonic() < deadline, "nothing was logged"
        time.sleep(0.5)

    (_, raw), (_, status_log), (_, mode), *ways = read(
        f"{log}/raw",
        f"/v1/syslog/ABC123/{span}",
        f"{log}/10m,mode",
        *(f"{log}/interval=10m,{way}" if len(way) == 3 else f"{log}/{way}/10m" for way in WAYS),
    )

    times = [datetime.fromisoformat(row["time"]) for row in raw["rows"]]
    assert times == [since + number * timedelta(seconds=5) for number in range(360)]
    assert (raw["reqfrom"], raw["reqto"]) == (f"{since:%Y-%m-%dT%H:%M:%SZ}", f"{until:%Y-%m-%dT%H:%M:%SZ}")
    logged = [[row["fields"]["2"] for row in raw["rows"][first : first + 120]] for first in (0, 120, 240)]
    for way, (_, answer) in zip(WAYS, ways, strict=True):
        told = [row["fields"]["2"] for row in answer["rows"]]
        assert told == pytest.approx([WAYS[way](values) for values in logged]), way
    assert all(
        row["fields"]["2"] in statistics.multimode(values) for row, values in zip(mode["rows"], logged, strict=True)
    )
    marks = [f"{since + number * timedelta(minutes=10):%Y-%m-%dT%H:%M:%SZ}" for number in range(3)]
    assert [row["time"] for row in status_log["rows"]] == marks
    assert {"1", "2", "3", "4"} <= set(status_log["rows"][0]["fields"])


def test_wrong_calls_are_refused_with_a_sentence_and_the_connection_goes_on(read: Read) -> None:
    answers = read(
        "/v1/status/XYZ987",
        "/v1/status/%00",
        "/v1/syslog/ABC123",
        "/v1/syslog/ABC123/from=never",
        "/v1/syslog/ABC123/from=1h/%00%ff",
        "/v1/samplelog/ABC123/from=3d/fields=%5B12%5D",
        "/v1/samplelog/ABC123/from=3d/fields[12]",
        f"/v1/samplelog/ABC123/from={'9' * 1500}",
        "/v1/group/everything",
        "/v1/samplelog/ABC123?from=3h&interval=1h&aggregation=max",
        "/v1/status/ABC123",
    )

    assert [status for status, _ in answers] == [404, 404, 400, 400, 400, 400, 400, 400, 400, 200, 200]
    for status, body in answers:
        assert (next(iter(body)), list(body)[-2:]) == ("reqtime", ["status", "exec_time"])
        assert (body["status"] == "OK") == (status == 200)
        assert len(body["status"]) < 250
