"""`hardwire pair`: becomes a user of a real HomeWizard device, and makes it a device of the hub."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import click

from hardwire.app.cli.plain import plain
from hardwire.app.cli.reach import Reach, reaching
from hardwire.dialects.homewizard.face import Face
from hardwire.dialects.homewizard.products.catalogue import CATALOGUE
from hardwire.drivers.homewizard import pairing
from hardwire.drivers.homewizard.pairing import Found
from hardwire.drivers.homewizard.wire import Identity
from hardwire.model.errors import BadValueError, CallerError, HardwireError

DEFAULT_ID = "meter"
SECRET = "# The token is a secret: who has it reads the device and changes its settings."  # noqa: S105 (a sentence)


@click.command(short_help="Pair with a HomeWizard device on the network.")
@click.argument("host")
@click.option("--name", default="local/hardwire", show_default=True, help="The user's name in the device.")
@click.option("--as", "id", default="", metavar="DEVICE", help="Add it to the running hub under this id.")
@click.option("--serial", default="", help="With --as: serve it to HomeWizard clients under this serial of its own.")
@click.option("--serve-as", "product", default="", help="With --as: the product it is served as; the same by default.")
@reaching
def pair(reach: Reach, host: str, name: str, id: str, serial: str, product: str) -> None:
    """Pair with a HomeWizard device on the network, and print or add what the hub needs to read it.

    Somebody has to press the device's button. The table goes to standard output, all else to standard error.
    """
    full_name = pairing.local_name(name)
    if (serial or product) and not id:
        raise BadValueError("--serial and --serve-as are for a device that is added: name it with --as")
    # Before anybody is sent to the button.
    _face(serial or "000000000000", product or "HWE-P1")
    if id and any(one["id"] == id for one in reach.call("GET", "/hub/v1/devices")):
        raise CallerError(f"there is already a device {id!r}: remove it first, or choose another id")
    settings, identity = asyncio.run(_paired(host, full_name))
    face = None
    if serial or product:
        face = _face(serial or pairing.serial_of_its_own(identity.serial), product or identity.product_type)
    if id:
        _add(reach, id, {**settings, **({} if face is None else {"homewizard": face})})
    else:
        click.echo(_table(settings, identity), nl=False)


async def _paired(host: str, name: str) -> tuple[dict[str, str], Identity]:
    """Return the settings that read the device, and which device it is."""
    found = await pairing.look(host)
    settings = {"driver": "homewizard", "host": host}
    if found.v2 is None or found.certificate is None:
        return settings, _known_by_v1(found)
    _show(found)
    _say("press the button of the device now, within 60 s (kWh meter: the Wi-Fi button, 1 to 3 s) ...")
    token = await pairing.ask_for_token(found.v2, name)
    identity = await pairing.identity(found.v2, token)
    _say(f"paired with {_named(identity)} as {name}")
    settings |= {"token": token, "fingerprint": found.certificate.fingerprint}
    if found.certificate.is_appliances:
        settings["identifier"] = found.certificate.name
    return settings, identity


def _known_by_v1(found: Found) -> Identity:
    if found.identity is None:
        raise CallerError(
            f"{found.host} is a HomeWizard device whose local API is off: switch it on in the vendor's app, in the "
            "settings of the device"
        )
    _say(f"found {_named(found.identity)}: v1 only, which needs no token and has no secret")
    return found.identity


def _show(found: Found) -> None:
    """Say what was found before anybody has to press anything."""
    assert found.certificate is not None
    _say(f"found {'a HomeWizard device' if found.identity is None else _named(found.identity)}: v2")
    _say(f"certificate  {found.certificate.name or 'without a name'}")
    _say(f"signed by    {found.certificate.issuer or 'nobody'}")
    _say(f"sha-256      {found.certificate.fingerprint}")
    if not found.certificate.is_appliances or not found.certificate.is_vendors:
        _say(
            "this is not what the certificate of a real HomeWizard device says: "
            "go on only if you know what answers there, such as another hub"
        )


def _face(serial: str, product: str) -> dict[str, str]:
    """Return how HomeWizard clients of the hub are shown the device. Raises BadValueError for a wrong one."""
    try:
        face = Face(serial=serial, product=product)
    except ValueError as error:
        raise BadValueError(str(error)) from error
    return {"serial": face.serial, "product": face.product}


def _add(reach: Reach, id: str, settings: Mapping[str, Any]) -> None:  # Any: TOML-like settings
    try:
        reach.call("POST", "/hub/v1/devices", {"id": id, "settings": settings})
    except HardwireError:
        # The button was pressed for this token: it may not be lost with the mistake.
        _say("the device is paired, and was not added; what it needs:")
        click.echo("".join(_lines(id, settings)), nl=False)
        raise
    click.echo(f"added {id}")


def _table(settings: Mapping[str, str], identity: Identity) -> str:
    """Return the table for a configuration file."""
    product = CATALOGUE.get(identity.product_type)
    lines = [f"{SECRET}\n"] if "token" in settings else []
    lines += _lines(DEFAULT_ID if product is None else product.host_prefix, settings)
    own = pairing.serial_of_its_own(identity.serial)
    if product is not None and own:
        lines += [
            "# To serve it to HomeWizard clients, under a serial of its own:\n",
            f'# homewizard = {{ serial = "{own}", product = "{product.type}" }}\n',
        ]
    return "".join(lines)


def _lines(id: str, settings: Mapping[str, Any]) -> list[str]:  # Any: TOML-like settings
    lines = [f"[devices.{id}]\n"]
    for key, value in settings.items():
        if isinstance(value, Mapping):
            inner = ", ".join(f"{name} = {json.dumps(text)}" for name, text in value.items())
            lines.append(f"{key} = {{ {inner} }}\n")
        else:
            # What JSON and TOML write alike.
            lines.append(f"{key} = {json.dumps(value)}\n")
    return lines


def _named(identity: Identity) -> str:
    firmware = f", firmware {identity.firmware_version}" if identity.firmware_version else ""
    return f"{identity.product_name or identity.product_type} ({identity.product_type}) {identity.serial}{firmware}"


def _say(sentence: str) -> None:
    # Whatever answers there chooses the names in its certificate.
    click.echo(plain(sentence), err=True)
