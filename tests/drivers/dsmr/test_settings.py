"""What the configuration file may say, with the errors that name what is wrong."""

import subprocess
import sys
from typing import Any

import msgspec
import pytest

from hardwire.drivers.dsmr import part
from hardwire.drivers.dsmr.driver import P1Meter
from hardwire.drivers.dsmr.settings import SerialLine, Settings, TcpLine, line_of, version_of
from hardwire.drivers.dsmr.versions import VERSIONS
from hardwire.model.errors import BadValueError


def settings_of(**table: Any) -> Settings:  # Any: a TOML table
    """Read a device's table as `app` does."""
    return msgspec.convert(table, part.PART.settings, strict=True)  # type: ignore[no-any-return]  # a type by value


def test_a_serial_port_takes_its_line_settings_from_the_version() -> None:
    assert line_of(settings_of(port="/dev/ttyUSB0")) == SerialLine("/dev/ttyUSB0", 115200, 8, "none")
    assert line_of(settings_of(port="/dev/ttyUSB0", version="2.2")) == SerialLine("/dev/ttyUSB0", 9600, 7, "even")
    assert line_of(settings_of(port="/dev/ttyUSB0", version="4")) == SerialLine("/dev/ttyUSB0", 115200, 7, "even")


def test_line_settings_of_the_owner_win() -> None:
    settings = settings_of(port="/dev/ttyUSB0", version="4", baud=9600, bytesize=8, parity="none")

    assert line_of(settings) == SerialLine("/dev/ttyUSB0", 9600, 8, "none")


@pytest.mark.parametrize(
    ("port", "line"),
    [
        ("tcp://192.168.1.7:2001", TcpLine("192.168.1.7", 2001)),
        ("tcp://p1.local:23/", TcpLine("p1.local", 23)),
        ("tcp://[fe80::1]:2001", TcpLine("fe80::1", 2001)),
    ],
)
def test_a_tcp_port_is_a_host_with_a_port(port: str, line: TcpLine) -> None:
    assert line_of(settings_of(port=port)) == line


@pytest.mark.parametrize(
    ("version", "name"),
    [("5", "5"), (5, "5"), (5.0, "5"), (2.2, "2.2"), ("3.0", "3"), ("5b", "5B"), (" 4 ", "4"), ("4+", "4+")],
)
def test_a_version_is_found_however_toml_writes_it(version: str | int | float, name: str) -> None:
    assert version_of(settings_of(port="/dev/ttyUSB0", version=version)) is VERSIONS[name]


@pytest.mark.parametrize(
    ("table", "path", "sentence"),
    [
        ({"port": "/dev/ttyUSB0", "version": "6"}, "version", "2.2, 3, 4, 4[+], 5, 5B"),
        ({"port": "/dev/ttyUSB0", "version": "MSn"}, "version", "encrypted"),
        ({"port": "COM3"}, "port", "/dev/ttyUSB0, or tcp://"),
        ({"port": "tcp://meter"}, "port", "names no host with a port"),
        ({"port": "tcp://:2001"}, "port", "names no host with a port"),
        ({"port": "tcp://meter:99999"}, "port", "is no address"),
        ({"port": "tcp://meter:2001/path"}, "port", "names no host with a port"),
        ({"port": "socket://meter:2001"}, "port", "socket:// is not spoken here; write tcp://"),
        ({"port": "/dev/ttyUSB0", "baud": 115201}, "baud", "115200"),
        ({"port": "/dev/ttyUSB0", "stale_after_s": 0}, "stale_after_s", "more than 0"),
        ({"port": "tcp://meter:2001", "baud": 9600}, "baud", "for a serial port"),
        ({"port": "tcp://meter:2001", "parity": "even"}, "parity", "for a serial port"),
    ],
)
def test_a_wrong_setting_is_named_with_what_it_may_be(table: dict[str, Any], path: str, sentence: str) -> None:
    settings = settings_of(**table)

    with pytest.raises(BadValueError, match=sentence) as caught:
        part.make("grid", "home", "Europe/Amsterdam", settings)

    assert caught.value.path == path


@pytest.mark.parametrize(
    "table", [{}, {"port": "/dev/ttyUSB0", "bytesize": 9}, {"port": "/dev/ttyUSB0", "parity": "mark"}, {"prot": "x"}]
)
def test_a_table_of_another_shape_is_refused(table: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        settings_of(**table)


def test_the_part_builds_a_meter() -> None:
    meter = part.PART.make("grid", "home", "Europe/Brussels", settings_of(port="/dev/ttyUSB0", stale_after_s=12))

    assert isinstance(meter, P1Meter)
    assert [(each.id, each.kind, each.timezone, each.stale_after_s) for each in meter.devices] == [
        ("grid", "meter", "Europe/Brussels", 12)
    ]


def test_without_the_extra_the_error_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(part, "IS_INSTALLED", False)

    with pytest.raises(BadValueError, match=r"pip install 'hardwire\[dsmr\]'"):
        part.make("grid", "home", "UTC", settings_of(port="/dev/ttyUSB0"))


def import_part_without(package: str) -> "subprocess.CompletedProcess[str]":
    """Import the part where a package is not installed; print whether it says that it is."""
    code = (
        f"import sys; sys.modules[{package!r}] = None\nfrom hardwire.drivers.dsmr import part\nprint(part.IS_INSTALLED)"
    )
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize("package", ["dsmr_parser", "serialx"])
def test_the_part_is_found_where_a_package_of_the_extra_is_missing(package: str) -> None:
    done = import_part_without(package)

    assert (done.returncode, done.stdout) == (0, "False\n"), done.stderr


def test_another_missing_package_is_a_fault_of_the_installation() -> None:
    done = import_part_without("zoneinfo")

    assert done.returncode == 1
    assert "ModuleNotFoundError" in done.stderr
