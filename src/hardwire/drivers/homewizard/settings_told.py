"""What a device tells of itself beside its measurements: network, settings, relay, batteries."""

from collections.abc import Mapping

from hardwire.drivers.homewizard.wire import Table, flag_of, number_of, text_of, texts_of, without_nothing
from hardwire.model.value import Value

MODE = "batteries_mode"
MODE_BEFORE = "batteries_mode_before"
TO_FULL = "to_full"
ZERO = "zero"


def system_settings(read: Table) -> Mapping[str, Value]:
    """Return the settings of `/api/system`.

    Source: HomeWizard reference, section 2.5.
    """
    return without_nothing(
        {
            "cloud_enabled": flag_of(read.get("cloud_enabled")),
            "status_led_brightness_pct": number_of(read.get("status_led_brightness_pct")),
        }
    )


def system_network(read: Table) -> Mapping[str, Value]:
    """Return what `/api/system` tells that changes by itself."""
    return without_nothing(
        {
            "wifi_ssid": text_of(read.get("wifi_ssid")),
            "wifi_rssi_db": number_of(read.get("wifi_rssi_db")),
            "uptime_s": number_of(read.get("uptime_s")),
        }
    )


def socket_state(read: Table) -> Mapping[str, Value]:
    """Return what `/api/v1/state` tells.

    Source: HomeWizard reference, section 4.5.
    """
    return without_nothing(
        {
            "power_on": flag_of(read.get("power_on")),
            "switch_lock": flag_of(read.get("switch_lock")),
            "brightness": number_of(read.get("brightness")),
        }
    )


def batteries_told(read: Table, mode_before: str) -> Mapping[str, Value]:
    """Return what `/api/batteries` tells; nothing when it tells no mode. `mode_before` is the one known so far.

    The mode to which the end of charging to full leads back is not told: it is the last other one that was.

    Source: HomeWizard reference, section 2.8.
    """
    mode = text_of(read.get("mode"))
    if mode is None:
        return {}
    if flag_of(read.get("charge_to_full")):
        mode = TO_FULL
    return without_nothing(
        {
            MODE: mode,
            "batteries_permissions": texts_of(read.get("permissions")),
            MODE_BEFORE: mode_before if mode == TO_FULL else mode,
            "batteries_count": number_of(read.get("battery_count")),
            "batteries_power_w": number_of(read.get("power_w")),
            "batteries_target_power_w": number_of(read.get("target_power_w")),
            "batteries_max_consumption_w": number_of(read.get("max_consumption_w")),
            "batteries_max_production_w": number_of(read.get("max_production_w")),
        }
    )
