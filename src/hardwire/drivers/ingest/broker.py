"""Hears a logger through an MQTT broker: the same rows, receipts and commands as by HTTP."""

import asyncio
import ssl
from urllib.parse import unquote, urlsplit

import aiomqtt
import structlog
from msgspec import Struct
from paho.mqtt.reasoncodes import ReasonCode

from hardwire.contracts.driver import Feed
from hardwire.drivers.ingest import wire
from hardwire.drivers.ingest.batch import BODY_LIMIT_BYTES, VALUES_LIMIT
from hardwire.drivers.ingest.listener import Heard
from hardwire.model.errors import BadValueError, CallerError, DeviceError, HubFaultError
from hardwire.model.fact import Log

FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 60.0
ANSWERED_WITHIN_S = 10.0
# Brokers hold back what is not acknowledged, 20 messages mostly: this bounds one that does not.
QUEUE_MESSAGES = 1000
AT_LEAST_ONCE = 1

TOPICS = {"log": Log.FAST, "status": Log.STATUS}
"""The last part of a topic -> the log of rows that name none."""

PORTS = {"mqtt": 1883, "mqtts": 8883}

log = structlog.get_logger("hardwire.drivers")


class Place(Struct, frozen=True, kw_only=True):
    """Where a broker is, and as whom to go there."""

    host: str
    port: int
    user: str | None = None
    password: str | None = None
    tls: ssl.SSLContext | None = None

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


def place_of(address: str, ca: str) -> Place:
    """Return the broker of `mqtt://user:password@host:1883`; `ca` is a PEM file to trust.

    Raises:
        BadValueError: it is no such address, or there is no such file; no password is repeated.
    """
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port, parts = None, None, urlsplit("")
    if host is None or parts.scheme not in PORTS or parts.path.strip("/") or parts.query or parts.fragment:
        raise BadValueError("a broker is written as mqtt://user:password@host:1883, or mqtts:// for TLS", path="mqtt")
    tls = None
    if parts.scheme == "mqtts":
        try:
            tls = ssl.create_default_context(cafile=ca or None)
        except (OSError, ssl.SSLError) as error:
            raise BadValueError(f"{ca} holds no certificate in PEM form: {error}", path="mqtt_ca") from error
    elif ca:
        raise BadValueError("only mqtts:// has certificates: write the broker's address so", path="mqtt_ca")
    return Place(
        host=host,
        port=port or PORTS[parts.scheme],
        user=None if parts.username is None else unquote(parts.username),
        password=None if parts.password is None else unquote(parts.password),
        tls=tls,
    )


class Broker:
    """One logger's connection to a broker, mended with growing pauses.

    A message is acknowledged once its rows are on the disk, so that the broker sends again what a hub that died had
    not kept; a repeat harms nothing.
    """

    def __init__(self, place: Place) -> None:
        self._place = place
        self._changed = asyncio.Event()

    async def run(self, feed: Feed, device: str, *, client: str, name: str, logger: Heard) -> None:
        """Listen until cancelled."""
        pause_s = FIRST_PAUSE_S
        loop = asyncio.get_running_loop()
        while True:
            began_s, reason = loop.time(), ""
            try:
                await self._converse(client, f"ezeio/{name}", device, logger)
            except* (aiomqtt.MqttError, OSError) as errors:
                reason = f"the broker at {self._place}: {_first(errors)}"
            except* (HubFaultError, DeviceError) as errors:
                reason = f"what came from the broker at {self._place} could not be kept: {_first(errors)}"
            feed.trouble(device, "mqtt", reason)
            log.warning("no broker", device=device, reason=reason)
            if loop.time() - began_s > LONGEST_PAUSE_S:
                pause_s = FIRST_PAUSE_S
            await asyncio.sleep(pause_s)
            pause_s = min(LONGEST_PAUSE_S, pause_s * 2)

    def tell(self) -> None:
        """Publish what the logger is to know anew."""
        self._changed.set()

    async def _converse(self, client: str, base: str, device: str, logger: Heard) -> None:
        place = self._place
        line = aiomqtt.Client(
            place.host,
            place.port,
            username=place.user,
            password=place.password,
            tls_context=place.tls,
            identifier=client,
            # What is sent while the hub is away waits at the broker.
            clean_session=False,
            max_queued_incoming_messages=QUEUE_MESSAGES,
            timeout=ANSWERED_WITHIN_S,
        )
        # aiomqtt has no setting for it: by itself it acknowledges what it has only queued.
        paho = line._client
        paho.manual_ack_set(True)
        async with line, asyncio.TaskGroup() as tasks:
            await line.subscribe(
                [(f"{base}/{kind.value if kind is Log.STATUS else 'log'}", AT_LEAST_ONCE) for kind in Log]
            )
            tasks.create_task(self._tell_all(line, base, logger), name=f"commands of {device}")
            async for message in line.messages:
                answer = await _answer(message, device, logger)
                paho.ack(message.mid, message.qos)
                await line.publish(f"{base}/ack", answer)

    async def _tell_all(self, line: aiomqtt.Client, base: str, logger: Heard) -> None:
        """Publish what the logger is to know, now and whenever it changes; who comes later finds the newest."""
        loop = asyncio.get_running_loop()
        while True:
            self._changed.clear()
            downlink = logger.downlink()
            body = wire.commands_body(downlink)
            await line.publish(f"{base}/cmd", body, qos=AT_LEAST_ONCE, retain=True)
            # The end of the unbuffered mode is a change that nobody tells.
            ends_at_s = loop.time() + downlink.unbuffered_s + 1 if downlink.unbuffered_s else None
            try:
                async with asyncio.timeout_at(ends_at_s):
                    await self._changed.wait()
            except TimeoutError:
                continue


async def _answer(message: aiomqtt.Message, device: str, logger: Heard) -> bytes:
    """Take a message; what is wrong with it is the answer, so that it does not come again and again.

    Raises:
        HardwireError: it could not be kept now: it is not to be acknowledged.
    """
    payload: bytes = message.payload
    try:
        if len(payload) > BODY_LIMIT_BYTES:
            raise BadValueError(f"the message is longer than {BODY_LIMIT_BYTES} bytes", code="too-large")
        kind = TOPICS[str(message.topic).rpartition("/")[2]]
        # Nobody knows when what a broker has retained was sent.
        batch = wire.batch_of(payload, log=kind, needs_times=bool(message.retain))
        if batch.size > VALUES_LIMIT:
            raise BadValueError(f"more than {VALUES_LIMIT} values in one message", code="too-large")
        return wire.receipt_body(await logger.receive(device, batch))
    except CallerError as error:
        return wire.error_body(error)[1]


def _first(errors: BaseExceptionGroup[BaseException]) -> str:
    """The sentence of the first error of a group."""
    error: BaseException = errors
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    if isinstance(error, aiomqtt.MqttCodeError) and isinstance(error.rc, ReasonCode):
        return f"it refuses the connection: {error.rc}"
    return str(error) or type(error).__name__
