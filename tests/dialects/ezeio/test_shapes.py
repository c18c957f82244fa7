"""The documented answers, key by key in their order, type by type."""

import json
from pathlib import Path
from typing import Any

import pytest

from hardwire.contracts.act import Respond
from hardwire.contracts.request import Request
from tests.dialects.ezeio.field_premises import INHERITING_KEY, equip
from tests.dialects.ezeio.premises import KEY, START, make_house

GOLDEN = Path(__file__).parent / "golden"

CALLS = {"status": "/v1/status/BAA144", "group": "/v1/group/tree/systems"}


def shape_of(value: Any) -> Any:  # Any: JSON
    """Return the value with what it is in its place."""
    match value:
        case dict():
            return {key: shape_of(inner) for key, inner in value.items()}
        case list():
            return [shape_of(inner) for inner in value]
        case str():
            return "text"
        case float():
            return "number"
        case int():
            return "integer"
        case _:
            return "null"


@pytest.mark.parametrize("name", CALLS)
def test_an_answer_has_the_documented_keys_in_their_order_and_with_their_types(name: str) -> None:
    house = make_house()
    equip(house)
    headers = {"ezeapikey": INHERITING_KEY, "authorization": f"Bearer {KEY}"}
    request = Request(method="GET", target=CALLS[name], path=CALLS[name], headers=headers)

    *_, answer = house.dialect.answer(request).open(START)

    assert isinstance(answer, Respond)
    # Compared as text, since the order of keys is a promise too.
    told = json.dumps(shape_of(json.loads(answer.body)), indent=2)
    assert told == json.dumps(json.loads((GOLDEN / f"shape_{name}.json").read_text("utf-8")), indent=2)
