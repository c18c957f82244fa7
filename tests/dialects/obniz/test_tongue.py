"""Which words go as frames and which as text, where programs take frames."""

from collections.abc import Sequence

import pytest
from msgspec import json

from hardwire.dialects.obniz.tongue import frames_of, rendered
from hardwire.model.board.analog import AnalogValue
from hardwire.model.board.pin import PinLevel
from hardwire.model.board.system import Batch
from hardwire.model.fact import Happening


@pytest.mark.parametrize(
    "told", [(AnalogValue(1, 3.3),), (PinLevel(2, True), AnalogValue(1, 3.3))], ids=["alone", "in a batch"]
)
def test_volts_of_a_board_whose_frames_are_read_at_another_scale_go_as_text(told: Sequence[Happening]) -> None:
    message = rendered(frames_of("cc3235mod").channel("desk"), Batch(tuple(told)))

    assert isinstance(message, str)
    assert json.decode(message)[-1] == {"ad1": 3.3}


def test_everything_else_of_it_goes_in_frames() -> None:
    assert rendered(frames_of("cc3235mod").channel("desk"), PinLevel(2, True)) == bytes.fromhex("0201020201")


def test_volts_of_other_boards_go_in_frames() -> None:
    assert isinstance(rendered(frames_of("obnizb1").channel("desk"), AnalogValue(1, 3.3)), bytes)
