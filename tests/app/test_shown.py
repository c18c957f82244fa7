"""Instants and tables as commands print them."""

from datetime import UTC, datetime, timedelta

import pytest

from hardwire.app.cli.plain import plain
from hardwire.app.cli.shown import moment, print_table

NOW = datetime(2026, 6, 1, 12, 0, 0, tzinfo=UTC)


def test_an_instant_of_today_is_its_time_in_local_time() -> None:
    at = NOW + timedelta(seconds=-5)

    assert moment(at.isoformat(), NOW) == at.astimezone().strftime("%H:%M:%S")


@pytest.mark.parametrize("days", [-1, 1, 365])
def test_an_instant_of_another_day_has_its_date(days: int) -> None:
    at = NOW + timedelta(days=days)

    assert moment(at.isoformat(), NOW) == at.astimezone().strftime("%Y-%m-%d %H:%M:%S")


def test_no_instant_is_nothing() -> None:
    assert moment(None) == ""


def test_what_a_device_calls_itself_is_no_markup(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(("NAME", "VALUE"), [("[red]grid[/red]", "[/]"), ("x" * 100, "1")])

    shown = capsys.readouterr().out.splitlines()
    assert shown[1].split() == ["[red]grid[/red]", "[/]"]
    assert len(shown) == 3


def test_what_people_copy_is_not_broken_in_two(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hardwire.app.cli.shown.PIPE_WIDTH", 40)

    print_table(("ID", "NAME", "WHERE"), [("df889addac3e5251", "Greenhouse logger", "in the greenhouse")])

    assert "df889addac3e5251" in capsys.readouterr().out


def test_what_a_device_calls_itself_commands_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(("NAME",), [("\x1b]0;mine\x07",), ("a\x9b2J\nb",)])

    shown = capsys.readouterr().out.splitlines()
    assert [line.strip() for line in shown[1:]] == [r"\x1b]0;mine\x07", r"a\x9b2J\nb"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [("Zähler ½ 電", "Zähler ½ 電"), ("\x1b[31m\x7f\x9b", r"\x1b[31m\x7f\x9b"), ("a\u202eb\u2028", r"a\u202eb\u2028")],
)
def test_a_text_from_elsewhere_is_one_line_of_letters(text: str, shown: str) -> None:
    assert plain(text) == shown
