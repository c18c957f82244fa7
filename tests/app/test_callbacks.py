"""Addresses to post to, and what is none."""

import pytest

from hardwire.app.callbacks import check_callback
from hardwire.model.errors import BadValueError


@pytest.mark.parametrize(
    "uri",
    [
        "http://127.0.0.1:9/ack",
        "https://example.org",
        "https://example.org/a/b?c=d&e=%20",
        "HTTPS://EXAMPLE.ORG/",
        "http://[::1]:8080/ack",
    ],
)
def test_a_web_address_is_taken(uri: str) -> None:
    check_callback(uri)


@pytest.mark.parametrize(
    ("uri", "sentence"),
    [
        ("ftp://example.org/", "such as https"),
        ("example.org/ack", "such as https"),
        ("https:///ack", "such as https"),
        ("https://example.org:99999/", "such as https"),
        ("https://example.org:0/", "such as https"),
        ("https://[::1/", "such as https"),
        ("javascript:alert(1)", "such as https"),
        ("https://user:secret@example.org/", "no user name"),
        ("https://example.org/#top", "after #"),
        ("https://example.org/a b", "without spaces"),
        ("https://example.org/\x1b[31m", "ASCII"),
        ("https://ex\u00e4mple.org/", "ASCII"),
        ("https://example.org/" + "x" * 1000, "1000 characters"),
    ],
)
def test_what_is_no_web_address_is_refused_with_the_reason(uri: str, sentence: str) -> None:
    with pytest.raises(BadValueError, match=sentence):
        check_callback(uri)
