"""The table of families on the dialect's page names what the codec knows, no more and no less."""

import re
from collections.abc import Iterator
from pathlib import Path

from hardwire.dialects.obniz.wire.families import FAMILIES, KEYS, MODULES

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "dialects" / "obniz.md"


def rows() -> Iterator[list[str]]:
    """Yield the cells of each row."""
    table = PAGE.read_text("utf-8").partition("### Families of commands")[2].partition("\n## ")[0]
    for line in table.splitlines():
        if line.startswith("| `"):
            yield [cell.strip() for cell in line.strip("|").split(" | ")]


def numbers(text: str) -> set[int]:
    """Return the numbers of `0, 2 to 5`."""
    found: set[int] = set()
    for span in text.split(", "):
        first, _, last = span.partition(" to ")
        found |= set(range(int(first), int(last or first) + 1))
    return found


def test_every_key_stands_in_the_order_in_which_keys_are_carried_out() -> None:
    first_keys = list(dict.fromkeys(re.findall(r"`(\w+)`", cells[0])[0] for cells in rows()))

    assert first_keys == [f"{family.name}0" if family.keys else family.name for family in FAMILIES]


def test_the_last_key_of_each_family_is_told() -> None:
    last_keys = {re.findall(r"`(\w+)`", cells[0])[-1] for cells in rows()}

    assert last_keys == {f"{family.name}{family.keys - 1}" if family.keys else family.name for family in FAMILIES}
    assert last_keys <= set(KEYS)


def test_every_function_of_every_module_stands_there() -> None:
    told: dict[int, set[int]] = {}
    for cells in rows():
        module, is_framed, functions = cells[2].partition(": ")
        if is_framed:
            told.setdefault(int(module), set()).update(numbers(functions))

    known = {family.module: set(family.functions) for family in FAMILIES if family.module is not None}
    assert told == known
    assert set(told) == set(MODULES)
