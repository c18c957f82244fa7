"""The points of the simulated P1 meter, by the names of HomeWizard's v2 measurement."""

from hardwire.model.point import Point, PointKind

POWER = (
    Point(name="power_w", label="Power", unit="W", decimals=0),
    *(Point(name=f"power_l{phase}_w", label=f"Power L{phase}", unit="W", decimals=0) for phase in (1, 2, 3)),
)
ENERGY = tuple(
    Point(name=f"energy_{way}{tariff}_kwh", label=f"{label} {tail}".strip(), unit="kWh", decimals=3)
    for way, label in (("import", "Energy import"), ("export", "Energy export"))
    for tariff, tail in (("", ""), ("_t1", "low tariff"), ("_t2", "normal tariff"))
)
GRID = (
    *(Point(name=f"voltage_l{phase}_v", label=f"Voltage L{phase}", unit="V", decimals=1) for phase in (1, 2, 3)),
    Point(name="current_a", label="Current", unit="A", decimals=0),
    *(Point(name=f"current_l{phase}_a", label=f"Current L{phase}", unit="A", decimals=0) for phase in (1, 2, 3)),
    Point(name="tariff", label="Tariff", decimals=0),
)
FAULTS = (
    *(Point(name=f"voltage_sag_l{phase}_count", label=f"Sags L{phase}", decimals=0) for phase in (1, 2, 3)),
    *(Point(name=f"voltage_swell_l{phase}_count", label=f"Swells L{phase}", decimals=0) for phase in (1, 2, 3)),
    Point(name="any_power_fail_count", label="Power failures", decimals=0),
    Point(name="long_power_fail_count", label="Long power failures", decimals=0),
)
IDENTITY = (
    Point(name="unique_id", kind=PointKind.TEXT, label="Meter identifier"),
    Point(name="meter_model", kind=PointKind.TEXT, label="Meter model"),
    Point(name="protocol_version", label="DSMR version", decimals=0),
    Point(name="timestamp", kind=PointKind.TEXT, label="Meter time"),
    Point(name="telegram", kind=PointKind.TEXT, label="Telegram"),
    Point(name="wifi_ssid", kind=PointKind.TEXT, label="Wi-Fi network"),
    Point(name="wifi_rssi_db", label="Wi-Fi signal", unit="dB", decimals=0),
)
METER_POINTS = (*POWER, *ENERGY, *GRID, *FAULTS, *IDENTITY)

GAS_POINTS = (
    Point(name="value", label="Gas", unit="m3", decimals=3),
    Point(name="unique_id", kind=PointKind.TEXT, label="Meter identifier"),
    Point(name="timestamp", kind=PointKind.TEXT, label="Meter time"),
)
