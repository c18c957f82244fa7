"""How clients are brought to trust the hub: on the terminal and on the page."""

import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from hardwire.app.cli.ca import ca
from hardwire.app.cli.reach import Reach
from hardwire.app.trust import FILE, GUIDES, documented, told
from hardwire.model.errors import DeviceError

ADDRESSES = {"http": ["http://192.168.1.50:8080", "http://[fd00::50]:8080"], "https": []}


def answering(monkeypatch: pytest.MonkeyPatch, place: Any) -> None:  # Any: JSON
    """Let a hub answer where it is."""
    monkeypatch.setattr(Reach, "call", lambda reach, method, path: place)


def test_a_guide_is_printed_with_its_verdict_first() -> None:
    lines = told(GUIDES["curl"]).splitlines()

    assert lines[0] == "curl: yes"
    assert any(line.startswith(f"    curl --cacert {FILE}") for line in lines)


def test_the_page_has_every_client_and_closes_every_block() -> None:
    page = documented()

    assert page.count("### ") == len(GUIDES)
    assert all(f"`--for {name}`" in page for name in GUIDES)
    blocks = page.split("```")[1::2]
    assert page.count("```") % 2 == 0
    assert "\nNODE_EXTRA_CA_CERTS=hardwire-ca.pem node program.js\n" in blocks
    assert page.startswith("### Home Assistant\n\n`--for homeassistant`.")


def test_the_pem_stands_alone_on_standard_output_whatever_else_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answering(monkeypatch, ADDRESSES)
    plain = CliRunner().invoke(ca, ["export", "--data", str(tmp_path)])

    full = CliRunner().invoke(ca, ["export", "--data", str(tmp_path), "--qr", "--for", "ios"])

    assert full.exit_code == 0
    assert full.stdout == plain.stdout
    assert plain.stdout.startswith("-----BEGIN CERTIFICATE-----\n")
    assert plain.stderr == ""
    assert "█" in full.stderr
    assert "http://192.168.1.50:8080/ca.pem\nhttp://[fd00::50]:8080/ca.pem\nsha-256  " in full.stderr
    assert "compare the fingerprint on the phone" in full.stderr
    assert "iPhone and iPad: " in full.stderr


def test_a_hub_on_loopback_says_that_no_phone_reaches_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, {"http": ["http://127.0.0.1:8080"]})

    done = CliRunner().invoke(ca, ["export", "--data", str(tmp_path), "--qr"])

    assert "Only this machine reaches that" in done.stderr


@pytest.mark.parametrize(
    ("place", "sentence"), [({"http": []}, "no address on a network yet"), (None, "no hub runs on the data folder")]
)
def test_without_a_hub_or_an_address_there_is_a_sentence_and_no_pem(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    place: Any,  # Any: JSON
    sentence: str,
) -> None:
    if place is not None:
        answering(monkeypatch, place)

    done = CliRunner().invoke(ca, ["export", "--data", str(tmp_path), "--qr"])

    assert isinstance(done.exception, DeviceError)
    assert sentence in done.exception.message
    assert done.stdout == ""


def test_without_the_package_there_is_a_sentence_that_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "segno", None)

    done = CliRunner().invoke(ca, ["export", "--data", str(tmp_path), "--qr"])

    assert isinstance(done.exception, DeviceError)
    assert "pip install 'hardwire[screen]'" in done.exception.message


def test_a_client_that_is_not_known_is_answered_with_those_that_are(tmp_path: Path) -> None:
    done = CliRunner().invoke(ca, ["export", "--data", str(tmp_path), "--for", "netscape"])

    assert done.exit_code == 2
    assert "homeassistant" in done.stderr


def test_what_is_shown_is_the_name_the_life_and_the_fingerprint(tmp_path: Path) -> None:
    done = CliRunner().invoke(ca, ["show", "--data", str(tmp_path)])

    assert [line.split()[0] for line in done.stdout.splitlines()] == ["name", "valid", "sha-256"]
