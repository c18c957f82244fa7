"""Files on the board."""

from hardwire.model.command import Command
from hardwire.model.fact import Happening


class SaveFile(Command, frozen=True):
    """Keep a file under a name, in place of an earlier one. No answer."""

    name: str
    octets: bytes


class ReadFile(Command, frozen=True):
    """Read a file. Answer: one `FileRead`, empty where there is no such file."""

    name: str


class FileRead(Happening, frozen=True):
    """The answer to `ReadFile`."""

    name: str
    octets: bytes
