"""Every conversation of the HomeWizard dialect, as its transcripts tell it."""

from pathlib import Path

import pytest

from hardwire.dialects.homewizard.face import Face
from hardwire.dialects.homewizard.products.catalogue import CATALOGUE
from hardwire.dialects.homewizard.release import RELEASES
from hardwire.model.energy import STEERED
from tests.dialects.homewizard.paper_grid import SERIAL, Grid
from tests.fakes.paper_lockout import PaperLockout

TRANSCRIPTS = sorted((Path(__file__).parent / "transcripts").glob("*.txt"))
PRODUCTS = {
    "kwh1": "HWE-KWH1",
    "kwh3": "HWE-KWH3",
    "battery": "HWE-BAT",
    "socket": "HWE-SKT",
    "water": "HWE-WTR",
}
"""The second word of a file's name -> the product that it is about; the others are about a P1 Meter.

It may also be the release of v2 that the meter speaks. Where `steered` is among the words its source steers batteries.
"""


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
def test_the_conversation_goes_as_written(path: Path) -> None:
    words = path.stem.split("_")
    word = words[1]
    product = PRODUCTS.get(word, "HWE-P1")
    release = word if word in RELEASES else None
    face = Face(serial=SERIAL, product=product, api_version=release, v1=CATALOGUE[product].has_v1)
    grid = Grid(face, own_points=STEERED if "steered" in words else ())
    if words[-1] == "locked":
        grid.house.strike = PaperLockout().strike
    stage = grid.stage(is_tls=not path.stem.startswith("v1_"))

    stage.play(path)
