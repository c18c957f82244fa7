"""The reference names every figure, and the dashboard none that there is not."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hardwire.app.metrics.family import Kind
from hardwire.app.metrics.reader import families
from tests.app.metrics.sources import sources
from tests.house.tree import ROOT

ROW = re.compile(r"^\| `(hardwire_\w+)` \| (\w+) \| (.+?) \| (.+) \|$", re.MULTILINE)
FIGURE = re.compile(r"\b(?:hardwire|process|python)_\w+")
OF_THE_PROCESS = {
    "process_cpu_seconds_total",
    "process_resident_memory_bytes",
    "process_open_fds",
    "process_max_fds",
    "python_gc_collections_total",
}


def dashboard() -> Any:  # Any: JSON
    """Return the dashboard."""
    return json.loads((ROOT / "docs" / "howto" / "grafana-dashboard.json").read_text("utf-8"))


def expressions(node: Any) -> Iterator[str]:  # Any: JSON
    """Yield every expression of a dashboard, wherever it stands."""
    if isinstance(node, dict):
        for key, inner in node.items():
            if key in ("expr", "definition") and isinstance(inner, str):
                yield inner
            else:
                yield from expressions(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from expressions(inner)


def drawn() -> set[str]:
    """Return what the dashboard names, without the parts of histograms."""
    return {name for text in expressions(dashboard()) for name in FIGURE.findall(text)}


async def test_the_reference_names_every_figure_as_it_is(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "reference" / "metrics.md").read_text("utf-8")

    async with sources(tmp_path) as (_, told):
        known = [
            (one.name, one.kind.value, ", ".join(f"`{label}`" for label in one.labels) or "none", one.meaning)
            for one in families(told)
        ]

    assert ROW.findall(page) == known


async def test_the_dashboard_draws_every_figure_and_none_that_there_is_not(tmp_path: Path) -> None:
    async with sources(tmp_path) as (_, told):
        read = tuple(families(told))

    histograms = {one.name for one in read if one.kind is Kind.HISTOGRAM}
    named = {name.removesuffix("_bucket") if name.removesuffix("_bucket") in histograms else name for name in drawn()}
    assert named == {one.name for one in read} | OF_THE_PROCESS


async def test_the_alerts_watch_figures_that_there_are(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "howto" / "watch-the-hub.md").read_text("utf-8")

    async with sources(tmp_path) as (_, told):
        known = {one.name for one in families(told)} | OF_THE_PROCESS

    watched = {
        name.removesuffix("_bucket")
        for line in page.splitlines()
        if line.strip().startswith("expr:")
        for name in FIGURE.findall(line)
    }
    assert watched <= known
    assert len(watched) > 8


def test_the_dashboard_asks_for_its_data_source_and_its_panels_lie_side_by_side() -> None:
    board = dashboard()

    assert board["__inputs"][0]["pluginId"] == "prometheus"
    assert board["schemaVersion"] >= 38
    assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])
    taken: set[tuple[int, int]] = set()
    for panel in board["panels"]:
        place = panel["gridPos"]
        cells = {(place["x"] + x, place["y"] + y) for x in range(place["w"]) for y in range(place["h"])}
        assert place["x"] + place["w"] <= 24
        assert not cells & taken, panel["title"]
        taken |= cells
        for target in panel.get("targets", ()):
            assert target["datasource"] == {"type": "prometheus", "uid": "${datasource}"}
