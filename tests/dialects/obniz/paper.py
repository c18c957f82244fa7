"""A small house of boards on paper, for the obniz dialect's tests."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from hardwire.dialects.obniz.dialect import Obniz
from hardwire.dialects.obniz.face import DIALECT, Face
from hardwire.hub.access import Access
from hardwire.hub.house import Premises
from hardwire.hub.roster import Roster
from hardwire.model import board
from hardwire.model.access import Credential, Right
from hardwire.model.device import Device
from tests.dialects.transcript import START, Stage

BENCH_TOKEN = "bench-token"
WATCHER_TOKEN = "watcher-token"
NEIGHBOUR_TOKEN = "neighbour-token"

WORDS: Mapping[str, Any] = {  # Any: the vocabulary's classes by name, for the expressions of transcripts
    name: word
    for module in iter_modules(board.__path__)
    for name, word in vars(import_module(f"{board.__name__}.{module.name}")).items()
    if isinstance(word, type)
}


class PaperHouse:
    """Boards in all the ways in which they can be reached.

    - `desk` 1234-5678: virtual, no token; the only one with firmware and name unset.
    - `lamp` 1111-1111: virtual, no token, named.
    - `bench` 2345-6789: an M5Stick that is opened by its owner, but has tokens since.
    - `shut` 3333-3333: real and not opened, no token.
    - `gone` 4444-4444: virtual, but never online.
    - `attic` 5555-5555: of another group, with its own token.
    - `vault` 6666-6666: virtual, but its owner wants it closed.
    - `fast` 7777-7777: virtual, answers in frames where it may.
    - `moved` 8888-8888: virtual, but elsewhere.
    - `wired` 9000-0000: virtual, offers a direct link to its own listener.
    """

    def __init__(self) -> None:
        self.now = START
        self.roster = Roster()
        self.access = Access(self._clock)
        self.house = Premises(self.roster, self.access)
        self._add(Device(id="desk", kind="board", is_virtual=True), Face(id="1234-5678"))
        self._add(
            Device(id="lamp", kind="board", name="Lamp", profile="obnizb2", firmware="3.5.0", is_virtual=True),
            Face(id="11111111", serial="sn_lamp-1"),
        )
        self._add(
            Device(id="bench", kind="board", profile="m5stickc", firmware="7.0.0"), Face(id="2345-6789", open=True)
        )
        self._add(Device(id="shut", kind="board"), Face(id="3333-3333"))
        self._add(Device(id="gone", kind="board", is_virtual=True), Face(id="4444-4444"), is_online=False)
        self._add(Device(id="attic", kind="board", group="neighbours"), Face(id="5555-5555"))
        self._add(Device(id="vault", kind="board", is_virtual=True), Face(id="6666-6666", open=False))
        self.roster.turn("lamp", START, is_online=True)
        self._add(Device(id="fast", kind="board", is_virtual=True), Face(id="7777-7777", replies="binary"))
        self._add(
            Device(id="moved", kind="board", is_virtual=True), Face(id="8888-8888", redirect="ws://192.168.1.5:8080")
        )
        self._add(
            Device(id="wired", kind="board", firmware="3.4.5", is_virtual=True),
            Face(id="9000-0000", local_connect=True, http="192.168.1.9:8081"),
        )
        self._let_in("bench-key", BENCH_TOKEN, "bench", Right.READ | Right.CONTROL)
        self._let_in("watcher-key", WATCHER_TOKEN, "bench", Right.READ)
        self._let_in("neighbour-key", NEIGHBOUR_TOKEN, "attic", Right.READ | Right.CONTROL, group="neighbours")
        self.dialect = Obniz(self.house)

    def stage(self, **request: Any) -> Stage:  # Any: further fields of Request
        """Return a stage for one conversation."""
        return Stage(self.dialect, names=WORDS, request=request)

    def _clock(self) -> datetime:
        return self.now

    def _add(self, device: Device, face: Face, *, is_online: bool = True) -> None:
        self.roster.declare(device)
        self.roster.show(device.id, DIALECT, face.id, face, second=face.serial or "")
        if is_online:
            self.roster.mark_alive(device.id, self.now)

    def _let_in(self, id: str, token: str, device: str, rights: Right, group: str = "home") -> None:
        self.access.add(
            Credential(
                id=id,
                kind=DIALECT,
                group=group,
                devices=(device,),
                rights=rights,
                secret_hash=sha256(token.encode()).digest(),
            )
        )
