"""The devices: which of them live, which have faults."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from itertools import islice

from hardwire.app.metrics.family import Family, counters, gauges
from hardwire.contracts.house import House

# Each device is a series of its own in the database that scrapes; beyond this many only their numbers are told.
DEVICES_LIMIT = 1000
LOST, STALE, UP = 0, 1, 2
STATES = {LOST: "lost", STALE: "stale", UP: "up"}


def families(house: House, now: datetime) -> Iterable[Family]:
    """Tell how they are."""
    states = {device.id: state_of(house, device.id, now) for device in house.devices()}
    counts = Counter(states.values())
    yield gauges(
        "hardwire_devices",
        "Devices by state: up, stale (its source is silent), lost (its source is known to be gone).",
        ("state",),
        {(name,): counts[state] for state, name in STATES.items()},
    )
    yield gauges(
        "hardwire_device_state",
        f"2 up, 1 stale, 0 lost; of the first {DEVICES_LIMIT} devices.",
        ("device",),
        {(id,): state for id, state in islice(states.items(), DEVICES_LIMIT)},
    )
    faults = {(id,): sum(count for count, _ in house.troubles(id).values()) for id in islice(states, DEVICES_LIMIT)}
    yield counters(
        "hardwire_device_faults_total",
        "Faults that drivers have met, such as garbled telegrams; of devices that had any.",
        ("device",),
        {labels: count for labels, count in faults.items() if count},
    )


def state_of(house: House, device: str, now: datetime) -> int:
    """Return how a device is."""
    if house.lost_since(device) is not None:
        return LOST
    return UP if house.is_fresh(device, now) else STALE
