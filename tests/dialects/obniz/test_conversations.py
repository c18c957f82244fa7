"""Every rule of the obniz conversation, as written in the transcripts."""

from pathlib import Path

import pytest

from tests.dialects.obniz.paper import PaperHouse

TRANSCRIPTS = sorted((Path(__file__).parent / "transcripts").glob("*.txt"))


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
def test_the_conversation_goes_as_written(path: Path) -> None:
    stage = PaperHouse().stage()

    stage.play(path)
