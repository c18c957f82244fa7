"""The pages as HTML: everything that comes from a device is escaped here."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from html import escape
from urllib.parse import quote

from hardwire.console.frame import framed, instant
from hardwire.contracts.dialect import Dialect, Place
from hardwire.contracts.house import House, Reading
from hardwire.model.alarm import AlarmState
from hardwire.model.board.display import SCREEN_POINT
from hardwire.model.device import Device
from hardwire.model.point import Keeper, Point, PointKind
from hardwire.model.value import Value

# A telegram or a long text would drown the page.
TEXT_LIMIT = 60
# Labels such as ad11, of which a board has a crowd.
SHORT_LABEL = 5
CROWD = 4
# A longer list scrolls by itself.
TALL = 10
KINDS = {
    "board": "Board",
    "meter": "P1 meter",
    "kwh_meter": "kWh meter",
    "battery": "Battery",
    "socket": "Socket",
    "unit": "Logger",
    "gas_meter": "Gas meter",
    "water_meter": "Water meter",
    "heat_meter": "Heat meter",
    "warm_water_meter": "Warm water meter",
    "inlet_heat_meter": "Inlet heat meter",
}
# What somebody looks for at a glance stands first, what identifies a device or describes its line last.
FIRST = (
    *("power_w", "state_of_charge_pct", "flow_lpm", "volume_m3", "value"),
    *("batteries_mode", "batteries_power_w", "energy_import_kwh", "energy_export_kwh"),
)
LAST = frozenset(
    {"protocol_version", "meter_model", "unique_id", "telegram", "wifi_ssid", "wifi_rssi_db", "uptime_s"}
    | {"brightness", "status_led_brightness_pct", "batteries_permissions", "batteries_mode_before"}
)
UNITS = {"m3": "m³", "m3/h": "m³/h", "percent": "%", "deg": "°"}
# The group of devices that name none.
HOME = "home"
# A longer number is written with a power of ten.
LONG_NUMBER = 1e15
DIALECTS = {"obniz": "obniz", "homewizard": "HomeWizard", "ezeio": "ezeio", "hub": "Hardwire"}


def cards(house: House, dialects: Mapping[str, Dialect], place: Place, now: datetime) -> bytes:
    """Return a card for each device: state, last values, a line to copy for each dialect."""
    devices = list(house.devices())
    if not devices:
        return (
            b"<p>No devices yet. Add one to the configuration file, or try "
            b"<code>hardwire device add bench driver=simulated kind=board obniz.id=2345-6789</code>.</p>"
        )
    return "".join(_card(device, house, dialects, place, now) for device in devices).encode()


def login(trouble: str) -> bytes:
    """Return the form that asks for the admin credential."""
    told = f'<p class="trouble" role="alert">{escape(trouble)}</p>' if trouble else ""
    return framed(
        "Log in",
        f'<header><h1>Hardwire</h1></header><main><form class="login" method="post" action="/login">{told}'
        '<label for="token">Admin credential</label>'
        '<input id="token" name="token" type="password" autocomplete="current-password" required autofocus>'
        "<button>Log in</button>"
        "<p>It was printed once, when this hub started for the first time. "
        "On the hub's machine <code>hardwire key create admin</code> makes another.</p></form></main>",
    )


def pressed() -> bytes:
    """Return the page after a press."""
    return framed(
        "Pressed",
        '<header><h1>Hardwire</h1></header><main><p role="status">The button is pressed: within 30 s, one program '
        'may get a token. <a href="/">The devices</a> are on the first page.</p></main>',
    )


def missing(path: str) -> bytes:
    """Return the page for a path that is none."""
    return framed(
        "Not found",
        f"<header><h1>Hardwire</h1></header><main><p>There is nothing at <code>{escape(path)}</code>. "
        '<a href="/">The devices</a> are on the first page.</p></main>',
    )


def _card(device: Device, house: House, dialects: Mapping[str, Dialect], place: Place, now: datetime) -> str:
    until = house.identified_until(device.id)
    blinks = " identified" if until is not None and now < until else ""
    name = escape(_name(device, house))
    return (
        f'<section class="device{blinks}" aria-label="{name}"><h2>{name}</h2>'
        f'<p class="kind">{_kind(device)}{_group(device)}{_addresses(device, house)}</p>'
        f"{_state(device, house, now)}{_alarms(device, house)}{_troubles(device, house)}"
        f"{_screen(device, house, now)}{_values(device, house)}"
        f"{''.join(_lines(device, house, dialects, place))}{_button(device, dialects)}</section>"
    )


def _name(device: Device, house: House) -> str:
    """What people call a device; what hangs behind another and has no name of its own is called after that one."""
    parent = None if device.parent is None else house.device(device.parent)
    if device.name or parent is None:
        return device.name or device.id
    return f"{parent.name or parent.id}: {KINDS.get(device.kind, device.kind).lower()}"


def _kind(device: Device) -> str:
    kind = KINDS.get(device.kind, device.kind)
    sources = ", ".join(device.sources)
    if device.kind == "battery" and sources:
        kind = f"{kind}, steered by {sources}"
    elif sources:
        kind = f"Computed from {sources}"
    return escape(kind)


def _group(device: Device) -> str:
    """The group that owns a device, where somebody chose one."""
    return f" · group {escape(device.group)}" if device.group != HOME else ""


def _addresses(device: Device, house: House) -> str:
    shown = [f"{DIALECTS.get(dialect, dialect)} {address}" for dialect, address in house.addresses(device.id).items()]
    return "".join(f" · {escape(one)}" for one in shown)


def _state(device: Device, house: House, now: datetime) -> str:
    if house.is_fresh(device.id, now):
        return '<p class="state alive">alive</p>'
    alive_at = house.alive_at(device.id)
    since = "not heard of yet" if alive_at is None else f"silent since {instant(alive_at)}"
    # What hangs behind a meter is silent for the meter's reason.
    lost = house.lost_since(device.id) or (None if device.parent is None else house.lost_since(device.parent))
    reason = "" if lost is None else f": {escape(lost[1])}"
    return f'<p class="state stale">{since}{reason}</p>'


def _alarms(device: Device, house: House) -> str:
    """The alarms that do not rest, each with its state; those that are only about to go off are told softly."""
    return "".join(
        f'<p class="{"fault" if one.state is AlarmState.ALARM_HOLDOFF else "alarm"}">{escape(one.alarm.name)}: '
        f"{one.state.value} since {instant(one.since)}</p>"
        for one in house.alarms(device.id)
        if one.state is not AlarmState.RESTORED
    )


def _troubles(device: Device, house: House) -> str:
    """What its source has told of damage, each kind counted, with its newest sentence."""
    return "".join(
        f'<p class="fault">{escape(kind)} × {count}: {escape(sentence)}</p>'
        for kind, (count, sentence) in house.troubles(device.id).items()
    )


def _screen(device: Device, house: House, now: datetime) -> str:
    """What a device with a screen shows on it, while it is there."""
    if device.point(SCREEN_POINT) is None or not house.is_fresh(device.id, now):
        return ""
    path = f"/hub/v1/devices/{quote(device.id, safe='')}/display.png"
    return f'<img class="screen" src="{path}" alt="Screen of {escape(_name(device, house))}">'


def _values(device: Device, house: House) -> str:
    """The last values in up to three lists: switches side by side, a crowd of short labels in columns, the rest."""
    readings = house.readings(device.id)
    own = (point for point in device.points if point.keeper is Keeper.SOURCE and point.name in readings)
    shown = sorted(own, key=_rank)
    is_crowd = sum(_is_short(point) for point in shown) >= CROWD
    lists: dict[str, list[str]] = {"flags": [], "short": [], "long": []}
    for point in shown:
        look = "flags" if point.kind is PointKind.FLAG else "short" if is_crowd and _is_short(point) else "long"
        lists[look].append(_value(point, readings[point.name]))
    return "".join(
        f'<dl class="{look}{" tall" if look == "long" and len(rows) > TALL else ""}">{"".join(rows)}</dl>'
        for look, rows in lists.items()
        if rows
    )


def _rank(point: Point) -> int:
    """Where a point stands; those of one rank keep the order that their device has them in."""
    if point.name in FIRST:
        return FIRST.index(point.name)
    return len(FIRST) + (point.name in LAST)


def _is_short(point: Point) -> bool:
    return point.kind is not PointKind.FLAG and len(point.label or point.name) <= SHORT_LABEL


def _value(point: Point, reading: Reading) -> str:
    on = ' class="on"' if reading.value is True else ""
    label = escape(point.label or point.name)
    return f'<div{on} title="{instant(reading.at)}"><dt>{label}</dt><dd>{_shown(point, reading)}</dd></div>'


def _shown(point: Point, reading: Reading) -> str:
    unit = f" <small>{escape(UNITS.get(point.unit, point.unit))}</small>" if point.unit else ""
    return escape(_text(point, reading.value)) + unit


def _text(point: Point, value: Value) -> str:
    match value:
        case bool():
            return "on" if value else "off"
        case int() | float() if abs(value) >= LONG_NUMBER:
            return f"{value:g}"
        case float() if point.decimals is not None:
            return f"{value:.{point.decimals}f}"
        case float():
            return f"{value:g}" if abs(value) < 1e6 else f"{value:.0f}"
        case tuple():
            text = ", ".join(value)
        case _:
            text = str(value)
    line = text.splitlines()[0] if text.strip() else "–"
    return line if len(text) <= TEXT_LIMIT else line[:TEXT_LIMIT].rstrip() + "…"


def _button(device: Device, dialects: Mapping[str, Dialect]) -> str:
    """The device's button, where an API of it wants a token that a press gives: those announced under TLS do."""
    if not any(service.is_tls for dialect in dialects.values() for service in dialect.services(device)):
        return ""
    action = f"/devices/{quote(device.id, safe='')}/press"
    return f'<form class="press" method="post" action="{action}"><button>Press the button</button></form>'


def _lines(device: Device, house: House, dialects: Mapping[str, Dialect], place: Place) -> Iterable[str]:
    for name in house.addresses(device.id):
        dialect = dialects.get(name)
        if dialect is not None:
            line = escape(dialect.line(device, place))
            yield f'<p class="line"><span>{escape(DIALECTS.get(name, name))}</span><code>{line}</code></p>'
