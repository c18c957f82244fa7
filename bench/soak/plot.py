"""The picture of a soak: memory, files, delays and CPU over time."""

from collections.abc import Sequence
from pathlib import Path

import matplotlib
from matplotlib import pyplot

from bench.soak.verdict import Reading, judged

# The same readings make the same file, byte for byte.
matplotlib.rcParams["svg.hashsalt"] = "hardwire"
# Letters as letters: a third of the size.
matplotlib.rcParams["svg.fonttype"] = "none"
COLOURS = {"homewizard": "#2a7de1", "ezeio": "#d9822b", "obniz": "#3a9d5d"}


def plot(readings: Sequence[Reading], title: str, path: Path) -> None:
    """Draw four small charts below each other."""
    minutes = [one.at_s / 60 for one in readings]
    figure, (memory, files, delays, shares) = pyplot.subplots(4, 1, figsize=(8, 8), sharex=True)
    memory.plot(minutes, [one.resident_mib for one in readings], color="#444444")
    memory.set_ylabel("resident MiB")
    files.plot(minutes, [one.files for one in readings], color="#444444")
    files.set_ylabel("open files")
    for dialect, colour in COLOURS.items():
        told = [one.heard[dialect].p99_ms if dialect in one.heard else 0 for one in readings]
        delays.plot(minutes, told, color=colour, label=dialect)
    delays.set_ylabel("p99 delay, ms")
    delays.set_ylim(bottom=0)
    delays.legend(loc="upper right", fontsize=8)
    shares.plot(minutes, [one.cpu_share for one in readings], color="#444444", label="hub")
    shares.plot(minutes, [one.load_share for one in readings], color="#aaaaaa", label="its clients")
    shares.set_ylabel("of a core")
    shares.set_ylim(bottom=0)
    shares.legend(loc="upper right", fontsize=8)
    shares.set_xlabel("minutes")
    for chart in (memory, files, delays, shares):
        chart.axvline(judged(readings)[0] / 60, color="#bbbbbb", linestyle=":")
        chart.grid(alpha=0.3)
    memory.ticklabel_format(useOffset=False)
    figure.suptitle(title, fontsize=10)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
    pyplot.close(figure)
