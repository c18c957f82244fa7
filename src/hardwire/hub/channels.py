"""The fan-out: each channel is rendered once for a fact, framed once, and spread to all who watch it."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime

from hardwire.contracts.dialect import Dialect
from hardwire.contracts.house import House
from hardwire.hub.line import Line, Watcher
from hardwire.model.channel import Channel
from hardwire.model.fact import Fact


class Channels:
    """Owns who watches what. Nothing here awaits: a slow client costs nobody time."""

    def __init__(
        self,
        house: House,
        frame: Callable[[str | bytes], bytes],
        on_fault: Callable[[str, Exception], None] | None = None,
    ) -> None:
        """`frame` turns a message into the bytes of one WebSocket frame.

        `on_fault` hears of a dialect's own faults, once per channel; without it they are raised.
        """
        self._house = house
        self._frame = frame
        self._on_fault = on_fault
        self._dialects: dict[str, Dialect] = {}
        self._lines: dict[str, dict[Channel, Line]] = {}

    def speak(self, dialects: Mapping[str, Dialect]) -> None:
        """Take the dialects that render."""
        self._dialects.update(dialects)

    def watch(self, channel: Channel, watcher: Watcher, now: datetime) -> bool:
        """Give this watcher what the channel renders from now on; True when it is the channel's first."""
        lines = self._lines.setdefault(channel.device, {})
        line = lines.get(channel)
        is_first = line is None
        if line is None:
            line = lines[channel] = Line(channel, self._dialects[channel.dialect], now)
        line.add(watcher)
        return is_first

    def unwatch(self, channel: Channel, watcher: Watcher) -> bool:
        """Stop; True when it was the channel's last watcher."""
        lines = self._lines.get(channel.device, {})
        line = lines.get(channel)
        if line is None or not line.remove(watcher) or len(line):
            return False
        del lines[channel]
        if not lines:
            del self._lines[channel.device]
        return True

    def is_watched(self, channel: Channel, watcher: Watcher) -> bool:
        """Whether this watcher has the channel."""
        line = self._lines.get(channel.device, {}).get(channel)
        return line is not None and watcher in line

    def deliver(self, device: str, fact: Fact, now: datetime) -> None:
        """Render and append a fact to every watched channel of a device; a channel that fails harms no other."""
        lines = self._lines.get(device)
        if lines is None:
            return
        for channel, line in lines.items():
            try:
                payload = line.dialect.render(channel, fact)
                if payload is None:
                    continue
                frame = self._frame(payload)
            except Exception as fault:  # noqa: BLE001 (one conversation's edge: neither driver nor neighbours may feel it)
                self._failed(channel, line, fault)
                continue
            line.last_at = now
            line.spread(frame)

    def latest(self, channel: Channel, now: datetime) -> bytes | None:
        """The frame of the channel's current state; None when there is none or its source is stale."""
        payload = self._dialects[channel.dialect].latest(channel, now)
        return None if payload is None else self._frame(payload)

    def repeat(self, now: datetime) -> None:
        """Send again the newest message of each channel that asks for it and whose source is alive but silent."""
        for device, lines in self._lines.items():
            for channel, line in lines.items():
                after_s = line.repeat_after_s
                if after_s is None or (now - line.last_at).total_seconds() < after_s:
                    continue
                if not self._house.is_fresh(device, now):
                    continue
                line.last_at = now
                try:
                    frame = self.latest(channel, now)
                except Exception as fault:  # noqa: BLE001 (as above)
                    self._failed(channel, line, fault)
                    continue
                if frame is not None:
                    line.spread(frame)

    def _failed(self, channel: Channel, line: Line, fault: Exception) -> None:
        """Tell of a channel's first fault: it may fail with every fact, and the log has to stay readable."""
        if self._on_fault is None:
            raise fault
        if not line.has_failed:
            line.has_failed = True
            self._on_fault(f"{channel.dialect} channel {channel.topic} of {channel.device}", fault)

    def counts(self) -> tuple[int, int]:
        """How many channels are watched, by how many watchers in all."""
        channels, watchers = self.by_dialect()
        return channels.total(), watchers.total()

    def by_dialect(self) -> tuple[Counter[str], Counter[str]]:
        """How many channels of each dialect are watched, by how many watchers."""
        channels: Counter[str] = Counter()
        watchers: Counter[str] = Counter()
        for lines in self._lines.values():
            for channel, line in lines.items():
                channels[channel.dialect] += 1
                watchers[channel.dialect] += len(line)
        return channels, watchers
