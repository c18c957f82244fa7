"""The conversations of this dialect, line by line."""

from pathlib import Path

import pytest

from tests.dialects.ezeio.control_premises import arm, incident
from tests.dialects.ezeio.field_premises import equip, row
from tests.dialects.ezeio.premises import make_house
from tests.dialects.transcript import Stage

TRANSCRIPTS = sorted((Path(__file__).parent / "transcripts").glob("*.txt"))


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
def test_the_hub_says_and_does_what_the_transcript_shows(path: Path) -> None:
    house = make_house()
    names = {"arm": lambda: arm(house), "equip": lambda: equip(house), "incident": incident, "row": row}
    stage = Stage(house.dialect, names=names, remember=lambda sample: house.roster.remember(sample, sample.at))

    stage.play(path)
