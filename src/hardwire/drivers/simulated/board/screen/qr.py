"""The modules of a QR code; the one file that needs segno."""

import segno

from hardwire.model.board.display import Correction

# Version 1 has 21 rows, each further version 4 more (ISO/IEC 18004).
FIRST_ROWS = 21
ROWS_PER_VERSION = 4
LAST_VERSION = 40


def modules(text: str, correction: Correction, size_limit: int) -> tuple[bytes, ...] | None:
    """Return the rows of the smallest code that holds the text, 1 for each dark module, without a quiet zone.

    None where it would have more than `size_limit` rows.
    """
    largest = (size_limit - FIRST_ROWS) // ROWS_PER_VERSION + 1
    if largest < 1:
        return None
    for version in range(1, min(largest, LAST_VERSION) + 1):
        try:
            code = segno.make_qr(text, error=correction.value, version=version, boost_error=False)
        except segno.DataOverflowError:
            continue
        return tuple(map(bytes, code.matrix))
    return None
