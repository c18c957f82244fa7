"""What a key may call: its functions by name, beside the rights that it has on devices."""

from collections.abc import Mapping

from hardwire.model.access import Credential, Right

NEEDED: Mapping[str, Right] = {
    "subscribe": Right.READ,
    "status": Right.READ,
    "syslog": Right.READ,
    "samplelog": Right.READ,
    "eventlog": Right.READ,
    "control": Right.CONTROL,
    "group": Right.READ,
}
"""Every function that has a privilege of its own, with the right that it needs besides.

Unbuffered updates (`subscribe`) are a way of reading: they change when a unit sends, and nothing else.
"""

CHANGING = frozenset({"subscribe", "control"})
"""Functions that change something although they are called by GET."""

_WORDS = {Right.READ: "read", Right.CONTROL: "control"}


def refusal(credential: Credential, function: str) -> str:
    """Return why a key may not call a function; empty when it may."""
    if credential.functions is not None and function not in credential.functions:
        return f"The key has no privilege for {function}"
    right = NEEDED[function]
    return "" if right in credential.rights else f"The key may not {_WORDS[right]}"
