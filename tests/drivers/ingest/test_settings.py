"""The settings of a logger: what is taken, what is refused and how it is named."""

from typing import Any

import pytest

from hardwire.app.entries import device_entry
from hardwire.app.secrets import has_secret
from hardwire.drivers.ingest.part import PART
from hardwire.drivers.ingest.settings import Settings
from hardwire.model.errors import BadValueError


def made(**table: Any) -> object:  # Any: what TOML holds
    entry = device_entry("greenhouse", {"driver": "ingest", **table}, "UTC")
    return entry.driver.make(entry.id, entry.group, entry.timezone, entry.settings)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"fields": [{"label": "x"}]}, "'name' is missing"),
        ({"fields": [{"name": ""}]}, "no digit first"),
        ({"fields": [{"name": "1st"}]}, "no digit first"),
        ({"fields": [{"name": "a"}, {"name": "a"}]}, "two fields are called 'a'"),
        ({"fields": [{"name": "output_2"}]}, "choose another name"),
        ({"fields": [{"name": "a", "log_interval_s": 600}]}, "at most 599"),
        ({"fields": [{"name": "a", "colour": "red"}]}, "colour"),
        ({"fields": [{"name": f"f{n}"} for n in range(91)]}, "at most 90"),
        ({"outputs": [5]}, "at most 4"),
        ({"outputs": [2, 2]}, "twice"),
        ({"registers": [[41, 1]]}, "at most 40"),
        ({"registers": [[1, 1], [1, 1]]}, "twice"),
        ({"status": "sometimes"}, "sometimes"),
        ({"stale_after_s": 0}, "expected"),
        ({"mqtt": "http://secret@broker"}, "mqtt://user:password@host:1883"),
        ({"mqtt": "mqtt://secret@broker:x"}, "mqtt://user:password@host:1883"),
        ({"mqtt": "mqtt://"}, "mqtt://user:password@host:1883"),
        ({"mqtt": "mqtt://secret@broker/path"}, "mqtt://user:password@host:1883"),
        ({"mqtt": "mqtt://secret@broker", "mqtt_ca": "/ca.pem"}, "mqtts://"),
        ({"mqtt": "mqtts://secret@broker", "mqtt_ca": "/no/such/file"}, "/no/such/file"),
    ],
)
def test_a_setting_that_is_wrong_is_named_and_no_secret_repeated(table: dict[str, Any], words: str) -> None:
    with pytest.raises(BadValueError, match=words) as caught:
        made(**table)

    assert "secret" not in caught.value.message


def test_the_brokers_address_is_a_secret_and_asks_for_keys_of_its_own_kind() -> None:
    table = {"driver": "ingest", "mqtt": "mqtt://user:secret@broker"}

    entry = device_entry("greenhouse", table, "UTC")

    assert has_secret(entry, table)
    assert isinstance(entry.settings, Settings)
    assert (PART.key_kind, PART.door is not None) == ("ingest", True)
