"""The configuration file: what it says is taken, what is wrong in it is named with its place."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardwire.app.config import Config, HubTable, parse, read
from hardwire.app.entries import device_entry
from hardwire.model.errors import BadValueError

# The sample of the design, as a newcomer would copy it.
SAMPLE = """
[hub]
host = "0.0.0.0"
port = 8080
tls_port = 8443
timezone = "Europe/Amsterdam"

[devices.grid]                       # the house's P1 port on a USB cable
driver = "dsmr"
port = "/dev/ttyUSB0"                # or tcp://192.168.1.7:2001
version = "5"
homewizard = { serial = "5c2faf0a0b0c", product = "HWE-P1", v1 = true, v1_allow = ["192.168.1.0/24"], \
http = "192.168.1.50:80", https = "192.168.1.50:443" }
ezeio = { serial = "GRD-001", group = "home" }

[devices.bench]
driver = "simulated"
kind = "board"
obniz = { id = "2345-6789", open = false }
"""
BOARD = '[devices.bench]\ndriver = "simulated"\nkind = "board"\n'
UNIT = '[devices.tank]\ndriver = "simulated"\nkind = "unit"\n'


def read_text(folder: Path, text: str, environment: dict[str, str] | None = None) -> Config:
    """Read a file with this text."""
    path = folder / "hardwire.toml"
    path.write_text(text, "utf-8")
    return read(path, environment or {})


def test_the_sample_file_is_taken_as_it_stands(tmp_path: Path) -> None:
    config = read_text(tmp_path, SAMPLE)

    grid, bench = config.devices
    assert config.hub == HubTable(host="0.0.0.0", timezone="Europe/Amsterdam")
    assert (grid.id, grid.driver.name, grid.settings.port) == ("grid", "dsmr", "/dev/ttyUSB0")
    assert grid.faces["homewizard"].https == "192.168.1.50:443"
    assert (grid.group, grid.timezone) == ("home", "Europe/Amsterdam")
    assert (bench.id, bench.faces["obniz"].id) == ("bench", "2345-6789")


def test_no_file_is_a_configuration_too() -> None:
    config = read(None, {})

    assert (config.hub.host, config.hub.port, config.devices) == ("127.0.0.1", 8080, ())
    assert config.hub.timezone != ""


def test_a_device_without_a_name_has_its_faces_name(tmp_path: Path) -> None:
    config = read_text(tmp_path, BOARD + 'ezeio = { serial = "ABC-123", name = "The tank", group = "farm" }\n')

    assert (config.devices[0].name, config.devices[0].group) == ("The tank", "farm")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[hbu]", "there is no setting 'hbu'; did you mean 'hub'?"),
        ("[hub]\nprot = 1", "hub: there is no setting 'prot'; did you mean 'port'?"),
        ('[hub]\nport = "x"', "hub.port: expected a whole number, got a text"),
        ("[hub]\nport = 65536", "hub.port: expected a whole number of at most 65535"),
        ("[hub]\nport = true", "hub.port: expected a whole number, got true or false"),
        ('[hub]\nhost = ""', "hub.host: expected a text that is not empty"),
        ("[hub]\nhistory_days = -1", "hub.history_days: expected a whole number of at least 0"),
        ('[hub]\norigins = "x"', "hub.origins: expected a list, got a text"),
        ('[hub]\ntimezone = "Europe/Amsterdm"', "hub.timezone: there is no time zone 'Europe/Amsterdm'; write it as"),
        ('[hub]\ntimezone = "Europe"', "hub.timezone: there is no time zone 'Europe'"),
        ("hub = 3", "hub: must be a table"),
        ("[hub\nport = 1", r"is no TOML: .*\(at line 1, column 5\)"),
        ("[groups]\nhome = 3", "groups.home: must be a table"),
        ('[groups.home]\nnumber = "x"', "groups.home.number: expected a whole number, got a text"),
        ("[ezeio]\nrealm = 5", "ezeio.realm: expected a text, got a whole number"),
        ('[ezeio]\nrelam = "x"', "ezeio: there is no setting 'relam'; did you mean 'realm'?"),
        ("[devices]\nbench = 5", "devices.bench: must be a table"),
        ("[devices.-rf]", "devices.-rf: a device's id does not begin with -"),
        ('[devices."a b"]', "devices.a b: a device's id is made of letters, digits, - and _"),
        ('[groups."a b"]', "groups.a b: a group's id is made of letters, digits, - and _"),
        (BOARD + 'group = "a b"', "devices.bench.group: a group's id is made of letters, digits, - and _"),
        (BOARD + 'group = "-a"', "devices.bench.group: a group's id does not begin with -"),
        ("[devices.bench]", "devices.bench: say which driver it has: driver = one of .*simulated"),
        ('[devices.bench]\ndriver = "dmsr"', "devices.bench.driver: there is no driver 'dmsr'; did you mean 'dsmr'?"),
        ('[devices.grid]\ndriver = "dsmr"', "devices.grid: the setting 'port' is missing"),
        ('[devices.grid]\ndriver = "dsmr"\nverison = "5"', "devices.grid: there is no setting 'verison'; did you mean"),
        ('[devices.a]\ndriver = "simulated"', "devices.a: say which kind it is: kind = one of board, meter, unit"),
        ('[devices.a]\ndriver = "simulated"\nkind = "bord"', "devices.a.kind: there is no kind 'bord'; did you mean"),
        ('[devices.a]\ndriver = "simulated"\nkind = ["unit"]', r"devices.a.kind: there is no kind \['unit'\]"),
        (BOARD + "solar_peak_w = 5", "devices.bench: there is no setting 'solar_peak_w'; known are"),
        (BOARD + "name = 5", "devices.bench.name: expected a text"),
        (BOARD + 'firmware = "7"', "devices.bench.firmware: expected three numbers, such as 7.1.0"),
        (BOARD + "echo = 1000", "devices.bench.echo: expected a table, got a whole number"),
        (BOARD + 'nets = [["io0"]]', r"devices.bench.nets\[0\]: expected a list of at least 2 entries"),
        (
            BOARD + f'peripherals = [{{ name = "{"x" * 30}" }}]',
            r"peripherals\[0\].name: expected a text of at most 29 characters",
        ),
        (
            BOARD + 'peripherals = [{ name = "x", address = "d0:00" }]',
            r"peripherals\[0\].address: expected six bytes in hex, such as c4:a0:b1:e0:00:09",
        ),
        (
            BOARD + 'networks = [{ ssid = "x", mac = "02" }]',
            r"networks\[0\].mac: expected 12 hex digits in small letters",
        ),
        (BOARD + 'timezone = "Mars"', "devices.bench.timezone: there is no time zone 'Mars'"),
        (BOARD + "obniz = 5", "devices.bench.obniz: must be a table"),
        (BOARD + 'obniz = { id = "1234" }', "devices.bench.obniz: an obniz id has eight digits, such as 2345-6789"),
        (BOARD + 'homewizard = { serial = "ABC" }', "devices.bench.homewizard: a HomeWizard serial is twelve hex"),
        (BOARD + 'homewizard = { seral = "x" }', "devices.bench.homewizard: there is no setting 'seral'; did you"),
        (BOARD + 'ezeio = { serial = "1" }', "devices.bench.ezeio: an ezeio serial is three letters and three digits"),
        (BOARD + 'obniz = { id = "2345-6789", http = "x" }', "devices.bench.obniz.http: 'x' is no address of a list"),
        (BOARD + f'obniz = {{ id = "2345-6789", http = "::1:{"1" * 5000}" }}', "1' is no address of a listener"),
        (BOARD + 'obniz = { id = "2345-6789", https = "::1:70000" }', "https: '::1:70000' is no address of a list"),
        (UNIT + 'fields = [{ name = "a" }, { nam = "b" }]', r"tank.fields\[1\]: there is no setting 'nam'; did you"),
        (
            UNIT + 'fields = [{ name = "a", shape = "sin" }]',
            r"fields\[0\].shape: it cannot be 'sin'; did you mean 'sine'",
        ),
        (
            UNIT + 'fields = [{ name = "a", decimals = 9 }]',
            r"fields\[0\].decimals: expected a whole number of at most 6",
        ),
    ],
    ids=lambda text: text.splitlines()[-1][:40],
)
def test_what_is_wrong_is_named_with_its_file_and_place(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(BadValueError, match=sentence) as refused:
        read_text(tmp_path, text)

    assert refused.value.message.startswith(str(tmp_path / "hardwire.toml"))


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "latin.toml").write_bytes(b'[hub]\nhost = "\xe9"\n')

    with pytest.raises(BadValueError, match=r"there is no file .*nothing\.toml"):
        read(tmp_path / "nothing.toml", {})
    with pytest.raises(BadValueError, match="cannot be read: Is a directory"):
        read(tmp_path, {})
    with pytest.raises(BadValueError, match="cannot be read: it is no UTF-8 text"):
        read(tmp_path / "latin.toml", {})


@pytest.mark.parametrize(("text", "expected"), [("true", True), ("False", False)])
def test_whether_devices_are_announced_is_unset_until_somebody_says_so(
    tmp_path: Path, text: str, *, expected: bool
) -> None:
    unset = read_text(tmp_path, "").hub
    filed = read_text(tmp_path, f"[hub]\ndiscovery = {text.lower()}").hub
    given = read_text(tmp_path, "", {"HARDWIRE_DISCOVERY": text}).hub

    assert [unset.discovery, filed.discovery, given.discovery] == [None, expected, expected]


def test_the_environment_wins_over_the_file_and_options_win_over_both(tmp_path: Path) -> None:
    path = tmp_path / "hardwire.toml"
    path.write_text('[hub]\nhost = "10.0.0.1"\nport = 1\ntls_port = 2\n')
    environment = {
        "HARDWIRE_PORT": "9000",
        "HARDWIRE_TLS_PORT": "9001",
        "HARDWIRE_ORIGINS": "http://a.example, http://b.example",
        "HARDWIRE_TIMEZONE": "Europe/Paris",
        "HARDWIRE_DATA": "/somewhere",
        "PATH": "/bin",
    }

    hub = read(path, environment, {"tls_port": 3}).hub

    assert (hub.host, hub.port, hub.tls_port, hub.timezone) == ("10.0.0.1", 9000, 3, "Europe/Paris")
    assert hub.origins == ("http://a.example", "http://b.example")


@pytest.mark.parametrize(
    ("variable", "text", "sentence"),
    [
        ("HARDWIRE_DISCOVERY", "perhaps", "HARDWIRE_DISCOVERY: "),
        ("HARDWIRE_PROT", "1", "HARDWIRE_PROT: this environment variable means nothing; did you mean 'HARDWIRE_PORT'?"),
        ("HARDWIRE_DTA", "x", "did you mean 'HARDWIRE_DATA'?"),
        ("HARDWIRE_PORT", "x", "HARDWIRE_PORT: expected a whole number, got a text"),
        ("HARDWIRE_PORT", "", "HARDWIRE_PORT: expected a whole number, got a text"),
        ("HARDWIRE_PORT", "99999", "HARDWIRE_PORT: expected a whole number of at most 65535"),
        ("HARDWIRE_HOST", "", "HARDWIRE_HOST: expected a text that is not empty"),
    ],
)
def test_a_wrong_variable_is_named(variable: str, text: str, sentence: str) -> None:
    with pytest.raises(BadValueError, match=sentence):
        read(None, {variable: text})


WORDS = st.sampled_from(
    [
        "hub",
        "groups",
        "devices",
        "ezeio",
        "port",
        "host",
        "driver",
        "simulated",
        "dsmr",
        "kind",
        "board",
        "unit",
        "meter",
        "fields",
        "name",
        "homewizard",
        "obniz",
        "serial",
        "id",
        "timezone",
        "group",
        "http",
        "version",
        "v1_allow",
    ]
)
LEAVES = st.one_of(
    st.booleans(), st.integers(), st.floats(), st.text(max_size=20), WORDS, st.datetimes(), st.dates(), st.times()
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS | st.text(max_size=8), inner, max_size=5),
    max_leaves=12,
)
TABLES = st.dictionaries(WORDS | st.text(max_size=8), VALUES, max_size=5)


@given(raw=TABLES)
def test_whatever_a_file_holds_is_taken_or_refused_by_name(raw: dict[str, Any]) -> None:  # Any: TOML
    with suppress(BadValueError):
        config = parse(raw, {})

        assert isinstance(config, Config)


@given(table=TABLES, kind=st.sampled_from(["board", "meter", "unit"]))
def test_whatever_a_device_holds_is_taken_or_refused_by_name(table: dict[str, Any], kind: str) -> None:  # Any: TOML
    with suppress(BadValueError):
        entry = device_entry("bench", {"driver": "simulated", "kind": kind, **table}, "UTC")

        assert entry.id == "bench"


def test_the_shape_of_the_log_is_one_of_two_and_the_environment_may_choose_it(tmp_path: Path) -> None:
    chosen = read_text(tmp_path, "", {"HARDWIRE_LOG_FORMAT": "json"}).hub.log_format

    assert chosen == "json"
    with pytest.raises(BadValueError, match="log_format"):
        read_text(tmp_path, '[hub]\nlog_format = "xml"\n')
    with pytest.raises(BadValueError, match="HARDWIRE_LOG_FORMAT"):
        read_text(tmp_path, "", {"HARDWIRE_LOG_FORMAT": "xml"})
