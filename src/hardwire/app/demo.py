"""What `--demo` adds: devices of every dialect with well-known credentials, in memory only."""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from ipaddress import ip_address
from typing import Any

from hardwire.app.config import Config
from hardwire.dialects.ezeio.access.keys import kept
from hardwire.dialects.ezeio.part import DEFAULT_REALM
from hardwire.drivers.simulated.unit import demo as unit_demo
from hardwire.hub.hub import Hub
from hardwire.model.access import Credential, Group, Right
from hardwire.model.errors import BadValueError

# Outside clients rely on these.
BOARDS = ("1234-5678", "1111-1111", "2222-2222")
METER = "demo-meter"
METER_SERIAL = "5c2fafaabbcc"
METER_USER = "local/demo"
METER_TOKEN = "A" * 32
GROUP = "demo"

READ_AND_CONTROL = Right.READ | Right.CONTROL


def are_loopback(hosts: Iterable[str]) -> bool:
    """Say whether nobody but this machine reaches any of these hosts."""
    return all(host == "localhost" or _is_loopback(host) for host in hosts)


def refuse_open_hosts(hosts: Iterable[str], *, is_unsafe_wanted: bool) -> None:
    """Keep the well-known credentials off the network.

    Raises:
        BadValueError: one of the hosts is not loopback, and `--demo-unsafe` was not given.
    """
    for host in hosts:
        if not is_unsafe_wanted and not are_loopback([host]):
            raise BadValueError(
                f"--demo has credentials that everybody knows, so it binds to loopback only, not to {host}; "
                "give --demo-unsafe too if you mean it"
            )


def tables() -> Mapping[str, Mapping[str, Any]]:  # Any: TOML-like settings
    """Return the tables of the demo devices by id."""
    boards = {
        f"demo-board-{number}": {
            "driver": "simulated",
            "kind": "board",
            "name": f"Demo board {number}",
            "group": GROUP,
            "obniz": {"id": id, "open": True},
        }
        for number, id in enumerate(BOARDS, 1)
    }
    meter = {
        "driver": "simulated",
        "kind": "meter",
        "name": "Demo P1 meter",
        "group": GROUP,
        "homewizard": {"serial": METER_SERIAL, "product": "HWE-P1", "v1": True},
    }
    return {METER: meter, **boards, **unit_demo.demo_units(GROUP)}


def group() -> Group:
    """Return the demo account."""
    return Group(
        id=GROUP,
        number=unit_demo.ACCOUNT_NUMBER,
        name=unit_demo.ACCOUNT_NAME,
        description=unit_demo.ACCOUNT_DESCRIPTION,
    )


def let_in(hub: Hub, config: Config) -> None:
    """Let the demo user and the demo key in; the store never sees them."""
    hub.access.known_secrets.update(homewizard=METER_TOKEN, ezeio=f"{unit_demo.KEY_ID}:{unit_demo.KEY}")
    settings = config.dialects.get("ezeio")
    realm = DEFAULT_REALM if settings is None else settings.realm
    user = Credential(
        id="demo-user",
        kind="homewizard",
        name=METER_USER,
        group=GROUP,
        devices=(METER,),
        rights=READ_AND_CONTROL,
        secret_hash=sha256(METER_TOKEN.encode()).digest(),
    )
    key = Credential(
        id=unit_demo.KEY_ID,
        kind="ezeio",
        name="Demo key",
        group=GROUP,
        rights=READ_AND_CONTROL,
        secret_hash=kept(realm, unit_demo.KEY_ID, unit_demo.KEY),
    )
    for credential in (user, key):
        # One of the same name that an earlier demo was asked for stays in its store; here the well-known one counts.
        for replaced in hub.access.replaced_by(credential):
            hub.access.remove(replaced)
        hub.access.add(credential, ephemeral=True)


def guide(http: str, https: str, ca_command: str) -> str:
    """Return how to reach each demo device: a line to copy for each dialect."""
    socket_url = http.replace("http", "ws", 1)
    greeting = """-H 'Content-Type: application/json' -d '[{"display":{"text":"Hello"}}]'"""
    return f"""
Hardwire demo hub: {http} and {https}; devices and their values: {http}/

obniz     boards {", ".join(BOARDS)}; no token needed
          curl {http}/obniz/{BOARDS[0]}/api/1 {greeting}
          in JavaScript: new Obniz("{BOARDS[0]}", {{ obniz_server: "{socket_url}" }})
HomeWizard P1 meter {METER_SERIAL}; v1 has no token, v2's is 32 times A
          curl {http}/api/v1/data
          {ca_command} > hardwire-ca.pem
          curl --cacert hardwire-ca.pem -H 'Authorization: Bearer {METER_TOKEN}' {https}/api/measurement
ezeio     account {unit_demo.ACCOUNT_NUMBER}, units ABC-123 and ABC-456; key id {unit_demo.KEY_ID}
          curl --digest -u {unit_demo.KEY_ID}:{unit_demo.KEY} {http}/v1/subscribe/ticket

Stop it with Ctrl-C.
"""


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
