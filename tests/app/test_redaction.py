"""Secrets of every kind are cut to their first letters, wherever a line of the log has them."""

import pytest

from hardwire.app.redaction import masked, redacted

SECRET = "A1b2C3d4E5f6G7h8"
HEX = "0123456789ABCDEF0123456789abcdef"
EZEIO_KEY = "AbCdEfGhIjKlMnOpQrStUv1x"
ADMIN_TOKEN = "Ab3_EfGhIjKlMnOpQrStUvWx-z012345"


@pytest.mark.parametrize(
    "line",
    [
        f"Authorization: Bearer {SECRET}",
        f"Authorization: Basic {SECRET}==",
        f"GET /obniz/1234-5678/ws/1?access_token={SECRET}&x=1",
        f"/ws/wstkt{SECRET}",
        f"token={SECRET} key={SECRET}",
        f"Cookie: theme=dark; hardwire_admin={SECRET}",
        f'Digest username="12345", response="{SECRET}", cnonce="{SECRET}", nonce="{SECRET}/{SECRET}=="',
        f'{{"type":"authorization","token": "{SECRET}"}}',
        f"{{'password': '{SECRET}'}}",
        f"ezeAPIkey={SECRET}",
        f"bearer  {SECRET}",
    ],
)
def test_a_secret_with_its_name_is_cut(line: str) -> None:
    shown = masked(line)

    assert SECRET not in shown
    assert SECRET[4:] not in shown
    assert "A1b2…" in shown


@pytest.mark.parametrize("secret", [HEX, HEX.upper(), EZEIO_KEY, ADMIN_TOKEN])
def test_a_secret_without_a_name_is_known_by_its_look(secret: str) -> None:
    shown = masked(f"ValueError: what is {secret!r}?")

    assert shown == f"ValueError: what is '{secret[:4]}…'?"


@pytest.mark.parametrize(
    "line",
    [
        "the device 'bench' is stale; monkeys=3",
        "response: 200, key: 7, token: unexpected",
        "test_a_reader_that_counts_goes_away_and_comes_back",
        "sha256 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "ctl_0123456789abcdef01234567",
        "5c2fafaabbcc p1meter-aabbcc.local",
    ],
)
def test_what_is_no_secret_stays(line: str) -> None:
    assert masked(line) == line


def test_a_field_is_cut_by_its_name_and_however_deep_it_lies() -> None:
    event = {
        "event": "odd",
        "token": SECRET,
        "key": "abc",
        "headers": {"Authorization": SECRET, "Accept": "*/*"},
        "seen": [f"key={SECRET}", 7, None],
        "body": f"token={SECRET}".encode(),
        "fault": ValueError(f"no {HEX}"),
        "count": 3,
    }

    shown = redacted(None, "info", event)

    assert shown == {
        "event": "odd",
        "token": "A1b2…",
        "key": "…",
        "headers": {"Authorization": "A1b2…", "Accept": "*/*"},
        "seen": ["key=A1b2…", 7, None],
        "body": "token=A1b2…",
        "fault": "no 0123…",
        "count": 3,
    }


def test_long_lines_take_no_time_to_mend() -> None:
    line = "aA1" * 30_000 + " key=" * 10_000

    assert masked(line).startswith("aA1aA1")
