"""Secrets that are as good as a password, at rest."""

from pathlib import Path

import pytest

from hardwire.model.errors import HubFaultError
from hardwire.storage.vault import KEY_FILE, Vault


def test_a_sealed_secret_opens_again_after_a_restart(tmp_path: Path) -> None:
    sealed = Vault(tmp_path, is_in_use=False).seal(b"secret", "key-1")

    opened = Vault(tmp_path, is_in_use=True).open(sealed, "key-1")

    assert opened == b"secret"
    assert b"secret" not in sealed


def test_the_same_secret_is_never_sealed_the_same_way(tmp_path: Path) -> None:
    vault = Vault(tmp_path, is_in_use=False)

    sealed = {vault.seal(b"secret", "key-1") for _ in range(3)}

    assert len(sealed) == 3


@pytest.mark.parametrize("damage", ["owner", "bytes", "cut", "key"])
def test_a_secret_that_was_moved_or_changed_does_not_open(tmp_path: Path, damage: str) -> None:
    vault = Vault(tmp_path, is_in_use=False)
    sealed = vault.seal(b"secret", "key-1")
    if damage == "bytes":
        sealed = sealed[:-1] + bytes([sealed[-1] ^ 1])
    if damage == "cut":
        sealed = sealed[:5]
    if damage == "key":
        (tmp_path / KEY_FILE).write_bytes(bytes(32))
        vault = Vault(tmp_path, is_in_use=True)

    with pytest.raises(HubFaultError, match="restore it") as caught:
        vault.open(sealed, "key-2" if damage == "owner" else "key-1")

    assert caught.value.code == "vault"


def test_only_its_owner_may_read_the_key_even_when_it_was_left_open(tmp_path: Path) -> None:
    Vault(tmp_path, is_in_use=False)
    key = tmp_path / KEY_FILE
    modes = [key.stat().st_mode & 0o777]
    key.chmod(0o644)

    Vault(tmp_path, is_in_use=True)

    assert [*modes, key.stat().st_mode & 0o777] == [0o600, 0o600]
    assert [file.name for file in tmp_path.iterdir()] == [KEY_FILE]


def test_who_only_looks_changes_nothing(tmp_path: Path) -> None:
    sealed = Vault(tmp_path, is_in_use=False).seal(b"secret", "key-1")
    key = tmp_path / KEY_FILE
    key.chmod(0o644)

    opened = Vault(tmp_path, is_in_use=True, is_mended=False).open(sealed, "key-1")

    assert opened == b"secret"
    assert key.stat().st_mode & 0o777 == 0o644


def test_a_lost_key_is_not_silently_made_anew(tmp_path: Path) -> None:
    with pytest.raises(HubFaultError, match=r"vault\.key"):
        Vault(tmp_path, is_in_use=True)

    assert not (tmp_path / KEY_FILE).exists()


def test_a_draft_left_by_a_crash_is_no_key(tmp_path: Path) -> None:
    (tmp_path / "vault.new").write_bytes(b"half")

    vault = Vault(tmp_path, is_in_use=False)

    assert vault.open(vault.seal(b"secret", "key-1"), "key-1") == b"secret"


def test_a_damaged_key_is_named(tmp_path: Path) -> None:
    (tmp_path / KEY_FILE).write_bytes(b"short")

    with pytest.raises(HubFaultError, match=r"vault\.key"):
        Vault(tmp_path, is_in_use=False)


def test_a_key_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / KEY_FILE).mkdir()

    with pytest.raises(HubFaultError, match=r"vault\.key"):
        Vault(tmp_path, is_in_use=True)
