"""What a HomeWizard product is found by on the network: a service for each API that it has.

Source: HomeWizard reference, section 1.4.
"""

from collections.abc import Sequence

from hardwire.contracts.dialect import Service
from hardwire.dialects.homewizard.appliance import Appliance
from hardwire.dialects.homewizard.system import is_v1_on

V1_TYPE = "_hwenergy._tcp"
V1_PATH = "/api/v1"
V2_TYPE = "_homewizard._tcp"


def certificate_name(known: Appliance) -> str:
    """Return the name in the device's certificate, which v2 clients ask for.

    Source: HomeWizard reference, section 1.2.
    """
    return f"appliance/{known.product.certificate_part}/{known.face.serial}"


def host_name(known: Appliance) -> str:
    """Return the name by which the device's address is found."""
    return f"{known.product.host_prefix}-{known.face.serial[-6:]}.local"


def services(known: Appliance) -> Sequence[Service]:
    """Return the services of the APIs that the product has; v1 is announced while it is off too, as off."""
    # Homey and SmartEVSE look for this very start of the name.
    instance = f"{known.product.host_prefix}-{known.face.serial[-6:].upper()}"
    host = host_name(known)
    product = {
        "serial": known.face.serial,
        "product_name": known.product.name,
        "product_type": known.product.type,
    }
    found = []
    if known.product.has_v1:
        text = {"api_enabled": "1" if is_v1_on(known) else "0", "path": V1_PATH, **product}
        found.append(Service(type=V1_TYPE, instance=instance, host=host, text=text, is_tls=False))
    if known.face.release is not None:
        text = {"api_version": known.face.release.version, "id": certificate_name(known), **product}
        found.append(Service(type=V2_TYPE, instance=instance, host=host, text=text, is_tls=True))
    return found
