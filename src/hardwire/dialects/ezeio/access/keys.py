"""What a key is kept as, how a new one is made."""

import hashlib

from hardwire.contracts.dialect import Entropy

KEY_LENGTH = 24
"""The length of a key's text (ezeio reference, section 3)."""

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_HASHES = {"MD5": hashlib.md5, "SHA-256": hashlib.sha256}

# What is kept of a key: 16 bytes for MD5, then 32 for SHA-256. Earlier versions kept the first alone.
_MD5_END = 16
KEPT_LENGTH = 48


def digest(algorithm: str, text: str) -> bytes:
    """Return the hash of a text by one of the algorithms of Digest: `MD5` or `SHA-256`."""
    # A header may hold what is no text; it then has a hash of its own, which matches nothing.
    return _HASHES[algorithm](text.encode("utf-8", "replace")).digest()


def ha1(realm: str, user: str, key: str, algorithm: str = "MD5") -> bytes:
    """Return H(user:realm:key), 16 bytes for `MD5`, 32 for `SHA-256`.

    Who has it can call as the key does, so it is as secret as the key itself.

    Source: RFC 2617, section 3.2.2.2; RFC 7616, section 3.4.2.
    """
    return digest(algorithm, f"{user}:{realm}:{key}")


def kept(realm: str, user: str, key: str) -> bytes:
    """Return what the hub keeps of a key: its `ha1` for MD5, then that for SHA-256."""
    return ha1(realm, user, key, "MD5") + ha1(realm, user, key, "SHA-256")


def kept_ha1(secret_hash: bytes, algorithm: str) -> bytes:
    """Return the `ha1` for an algorithm out of what was kept; empty where there is none."""
    if algorithm == "MD5":
        return secret_hash[:_MD5_END] if len(secret_hash) in (_MD5_END, KEPT_LENGTH) else b""
    return secret_hash[_MD5_END:] if len(secret_hash) == KEPT_LENGTH else b""


def random_text(entropy: Entropy, length: int) -> str:
    """Return letters and digits that nobody can guess: about 5.95 bits a character."""
    # Twice the bytes that the text holds: what the remainder favours is below 2**-90.
    number = int.from_bytes(entropy(2 * length), "big")
    letters = []
    for _ in range(length):
        number, index = divmod(number, len(_ALPHABET))
        letters.append(_ALPHABET[index])
    return "".join(letters)


def new_key(entropy: Entropy) -> str:
    """Return the text of a new key; its owner sees it once, the hub keeps its hashes."""
    return random_text(entropy, KEY_LENGTH)
