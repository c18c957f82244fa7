"""What both ways to a device share: which device it is, its telegram, its commands."""

from collections.abc import Mapping
from typing import Protocol

from hardwire.dialects.homewizard.products.catalogue import CATALOGUE
from hardwire.drivers.homewizard.calls import Answer, Calls
from hardwire.drivers.homewizard.pace import SWITCHED_OFF, UNAUTHORIZED
from hardwire.drivers.homewizard.teller import Teller
from hardwire.drivers.homewizard.wire import Table, UnreadableError, identity_of, table_of
from hardwire.model.errors import DeviceError

# A telegram has one to two kilobytes.
TELEGRAM_LIMIT_BYTES = 64 * 1024


class Link(Protocol):
    """A connection to a device, from its beginning to its end."""

    paths: Mapping[str, Mapping[str, str]]
    """What can be written: path -> point -> field."""
    identify: str
    reboot: str
    """Paths of these two; empty where the API has none."""

    @property
    def is_open(self) -> bool:
        """Whether the device has let us in."""
        ...

    async def run(self) -> None:
        """Tell what the device tells until the connection fails. Raises DeviceError; never returns."""
        ...

    async def written(self, path: str, answer: Table) -> None:
        """Tell the settings as they are after a write to a path, from its answer."""
        ...


def checked(answer: Answer) -> Table:
    """Return the JSON object of an answer that had to be 200.

    Raises:
        DeviceError: it is another; the code says whether time helps.
    """
    match answer.status:
        case 200:
            return table_of(answer.body)
        case 401:
            raise unauthorized()
        case 403:
            raise DeviceError(
                "The device's local API is off: switch it on in the vendor's app, in the settings of the device.",
                code=SWITCHED_OFF,
            )
        case 404:
            raise UnreadableError("What answers there is no HomeWizard device of this API: it answers 404.")
        case status:
            raise DeviceError(f"The device answers {status}.")


def unauthorized() -> DeviceError:
    """Return the error of a token that the device does not know."""
    return DeviceError(
        "The device does not know the token: its user was removed, or the device was reset. Run `hardwire pair` again "
        "and put the new token into the settings.",
        code=UNAUTHORIZED,
    )


async def meet(calls: Calls, teller: Teller, identifier: str) -> None:
    """Ask who answers, and tell it.

    Raises:
        DeviceError: nobody does, it is no HomeWizard device, or another than the settings' identifier says.
    """
    identity = identity_of(checked(await calls.get("/api")))
    teller.identified(identity, identifier.rpartition("/")[2])


def has_telegram(product_type: str) -> bool:
    """Whether it is worth asking a product for a telegram; one that is not known may have it."""
    product = CATALOGUE.get(product_type)
    return product is None or product.has_telegram


def telegram_of(answer: Answer, teller: Teller) -> str | None:
    """Return the telegram in an answer, byte for byte; None when there is none, or what is there is none."""
    if answer.status != 200:
        return None
    text = answer.body.decode("ascii", "replace")
    if not answer.body.isascii() or not text.startswith("/") or len(text) > TELEGRAM_LIMIT_BYTES:
        teller.trouble("unreadable", "The device sends a telegram that is none.")
        return None
    return text


def told_odd(teller: Teller, odd: tuple[str, ...]) -> None:
    """Count a measurement whose fields hold what they cannot."""
    if odd:
        teller.trouble("bad-field", f"The device sends wrong values in {', '.join(odd[:5])}; they are left out.")
