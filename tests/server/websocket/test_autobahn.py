"""The Autobahn cases against the hub's own carrier: every verdict is known, and why it is what it is."""

from collections.abc import Mapping

import pytest

from hardwire.server.limits import Carrier
from tests.server.websocket.autobahn import COMPRESSED, IS_CI, IS_THERE, MISSING, labels, verdicts

CASES = {"1.*": 16, "2.*": 11, "3.*": 7, "4.*": 10, "5.*": 20, "6.*": 145, "7.*": 37, "9.*": 54, "10.*": 1}
"""How many there are in each group: none may get lost."""

NO_UTF_8_IN_A_FRAME = "NON-STRICT, closing OK"
"""A text that is no UTF-8 is refused when the frame that spoils it is there, not while it still arrives."""
UNSPECIFIED = "INFORMATIONAL"
"""The standard leaves open what the peer does; the suite asserts nothing."""
KNOWN = {
    "6.4.3": NO_UTF_8_IN_A_FRAME,
    "6.4.4": NO_UTF_8_IN_A_FRAME,
    # A long text, a short one, a close and a ping in one go: which are answered before the close.
    "7.1.6": UNSPECIFIED,
    # Close codes 5000 and 65535; the hub answers both with 1002.
    "7.13.1": UNSPECIFIED,
    "7.13.2": UNSPECIFIED,
}
"""The verdicts that are not OK."""
CARRIERS: Mapping[Carrier, Mapping[str, str]] = {
    "direct": KNOWN,
    # aiohttp looks at a text when the whole message is there.
    "aiohttp": {"6.4.1": NO_UTF_8_IN_A_FRAME, "6.4.2": NO_UTF_8_IN_A_FRAME, **KNOWN},
}
"""Those of each carrier."""


@pytest.fixture(autouse=True)
def kosoku() -> None:
    """What runs the cases is there; in CI it has to be."""
    if not IS_THERE:
        (pytest.fail if IS_CI else pytest.skip)(MISSING)


@pytest.mark.parametrize("carrier", CARRIERS)
@pytest.mark.parametrize("group", CASES)
async def test_every_case_that_applies_ends_as_it_is_known_to(group: str, carrier: Carrier) -> None:
    found = labels(await verdicts([group], carrier))

    odd = {case: label for case, label in found.items() if label != "OK"}
    prefix = group.removesuffix("*")
    assert odd == {case: label for case, label in CARRIERS[carrier].items() if case.startswith(prefix)}
    assert len(found) == CASES[group]


# kosoku leaves the texts that it would compress open.
@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")
async def test_no_case_of_compression_applies_since_none_is_agreed_to() -> None:
    found = await verdicts(COMPRESSED)

    assert {(verdict.messages, verdict.closing) for verdict in found} == {("UNIMPLEMENTED", "OK")}
    assert len(found) == 216
