"""What the hub writes about itself shows no secret, has a shape, and stays on its line."""

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import structlog

from hardwire.app.logs import _Forward, configure
from hardwire.app.repeats import LINES_PER_PEER, Repeats

SECRET = "A1b2C3d4E5f6G7h8"


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    """Leave structlog as other tests expect it."""
    yield
    structlog.reset_defaults()


def test_what_an_error_quotes_is_masked_in_its_traceback_too(capsys: pytest.CaptureFixture[str]) -> None:
    configure()

    structlog.get_logger("test").error("a part failed", exc_info=ValueError(f"no route /ws/wstkt{SECRET}"))

    shown = capsys.readouterr().err
    assert "ValueError: no route /ws/wstktA1b2…" in shown
    assert SECRET not in shown


def test_a_line_of_json_has_its_time_its_level_its_event_and_its_fields(capsys: pytest.CaptureFixture[str]) -> None:
    configure(is_json=True)

    structlog.get_logger("test").warning("client cut", peer="10.0.0.1", bytes=7, reason=f"key={SECRET}", of={1: "a"})

    (line,) = capsys.readouterr().err.splitlines()
    told = json.loads(line)
    assert list(told)[:3] == ["at", "level", "event"]
    assert told["at"].endswith("Z")
    assert (told["level"], told["event"], told["peer"], told["bytes"]) == ("warning", "client cut", "10.0.0.1", 7)
    assert told["reason"] == "key=A1b2…"


def test_a_traceback_is_one_line_of_json_too(capsys: pytest.CaptureFixture[str]) -> None:
    configure(is_json=True)

    structlog.get_logger("test").error("a part failed", exc_info=ValueError(f"no route /ws/wstkt{SECRET}"))

    (line,) = capsys.readouterr().err.splitlines()
    assert "no route /ws/wstktA1b2…" in json.loads(line)["exception"]


def test_what_no_json_knows_is_written_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    configure(is_json=True)

    structlog.get_logger("test").info("odd", thing=ValueError("x"))

    assert json.loads(capsys.readouterr().err)["thing"] == "x"


@pytest.mark.parametrize("is_json", [False, True])
def test_what_a_peer_has_sent_begins_no_line_of_its_own(is_json: bool, capsys: pytest.CaptureFixture[str]) -> None:
    configure(is_json=is_json)

    structlog.get_logger("test").info("websocket rule broken", rule="x\nlevel=error forged\x1b[2J\u2028y")

    shown = capsys.readouterr().err
    assert len(shown.splitlines()) == 1
    assert "\x1b[2J" not in shown


def test_what_a_library_says_goes_the_same_way(capsys: pytest.CaptureFixture[str]) -> None:
    configure(is_json=True)
    record = logging.LogRecord("asyncio", logging.ERROR, "x.py", 1, "token=%s", (SECRET,), None)

    _Forward().handle(record)

    told = json.loads(capsys.readouterr().err)
    assert (told["level"], told["library"], told["event"]) == ("error", "asyncio", "token=A1b2…")


def test_the_same_line_is_written_so_often_and_no_more(capsys: pytest.CaptureFixture[str]) -> None:
    configure(repeats=Repeats())

    for _ in range(100):
        structlog.get_logger("test").warning("client cut", peer="10.0.0.1")

    assert len(capsys.readouterr().err.splitlines()) == LINES_PER_PEER


@pytest.mark.parametrize("is_closed", [False, True])
def test_a_log_that_takes_no_line_stops_nobody(monkeypatch: pytest.MonkeyPatch, is_closed: bool) -> None:
    with Path("/dev/full").open("w", buffering=1) as full:
        monkeypatch.setattr(sys, "stderr", full)
        configure()
        if is_closed:
            with suppress(OSError):
                full.close()

        structlog.get_logger("test").error("commit failed", error="no space left on device")
        structlog.get_logger("test").error("commit failed", error="no space left on device")

        assert full.closed is is_closed
        monkeypatch.undo()
        with suppress(OSError):
            full.close()
