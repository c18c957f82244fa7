"""What a terminal shows of a device's past."""

from datetime import UTC

from hardwire.app.history.picture import number, picture
from tests.app.history.paper_past import PaperPast, wish


def shown(past: PaperPast, width: int = 20, **changes: object) -> list[str]:
    """The lines of an hour's picture."""
    return list(picture(past, wish(**changes), width, zone=UTC))  # type: ignore[arg-type]  # fields of Wish by name


def test_each_field_has_its_values_its_course_and_its_gaps() -> None:
    # Two values a minute; nobody told anything from a quarter to half past.
    values = {second: {"power_w": float(second)} for second in range(0, 3600, 30) if not 900 <= second < 1800}

    lines = shown(PaperPast(values))

    assert lines == [
        "power_w   min 0   max 3570   last 3570 W",
        "▁▁▂···▅▆▆▇██",
        "12:00  13:00",
        "each column: 5 min, mean; log fast",
        "without values in that time: water",
    ]


def test_min_and_max_are_of_the_values_not_of_their_means() -> None:
    lines = shown(PaperPast({0: {"power_w": -100.0}, 10: {"power_w": 300.0}, 3000: {"power_w": 7.0}}))

    assert lines[0] == "power_w   min -100   max 300   last 7 W"


def test_the_last_value_is_the_newest_one_of_each_field_in_few_rows() -> None:
    told = {second: {"power_w": float(second)} for second in range(3600)}
    told[100] = {"water": 3.25}
    told[102] = {"water": 3.5}
    past = PaperPast(told)

    lines = shown(past)

    assert lines[0].endswith("last 3599 W")
    assert lines[2] == "water   min 3.25   max 3.5   last 3.5"
    unfolded = [query for query in past.asked if "interval" not in query]
    assert len(unfolded) == 2


def test_another_aggregation_is_drawn_and_told_as_it_is() -> None:
    lines = shown(PaperPast({0: {"power_w": 1.0}, 10: {"power_w": 2.0}, 600: {"power_w": 5.0}}), aggregation="sum")

    assert lines[0] == "power_w   min 3   max 5   last 5 W"
    assert "5 min, sum" in lines[3]


def test_a_log_that_is_slower_than_the_columns_has_no_gaps() -> None:
    told = {second: {"power_w": float(second)} for second in range(0, 60, 10)}

    lines = shown(PaperPast(told), minutes=1, width=80)

    assert lines[1] == "▁▂▄▅▇█"
    assert lines[3].startswith("each column: 10 s")


def test_a_value_that_stays_is_a_line_whatever_the_last_bit_of_its_mean() -> None:
    # (0.1 + 0.1 + 0.1) / 3 is a little more than 0.1.
    told = {second: {"power_w": 0.1} for second in (0, 1, 2, 300, 600)}

    assert shown(PaperPast(told))[1] == "▄▄▄·········"


def test_an_interval_that_is_asked_for_is_the_least_length_of_a_column() -> None:
    assert "each column: 10 min" in shown(PaperPast({0: {"power_w": 1.0}}), interval_s=600)[3]
    assert "each column: 4 min" in shown(PaperPast({0: {"power_w": 1.0}}), interval_s=60)[3]


def test_a_time_without_values_says_so() -> None:
    assert shown(PaperPast({})) == ["nothing is kept of grid in that time (log fast)"]


def test_a_range_of_no_length_is_one_column() -> None:
    assert shown(PaperPast({}), minutes=0) == ["nothing is kept of grid in that time (log fast)"]


def test_numbers_have_the_decimals_that_people_want() -> None:
    assert [number(2.0, 3), number(2.0, None), number(0.1 + 0.2, None), number(1e300, 2)] == [
        "2.000",
        "2",
        "0.3",
        "1e+300",
    ]
