"""Keeps the interpreter from holding the hub up: the collector's pauses, and threads that keep its lock."""

import gc
import sys

# Rings of objects come from few places (a failed task and its traceback); what is counted here is mostly facts on their
# way, which die by themselves. The interpreter's own 700 has it look through young objects hundreds of times a second.
YOUNG_OBJECTS = 10_000
# How long a thread may keep the interpreter while the event loop waits for it; by itself it is 5 ms.
SWITCH_S = 0.001
_BY_ITSELF = gc.get_threshold()
_SWITCHES_BY_ITSELF_S = sys.getswitchinterval()


def begin() -> None:
    """Collect nothing while a hub is being built: nearly all that is made then stays."""
    gc.disable()


def settle() -> None:
    """What stands now stays for the hub's life: the collector looks through none of it again.

    A full collection of a hub with hundreds of devices took a tenth of a second and more, each time.
    """
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS, 10, 10)
    gc.enable()
    sys.setswitchinterval(SWITCH_S)


def end() -> None:
    """Let the interpreter do as it does by itself: a hub was closed, and what it consisted of is rubbish."""
    gc.unfreeze()
    gc.set_threshold(*_BY_ITSELF)
    gc.enable()
    sys.setswitchinterval(_SWITCHES_BY_ITSELF_S)
