"""What the hub writes about itself shows no secret."""

import pytest
import structlog

from hardwire.app.logs import configure, masked

SECRET = "A1b2C3d4E5f6G7h8"


@pytest.mark.parametrize(
    "line",
    [
        f"Authorization: Bearer {SECRET}",
        f"GET /obniz/1234-5678/ws/1?access_token={SECRET}&x=1",
        f"/ws/wstkt{SECRET}",
        f"token={SECRET} key={SECRET}",
        f"bearer  {SECRET}",
        f"Cookie: theme=dark; hardwire_admin={SECRET}",
    ],
)
def test_a_token_is_cut_to_its_first_letters(line: str) -> None:
    shown = masked(line)

    assert SECRET not in shown
    assert SECRET[4:] not in shown
    assert "A1b2…" in shown


def test_what_is_no_secret_stays() -> None:
    assert masked("the device 'bench' is stale; monkeys=3") == "the device 'bench' is stale; monkeys=3"


def test_what_an_error_quotes_is_masked_in_its_traceback_too(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        configure()
        structlog.get_logger("test").error("a part failed", exc_info=ValueError(f"no route /ws/wstkt{SECRET}"))
    finally:
        structlog.reset_defaults()

    shown = capsys.readouterr().err
    assert "ValueError: no route /ws/wstktA1b2…" in shown
    assert SECRET not in shown
