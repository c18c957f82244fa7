"""One device of the hub as the HomeWizard product that clients take it for."""

from datetime import datetime

from msgspec import Struct

from hardwire.contracts.house import House
from hardwire.dialects.homewizard.face import Face
from hardwire.dialects.homewizard.product import Product
from hardwire.dialects.homewizard.release import Release
from hardwire.dialects.homewizard.wire import Shown
from hardwire.model.channel import Channel
from hardwire.model.device import Device
from hardwire.model.value import Value

DIALECT = "homewizard"


class Appliance(Struct, frozen=True):
    """A device with the house that knows its values; reads, and keeps nothing."""

    house: House
    device: Device
    face: Face

    @property
    def product(self) -> Product:
        """The product that it is shown as."""
        return self.face.hardware

    @property
    def release(self) -> Release:
        """The release of the v2 API that it speaks; not to be asked of a product that has v1 alone."""
        release = self.face.release
        assert release is not None
        return release

    @property
    def topics(self) -> tuple[str, ...]:
        """What a WebSocket client can subscribe to, in the order in which `*` sends it."""
        topics = ("device", "user", "measurement", "system")
        return (*topics, "batteries") if self.face.has_batteries else topics

    @property
    def firmware(self) -> str:
        """What it says to run: the source's own firmware where it tells one."""
        return self.device.firmware or self.product.firmware

    def is_fresh(self, now: datetime) -> bool:
        """Whether its values count as current."""
        return self.house.is_fresh(self.device.id, now)

    def value(self, point: str) -> Value | None:
        """Return the last value of a point, or None."""
        reading = self.house.readings(self.device.id).get(point)
        return None if reading is None else reading.value

    def channel(self, topic: str) -> Channel:
        """Return the channel of a WebSocket topic. Its bytes depend on the device and the topic alone."""
        return Channel(DIALECT, self.device.id, topic)

    def telegram(self, now: datetime) -> str | None:
        """Return the newest telegram, byte for byte; None when there is none, or none that counts as current."""
        telegram = self.value("telegram")
        return telegram if isinstance(telegram, str) and self.is_fresh(now) else None

    def identity(self) -> Shown:
        """Return what `GET /api` tells in v2.

        Source: HomeWizard reference, section 2.2.
        """
        return {
            "product_name": self.product.name,
            "product_type": self.product.type,
            "serial": self.face.serial,
            "firmware_version": self.firmware,
            "api_version": self.release.version,
        }


def appliance(house: House, device: str) -> Appliance | None:
    """Return the device as a HomeWizard product; None when there is none, or it is not shown in this dialect."""
    known = house.device(device)
    face = house.face(DIALECT, device)
    if known is None or face is None:
        return None
    assert isinstance(face, Face)
    return Appliance(house, known, face)
