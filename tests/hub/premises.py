"""A hub to test on: paper store, paper dialect, paper driver, a clock that stands still."""

from collections.abc import Callable

from hardwire.bus.local import LocalBus
from hardwire.contracts.driver import Driver
from hardwire.hub.desk import Desk
from hardwire.hub.hub import Hub
from hardwire.hub.line import Line, Piece
from hardwire.model.access import OWNER
from hardwire.model.channel import Channel
from hardwire.model.command import Command, Reply
from hardwire.model.device import Device
from hardwire.model.point import Keeper, Point, PointKind
from tests.fakes.paper_dialect import PaperDialect
from tests.fakes.paper_driver import PaperDriver
from tests.fakes.paper_store import PaperStore
from tests.fakes.still_clock import StillClock

METER = Device(
    id="meter",
    kind="meter",
    stale_after_s=30,
    points=(
        Point(name="power_w", log_interval_s=5),
        Point(name="note", kind=PointKind.TEXT),
        Point(name="cloud", kind=PointKind.FLAG, keeper=Keeper.HUB, writable=True, initial=True),
        Point(name="brightness", keeper=Keeper.HUB, writable=True),
        Point(name="label", kind=PointKind.TEXT, keeper=Keeper.HUB, writable=True),
        Point(name="modes", kind=PointKind.TEXTS, keeper=Keeper.HUB, writable=True),
        Point(name="serial", kind=PointKind.TEXT, keeper=Keeper.HUB, initial="x"),
    ),
)
GAS = Device(id="gas", kind="gas_meter", parent="meter")


def framed(payload: str | bytes) -> bytes:
    """A frame that a test can read."""
    return payload.encode() if isinstance(payload, str) else payload


class PaperWatcher:
    """A client's end that keeps the frames."""

    def __init__(self) -> None:
        self.frames: list[bytes] = []
        self.pending: list[bytes] = []
        self.policies: list[tuple[Channel, bool]] = []
        self.line: Line | None = None
        self.watched = 0

    def take(self, frame: bytes, channel: Channel, keeps_newest: bool) -> None:
        """Take a frame."""
        self.frames.append(frame)
        self.policies.append((channel, keeps_newest))

    def write(self, piece: Piece) -> int:
        """Take its frames."""
        for frame in piece.frames:
            self.take(frame, piece.channel, piece.keeps_newest)
        return len(piece.frames)

    def expect(self, line: Line) -> None:
        """Write what is fresh at once."""
        line.flush()


class Premises:
    """A hub with its parts in reach. Two of them on one bus are two hubs."""

    def __init__(
        self,
        bus: LocalBus | None = None,
        clock: StillClock | None = None,
        *,
        frame: Callable[[str | bytes], bytes] = framed,
    ) -> None:
        self.clock = clock or StillClock()
        self.bus = bus or LocalBus(self.clock.monotonic)
        self.store = PaperStore()
        self.hub = Hub(self.bus, self.store, self.clock, frame)
        self.desk = Desk(self.hub)
        self.dialect = PaperDialect()
        self.hub.speak({"paper": self.dialect})
        self.driver = PaperDriver()
        self.faults: list[tuple[str, BaseException]] = []
        self.hub.on_fault = lambda where, fault: self.faults.append((where, fault))

    def serve(self, *devices: Device, driver: Driver | None = None) -> None:
        """Serve devices by the paper driver, or another."""
        for device in devices:
            self.hub.serve(device, driver or self.driver)

    def close(self) -> None:
        """Stop serving: what waits for an answer gets one, no task is left behind."""
        for device in list(self.hub.roster.devices()):
            self.hub.forget(device.id)

    def execute(self, device: str, command: Command) -> list[Reply]:
        """Execute as the owner; the list gets the reply when it is there."""
        replies: list[Reply] = []
        self.hub.execute(device, command, OWNER, replies.append)
        return replies
