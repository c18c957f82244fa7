"""The container recipe, read as an engine reads it: instructions with their arguments, stage by stage."""

import json
import shlex
from collections.abc import Sequence
from fnmatch import fnmatch

from msgspec import Struct

from tests.house.tree import ROOT

FILE = ROOT / "deploy" / "container" / "Containerfile"
IGNORED = ROOT / ".dockerignore"


class Instruction(Struct, frozen=True):
    """One instruction, `COPY`, with all that stands behind it on one line."""

    word: str
    text: str

    @property
    def words(self) -> Sequence[str]:
        """Its arguments: of the JSON form, else as a shell splits them, without options."""
        if self.text.startswith("["):
            return [str(word) for word in json.loads(self.text)]
        return [word for word in shlex.split(self.text) if not word.startswith("--")]


def instructions() -> Sequence[Instruction]:
    """Return every instruction of the recipe in its order."""
    lines = [line for line in FILE.read_text("utf-8").splitlines() if line.strip() and not line.startswith("#")]
    whole = "\n".join(lines).replace("\\\n", " ").splitlines()
    return [Instruction(word, text.strip()) for word, _, text in (line.strip().partition(" ") for line in whole)]


def of(word: str) -> Sequence[Instruction]:
    """Return the instructions of one kind."""
    return [one for one in instructions() if one.word == word]


def sources() -> Sequence[str]:
    """Return what is copied from the source tree."""
    return [path for one in of("COPY") if not one.text.startswith("--from=") for path in one.words[:-1]]


def health_check() -> Sequence[str]:
    """Return the command that an engine runs to see whether the hub is well."""
    ((_, _, command),) = [one.text.partition("CMD ") for one in of("HEALTHCHECK")]
    return [str(word) for word in json.loads(command)]


def is_left_out(path: str) -> bool:
    """Whether an engine leaves a path of the source tree out; of the patterns that fit, the last one decides."""
    is_out = False
    for line in IGNORED.read_text("utf-8").splitlines():
        pattern = line.strip().removeprefix("!")
        if not pattern or pattern.startswith("#"):
            continue
        parents = ["/".join(path.split("/")[:length]) for length in range(1, path.count("/") + 2)]
        anywhere = pattern.removeprefix("**/")
        if any(
            fnmatch(one, pattern) or (anywhere != pattern and fnmatch(one.rpartition("/")[2], anywhere))
            for one in parents
        ):
            is_out = not line.startswith("!")
    return is_out
