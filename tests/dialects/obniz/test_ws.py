"""What a client wants of the link itself: text alone."""

from hardwire.model.board.system import ResetWhenLeft
from tests.dialects.obniz.codec import asked, written


def test_the_wish_for_a_reset_is_written_as_text_alone_and_understood() -> None:
    json = '{"ws":{"reset_obniz_on_ws_disconnection":false}}'

    assert written(ResetWhenLeft(False)) == (json, None)
    assert asked(json) == ([ResetWhenLeft(False)], [])
