"""What a board is fitted with: every function that its hardware and its bench give it."""

from collections.abc import Callable, Sequence

from msgspec import Struct

from hardwire.drivers.simulated.board.absent import absent_anywhere, absent_here
from hardwire.drivers.simulated.board.ad import Ad
from hardwire.drivers.simulated.board.animation import Animation
from hardwire.drivers.simulated.board.ble.air import Air
from hardwire.drivers.simulated.board.ble.central import BleCentral
from hardwire.drivers.simulated.board.ble.configured import shapes_of
from hardwire.drivers.simulated.board.ble.controller import Controller
from hardwire.drivers.simulated.board.ble.demo import demo_shapes
from hardwire.drivers.simulated.board.ble.peripheral import Peripheral
from hardwire.drivers.simulated.board.ble.peripheral_role import BlePeripheral
from hardwire.drivers.simulated.board.ble.scan import BleScan
from hardwire.drivers.simulated.board.buses.i2c import I2c
from hardwire.drivers.simulated.board.buses.spi import Spi
from hardwire.drivers.simulated.board.buses.uart import Uart
from hardwire.drivers.simulated.board.circuit.pins import Pins
from hardwire.drivers.simulated.board.function import Function, Start, Tell
from hardwire.drivers.simulated.board.hand import Hand
from hardwire.drivers.simulated.board.hardware import Hardware
from hardwire.drivers.simulated.board.io import Io
from hardwire.drivers.simulated.board.logic_analyzer import LogicAnalyzer
from hardwire.drivers.simulated.board.lua.plugin import Plugin
from hardwire.drivers.simulated.board.measure import Measure
from hardwire.drivers.simulated.board.net.tcp import Tcp
from hardwire.drivers.simulated.board.net.tcp_policy import TcpPolicy
from hardwire.drivers.simulated.board.net.tcp_socket import opener
from hardwire.drivers.simulated.board.net.wifi import Wifi
from hardwire.drivers.simulated.board.parts.placed import Stock
from hardwire.drivers.simulated.board.pwm import Pwm
from hardwire.drivers.simulated.board.screen.display import Display
from hardwire.drivers.simulated.board.self_check import Checker
from hardwire.drivers.simulated.board.settings import Bench, Settings
from hardwire.drivers.simulated.board.storage import Storage
from hardwire.drivers.simulated.board.switch import Switch
from hardwire.model.board.can import SendCan, StartCan, StopCan
from hardwire.model.board.location import StartLocation, StopLocation
from hardwire.model.board.motion import SenseMotion, StopMotion
from hardwire.model.command import Command


class Shared(Struct, frozen=True):
    """What the functions of one board share."""

    pins: Pins
    tell: Tell
    start: Start
    step: Callable[[Command, int], None]
    """Carry out a command of an animation at an instant."""


def fittings(settings: Settings, hardware: Hardware, shared: Shared) -> Sequence[Function]:
    """Return the functions of a board, in the order in which they are looked at.

    Raises:
        BadValueError: a setting names what this hardware has not.
    """
    pins, tell = shared.pins, shared.tell
    io = Io(pins, tell)
    is_demo = settings.bench is Bench.DEMO
    air = Air(map(Peripheral, shapes_of(settings.peripherals, demo_shapes() if is_demo else ())))
    switch = Switch(tell) if hardware.has_switch else None
    stock = Stock(settings.parts, hardware, has_demo=is_demo)
    storage = Storage()
    policy = TcpPolicy(settings.tcp_allow)
    return (
        # Before whatever watches lines, so that it sees what the steps have done.
        Animation(shared.step, tell),
        io,
        Pwm(hardware.pwm, pins),
        LogicAnalyzer(pins, tell),
        Measure(pins, settings.echo),
        Checker(pins),
        Ad(hardware.channels, settings.voltages, pins, tell),
        Display(hardware, pins)
        if hardware.screen_width
        else absent_here("display", lambda other: other.screen_width > 0, Display.commands),
        switch or absent_here("switch", lambda other: other.has_switch, Switch.commands),
        Uart(hardware.uart, pins, tell, stock.uart, is_looped=is_demo),
        Spi(hardware.spi, pins, stock.spi, is_looped=is_demo),
        I2c(hardware.i2c, pins, tell, stock.i2c, has_master=is_demo),
        Controller(air, tell),
        BleScan(air, tell),
        BleCentral(air, tell),
        BlePeripheral(),
        storage if hardware.has_storage else absent_here("storage", lambda other: other.has_storage, Storage.commands),
        Plugin(storage, settings.hardware, settings.firmware, tell),
        Wifi(settings.networks)
        if hardware.has_wifi
        else absent_here("wifi radio", lambda other: other.has_wifi, Wifi.commands),
        Tcp(hardware.tcp, settings.echo_hosts, policy, opener(policy, shared.start), tell),
        Hand(hardware.pins, io, switch),
        absent_anywhere("motion sensor", SenseMotion, StopMotion),
        absent_anywhere("location receiver", StartLocation, StopLocation),
        absent_anywhere("CAN bus", StartCan, SendCan, StopCan),
    )
