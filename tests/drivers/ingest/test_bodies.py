"""Whatever is brought is taken or refused in a sentence: never a fault, never a value out of nothing."""

import asyncio
import json
import math

from hypothesis import given
from hypothesis import strategies as some

from hardwire.drivers.ingest import wire
from hardwire.drivers.ingest.batch import Batch
from hardwire.drivers.ingest.catalogue import Catalogue, ordered
from hardwire.drivers.ingest.intake import keys_of, sort
from hardwire.drivers.ingest.settings import Settings
from hardwire.drivers.ingest.table import table_of
from hardwire.model.errors import BadValueError
from tests.fakes.paper_feed import NOON

TIMES = some.one_of(
    some.none(),
    some.integers(),
    some.floats(),
    some.datetimes().map(str),
    some.sampled_from(["2026-11-25T11:00:00Z", "2026-11-25T11:00:00+14:00", "0001-01-01T00:00:00Z", "x"]),
)
KEYS = some.one_of(
    some.text(max_size=5), some.integers(-3, 200).map(str), some.sampled_from(["time", "field_7", "vin_mv"])
)
ANYTHING = some.recursive(
    some.one_of(some.none(), some.booleans(), some.integers(), some.floats(), some.text(max_size=5)),
    lambda inner: some.one_of(some.lists(inner, max_size=3), some.dictionaries(KEYS, inner, max_size=3)),
    max_leaves=8,
)
VALUES = some.one_of(some.integers(), some.floats(), some.none(), ANYTHING)
ROWS = some.fixed_dictionaries(
    {"fields": some.dictionaries(KEYS, VALUES, max_size=4)},
    optional={"time": TIMES, "log": some.sampled_from(["fast", "status", "slow", 7])},
)
BODIES = some.one_of(
    some.lists(some.one_of(ROWS, ANYTHING), max_size=4),
    some.fixed_dictionaries(
        {}, optional={"rows": some.lists(ROWS), "done": ANYTHING, "failed": ANYTHING, "fields": VALUES}
    ),
    ANYTHING,
)


def taken(batch: Batch) -> None:
    """Take a batch as a driver does; see that all that is left of it can be kept."""
    catalogue = Catalogue(Settings())
    proposal = catalogue.propose(keys_of(batch))
    catalogue.adopt(ordered(proposal.names.values()))
    intake = asyncio.run(sort(batch, proposal.names, proposal.reasons, NOON))

    for (at, _), values in intake.rows.items():
        assert at.utcoffset() is not None
        assert all(math.isfinite(value) and not isinstance(value, bool) for value in values.values())
    assert sum(map(len, intake.rows.values())) <= intake.size <= batch.size
    assert all(one.reason for one in intake.refused)


@given(BODIES)
def test_any_json_is_taken_or_refused(body: object) -> None:
    try:
        batch = wire.batch_of(json.dumps(body).encode())
    except BadValueError:
        return

    taken(batch)


@given(
    some.one_of(some.binary(max_size=200), some.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))
)
def test_any_bytes_are_taken_or_refused(body: bytes) -> None:
    try:
        batch = wire.batch_of(body)
    except BadValueError:
        return

    taken(batch)


CELLS = some.one_of(
    some.text(max_size=6),
    some.integers().map(str),
    some.floats().map(str),
    some.sampled_from(["", '"', "2026-11-25T11:00:00Z"]),
)
LINES = some.lists(some.lists(CELLS, max_size=4).map(",".join), max_size=5)


@given(some.one_of(some.text(max_size=200), some.builds(lambda head, lines: "\n".join([head, *lines]), CELLS, LINES)))
def test_any_text_as_a_table_is_taken_or_refused(text: str) -> None:
    try:
        batch = table_of(text)
    except BadValueError:
        return

    taken(batch)


@given(LINES, some.sampled_from(["time,1,2", "time,field,value", "log,time,a", "time,a"]))
def test_any_lines_below_a_good_header_are_taken_or_refused(lines: list[str], header: str) -> None:
    try:
        batch = table_of("\r\n".join([header, *lines]))
    except BadValueError:
        return

    taken(batch)
