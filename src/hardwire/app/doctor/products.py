"""HomeWizard devices that are shown as another product than they are: a forgotten setting, more often than a wish."""

from collections.abc import Iterator, Sequence

from hardwire.app.doctor.finding import Finding, hint
from hardwire.app.entries import DeviceEntry
from hardwire.dialects.homewizard.face import Face
from hardwire.dialects.homewizard.products.catalogue import CATALOGUE
from hardwire.model.errors import HardwireError


def check(devices: Sequence[DeviceEntry]) -> Iterator[Finding]:
    """Tell of devices whose hardware is one product and whose `product` says another."""
    for device in devices:
        for dialect, face in device.faces.items():
            profile = _profile(device) if isinstance(face, Face) else ""
            if profile in CATALOGUE and profile != face.product:
                yield hint(
                    f"devices.{device.id}.{dialect}.product",
                    f"it is {profile} and is shown as {face.product}: unless you mean that, write "
                    f'product = "{profile}"',
                )


def _profile(entry: DeviceEntry) -> str:
    """Which hardware a device is, as far as its settings tell; empty where it cannot be made."""
    try:
        driver = entry.driver.make(entry.id, entry.group, entry.timezone, entry.settings)
    except HardwireError:
        return ""
    return next((device.profile for device in driver.devices if device.id == entry.id), "")
