"""The virtual board's screen: text runs on, wraps and scrolls."""

import pytest

from hardwire.drivers.simulated.board.screen.screen import Picture, Screen


@pytest.mark.parametrize(
    ("texts", "shown"),
    [
        (["Hello"], "Hello"),
        (["Hel", "lo"], "Hello"),
        (["a\nb"], "a\nb"),
        (["a\r\n", "b"], "a\nb"),
        (["0123456789abcdefXY"], "0123456789abcdef\nXY"),
        (["0123456789abcde", "fX"], "0123456789abcdef\nX"),
        (["1\n2\n3\n4\n5"], "2\n3\n4\n5"),
        (["x\n" * 100 + "end"], "x\nx\nx\nend"),
        (["-" * 1_000_001], "\n".join(["-" * 16] * 3 + ["-"])),
        ([""], ""),
    ],
)
def test_text_runs_on_wraps_and_scrolls(texts: list[str], shown: str) -> None:
    screen = Screen(128, 64)

    for text in texts:
        screen.write(text)

    assert screen.text == shown


@pytest.mark.parametrize(
    ("text", "scrolled_px"), [("1\n2\n3\n4", 0), ("1\n2\n3\n4\n5\n6", 32), ("\n" * 1_000, 64), ("-" * 96, 32)]
)
def test_what_was_drawn_scrolls_with_the_text(text: str, scrolled_px: int) -> None:
    screen = Screen(128, 64)
    screen.draw(Picture(b"\xff" * 1_024))

    screen.write(text)

    assert screen.view({}).scrolled_px == scrolled_px


def test_a_picture_replaces_the_text_and_a_clear_wipes_both_but_not_the_names() -> None:
    screen = Screen(128, 64)
    screen.label(3, "button")
    screen.write("Hello")

    screen.draw(Picture(b"\xff" * 1_024))

    assert (screen.text, screen.view({}).picture) == ("", Picture(b"\xff" * 1_024))
    screen.clear()
    assert (screen.text, screen.view({}).picture) == ("", None)
    assert screen.labels == ("io3: button",)


def test_names_stand_in_the_order_of_the_pins_and_an_empty_one_goes() -> None:
    screen = Screen(128, 64)

    screen.label(11, "led")
    screen.label(2, "button")
    screen.label(11, "")

    assert screen.labels == ("io2: button",)


def test_a_level_stands_beside_its_pin_whether_it_has_a_name_or_not() -> None:
    screen = Screen(128, 64)
    screen.label(2, "button")
    screen.label(5, "led")

    labels = screen.view({2: True, 3: False}).labels

    assert labels == ("2=1 button", "3=0", "5 led")
