"""The kinds of devices that the measured hub can have, each with the channel that its clients watch."""

import os
from collections.abc import Callable, Mapping
from datetime import datetime
from time import monotonic_ns

from msgspec import Struct

from bench.devices.boards import declare_boards, voltage
from bench.devices.loggers import GROUP, declare_loggers, row
from bench.devices.meters import declare_meters, power_reading, telegram
from hardwire.contracts.dialect import Dialect
from hardwire.dialects.ezeio.part import make as make_ezeio
from hardwire.dialects.ezeio.unit.account import LOG
from hardwire.dialects.homewizard.dialect import HomeWizard
from hardwire.dialects.obniz.dialect import Obniz
from hardwire.dialects.obniz.tongue import Tongue
from hardwire.hub.hub import Hub
from hardwire.model.channel import Channel
from hardwire.model.fact import Fact


class Kind(Struct, frozen=True):
    """How such devices are made known, what they tell, and what is watched of them."""

    declare: Callable[[Hub, int], None]
    tell: Callable[[int, int, datetime], Fact]
    """Device, number of the update, instant."""
    channel: Callable[[str], Channel]


class Fixed(HomeWizard):
    """A dialect whose measurement is always the same text."""

    name = "fixed"
    text = ""

    def render(self, channel: Channel, fact: Fact) -> str | None:
        return self.text


class Stamped(HomeWizard):
    """A dialect whose measurement begins with the instant at which it was rendered."""

    name = "stamped"

    def render(self, channel: Channel, fact: Fact) -> str | None:
        text = super().render(channel, fact)
        return None if text is None else f'{{"sent_ns":{monotonic_ns():020d},{text[1:]}'


KINDS: Mapping[str, Kind] = {
    "homewizard": Kind(declare_meters, telegram, lambda device: Channel("homewizard", device, "measurement")),
    "ezeio": Kind(declare_loggers, row, lambda device: Channel("ezeio", device, LOG, account=GROUP)),
    "obniz": Kind(declare_boards, voltage, lambda device: Tongue().channel(device)),
    "fixed": Kind(declare_meters, power_reading, lambda device: Channel("fixed", device, "measurement")),
    "stamped": Kind(declare_meters, telegram, lambda device: Channel("stamped", device, "measurement")),
}
"""`fixed` is the carrier alone: one-value samples whose rendering costs nothing. `stamped` shows delays."""


def dialects(hub: Hub) -> dict[str, Dialect]:
    """Return what a hub speaks under measurement: the three dialects as its users have them, and the two above."""
    house = hub.house
    return {
        "homewizard": HomeWizard(house, os.urandom),
        "ezeio": make_ezeio(house, os.urandom, None),
        "obniz": Obniz(house),
        "fixed": Fixed(house, os.urandom),
        "stamped": Stamped(house, os.urandom),
    }


def first_frame(hub: Hub, kind: str, spoken: Mapping[str, Dialect]) -> str:
    """Have device `0` tell once; return what its watchers would get."""
    first = KINDS[kind].tell(0, 0, hub.now())
    hub.publish(first)
    channel = KINDS[kind].channel("0")
    if kind == "fixed":
        telegram_text = spoken["homewizard"].render(
            Channel("homewizard", "0", "measurement"), _remembered(hub, telegram(0, 0, hub.now()))
        )
        fixed = spoken["fixed"]
        assert isinstance(fixed, Fixed)
        assert isinstance(telegram_text, str)
        fixed.text = telegram_text
    text = spoken[channel.dialect].render(channel, first)
    assert isinstance(text, str), f"{kind} renders nothing"
    return text


def _remembered(hub: Hub, fact: Fact) -> Fact:
    hub.publish(fact)
    return fact
