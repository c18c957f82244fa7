"""Alarms and destinations as the configuration gives them: every mistake is named with its place."""

import tomllib
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from hardwire.app import config
from hardwire.app.alarms import ALARMS_LIMIT, is_web_address
from hardwire.app.estate import Estate
from hardwire.contracts.question import AddDevice
from hardwire.model.alarm import Alarm
from hardwire.model.errors import BadValueError
from tests.app.premises import house

OPS = '[destinations.ops]\nurl = "https://ops.example/in"\n'
DEVICE = '[devices.grid]\ndriver = "simulated"\nkind = "meter"\n'


def parsed(text: str) -> config.Config:
    return config.parse(tomllib.loads(text), {"timezone": "UTC"})


def alarms(text: str) -> str:
    """Return a configuration with one device and these alarms."""
    return f"{OPS}{DEVICE}alarms = [{text}]\n"


def test_a_device_of_any_kind_may_be_watched_and_its_alarms_sent_to_destinations() -> None:
    text = alarms(
        '{ name = "Peak", point = "power_w", above = 8000, restore_below = 7000, holdoff_s = 60, send = ["ops"] },'
        '{ name = "Export", point = "power_w", below = -500.5, message = "The sun shines" }'
    )

    found = parsed(text)

    assert found.devices[0].alarms == (
        Alarm(name="Peak", point="power_w", above=8000, restore_below=7000, holdoff_s=60, send=("ops",)),
        Alarm(name="Export", point="power_w", below=-500.5, message="The sun shines"),
    )
    assert found.destinations["ops"].url == "https://ops.example/in"
    assert found.destinations["ops"].key == b""


@pytest.mark.parametrize(("secret", "key"), [("whsec_c2VjcmV0", b"secret"), ("plain words", b"plain words"), ("", b"")])
def test_a_secret_is_base64_behind_its_mark_and_its_own_bytes_without(secret: str, key: bytes) -> None:
    found = parsed(f'{OPS}secret = "{secret}"\n')

    assert found.destinations["ops"].key == key


@pytest.mark.parametrize(
    ("text", "place", "sentence"),
    [
        (alarms('{ point = "x", above = 1 }'), "alarms[0]", "'name' is missing"),
        (alarms('{ name = " ", point = "x", above = 1 }'), "alarms[0].name", "give the alarm a name"),
        (alarms('{ name = "A", point = "x" }'), "alarms[0].above", "say when it goes off"),
        (alarms('{ name = "A", point = "x", above = nan }'), "alarms[0].above", "finite"),
        (alarms('{ name = "A", point = "x", above = 1, over = 2 }'), "alarms[0]", "there is no setting 'over'"),
        (alarms('{ name = "A", point = "x", above = "high" }'), "alarms[0].above", "a number"),
        (alarms('{ name = "A", point = "x", above = 1, below = 2 }'), "alarms[0].below", "every value"),
        (alarms('{ name = "A", point = "x", above = 1, restore_below = 2 }'), "alarms[0].restore_below", "above"),
        (alarms('{ name = "A", point = "x", below = 1, restore_below = 0 }'), "alarms[0].restore_below", "above"),
        (alarms('{ name = "A", point = "x", below = 1, restore_above = 0 }'), "alarms[0].restore_above", "below"),
        (alarms('{ name = "A", point = "x", above = 1, restore_above = 0 }'), "alarms[0].restore_above", "below"),
        (alarms('{ name = "A", point = "x", above = 1, holdoff_s = -1 }'), "alarms[0].holdoff_s", "0 to"),
        (alarms('{ name = "A", point = "x", above = 1, restore_holdoff_s = 1e9 }'), "restore_holdoff_s", "0 to"),
        (
            alarms('{ name = "A", point = "x", above = 1 }, { name = "A", point = "y", above = 1 }'),
            "alarms[1].name",
            "two alarms",
        ),
        (alarms('{ name = "A", point = "x", above = 1, send = ["obs"] }'), "alarms[0].send", "did you mean 'ops'"),
        (alarms('"High"'), "alarms[0]", "must be a table"),
        (f'{DEVICE}alarms = "High"', "alarms", "expected a list"),
        (f'{DEVICE}alarms = [{{ name = "A", point = "x", above = 1, send = ["ops"] }}]', "send", "[destinations.NAME]"),
        ('[destinations.ops]\nsecret = "x"', "destinations.ops", "'url' is missing"),
        ('[destinations.ops]\nurl = "ftp://ops.example"', "destinations.ops.url", "http:// or https://"),
        (f'{OPS}secret = "whsec_#"', "destinations.ops.secret", "no base64"),
        (f"{OPS}to = 1", "destinations.ops", "there is no setting 'to'"),
        ("[destinations]\nops = 1", "destinations.ops", "must be a table"),
    ],
)
def test_a_mistake_is_told_with_its_place(text: str, place: str, sentence: str) -> None:
    with pytest.raises(BadValueError) as caught:
        parsed(text)

    assert place in caught.value.message
    assert sentence in caught.value.message


def test_a_device_has_no_more_alarms_than_its_limit() -> None:
    one = '{{ name = "{}", point = "x", above = 1 }},'
    many = "".join(one.format(number) for number in range(ALARMS_LIMIT + 1))

    with pytest.raises(BadValueError, match="at most 200"):
        parsed(alarms(many))


def test_a_secret_address_does_not_stand_in_an_error() -> None:
    with pytest.raises(BadValueError) as caught:
        parsed('[destinations.ops]\nurl = "mailto:secret@ops.example"')

    assert "secret" not in caught.value.message


async def test_a_device_that_is_added_by_command_sends_to_known_destinations_only(tmp_path: Path) -> None:
    alarm = {"name": "Peak", "point": "power_w", "above": 8000, "send": ["ops"]}
    settings = {"driver": "simulated", "kind": "meter", "alarms": [alarm]}
    async with house(tmp_path) as home:
        estate = Estate(home.hub, home.store, home.dialects, zone="UTC", destinations=("ops",))
        with pytest.raises(BadValueError, match=r"devices\.grid\.alarms\[0\]\.send"):
            await home.estate.answer(AddDevice("grid", settings))

        await estate.answer(AddDevice("grid", settings))
        grid = home.hub.roster.device("grid")
        await estate.close()

    assert grid is not None
    assert [one.name for one in grid.alarms] == ["Peak"]


async def test_an_alarm_on_a_point_that_is_not_there_is_told_with_the_nearest_one(tmp_path: Path) -> None:
    alarms = [{"name": "Peak", "point": "pover_w", "above": 8000}, {"name": "Sun", "point": "power_w", "below": -3000}]
    settings = {"driver": "simulated", "kind": "meter", "alarms": alarms}
    async with house(tmp_path) as home:
        with capture_logs() as logs:
            await home.estate.answer(AddDevice("grid", settings))

    (told,) = [line for line in logs if line["event"] == "an alarm watches nothing"]
    assert (told["device"], told["alarm"]) == ("grid", "Peak")
    assert told["reason"].endswith("did you mean 'power_w'?")


@pytest.mark.parametrize(
    ("url", "is_one"),
    [
        ("http://ops.example", True),
        ("https://user:word@ops.example:8443/in?x=1", True),
        ("https://[::1]/in", True),
        ("https://", False),
        ("ops.example/in", False),
        ("https://ops.example:99999/", False),
        ("https://[half/", False),
        ("file:///etc/passwd", False),
    ],
)
def test_messages_go_to_web_addresses(url: str, is_one: bool) -> None:
    assert is_web_address(url) is is_one
