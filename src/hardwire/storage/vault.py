"""Encrypts the secrets that are as good as a password, with a key beside the store."""

import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hardwire.model.errors import HubFaultError
from hardwire.storage.faults import explain_system
from hardwire.storage.folder import sync_folder

KEY_FILE = "vault.key"
_KEY_BYTES = 32
# NIST SP 800-38D, section 8.2.2: a random 96-bit nonce is good for 2**32 secrets under one key.
_NONCE_BYTES = 12


class Vault:
    """Seals and opens secrets. Each is bound to its owner's name, so that a row's secret cannot be moved to another."""

    def __init__(self, folder: Path, *, is_in_use: bool, is_mended: bool = True) -> None:
        """Read the key, or make one (mode 0600) where nothing was sealed yet.

        The mode is mended unless the key is only looked at.

        Raises:
            HubFaultError: the key is lost or damaged (code `vault`), or cannot be read or made.
        """
        self._file = folder / KEY_FILE
        try:
            if not self._file.exists():
                if is_in_use:
                    raise _lost(self._file)
                _make_key(self._file)
            if is_mended:
                self._file.chmod(0o600)
            key = self._file.read_bytes()
        except OSError as error:
            raise explain_system(error, self._file) from error
        if len(key) != _KEY_BYTES:
            raise _lost(self._file)
        self._cipher = AESGCM(key)

    def seal(self, secret: bytes, owner: str) -> bytes:
        """Return the secret encrypted for its owner."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, secret, owner.encode())

    def open(self, sealed: bytes, owner: str) -> bytes:
        """Return what was sealed for this owner.

        Raises:
            HubFaultError: the key is another one, or the sealed bytes were changed (code `vault`).
        """
        try:
            return self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], owner.encode())
        except (InvalidTag, ValueError) as error:
            raise _lost(self._file) from error


def _make_key(file: Path) -> None:
    # Written beside and renamed: a power cut leaves a whole key or none. The rename is made durable before a
    # first secret can be sealed with it.
    draft = file.with_suffix(".new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(AESGCM.generate_key(_KEY_BYTES * 8))
        stream.flush()
        os.fsync(stream.fileno())
    draft.rename(file)
    sync_folder(file.parent)


def _lost(file: Path) -> HubFaultError:
    return HubFaultError(
        f"{file} is not the key that sealed this store's secrets: restore it from the same backup as the store, or "
        "delete the rows that it sealed and make new ones: ezeio keys (table `credential`, is_sealed = 1) and devices "
        "that were added with a token (table `device`, sealed is not null).",
        code="vault",
    )
