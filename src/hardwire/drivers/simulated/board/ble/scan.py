"""Looking for Bluetooth devices as a function of the board, in its own words instead of HCI packets."""

from collections.abc import Sequence

from hardwire.drivers.simulated.board.ble.advertisement import FLAGS
from hardwire.drivers.simulated.board.ble.air import Air
from hardwire.drivers.simulated.board.ble.peripheral import Advertising, Peripheral
from hardwire.drivers.simulated.board.function import Tell
from hardwire.model.board.ble_scan import (
    AddressType,
    AdvertisementKind,
    BleScanEnded,
    BleScanned,
    ScanBle,
    StopBleScan,
)
from hardwire.model.command import Command
from hardwire.model.fact import Happening

SECOND_US = 1_000_000

_KINDS = {
    Advertising.CONNECTABLE: AdvertisementKind.CONNECTABLE,
    Advertising.SCANNABLE: AdvertisementKind.SCANNABLE,
    Advertising.MUTE: AdvertisementKind.NON_CONNECTABLE,
}


class BleScan:
    """A scan, while there is one: each peripheral is told once, as it advertises and then with its scan response.

    Once, since programs take every packet for a device of its own: obniz.py 0.7.0 puts each into its list of results.
    """

    commands: Sequence[type[Command]] = (ScanBle, StopBleScan)

    def __init__(self, air: Air, tell: Tell) -> None:
        self._air = air
        self._tell = tell
        self._is_on = False
        self._since_us = 0
        self._until_us: int | None = None
        self._told: set[str] = set()

    def power_on(self) -> None:
        """Look no longer, without a word."""
        self._is_on = False

    def carry_out(self, command: Command, now_us: int) -> Sequence[Happening]:
        """Begin a scan anew, or end it. A scan of 0 seconds goes on until it is stopped."""
        if isinstance(command, ScanBle):
            self._is_on = True
            self._since_us = now_us
            self._until_us = now_us + command.duration_s * SECOND_US if command.duration_s else None
            self._told.clear()
        elif self._is_on:
            self._end()
        return ()

    def advance(self, now_us: int) -> None:
        """Tell what was heard since the last time, and the end of a scan whose time is over."""
        if not self._is_on:
            return
        is_over = self._until_us is not None and now_us >= self._until_us
        for peripheral in self._air.heard(self._since_us, now_us):
            if peripheral.address not in self._told:
                self._told.add(peripheral.address)
                self._report(peripheral, now_us)
        self._since_us = now_us
        if is_over:
            self._end()

    def next_change_us(self, now_us: int) -> int | None:
        """Return when somebody is heard for the first time, or the scan's time is over."""
        if not self._is_on:
            return None
        moments = [
            one.next_turn_us(now_us)
            for one in self._air.peripherals
            if not one.is_connected and one.address not in self._told
        ]
        if self._until_us is not None:
            moments.append(self._until_us)
        return min(moments, default=None)

    def _end(self) -> None:
        self._is_on = False
        self._tell(BleScanEnded())

    def _report(self, peripheral: Peripheral, now_us: int) -> None:
        heard = BleScanned(
            address=peripheral.address,
            address_type=AddressType.RANDOM if peripheral.shape.is_random else AddressType.PUBLIC,
            kind=_KINDS[peripheral.shape.advertising],
            flags=_flags(peripheral.advertisement(now_us)),
            rssi_dbm=peripheral.rssi_dbm(now_us),
            advertisement=peripheral.advertisement(now_us),
        )
        self._tell(heard)
        response = peripheral.scan_response(now_us)
        if response is not None:
            # With the advertisement once more: obniz.py 0.7.0 forgets what the last packet does not say.
            self._tell(
                BleScanned(
                    address=heard.address,
                    address_type=heard.address_type,
                    kind=AdvertisementKind.SCAN_RESPONSE,
                    flags=heard.flags,
                    rssi_dbm=heard.rssi_dbm,
                    advertisement=heard.advertisement,
                    scan_response=response,
                )
            )


def _flags(advertisement: bytes) -> int:
    """Return the flags that it holds, 0 where it holds none."""
    position = 0
    while position + 2 < len(advertisement):
        if advertisement[position + 1] == FLAGS:
            return advertisement[position + 2]
        position += advertisement[position] + 1
    return 0
