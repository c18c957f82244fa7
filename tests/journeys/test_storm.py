"""A thousand clients are dropped at once and come back, in order, while those who are served notice nothing.

`make storm` is the same with five thousand.
"""

from pathlib import Path

import pytest

from tests.journeys.storm import BACK_WITHIN_S, weather

COUNT = 1000
# On a machine that does other things besides.
SLOWEST_S = 3.0


@pytest.mark.slow
async def test_a_thousand_clients_that_are_dropped_at_once_are_back_soon(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    storm = await weather(tmp_path, COUNT)

    with capsys.disabled():
        print("", storm, sep="\n")
    assert storm.after_cut.met["asked to come later"] > 0
    for return_ in (storm.after_cut, storm.after_restart):
        assert return_.back == COUNT
        assert return_.within_s < BACK_WITHIN_S
        assert "out of order" not in return_.met
    assert storm.stormy_s[-1] < SLOWEST_S
