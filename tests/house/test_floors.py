"""The floors of the house: who may import whom, and what the pure floors may not do."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.tree import ROOT, SOURCE, modules, parsed, shown

PURE = tuple(path for room in ("model", "contracts", "dialects") for path in modules(SOURCE / room))
# The contracts of what awaits the world say so; they do nothing themselves.
AWAITING_CONTRACTS = {"bus.py", "driver.py", "store.py", "records.py"}
# The two places that may import late (docs/explain/house.md).
LATE_IMPORTS = ("app/parts.py", "app/cli/")
CLOCKS = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today")}


def test_imports_point_down_and_siblings_do_not_know_each_other() -> None:
    done = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-logo"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", PURE, ids=shown)
def test_a_pure_floor_awaits_nothing_and_reads_no_clock(path: Path) -> None:
    may_await = path.parent.name == "contracts" and path.name in AWAITING_CONTRACTS

    found = [
        f"line {node.lineno} awaits"
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Await | ast.AsyncFor | ast.AsyncWith | ast.AsyncFunctionDef) and not may_await
    ]
    found += [
        f"line {node.lineno} reads the clock"
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and (node.value.id, node.attr) in CLOCKS
    ]

    assert not found


@pytest.mark.parametrize("path", PURE, ids=shown)
def test_a_pure_floor_imports_no_part_of_the_standard_library_that_opens_a_connection(path: Path) -> None:
    # import-linter knows whole packages only; `http.cookies` and `urllib.parse` are harmless, these are not.
    connecting = {"http.client", "http.server", "urllib.request"}

    imported = {
        name
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
        for name in ([alias.name] if isinstance(node, ast.Import) else [node.module, f"{node.module}.{alias.name}"])
    }

    assert not imported & connecting


def test_imports_stand_on_top_save_in_the_two_places_that_load_late() -> None:
    late = [
        f"{shown(path)}:{inner.lineno}"
        for path in modules()
        if not path.relative_to(SOURCE).as_posix().startswith(LATE_IMPORTS)
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]

    assert not late, f"imports inside functions: {late}"
