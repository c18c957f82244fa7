"""Every conversation of the HomeWizard dialect, as its transcripts tell it."""

from pathlib import Path

import pytest

from tests.dialects.homewizard.paper_grid import Grid

TRANSCRIPTS = sorted((Path(__file__).parent / "transcripts").glob("*.txt"))


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
def test_the_conversation_goes_as_written(path: Path) -> None:
    stage = Grid().stage(is_tls=not path.stem.startswith("v1_"))

    stage.play(path)
