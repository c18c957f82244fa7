"""What a backup's file may hold: its headers are judged before anything of it is believed."""

import io
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardwire.app.backup.archive import Archive, opened
from hardwire.app.backup.manifest import MANIFEST_LIMIT_BYTES, Manifest
from hardwire.model.errors import BadValueError
from tests.app.backup.house import backup_of, make_folder, quiet
from tests.app.backup.tars import contents, listed, packed

Change = Callable[[dict[str, bytes]], object]


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    place = tmp_path_factory.mktemp("good")
    return backup_of(make_folder(place / "data", "1"), place / "b.tar").read_bytes()


def refused(text: bytes, tmp_path: Path) -> str:
    """The sentence with which such a file is refused."""
    file = tmp_path / "b.tar"
    file.write_bytes(text)
    with pytest.raises(BadValueError) as refusal, opened(file) as archive:
        archive.verify(quiet)
    assert refusal.value.code == "no-backup"
    assert str(file) in refusal.value.message
    return refusal.value.message


def test_a_good_one_is_read(good: bytes, tmp_path: Path) -> None:
    (tmp_path / "b.tar").write_bytes(good)

    with opened(tmp_path / "b.tar") as archive:
        archive.verify(quiet)
        (tmp_path / "out").mkdir()
        archive.unpack(tmp_path / "out", quiet)

    assert (tmp_path / "out" / "vault.key").read_bytes() == contents(good)["vault.key"]
    assert (tmp_path / "out" / "vault.key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "name", ["../vault.key", "/etc/passwd", "leaves/../../x.pem", "hub.sock", "leaves/x.pem", "x" * 90]
)
def test_no_name_leads_out_of_the_folder_or_to_what_no_hub_has(good: bytes, tmp_path: Path, name: str) -> None:
    members = listed({**contents(good), name: b"x"})

    assert "holds what no backup of a hub holds" in refused(packed(members), tmp_path)


@pytest.mark.parametrize(
    "kind",
    [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.CHRTYPE, tarfile.GNUTYPE_SPARSE, tarfile.XHDTYPE],
)
def test_only_plain_files_pass(good: bytes, tmp_path: Path, kind: bytes) -> None:
    header = tarfile.TarInfo("vault.key")
    header.type, header.linkname = kind, "/etc/shadow"

    text = header.tobuf(tarfile.GNU_FORMAT) + good

    assert "holds what no backup of a hub holds" in refused(text, tmp_path)


def test_every_cut_is_noticed(good: bytes, tmp_path: Path) -> None:
    end = len(good.rstrip(b"\0"))

    for length in (0, 100, 512, 700, 1024, 5000, end - 1):
        assert "nothing was changed" in refused(good[:length], tmp_path)


def test_every_changed_byte_of_a_member_is_noticed(good: bytes, tmp_path: Path) -> None:
    members = contents(good)
    for name in members:
        if name != "manifest.json":
            changed = bytearray(members[name])
            changed[-1] ^= 1

            assert "damaged" in refused(packed({**members, name: bytes(changed)}), tmp_path)


def without(name: str) -> Change:
    return lambda members: members.pop(name)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (without("manifest.json"), "no list of contents"),
        (without("vault.key"), "does not hold what its list"),
        (lambda members: members.update({"manifest.json": b"{"}), "cannot be read"),
        (lambda members: members.update({"manifest.json": b"[" * 100_000}), "cannot be read"),
        (lambda members: members.update({"manifest.json": b" " * (MANIFEST_LIMIT_BYTES + 1)}), "no list of contents"),
        (lambda members: members.update(listed(members, format="zip")), "another program's"),
        (lambda members: members.update(listed(members, version=2)), "newer hub"),
        (lambda members: members.update(listed(members, schema=1)), "another one than its list"),
        (lambda members: members.update({"ca.key": b"x" * 70_000}) or members.update(listed(members)), "far too long"),
        (lambda members: members.update({"hardwire.db": b"x"}) or members.update(listed(members)), "store is none"),
        (lambda members: members.pop("ca.pem") and members.update(listed(members)), "ca.pem is missing"),
    ],
)
def test_a_list_that_does_not_fit_is_refused(good: bytes, tmp_path: Path, change: Change, sentence: str) -> None:
    members = contents(good)
    change(members)

    assert sentence in refused(packed(members), tmp_path)


def test_a_store_of_a_newer_hub_is_refused(good: bytes, tmp_path: Path) -> None:
    members = contents(good)
    store = bytearray(members["hardwire.db"])
    store[60:64] = (9999).to_bytes(4)
    members["hardwire.db"] = bytes(store)

    assert "newer hub" in refused(packed(listed(members, schema=9999)), tmp_path)


def test_a_member_that_comes_twice_is_refused(good: bytes, tmp_path: Path) -> None:
    twice = tarfile.TarInfo("manifest.json").tobuf(tarfile.GNU_FORMAT)

    assert "twice" in refused(twice + good, tmp_path)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    for path, sentence in ((tmp_path, "is no file"), (tmp_path / "none", "there is no such file")):
        with pytest.raises(BadValueError, match=sentence), opened(path):
            pass


@given(st.binary(max_size=3000))
def test_garbage_is_refused_with_a_sentence(text: bytes) -> None:
    with pytest.raises(BadValueError):
        _read(text)


def _read(text: bytes) -> Manifest:
    return Archive(Path("x"), io.BytesIO(text)).manifest
