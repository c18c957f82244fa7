"""The two demo units, as the configuration file would declare them."""

from collections.abc import Mapping
from typing import Any

ACCOUNT_NUMBER = 123
ACCOUNT_NAME = "Demo"
ACCOUNT_DESCRIPTION = "Two simulated units to try a program with"
KEY_ID = "12345"
KEY = "abcdefghijklmnopqrstuvwx"

FIRMWARE = "24061501"
BACKLOG_S = 3600
"""A newcomer finds an hour of history."""


def demo_units(group: str) -> Mapping[str, Mapping[str, Any]]:  # Any: TOML-like settings
    """Return the tables of both units by device id, shown in the ezeio dialect to the keys of `group`.

    Outside clients rely on serials, field numbers, names and units: what is new comes behind what is there.
    """
    return {
        "demo-unit": {
            "driver": "simulated",
            "kind": "unit",
            "firmware": FIRMWARE,
            "backlog_s": BACKLOG_S,
            "fields": [
                {
                    "name": "tank_level",
                    "label": "Tank level",
                    "unit": "in",
                    "tag": "TANKLVL",
                    "shape": "noise",
                    "offset": 70.0,
                    "amplitude": 12.0,
                    "period_s": 1800,
                },
                {
                    "name": "output_flow",
                    "label": "Output flow",
                    "unit": "gal/min",
                    "decimals": 1,
                    "log_interval_s": 5,
                    "shape": "sine",
                    "offset": 8.5,
                    "amplitude": 1.5,
                    "period_s": 300,
                },
                {
                    "name": "flow_limit",
                    "label": "Flow limit",
                    "unit": "gal/min",
                    "decimals": 1,
                    "expression": "",
                    "value": 9.5,
                },
                {
                    "name": "flow_above_limit",
                    "label": "Flow above the limit",
                    "unit": "gal/min",
                    "decimals": 1,
                    "expression": "max(f(2) - f(3), 0)",
                },
            ],
            "alarms": [{"name": "Tank is full", "point": "tank_level", "above": 75, "restore_below": 72}],
            "inputs": [{"input": 1, "shape": "noise", "offset": 5000, "amplitude": 850, "period_s": 1800}],
            "registers": [{"device": 1, "register": 1, "label": "Pump speed", "unit": "percent", "value": 60}],
            "ezeio": {
                "serial": "ABC-123",
                "group": group,
                "name": "Demo unit",
                "note": "Logs a fast field every 5 s and uploads it at once",
            },
        },
        "other-demo-unit": {
            "driver": "simulated",
            "kind": "unit",
            "firmware": FIRMWARE,
            "backlog_s": BACKLOG_S,
            "buffer_s": 60,
            "fields": [
                {
                    "name": "air_temperature",
                    "label": "Air temperature",
                    "unit": "F",
                    "decimals": 1,
                    "log_interval_s": 5,
                    "shape": "sine",
                    "offset": 68.0,
                    "amplitude": 6.0,
                    "period_s": 3600,
                },
                {
                    "name": "relative_humidity",
                    "label": "Relative humidity",
                    "unit": "percent",
                    "decimals": 0,
                    "shape": "noise",
                    "offset": 45.0,
                    "amplitude": 10.0,
                    "period_s": 1200,
                },
                {
                    "name": "voltage",
                    "label": "Voltage",
                    "unit": "V",
                    "decimals": 1,
                    "tag": "V",
                    "shape": "noise",
                    "offset": 12.6,
                    "amplitude": 0.4,
                    "period_s": 600,
                },
                {
                    "name": "heating_setpoint",
                    "label": "Heating setpoint",
                    "unit": "F",
                    "decimals": 1,
                    "expression": "",
                    "value": 66.0,
                },
                {
                    "name": "is_heating",
                    "label": "Heating",
                    "decimals": 0,
                    "expression": "f(1) < f(4)",
                },
            ],
            "link": "Ethernet",
            "ezeio": {
                "serial": "ABC-456",
                "group": group,
                "name": "Other demo unit",
                "note": "Buffers 60 s until unbuffered updates are asked for",
            },
        },
    }
