"""What simulated devices know of each other: which batteries a meter steers, and what each told last."""

from hardwire.contracts.driver import Feed

BATTERY = "battery"
"""The kind of a battery."""


def batteries_of(feed: Feed, meter: str) -> list[str]:
    """Return the batteries that name this meter as the one that steers them, in the order of their declaration."""
    return [device.id for device in feed.devices() if meter in device.sources and device.kind == BATTERY]


def number_of(feed: Feed, device: str, point: str) -> float | None:
    """Return what a device tells of a point; None while it is silent, or tells no number there."""
    reading = feed.readings(device).get(point)
    if reading is None or not isinstance(reading.value, int | float) or not feed.is_fresh(device):
        return None
    return float(reading.value)
