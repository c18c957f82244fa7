"""Every rule of the obniz conversation, as written in the transcripts."""

from pathlib import Path

import pytest

from tests.dialects.obniz.paper import PaperHouse
from tests.fakes.paper_lockout import PaperLockout

TRANSCRIPTS = Path(__file__).parent / "transcripts"


@pytest.mark.parametrize("path", sorted(TRANSCRIPTS.glob("*.txt")), ids=lambda path: path.stem)
def test_the_conversation_goes_as_written(path: Path) -> None:
    paper = PaperHouse()
    if path.stem == "locked":
        paper.house.strike = PaperLockout().strike
    stage = paper.stage()

    stage.play(path)


@pytest.mark.parametrize("path", sorted(TRANSCRIPTS.glob("listener/*.txt")), ids=lambda path: path.stem)
def test_the_conversation_at_a_boards_own_listener_goes_as_written(path: Path) -> None:
    stage = PaperHouse().stage(device="wired", origin="http://192.168.1.9:8081")

    stage.play(path)
