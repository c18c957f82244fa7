"""The picture of a run: what a delivery costs, of the hub and of the others, from the JSON that a run has kept.

python -m bench.plot RESULTS.json PICTURE.svg
"""

import sys
from pathlib import Path

import matplotlib
import msgspec
from matplotlib import pyplot

from bench.bars import bars
from bench.results import Results

# The same results make the same file, byte for byte.
matplotlib.rcParams["svg.hashsalt"] = "hardwire"
# Letters as letters: a third of the size.
matplotlib.rcParams["svg.fonttype"] = "none"
OURS, THEIRS = "#2a7de1", "#b0b4ba"


def draw(results: Path, picture: Path) -> None:
    """Draw a chart for each fan-out of a run."""
    run = msgspec.json.decode(results.read_bytes(), type=Results)
    charts = bars(run.rows)
    if not charts:
        return
    heights = [len(chart) + 1.5 for chart in charts.values()]
    figure, axes = pyplot.subplots(
        len(charts), 1, figsize=(8, sum(heights) * 0.27), height_ratios=heights, squeeze=False
    )
    for axis, (where, chart) in zip(axes[:, 0], charts.items(), strict=True):
        names = list(chart)[::-1]
        colours = [OURS if name.startswith(("hub", "carrier")) else THEIRS for name in names]
        shown = axis.barh(names, [chart[name] for name in names], color=colours)
        axis.bar_label(shown, fmt="%.2f", padding=3, fontsize=7)
        axis.margins(x=0.12)
        axis.set_title(f"{where}: CPU s per million deliveries", fontsize=8, loc="left")
        axis.tick_params(labelsize=7)
        axis.spines[["top", "right"]].set_visible(False)
    figure.suptitle(run.title, fontsize=8)
    figure.tight_layout(rect=(0, 0, 1, 0.99))
    figure.savefig(picture, metadata={"Date": None})
    pyplot.close(figure)


if __name__ == "__main__":
    draw(Path(sys.argv[1]), Path(sys.argv[2]))
