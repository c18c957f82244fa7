"""Files on the simulated board: kept in memory while the hub runs, whatever happens to the board."""

from collections.abc import Sequence

from hardwire.model.board.storage import FileRead, ReadFile, SaveFile
from hardwire.model.command import Command
from hardwire.model.errors import BadValueError, CallerError
from hardwire.model.fact import Happening

PLUGIN_FILE = "plua"
"""The file that holds the board's own Lua program (obniz reference, section 3.18)."""

# The name's length is one byte on the wire (obniz reference, section 6.3, storage function 0).
NAME_LIMIT_BYTES = 255
# What real boards can hold is not public; a board of this kind has a few hundred KiB to spare.
FILE_LIMIT_BYTES = 256 * 1024
STORAGE_LIMIT_BYTES = 1024 * 1024
# Each file costs more than its bytes.
FILES_LIMIT = 100


class Storage:
    """The board's files. A reset and a reboot leave them as they are, as flash memory would."""

    commands: Sequence[type[Command]] = (SaveFile, ReadFile)

    def __init__(self) -> None:
        self._files: dict[str, bytes] = {}

    def power_on(self) -> None:
        """Keep every file."""

    def carry_out(self, command: Command, now_us: int) -> Sequence[Happening]:
        """Keep or read one file.

        Raises:
            CallerError: a file, or all files together, would be too large.
        """
        if isinstance(command, SaveFile):
            self._save(command.name, command.octets)
            return ()
        assert isinstance(command, ReadFile)
        return (FileRead(command.name, self.file(command.name)),)

    def file(self, name: str) -> bytes:
        """Return what a file holds; nothing where there is no such file."""
        return self._files.get(name, b"")

    def _save(self, name: str, octets: bytes) -> None:
        if not 1 <= len(name.encode()) <= NAME_LIMIT_BYTES:
            raise BadValueError(f"a file's name has 1 to {NAME_LIMIT_BYTES} bytes", path="name")
        if len(octets) > FILE_LIMIT_BYTES:
            problem = f"a file of this board has at most {FILE_LIMIT_BYTES} bytes, not {len(octets)}"
            raise BadValueError(problem, path="octets")
        others = [content for other, content in self._files.items() if other != name]
        if len(others) >= FILES_LIMIT:
            raise CallerError(f"this board holds at most {FILES_LIMIT} files", code="no-room")
        if sum(map(len, others)) + len(octets) > STORAGE_LIMIT_BYTES:
            problem = f"the files of this board hold at most {STORAGE_LIMIT_BYTES} bytes together"
            raise CallerError(problem, code="no-room")
        self._files[name] = octets
