"""obniz.py, as PyPI gives it: text only, and easily upset."""

from collections.abc import Callable

from tests.journeys.client import Client
from tests.journeys.hub import Hub


def test_a_python_program_uses_everything_of_its_board(demo_hub: Hub, client: Callable[[str], Client]) -> None:
    found = client("obniz-py").run("obniz/board.py", demo_hub.ws, "1234-5678")

    assert (found["hw"], found["pulled_up"], found["switch"]) == ("obnizb1", True, "none")
    assert found["wave"] in ([True, False, True], [False, True, False])
    assert 0 <= found["volts"] <= 5
    assert found["message"] == [{"n": 1}, "1234-5678"]
