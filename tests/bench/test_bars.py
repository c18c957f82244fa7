"""The picture of a run: its bars, and the file that is made of a kept run."""

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from bench.bars import bars
from bench.results import Results
from bench.row import Figure, Row

UNIT = "CPU s per million deliveries"
ROWS = (
    Row.beside("fan-out, 763 B: hub, HomeWizard measurement", UNIT, [1.5], "C joined", [1.0], ""),
    Row.beside("fan-out, 763 B: hub, HomeWizard measurement", UNIT, [1.5], "NATS", [8.0], ""),
    Row.missing("fan-out, 763 B: beside mosquitto", "it is not installed"),
    Row(work="fan-out, 763 B: what the load takes of C joined", unit="deliveries/s", hub=Figure.of([2e6])),
    Row(work="echo", unit="CPU s per million", hub=Figure.of([40.0])),
)


def test_a_chart_has_a_bar_for_each_server_of_a_fan_out() -> None:
    charts = bars(ROWS)

    assert charts["fan-out, 763 B"]["NATS"] == 8.0
    assert charts["fan-out, 763 B"]["hub, HomeWizard measurement"] == 1.5


def test_what_is_no_cost_of_a_delivery_has_no_bar() -> None:
    charts = bars([row for row in ROWS if row.work == "echo" or row.hub is None])

    assert charts == {}


def test_the_same_run_is_drawn_as_the_same_small_file(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="make bench installs matplotlib")
    from bench.plot import draw

    run = Results(
        version="0",
        at=datetime(2026, 11, 22, tzinfo=UTC),
        quick=True,
        machine={"cores": 2, "kind": "paper"},
        python="3.11",
        load_before=0,
        took_s=1,
        rows=ROWS,
    )
    (tmp_path / "run.json").write_bytes(msgspec.json.encode(run))

    for name in ("a.svg", "b.svg"):
        draw(tmp_path / "run.json", tmp_path / name)

    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()
    assert (tmp_path / "a.svg").stat().st_size < 150_000
