"""The conversations of this dialect, line by line."""

from pathlib import Path

import pytest

from hardwire.dialects.ezeio.part import Settings
from tests.dialects.ezeio.control_premises import arm, incident
from tests.dialects.ezeio.field_premises import equip, row
from tests.dialects.ezeio.premises import make_house
from tests.dialects.ezeio.since_premises import export, remember
from tests.dialects.transcript import Stage
from tests.fakes.paper_lockout import PaperLockout

TRANSCRIPTS = sorted((Path(__file__).parent / "transcripts").glob("*.txt"))

SETTINGS = {"digest_both": Settings(digest="both"), "digest_refused": Settings(digest="sha-256")}
"""What the `[ezeio]` table says where a transcript has one of its own."""


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
def test_the_hub_says_and_does_what_the_transcript_shows(path: Path) -> None:
    house = make_house(settings=SETTINGS.get(path.stem))
    if path.stem == "locked":
        house.premises.strike = PaperLockout().strike
    names = {
        "arm": lambda: arm(house),
        "equip": lambda: equip(house),
        "export": export,
        "incident": incident,
        "remember": lambda newest, *exports: remember(house, newest, *exports),
        "row": row,
    }
    stage = Stage(house.dialect, names=names, remember=lambda sample: house.roster.remember(sample, sample.at))

    stage.play(path)
