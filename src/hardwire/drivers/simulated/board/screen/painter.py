"""Paints what the simulated board's screen shows as a PNG; the one file that needs Pillow."""

from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from hardwire.drivers.simulated.board.screen.screen import FONT_HEIGHT, FONT_WIDTH, Picture, View

# Pillow's own bitmap font has characters of 6 x 11 pixels, in Latin-1.
GLYPH_WIDTH = 6
GLYPH_HEIGHT = 11
GLYPH_LEFT = (FONT_WIDTH - GLYPH_WIDTH) // 2
GLYPH_TOP = (FONT_HEIGHT - GLYPH_HEIGHT) // 2
FONT = ImageFont.load_default_imagefont()

# Labels: a number, a level and 9 characters fill half of the smallest screen.
LABEL_HEIGHT = 10
LABEL_COLUMNS = 2

WHITE = (255, 255, 255)
BLACK = (0, 0, 0)

# The sixteen colours of depth 4: red, green, blue and brightness, a bit each.
BRIGHT = 85
COLOUR = 170
PALETTE = [
    part for nibble in range(16) for part in (COLOUR * (nibble >> bit & 1) + BRIGHT * (nibble & 1) for bit in (3, 2, 1))
]


def paint(view: View, scale: int) -> bytes:
    """Return a PNG of what is to be seen: grey, or in colours where the screen has them.

    `scale` is how many pixels wide and high each pixel of the screen becomes.
    """
    ink, paper = (BLACK, WHITE) if view.is_paper else (WHITE, BLACK)
    image = Image.new("RGB", (view.width, view.height), paper)
    draw = ImageDraw.Draw(image)
    # One bit a pixel, as the screen itself has it: no grey edges around characters.
    draw.fontmode = "1"
    if view.picture is not None:
        image.paste(_unpacked(view.picture, view), (0, -view.scrolled_px))
    else:
        _write_labels(draw, view, ink)
    for row, line in enumerate(view.lines):
        for column, character in enumerate(line):
            left, top = column * FONT_WIDTH, row * FONT_HEIGHT
            draw.rectangle((left, top, left + FONT_WIDTH - 1, top + FONT_HEIGHT - 1), fill=paper)
            _write_character(draw, character, left, top, ink)
    if scale > 1:
        image = image.resize((view.width * scale, view.height * scale), Image.Resampling.NEAREST)
    png = BytesIO()
    (image if view.has_colours else image.convert("L")).save(png, "PNG")
    return png.getvalue()


def _write_character(draw: ImageDraw.ImageDraw, character: str, left: int, top: int, ink: tuple[int, int, int]) -> None:
    if character.isprintable() and ord(character) < 256:
        draw.text((left + GLYPH_LEFT, top + GLYPH_TOP), character, fill=ink, font=FONT)
    else:
        # The font has it not: an empty box, as boards show it.
        draw.rectangle((left + 1, top + 3, left + FONT_WIDTH - 2, top + FONT_HEIGHT - 4), outline=ink)


def _write_labels(draw: ImageDraw.ImageDraw, view: View, ink: tuple[int, int, int]) -> None:
    first_top = len(view.lines) * FONT_HEIGHT if any(view.lines) else 0
    rows = (view.height - first_top) // LABEL_HEIGHT
    for index, label in enumerate(view.labels[: rows * LABEL_COLUMNS]):
        column, row = divmod(index, rows)
        for place, character in enumerate(label[: view.width // LABEL_COLUMNS // GLYPH_WIDTH]):
            left = column * view.width // LABEL_COLUMNS + place * GLYPH_WIDTH
            top = first_top + row * LABEL_HEIGHT
            draw.text((left, top), character if ord(character) < 256 else "?", fill=ink, font=FONT)


def _unpacked(picture: Picture, view: View) -> Image.Image:
    size = (view.width, view.height)
    match picture.depth:
        case 16:
            # Pillow reads RGB565 with the low byte first, boards are sent the high byte first.
            swapped = bytearray(len(picture.pixels))
            swapped[0::2], swapped[1::2] = picture.pixels[1::2], picture.pixels[0::2]
            return Image.frombytes("RGB", size, bytes(swapped), "raw", "BGR;16")
        case 4:
            image = Image.frombytes("P", size, picture.pixels, "raw", "P;4")
            image.putpalette(PALETTE)
            return image.convert("RGB")
        case _:
            pixels = _rows(picture.pixels, view.width) if picture.has_columns else picture.pixels
            return Image.frombytes("1", size, pixels, "raw", "1;I" if view.is_paper else "1").convert("RGB")


def _rows(pixels: bytes, width: int) -> bytes:
    """Return, row by row, a picture that has 8 pixels above each other a byte."""
    rows = bytearray()
    for start in range(0, len(pixels), width):
        band = pixels[start : start + width]
        for bit in range(8):
            for left in range(0, width, 8):
                octet = 0
                for column in band[left : left + 8]:
                    octet = octet << 1 | (column >> bit & 1)
                rows.append(octet)
    return bytes(rows)
