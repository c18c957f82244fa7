"""The demo: well-known credentials, kept off the network."""

import pytest

from hardwire.app import demo
from hardwire.app.entries import device_entry
from hardwire.model.errors import BadValueError


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.50", "hub.local", "127.0.0.1.example.org"])
def test_a_demo_listens_on_loopback_only(host: str) -> None:
    with pytest.raises(BadValueError, match="--demo-unsafe"):
        demo.refuse_open_hosts(["127.0.0.1", host], is_unsafe_wanted=False)

    demo.refuse_open_hosts([host], is_unsafe_wanted=True)
    assert not demo.are_loopback(["127.0.0.1", host])


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "::1", "localhost"])
def test_loopback_needs_no_flag(host: str) -> None:
    demo.refuse_open_hosts([host], is_unsafe_wanted=False)

    assert demo.are_loopback([host])


def test_every_demo_device_is_one_that_a_file_could_have() -> None:
    entries = [device_entry(id, table, "UTC") for id, table in demo.tables().items()]

    assert {address for entry in entries for address in map(str, entry.faces)} == {"obniz", "homewizard", "ezeio"}
    assert all(entry.name for entry in entries)
    assert {entry.group for entry in entries} == {"demo"}
