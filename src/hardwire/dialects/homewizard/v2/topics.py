"""What a product tells about itself, by topic: the same objects over HTTP and over the WebSocket."""

from collections.abc import Collection, Mapping
from datetime import datetime

from hardwire.dialects.homewizard import batteries, system
from hardwire.dialects.homewizard.appliance import Appliance
from hardwire.dialects.homewizard.measurement import measurement
from hardwire.dialects.homewizard.wire import Shown
from hardwire.model.value import Value

WRITABLE = frozenset({"system", "batteries"})


def view(appliance: Appliance, topic: str, now: datetime) -> Shown | None:
    """Return the full object of a topic; None when nothing in it counts as current.

    `user` is none of these: it depends on who asks.
    """
    match topic:
        case "device":
            return appliance.identity()
        case "measurement":
            return measurement(appliance, now)
        case "system":
            return system.system(appliance, now)
        case "batteries":
            return batteries.batteries(appliance, now)
        case _:
            return None


def writes(appliance: Appliance, topic: str, parameters: Mapping[str, object]) -> Mapping[str, Value]:
    """Return the points that a client's write to a writable topic changes; empty when all is so already.

    Raises:
        CallerError: what is wrong with the parameters.
    """
    if topic == "batteries":
        return batteries.writes(appliance, parameters)
    return system.changes(appliance, system.wanted(system.writable(appliance), parameters))


def is_news(appliance: Appliance, topic: str, points: Collection[str]) -> bool:
    """Say whether new values of these points are pushed to who watches the topic.

    `device` and `user` change by notices, not by samples.

    Source: HomeWizard reference, section 3.3.
    """
    match topic:
        case "measurement":
            return any(field.in_v2 and field.name in points for field in appliance.product.fields)
        case "system":
            return any(setting.name in points for setting in appliance.product.settings)
        case "batteries":
            return batteries.is_news(appliance.release, points)
        case _:
            return False
