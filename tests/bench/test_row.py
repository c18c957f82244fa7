"""Rows of the benchmark's table: ratios round by round, missing references, a load that was full."""

from bench.row import Figure, Row, table


def test_a_ratio_is_taken_round_by_round() -> None:
    row = Row.beside("echo", "s", [2.0, 9.0, 4.0], "C", [1.0, 3.0, 4.0], "<= 4 x")

    assert row.ratio == Figure(2.0, 1.0, 3.0, (2.0, 3.0, 1.0))


def test_a_round_in_which_the_reference_took_nothing_has_no_ratio() -> None:
    row = Row.beside("echo", "s", [2.0], "C", [0.0], "")

    assert row.ratio is None


def test_a_figure_shows_its_spread_where_there_were_rounds() -> None:
    shown = str(Figure.of([3.0, 1.0, 2.0])), str(Figure.of([1234.5]))

    assert shown == ("2 (1-3)", "1,234")


def test_a_missing_reference_is_a_row_that_says_why() -> None:
    shown = table([Row.missing("fan-out: beside NATS", "NATS is not installed")])

    assert "not measured: NATS is not installed" in shown.splitlines()[2]


def test_a_row_tells_when_its_load_was_near_a_full_core() -> None:
    rows = [
        Row(work=work, unit="s", hub=Figure.of([1.0]), load_share=share) for work, share in (("a", 0.5), ("b", 0.93))
    ]

    shown = table(rows).splitlines()

    assert (" full " in shown[2], " full " in shown[3]) == (False, True)


def test_all_lines_of_a_table_are_equally_long() -> None:
    rows = [Row.missing("a long piece of work", "x"), Row.beside("short", "s", [1.0], "C", [2.0], "<= 1 x")]

    shown = table(rows).splitlines()

    assert len({len(line) for line in shown}) == 1
