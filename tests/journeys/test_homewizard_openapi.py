"""The description of the HomeWizard dialect against a running hub: schemathesis makes up requests, and judges."""

import json
import re
import ssl
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.journeys.client import SCRIPTS, Client
from tests.journeys.homewizard_house import House, Place, house_of_every_product

DESCRIPTION = Path(__file__).resolve().parents[2] / "docs" / "reference" / "dialects" / "homewizard.openapi.yaml"
# What a product cannot is 404 whatever the method and the token, and settings that it has not are passed over: where a
# path or a setting is not every product's, these judge by the description of them all.
ABOUT_ALL_PRODUCTS = "positive_data_acceptance,negative_data_rejection,unsupported_method,missing_required_header"
FindClient = Callable[[str], Client]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house whose settings these journeys may change, and whose users they may remove."""
    with house_of_every_product(tmp_path_factory.mktemp("openapi")) as house:
        yield house


def as_user(house: House, place: Place) -> tuple[str, ...]:
    """Become a user of a device, its button pressed, and return the options that reach it as that user."""
    house.hub.cli("press", place.serial)
    asked = urllib.request.Request(f"https://{place.https}/api/user", b'{"name":"local/schemathesis"}', method="POST")
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({}),
        urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=str(house.hub.ca))),
    )
    with opener.open(asked, timeout=30) as answer:
        token = json.load(answer)["token"]
    reached = ("--url", f"https://{place.https}", "--tls-verify", str(house.hub.ca))
    return (*reached, "--header", f"Authorization: Bearer {token}")


def tried(schemathesis: Client, *options: str) -> int:
    """Try the description with these options; return how many requests passed.

    Raises:
        AssertionError: the hub answered something that the description does not say; the message shows it.
    """
    done = schemathesis.call(
        *("-m", "schemathesis.cli", "--config-file", str(SCRIPTS / "schemathesis.toml")),
        *("run", str(DESCRIPTION), *options),
        timeout_s=120,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    passed = re.search(r"(\d+) generated, (\d+) passed", done.stdout)
    assert passed is not None, done.stdout
    return int(passed[2])


@pytest.mark.parametrize(
    ("product", "options"),
    [
        ("HWE-SKT", ("--exclude-operation-id", "getTelegramV1")),
        ("HWE-P1", ("--exclude-path", "/api/v1/state")),
        ("HWE-KWH3", ("--exclude-checks", ABOUT_ALL_PRODUCTS)),
        ("HWE-WTR", ("--exclude-checks", ABOUT_ALL_PRODUCTS)),
        # It has no v1: every path is 404, as the description says.
        ("HWE-BAT", ("--exclude-checks", ABOUT_ALL_PRODUCTS)),
    ],
)
def test_v1_answers_as_described(house: House, client: FindClient, product: str, options: tuple[str, ...]) -> None:
    schemathesis = client("schemathesis")
    place = house.places[product]

    passed = tried(schemathesis, "--url", f"http://{place.http}", "--include-path-regex", "^/api(/v1/.*)?$", *options)

    assert passed > 20


@pytest.mark.parametrize(
    ("product", "options"),
    [
        ("HWE-P1", ()),
        ("HWE-KWH3", ("--exclude-checks", ABOUT_ALL_PRODUCTS)),
        ("HWE-BAT", ("--exclude-checks", ABOUT_ALL_PRODUCTS)),
    ],
)
def test_v2_answers_as_described(house: House, client: FindClient, product: str, options: tuple[str, ...]) -> None:
    schemathesis = client("schemathesis")
    known = as_user(house, house.places[product])

    passed = tried(
        schemathesis, *known, "--exclude-path-regex", "^/api/v1/", "--exclude-operation-id", "removeUser", *options
    )

    assert passed > 100


def test_users_are_removed_as_described(house: House, client: FindClient) -> None:
    schemathesis = client("schemathesis")
    known = as_user(house, house.places["HWE-KWH1"])

    # Who removes users may remove itself, and is nobody from then on.
    passed = tried(schemathesis, *known, "--include-operation-id", "removeUser")

    assert passed > 20
