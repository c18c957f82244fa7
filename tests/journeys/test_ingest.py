"""Programs that nobody here wrote bring rows by HTTP: kept, streamed, counted; commands go back with the answer."""

import asyncio
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.journeys.client import Client
from tests.journeys.conftest import StartHub
from tests.journeys.hub import Hub, running_hub
from tests.journeys.ingest_house import CONFIG, Keys, heard, new_keys, reading, second, text

Answer = tuple[int, dict[str, Any]]  # Any: JSON


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    with running_hub(tmp_path_factory.mktemp("ingest"), demo=False, config=CONFIG) as hub:
        yield hub


@pytest.fixture(scope="module")
def keys(hub: Hub) -> Keys:
    return new_keys(hub)


def posted(curl: Client, hub: Hub, key: str, *args: str, path: str = "GRN-001") -> Answer:
    """Post with curl; return status and answer."""
    headers = ("-H", f"Authorization: Bearer {key}") if key else ()
    done = curl.call("-sS", "-w", "\n%{http_code}", *headers, *args, f"{hub.http}/ingest/v1/{path}")
    assert done.returncode == 0, done.stderr
    body, _, status = done.stdout.rpartition("\n")
    return int(status), json.loads(body)


@pytest.mark.parametrize(("program", "age_s"), [("curl", 3000), ("requests", 2000), ("aiohttp", 1000)])
async def test_rows_of_any_client_reach_a_ticket_by_their_own_times_and_repeats_are_counted(
    hub: Hub, keys: Keys, client: Callable[[str], Client], program: str, age_s: int
) -> None:
    first, then = text(second(age_s)), text(second(age_s - 2))
    rows = json.dumps([{"time": first, "fields": {"1": 20.5, "humidity": 40}}])
    table = f"time,1,2\r\n{then},21.25,\r\n{first},99,99\r\n"
    url = f"{hub.http}/ingest/v1/grn001"
    async with reading(hub, keys) as reader, reader.socket() as socket:
        if program == "curl":
            curl, json_type, csv_type = client("curl"), "Content-Type: application/json", "Content-Type: text/csv"
            calls = [("-H", json_type, "-d", rows)] * 2 + [("-H", csv_type, "--data-binary", table)]
            answers = [await asyncio.to_thread(posted, curl, hub, keys.logger, *call) for call in calls]
        else:
            run = client("digest").run
            answers = await asyncio.to_thread(run, f"ingest/{program}_client.py", url, keys.logger, rows, table)

        messages = await heard(socket, 2)

    assert [status for status, _ in answers] == [200] * 3
    assert [(told["accepted"], told["repeated"]) for _, told in answers] == [(2, 0), (0, 2), (1, 2)]
    assert messages == [
        (first, [{"1": 20.5}, {"2": 40}]),
        (then, [{"1": 21.25}]),
    ]


async def test_a_command_goes_down_with_an_answer_and_its_confirmation_comes_up(
    hub: Hub, keys: Keys, client: Callable[[str], Client]
) -> None:
    curl = client("curl")
    async with reading(hub, keys) as reader:
        control = await reader.call("control/GRN001/field[3]=22.5")
        async with asyncio.timeout(20):
            while not (down := posted(curl, hub, keys.logger)[1])["commands"]:  # noqa: ASYNC110 (a logger polls)
                await asyncio.sleep(0.1)
        (command,) = down["commands"]
        row = json.dumps({"fields": {"3": 22.5}, "done": [command["id"]]})
        after = posted(curl, hub, keys.logger, "-H", "Content-Type: application/json", "-d", row)
        status = await reader.call("status/GRN001")

    assert (control["status"], control["actions"]) == ("OK", ["Set field 3 to 22.5"])
    assert {key: command[key] for key in ("field", "name", "value")} == {"field": 3, "name": "setpoint", "value": 22.5}
    assert (after[0], after[1]["accepted"], after[1]["commands"]) == (200, 1, [])
    assert status["fields"]["3"]["value"] == 22.5


async def test_a_reader_that_wants_rows_at_once_is_told_to_the_logger(
    hub: Hub, keys: Keys, client: Callable[[str], Client]
) -> None:
    curl = client("curl")
    async with reading(hub, keys) as reader, reader.socket():
        await reader.call(f"{reader.commands}GRN001")
        wanted = posted(curl, hub, keys.logger)[1]["unbuffered"]

    assert 1790 <= wanted <= 1800


def test_what_strangers_send_is_answered_in_json(hub: Hub, keys: Keys, client: Callable[[str], Client]) -> None:
    curl, key = client("curl"), keys.logger
    long = hub.folder / "long.json"
    long.write_bytes(b" " * ((1 << 20) + 1))
    good = ("-H", "Content-Type: application/json")

    answers = {
        "no key": posted(curl, hub, "", "-d", "[]"),
        "wrong key": posted(curl, hub, "wrong", "-d", "[]"),
        "form": posted(curl, hub, key, "-d", "a=b"),
        "nowhere": posted(curl, hub, key, *good, "-d", "[]", path="NON-001"),
        "no json": posted(curl, hub, key, *good, "-d", "[{"),
        "future": posted(curl, hub, key, *good, "-d", '{"time":"2999-01-01T00:00:00Z","fields":{"1":1}}'),
        "too long": posted(curl, hub, key, *good, "--data-binary", f"@{long}"),
        "delete": posted(curl, hub, key, "-X", "DELETE"),
    }

    assert {what: (status, told["error"]["code"]) for what, (status, told) in answers.items()} == {
        "no key": (401, "unauthorized"),
        "wrong key": (401, "unauthorized"),
        "form": (415, "media-type"),
        "nowhere": (404, "unknown"),
        "no json": (400, "bad-body"),
        "future": (400, "refused"),
        "too long": (413, "too-large"),
        "delete": (405, "method"),
    }


def test_a_receipt_outlives_a_kill_and_so_does_a_command(make_hub: StartHub, client: Callable[[str], Client]) -> None:
    curl = client("curl")
    hub = make_hub(demo=False, config=CONFIG)
    keys = new_keys(hub)
    start_s = int(second(9000).timestamp())
    rows = json.dumps([{"time": start_s + n, "fields": {"1": n, "2": -n}} for n in range(500)])
    body = hub.folder / "rows.json"
    body.write_text(rows)
    post = ("-H", "Content-Type: application/json", "--data-binary", f"@{body}")
    hub.cli("send", "greenhouse", '{"setpoint": 19}')

    first = posted(curl, hub, keys.logger, *post)
    hub.kill()
    again = make_hub(demo=False, config=CONFIG, data=hub.data)
    second_time = posted(curl, again, keys.logger, *post)

    assert (first[0], first[1]["accepted"]) == (200, 1000)
    assert (second_time[1]["accepted"], second_time[1]["repeated"]) == (0, 1000)
    assert [one["value"] for one in second_time[1]["commands"]] == [19]
