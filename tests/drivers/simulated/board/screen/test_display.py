"""The virtual board's display: what is drawn is what a PNG of it shows."""

from collections.abc import Sequence
from io import BytesIO

import pytest
import segno
from PIL import Image

from hardwire.drivers.simulated.board import extras
from hardwire.drivers.simulated.board.circuit.pins import Pins
from hardwire.drivers.simulated.board.hardware import HARDWARE
from hardwire.drivers.simulated.board.screen.display import Display
from hardwire.model.board.display import (
    ClearDisplay,
    Correction,
    DisplayShown,
    DrawColumns,
    DrawPixels,
    NamePin,
    ReadDisplay,
    ShowPinStates,
    ShowQr,
    ShowText,
)
from hardwire.model.command import Command
from hardwire.model.errors import BadValueError, CallerError, DeviceError
from hardwire.model.fact import Happening
from tests.drivers.simulated.board.settled import NOON_US, settled

DARK, LIT = 0, 255


def display(hardware: str = "obnizb1") -> Display:
    kind = HARDWARE[hardware]
    told: list[Happening] = []
    return Display(kind, Pins(kind.pins, told.append))


def after(one: Display, *commands: Command) -> Image.Image:
    """Carry out commands, and return what is to be seen."""
    for command in commands:
        settled(one.carry_out(command, NOON_US))
    return seen(one)


def seen(one: Display, scale: int = 1) -> Image.Image:
    (answer,) = settled(one.carry_out(ReadDisplay(scale), NOON_US))
    assert isinstance(answer, DisplayShown)
    return Image.open(BytesIO(answer.png))


def lit(image: Image.Image, box: tuple[int, int, int, int] | None = None) -> int:
    """Return how many pixels are lit."""
    return (image if box is None else image.crop(box)).convert("L").histogram()[LIT]


def rows(image: Image.Image, size: int, step: int) -> Sequence[str]:
    """Return the top left corner of a picture as text, one character for each step."""
    return ["".join("#" if image.getpixel((x, y)) else "." for x in range(0, size, step)) for y in range(0, size, step)]


def test_an_empty_screen_is_a_dark_grey_picture_of_its_size() -> None:
    image = seen(display())

    assert (image.format, image.mode, image.size, lit(image)) == ("PNG", "L", (128, 64), 0)


def test_a_picture_is_given_larger_when_asked() -> None:
    one = display()
    settled(one.carry_out(DrawPixels(b"\x80"), NOON_US))

    image = seen(one, scale=4)

    assert (image.size, lit(image), lit(image, (0, 0, 4, 4))) == ((512, 256), 16, 16)


@pytest.mark.parametrize("scale", [0, 9])
def test_a_scale_out_of_range_is_refused(scale: int) -> None:
    with pytest.raises(BadValueError) as refused:
        display().carry_out(ReadDisplay(scale), NOON_US)

    assert refused.value.path == "scale"


def test_text_is_written_cell_by_cell_at_the_cursor() -> None:
    one = display()

    first = after(one, ShowText("A"))
    second = after(one, ShowText("B\nC"))

    assert lit(first, (0, 0, 8, 16)) == lit(first) > 0
    assert lit(second, (8, 0, 16, 16)) > 0
    assert lit(second, (0, 16, 8, 32)) > 0
    assert one.values(NOON_US)["display_text"] == "AB\nC"


def test_a_character_that_the_font_has_not_is_a_box() -> None:
    box = after(display(), ShowText("日"))

    assert rows(box.crop((0, 0, 8, 16)), 8, 1)[3:5] == [".######.", ".#....#."]


def test_a_clear_wipes_text_and_picture() -> None:
    image = after(display(), DrawPixels(b"\xff" * 1_024), ShowText("A"), ClearDisplay())

    assert lit(image) == 0


def test_a_picture_of_depth_1_has_its_leftmost_pixel_in_the_highest_bit() -> None:
    image = after(display(), DrawPixels(b"\xa0" + b"\0" * 15 + b"\x01"))

    assert [image.getpixel((x, 0)) for x in range(4)] == [LIT, DARK, LIT, DARK]
    assert [image.getpixel((x, 1)) for x in (6, 7)] == [DARK, LIT]
    assert lit(image) == 3


def test_columns_have_their_topmost_pixel_in_the_lowest_bit() -> None:
    image = after(display(), DrawColumns(b"\x01\x81" + b"\0" * 126 + b"\x02"))

    lit_places = [(x, y) for y in range(64) for x in range(128) if image.getpixel((x, y))]
    assert lit_places == [(0, 0), (1, 0), (1, 7), (0, 9)]


def test_text_covers_a_picture_and_scrolls_it() -> None:
    one = display()

    covered = after(one, DrawPixels(b"\xff" * 1_024), ShowText(" "))
    scrolled = after(one, ShowText("\n" * 4))

    assert lit(covered) == 128 * 64 - 8 * 16
    assert lit(scrolled) == 128 * 48


def test_paper_is_white_and_its_ink_dark() -> None:
    one = display("obnizb2")

    empty = seen(one)
    inked = after(one, DrawPixels(b"\x80"))
    written = after(one, ClearDisplay(), ShowText("A"))

    assert lit(empty) == 128 * 64
    assert (inked.getpixel((0, 0)), lit(inked)) == (DARK, 128 * 64 - 1)
    assert 0 < 128 * 64 - lit(written) < 60


def test_depth_4_has_sixteen_colours_two_pixels_a_byte() -> None:
    image = after(display("m5stickc"), DrawPixels(bytes([0b1001_0100, 0b0001_1111]), 4))

    colours = [image.getpixel((x, 0)) for x in range(5)]
    assert colours == [(255, 85, 85), (0, 170, 0), (85, 85, 85), (255, 255, 255), (0, 0, 0)]


def test_depth_16_is_rgb565_with_the_high_byte_first() -> None:
    image = after(display("m5stack_basic"), DrawPixels(b"\xf8\x00\x07\xe0\x00\x1f\xff\xff", 16))

    colours = [image.getpixel((x, 0)) for x in range(5)]
    assert (image.mode, image.size) == ("RGB", (320, 240))
    assert colours == [(255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255), (0, 0, 0)]


@pytest.mark.parametrize(
    ("hardware", "command", "path"),
    [
        ("obnizb1", DrawPixels(b"", 4), "depth"),
        ("obnizb1", DrawPixels(b"", 16), "depth"),
        ("m5stickc", DrawPixels(b"", 3), "depth"),
        ("obnizb1", DrawPixels(b"\0" * 1_025), "pixels"),
        ("m5stickc", DrawPixels(b"\0" * (160 * 80 * 2 + 1), 16), "pixels"),
        ("blewifi_gw2", DrawPixels(b"\0" * 5_001), "pixels"),
        ("obnizb1", DrawColumns(b"\0" * 1_025), "pixels"),
    ],
)
def test_a_picture_that_does_not_fit_is_refused_and_nothing_is_drawn(
    hardware: str, command: Command, path: str
) -> None:
    one = display(hardware)
    settled(one.carry_out(ShowText("A"), NOON_US))

    with pytest.raises(BadValueError) as refused:
        one.carry_out(command, NOON_US)

    assert refused.value.path == path
    assert one.values(NOON_US)["display_text"] == "A"


def test_names_stand_below_the_text_and_go_when_a_picture_comes() -> None:
    one = display()

    named = after(one, NamePin(3, "led out"))
    written = after(one, ShowText("A"))
    drawn = after(one, DrawPixels(b"\0"))

    assert lit(named, (0, 0, 64, 10)) == lit(named) > 0
    assert lit(written, (0, 16, 64, 26)) == lit(named)
    assert lit(drawn) == 0
    assert one.values(NOON_US)["display_labels"] == ("io3: led out",)


def test_a_name_is_cut_and_one_beside_no_pin_is_shown_nowhere() -> None:
    one = display()

    after(one, NamePin(0, "0123456789日"), NamePin(12, "led"))

    assert one.values(NOON_US)["display_labels"] == ("io0: 012345678",)


def test_levels_are_shown_when_wanted_as_many_as_fit() -> None:
    one = display()
    settled(one.carry_out(NamePin(0, "日本"), NOON_US))

    with_levels = after(one, ShowPinStates(True))
    crowded = after(one, ShowText("1\n2\n3\n4"))
    without = after(one, ClearDisplay(), ShowPinStates(False))

    # Twelve pins in two columns of six.
    assert all(lit(with_levels, (x, y, x + 64, y + 10)) for x in (0, 64) for y in range(0, 60, 10))
    assert lit(crowded, (16, 0, 128, 64)) == 0
    assert lit(without, (0, 10, 128, 64)) == 0


@pytest.mark.parametrize("correction", Correction)
def test_a_qr_code_stands_at_the_top_left_two_pixels_a_module_with_a_light_margin(correction: Correction) -> None:
    text = "https://obniz.io/"

    image = after(display(), ShowText("A"), ShowQr(text, correction))

    code = segno.make_qr(text, error=correction.value, boost_error=False)
    size = len(code.matrix) + 2
    expected = ["".join("." if dark else "#" for dark in row) for row in code.matrix_iter(border=1)]
    assert rows(image, 2 * size, 2) == expected
    assert lit(image, (2 * size, 0, 128, 64)) == lit(image, (0, 2 * size, 128, 64)) == 0


def test_a_qr_code_on_paper_has_dark_ink_where_its_modules_are_dark() -> None:
    one = display("obnizb2")

    image = after(one, ShowQr("A"))

    assert (image.getpixel((0, 0)), image.getpixel((2, 2)), image.getpixel((4, 4))) == (LIT, DARK, LIT)


def test_a_text_too_long_for_a_qr_code_of_this_screen_is_refused_and_the_screen_stays() -> None:
    one = display()
    settled(one.carry_out(ShowText("A"), NOON_US))

    with pytest.raises(BadValueError, match="does not fit a screen of 128 x 64 pixels; shorten") as refused:
        settled(one.carry_out(ShowQr("x" * 100), NOON_US))

    assert refused.value.path == "text"
    assert one.values(NOON_US)["display_text"] == "A"


def test_a_screen_smaller_than_the_smallest_code_holds_none() -> None:
    assert extras.qr_modules("A", Correction.LOW, 20) is None


def test_a_screen_as_large_as_the_largest_code_holds_what_fits_any_code() -> None:
    assert extras.qr_modules("x" * 5_000, Correction.LOW, 1_000) is None


def test_power_on_shows_nothing() -> None:
    one = display()
    settled(one.carry_out(ShowPinStates(True), NOON_US))
    settled(one.carry_out(NamePin(0, "led"), NOON_US))

    one.power_on()

    assert lit(seen(one)) == 0
    assert one.values(NOON_US) == {"display_text": "", "display_labels": ()}


@pytest.mark.parametrize("command", [ReadDisplay(), ShowQr("A")])
def test_without_its_packages_a_screen_still_shows_its_text_as_a_point(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    def absent(name: str) -> None:
        raise ModuleNotFoundError("No module named 'PIL'", name="PIL")

    one = display()
    monkeypatch.setattr(extras, "import_module", absent)

    settled(one.carry_out(ShowText("A"), NOON_US))
    with pytest.raises(DeviceError, match=r"'PIL'.*pip install 'hardwire\[screen\]'") as refused:
        settled(one.carry_out(command, NOON_US))

    assert refused.value.code == "not-installed"
    assert not isinstance(refused.value, CallerError)
    assert one.values(NOON_US)["display_text"] == "A"
