"""What a key is kept as, how a new one is made."""

import hashlib

from hardwire.contracts.dialect import Entropy

KEY_LENGTH = 24
"""The length of a key's text (ezeio reference, section 3)."""

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_HASHES = {"MD5": hashlib.md5, "SHA-256": hashlib.sha256}


def digest(algorithm: str, text: str) -> bytes:
    """Return the hash of a text by one of the algorithms of Digest: `MD5` or `SHA-256`."""
    # A header may hold what is no text; it then has a hash of its own, which matches nothing.
    return _HASHES[algorithm](text.encode("utf-8", "replace")).digest()


def ha1(realm: str, user: str, key: str, algorithm: str = "MD5") -> bytes:
    """Return what the hub keeps of a key: H(user:realm:key), 16 bytes for `MD5`, 32 for `SHA-256`.

    Who has it can call as the key does, so it is as secret as the key itself.

    Source: RFC 2617, section 3.2.2.2.
    """
    return digest(algorithm, f"{user}:{realm}:{key}")


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
    """Return the text of a new key; its owner sees it once, the hub keeps its `ha1`."""
    return random_text(entropy, KEY_LENGTH)
