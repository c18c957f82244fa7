"""What waits for a client that is behind: frames in order, of some channels only the newest."""

from itertools import count

from hardwire.model.channel import Channel

# What the keeping of a frame takes besides its bytes: its object, its key, its place.
FRAME_COST_BYTES = 160


class Backlog:
    """Frames that were sent and not yet written. It knows of which channel each is, a plain list does not."""

    __slots__ = ("_frames", "_numbers", "_standing", "_stood_at", "cost_bytes", "size_bytes")

    def __init__(self, now: float) -> None:
        """`now` is loop time: from then on the client is watched for signs of reading."""
        self._frames: dict[Channel | int, bytes] = {}
        self._numbers = count()
        self._standing: tuple[int, int] | None = None
        self._stood_at = now
        self.size_bytes = 0
        """The length of all frames."""
        self.cost_bytes = 0
        """What they take in memory, were they nobody else's."""

    def __bool__(self) -> bool:
        return bool(self._frames)

    def put(self, frame: bytes) -> None:
        """Keep a frame that may not be lost."""
        self._add(next(self._numbers), frame)

    def put_newest(self, frame: bytes, channel: Channel) -> bool:
        """Keep a frame of a channel, at the end, in place of its older one; True when there was one."""
        older = self._frames.pop(channel, None)
        if older is not None:
            self._gone(older)
        self._add(channel, frame)
        return older is not None

    def take(self, limit_bytes: int) -> list[bytes]:
        """Take out the oldest frames: at least one, then as long as they are no longer than the limit together."""
        taken: list[Channel | int] = []
        room_bytes = limit_bytes
        for key, frame in self._frames.items():
            room_bytes -= len(frame)
            if taken and room_bytes < 0:
                break
            taken.append(key)
        frames = [self._frames.pop(key) for key in taken]
        for frame in frames:
            self._gone(frame)
        return frames

    def moved(self, now: float) -> None:
        """The client has read: something could be written."""
        self._standing, self._stood_at = None, now

    def still_s(self, standing: tuple[int, int], now: float) -> float:
        """For how long nothing has moved: `standing` is what lies in the transport and in the kernel, in bytes."""
        if standing != self._standing:
            self._standing, self._stood_at = standing, now
        return now - self._stood_at

    def _add(self, key: Channel | int, frame: bytes) -> None:
        self._frames[key] = frame
        self.size_bytes += len(frame)
        self.cost_bytes += len(frame) + FRAME_COST_BYTES

    def _gone(self, frame: bytes) -> None:
        self.size_bytes -= len(frame)
        self.cost_bytes -= len(frame) + FRAME_COST_BYTES
