"""Every file on its own: what it says it is, how long it is, what it may not contain."""

import ast
import re
from pathlib import Path

import pytest

from tests.house.tree import ROOT, modules, parsed, shown, tracked

LINES_AT_MOST = 300
# A longer file says why in a comment that starts like this.
EXPLANATION = "# Longer than 300 lines:"

# Paths of one machine, hosts of package registries, private keys. Written in pieces, so that this file passes.
FORBIDDEN = {
    "a path of one machine": re.compile(r"(?<![\w.{])/(?:ho" + r"me/\w|wo" + r"rk/|ro" + r"ot/|Us" + r"ers/\w)"),
    "a temporary path": re.compile(r"(?<![\w.{\"'])/t" + r"mp/"),
    "a registry's host": re.compile(r"py" + r"pi\.org|python" + r"hosted|registry\.npm" + r"js|deb\.deb" + r"ian\.org"),
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIV" + r"ATE KEY"),
    "work that is not finished": re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|X" + r"XX)\b"),
}


def texts() -> list[Path]:
    """Return the tracked files that hold text which people wrote."""
    return [path for path in tracked() if path.suffix not in {".lock", ".png", ".jpg", ".ico", ".bin", ".svg"}]


@pytest.mark.parametrize("path", list(modules()), ids=shown)
def test_a_file_says_what_it_is_in_its_first_line(path: Path) -> None:
    sentence = (ast.get_docstring(parsed(path)) or "").split("\n\n")[0].strip()

    assert path.read_text("utf-8").startswith('"""'), "the first line is no docstring"
    assert sentence.endswith((".", "?")), f"the first sentence does not end: {sentence!r}"


@pytest.mark.parametrize("path", list(modules()), ids=shown)
def test_a_long_file_explains_itself(path: Path) -> None:
    text = path.read_text("utf-8")

    assert len(text.splitlines()) <= LINES_AT_MOST or EXPLANATION in text


def test_package_files_hold_no_logic() -> None:
    full = [shown(path) for path in (ROOT / "src").rglob("__init__.py") if path.read_text("utf-8").strip()]

    assert not full


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_contains_what_belongs_elsewhere(what: str) -> None:
    pattern = FORBIDDEN[what]

    found = [
        f"{shown(path)}:{number}: {line.strip()[:120]}"
        for path in texts()
        for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), 1)
        if pattern.search(line)
    ]

    assert not found, f"{what}:\n" + "\n".join(found)


def test_locks_name_packages_and_hashes_but_no_address() -> None:
    found = [
        f"{shown(path)}:{number}"
        for path in tracked()
        if path.suffix == ".lock" or path.name == "package-lock.json"
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if "file:/" in line or '"resolved"' in line or (path.suffix == ".lock" and "://" in line)
    ]

    assert not found


def test_every_suppression_of_the_type_checker_gives_its_reason() -> None:
    # `# type: ignore[code]  # reason` and `Any` with a comment on the line, or an import of it.
    bare = re.compile(r"# type: " + r"ignore(\[[\w,-]+\])?\s*$")

    found = [
        f"{shown(path)}:{number}"
        for folder in (ROOT / "src", ROOT / "tests")
        for path in folder.rglob("*.py")
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if bare.search(line)
    ]

    assert not found
