"""The project's own files, as its tests look at them."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "hardwire"


@cache
def tracked() -> tuple[Path, ...]:
    """Return every file that the repository holds or is about to hold; without git, every file that is not made."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode == 0:
        names = [name for name in listed.stdout.split("\0") if name]
        return tuple(path for path in (ROOT / name for name in sorted(names)) if path.is_file())
    made = {".venv", ".cache", ".git", "build", "dist", "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache"}
    return tuple(path for path in sorted(ROOT.rglob("*")) if path.is_file() and not made & set(path.parts))


def modules(folder: Path = SOURCE) -> Iterator[Path]:
    """Yield every Python file of the package that says something; `__init__.py` files say nothing."""
    yield from sorted(path for path in folder.rglob("*.py") if path.name != "__init__.py")


@cache
def parsed(path: Path) -> ast.Module:
    """Return a file's syntax tree."""
    return ast.parse(path.read_text("utf-8"), filename=str(path))


def shown(path: Path) -> str:
    """Return a path as people name it."""
    return path.relative_to(ROOT).as_posix()
