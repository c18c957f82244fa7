"""The program that runs on the board itself: bytes to and from it, and Lua to be run in it."""

from hardwire.model.command import Command
from hardwire.model.fact import Happening


class SendToPlugin(Command, frozen=True):
    """Give bytes to the program. No answer."""

    octets: bytes


class RunLua(Command, frozen=True):
    """Run Lua now; `PluginFailed` is published where it fails. No answer."""

    source: str


class ReloadPlugin(Command, frozen=True):
    """Begin the stored program anew (file `plua` of the storage). No answer."""


class CallPlugin(Command, frozen=True):
    """Run Lua and give its result back. Answer: one `PluginCalled` with the same id (0 to 2^32 - 1)."""

    id: int
    source: str


class AnswerTransaction(Command, frozen=True):
    """Give the program the answer to its `TransactionAsked` of that id. No answer."""

    id: int
    is_success: bool
    result: str


class PluginReceived(Happening, frozen=True):
    """The program tells bytes."""

    octets: bytes


class PluginFrameBegan(Happening, frozen=True):
    """The `PluginReceived` that follow, `size_bytes` together, belong together."""

    id: int
    size_bytes: int


class PluginFrameEnded(Happening, frozen=True):
    """What `PluginFrameBegan` began is complete."""


class PluginLogged(Happening, frozen=True):
    """The program wrote to the board's console; for the owner's eyes: no dialect tells it."""

    text: str


class PluginFailed(Happening, frozen=True):
    """Lua ended with an error."""

    message: str


class PluginCalled(Happening, frozen=True):
    """The answer to `CallPlugin`: its result, or where `is_failed` what went wrong."""

    id: int
    result: str
    is_failed: bool = False


class TransactionAsked(Happening, frozen=True):
    """The program asks its cloud something; a client answers by `AnswerTransaction`."""

    id: int
    octets: bytes
