"""Commands, facts and channels: what goes through the hub itself."""

from collections.abc import Iterable

from hardwire.app.metrics.family import Family, counters, gauge, gauges, histogram
from hardwire.hub.hub import Hub
from hardwire.model.fact import Confirmation, Event, Incident, LogRow, Sample

KINDS = (
    (Sample, "sample"),
    (Event, "event"),
    (LogRow, "log_row"),
    (Incident, "incident"),
    (Confirmation, "confirmation"),
)


def families(hub: Hub) -> Iterable[Family]:
    """Tell what the hub has counted."""
    figures = hub.figures
    yield counters(
        "hardwire_facts_total",
        "What devices of this hub have told, by kind.",
        ("kind",),
        {(name,): figures.facts[kind] for kind, name in KINDS},
    )
    yield counters(
        "hardwire_commands_total",
        "Commands by outcome: done, refused (the caller has to change it), device (it could not), hub (it failed).",
        ("outcome",),
        {
            ("done",): figures.done,
            ("refused",): figures.refused,
            ("device",): figures.device_errors,
            ("hub",): figures.hub_faults,
        },
    )
    yield histogram(
        "hardwire_command_duration_seconds",
        "From a command's coming into its device's queue to its reply.",
        figures.waits,
    )
    yield gauge(
        "hardwire_commands_waiting",
        "Commands that have no reply yet, in the queues of all devices.",
        hub.wishes.waiting(),
    )
    channels, watchers = hub.channels.by_dialect()
    yield gauges(
        "hardwire_channels",
        "Channels that somebody watches.",
        ("dialect",),
        {(name,): n for name, n in channels.items()},
    )
    yield gauges(
        "hardwire_watchers",
        "Watchers of channels; a client may watch several.",
        ("dialect",),
        {(name,): n for name, n in watchers.items()},
    )
