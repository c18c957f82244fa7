"""The virtual board's files: kept, replaced, bounded."""

import pytest

from hardwire.drivers.simulated.board.storage import FILES_LIMIT, Storage
from hardwire.model.board.storage import FileRead, ReadFile, SaveFile
from hardwire.model.errors import BadValueError, CallerError
from tests.drivers.simulated.board.settled import NOON_US, settled

QUARTER_MIB = b"x" * (256 * 1024)


def save(storage: Storage, name: str, octets: bytes) -> None:
    assert settled(storage.carry_out(SaveFile(name, octets), NOON_US)) == ()


def read(storage: Storage, name: str) -> FileRead:
    (answer,) = settled(storage.carry_out(ReadFile(name), NOON_US))
    assert isinstance(answer, FileRead)
    return answer


def test_a_file_is_read_as_it_was_saved_last() -> None:
    storage = Storage()

    save(storage, "launch_img", b"\x00\xff")
    save(storage, "launch_img", b"new")

    assert read(storage, "launch_img") == FileRead("launch_img", b"new")


def test_a_file_that_is_not_there_is_empty() -> None:
    assert read(Storage(), "nowhere") == FileRead("nowhere", b"")


def test_files_outlive_a_reset() -> None:
    storage = Storage()
    save(storage, "plua", b"x=1")

    storage.power_on()

    assert read(storage, "plua").octets == b"x=1"


@pytest.mark.parametrize(
    ("name", "octets", "path"), [("", b"", "name"), ("é" * 128, b"", "name"), ("a", QUARTER_MIB + b"x", "octets")]
)
def test_a_file_that_no_board_holds_is_refused(name: str, octets: bytes, path: str) -> None:
    with pytest.raises(BadValueError) as refused:
        Storage().carry_out(SaveFile(name, octets), NOON_US)

    assert refused.value.path == path


def test_all_files_together_are_bounded_and_a_replaced_one_counts_once() -> None:
    storage = Storage()
    for name in "abcd":
        save(storage, name, QUARTER_MIB)

    save(storage, "d", QUARTER_MIB)
    with pytest.raises(CallerError, match="together") as refused:
        storage.carry_out(SaveFile("e", b"x"), NOON_US)

    assert refused.value.code == "no-room"
    assert read(storage, "e").octets == b""


def test_the_number_of_files_is_bounded() -> None:
    storage = Storage()
    for number in range(FILES_LIMIT):
        save(storage, str(number), b"")

    save(storage, "0", b"again")
    with pytest.raises(CallerError, match="100 files"):
        storage.carry_out(SaveFile("one more", b""), NOON_US)

    assert read(storage, "0").octets == b"again"
