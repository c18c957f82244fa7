"""Every action of the audit log is explained to its owner, and nothing else is written into it."""

import re

from hardwire.model.audit import Action
from tests.house.tree import ROOT, modules

PAGE = ROOT / "docs" / "howto" / "audit-log.md"
ROW = re.compile(r"^\| `([a-z]+\.[a-z]+)` \|", re.MULTILINE)
# An action that is written as text, where its name would do.
LITERAL = re.compile(r"""\baction=f?["']([a-z]+\.[a-z]+)["']""")


def test_the_table_has_every_action_and_no_other() -> None:
    explained = ROW.findall(PAGE.read_text("utf-8"))

    assert sorted(explained) == sorted(Action)


def test_every_action_is_told_somewhere() -> None:
    source = "\n".join(path.read_text("utf-8") for path in modules())
    # What only the migration of an earlier version's lines can give.
    carried = {Action.OTHER_NOTED}

    assert [one.name for one in Action if one not in carried and f"Action.{one.name}" not in source] == []


def test_no_action_is_written_by_hand() -> None:
    assert [found for path in modules() for found in LITERAL.findall(path.read_text("utf-8"))] == []
