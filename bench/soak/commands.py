"""`make soak-commands`: 2,000 commands a second of every family to one board for ten minutes; does memory stay flat?

    python -m bench.soak.commands [--minutes 10] [--per-s 2000]

Two programs send text and two send frames, each message twenty commands, and read all that comes back. Prints the hub's
resident memory minute by minute; ends with 1 where it grew or answers were missing.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Sequence
from statistics import median

import aiohttp
from msgspec import json

from bench.processes import BenchError, Program
from bench.serving import HARDWIRE
from hardwire.dialects.obniz.wire import requests, text

EACH = 20
"""Commands in one message."""
BOARD = "/obniz/1234-5678/ws/1"
LOOK_EVERY_S = 5
# Pools fill and caches warm in the first part; after it the memory may only breathe.
WARM_UP_SHARE = 0.2
GROWTH = 0.05
ANSWERED_SHARE = 0.99

PING = '{"system":{"ping":{"key":[0,0,1,162,0,169,37,139,0,0,0,2]}}}'
# Twenty commands a message; each round ends with a ping, whose pong shows that all of it was carried out.
ROUNDS: Sequence[str] = (
    '{"io0":true},{"io0":false},{"io2":"get"},{"io3":{"direction":"input","stream":true}},{"io3":null},'
    '{"io4":{"output_type":"open-drain"}},{"io5":{"pull_type":"pull-up5v"}},{"io4":null},{"io5":null},'
    '{"ad1":{"stream":false}},{"ad2":{"stream":true}},{"ad2":null},{"pwm0":{"io":6}},{"pwm0":{"freq":1000}},'
    '{"pwm0":{"pulse":0.5}},{"pwm0":null},{"switch":"get"},{"display":{"clear":true}},{"display":{"text":"soak"}}',
    '{"uart0":{"tx":8,"rx":9,"baud":115200}},{"uart0":{"data":[1,2,3,4]}},{"uart0":{"data":[5]}},{"uart0":null},'
    '{"spi0":{"mode":"master","clock":1000000,"clk":0,"mosi":2,"miso":3}},{"spi0":{"data":[1,2,3],"read":true}},'
    '{"spi0":{"data":[9,9],"read":true}},{"spi0":null},{"i2c0":{"mode":"master","sda":10,"scl":11,"clock":400000}},'
    '{"i2c0":{"address":118,"data":[208]}},{"i2c0":{"address":118,"read":1}},{"i2c0":{"address":80,"data":[0,0]}},'
    '{"i2c0":{"address":80,"read":16}},{"i2c0":{"address":68,"data":[36,0]}},{"i2c0":{"address":68,"read":6}},'
    '{"i2c0":{"address":1,"read":1}},{"i2c0":null},{"io0":"get"},{"io1":"get"}',
    '{"measure":{"echo":{"io_pulse":7,"io_echo":8,"pulse":"positive","pulse_width":0.011,"measure_edges":1,'
    '"timeout":30}}},{"logic_analyzer":{"io":[1],"interval":1,"duration":10}},{"logic_analyzer":null},'
    '{"io":{"animation":{"name":"soak","status":"loop","repeat":2,"states":[{"duration":1,"state":[{"io0":true}]},'
    '{"duration":1,"state":[{"io0":false}]}]}}},{"io":{"animation":{"name":"soak","status":"pause"}}},'
    '{"wifi":{"scan":true}},{"storage":{"save":{"fileName":"soak","data":[1,2,3]}}},'
    '{"storage":{"read":{"fileName":"soak"}}},{"ble":{"hci":{"initialize":true}}},'
    '{"ble":{"hci":{"write":[1,3,12,0]}}},{"ble":{"hci":{"write":[1,9,16,0]}}},{"ble":{"hci":null}},'
    '{"plugin":{"call_request":{"id":1,"lua":"return 1"}}},{"tcp0":{"connect":{"port":80,"domain":"example.test"}}},'
    '{"tcp0":{"write":{"data":[1,2]}}},{"tcp0":{"disconnect":true}},{"display":{"qr":{"text":"soak"}}},'
    '{"message":{"to":["1234-5678"],"data":1}},{"io9":null}',
)


class Load:
    """Programs that send at a steady pace and count the pongs."""

    def __init__(self, per_s: int) -> None:
        self._pause_s = EACH / per_s
        self.sent = 0
        """Messages."""
        self.answered = 0
        """Pongs."""

    async def run(self, url: str, lasts_s: float) -> None:
        """Send until the time is over; leave when what was sent is answered."""
        texts = [f"[{commands},{PING}]" for commands in ROUNDS]
        assert all(len(json.decode(one)) == EACH for one in texts)
        messages: list[list[str | bytes]] = [list(texts), [_framed(one) for one in texts]]
        async with aiohttp.ClientSession() as session, asyncio.TaskGroup() as readers:
            sockets = [await session.ws_connect(url, max_msg_size=0) for _ in range(4)]
            for socket in sockets:
                readers.create_task(self._read(socket))
            begin = time.monotonic()
            number = 0
            while (now := time.monotonic()) < begin + lasts_s:
                await asyncio.sleep(max(0.0, begin + number * self._pause_s - now))
                socket = sockets[number % len(sockets)]
                message = messages[number % 2][number // 4 % len(ROUNDS)]
                await (socket.send_str(message) if isinstance(message, str) else socket.send_bytes(message))
                number += 1
            self.sent = number
            # The last answers are on their way.
            await asyncio.sleep(2)
            for socket in sockets:
                await socket.close()

    async def _read(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        async for message in socket:
            if isinstance(message.data, str):
                self.answered += message.data.count('"pong"')


def _framed(message: str) -> bytes:
    """Return a message as frames; what has no frame is left out, as are its answers."""
    frames = (requests.as_frame(command) for _, command in text.decode(message).wishes)
    return b"".join(frame for frame in frames if frame is not None)


async def _look(hub: Program, resident_mb: list[float], lasts_s: float) -> None:
    begin = time.monotonic()
    cpu_s = hub.cpu_s
    while time.monotonic() < begin + lasts_s:
        await asyncio.sleep(LOOK_EVERY_S)
        resident_mb.append(hub.resident_bytes / 1024 / 1024)
        if len(resident_mb) % (60 // LOOK_EVERY_S) == 0:
            minute_cpu_s, cpu_s = hub.cpu_s - cpu_s, hub.cpu_s
            print(
                f"minute {len(resident_mb) * LOOK_EVERY_S // 60}: {resident_mb[-1]:.1f} MB, {minute_cpu_s:.1f} CPU s",
                flush=True,
            )


async def _soak(minutes: float, per_s: int) -> int:
    lasts_s = minutes * 60
    resident_mb: list[float] = []
    load = Load(per_s)
    with tempfile.TemporaryDirectory() as folder:
        command = [str(HARDWIRE), "serve", "--demo", "--port", "0", "--tls-port", "0", "--data", f"{folder}/data"]
        with Program(command) as hub:
            words = dict(word.split("=", 1) for word in hub.wait_line("ready", 60))
            url = words["http"].replace("http", "ws", 1) + BOARD
            async with asyncio.TaskGroup() as group:
                group.create_task(_look(hub, resident_mb, lasts_s))
                group.create_task(load.run(url, lasts_s))
    warm = resident_mb[int(len(resident_mb) * WARM_UP_SHARE) :]
    third = max(1, len(warm) // 3)
    first, last = median(warm[:third]), median(warm[-third:])
    print(
        f"{load.sent * EACH:,} commands in {minutes:g} min, {load.answered:,} of {load.sent:,} messages answered; "
        f"memory {first:.1f} MB in the first third after warming up, {last:.1f} MB in the last"
    )
    return 0 if last <= first * (1 + GROWTH) and load.answered >= load.sent * ANSWERED_SHARE else 1


def main() -> int:
    """Soak, and say whether it stayed flat."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.soak.commands", description="Soak one board for some minutes."
    )
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--per-s", type=int, default=2_000)
    options = parser.parse_args()
    try:
        return asyncio.run(_soak(options.minutes, options.per_s))
    except BenchError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    raise SystemExit(main())
