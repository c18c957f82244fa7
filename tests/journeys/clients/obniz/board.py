"""One obniz.py program uses a board; prints what it found as a line of JSON. Arguments: server URL, board id."""

import asyncio
import json
import sys

from obniz import Obniz


async def journey(server: str, id: str) -> dict:
    """Connect and use pins, an analog input, the display, the switch, a part, ping and a message to itself."""
    connected = asyncio.get_running_loop().create_future()
    obniz = Obniz(id, {"obniz_server": server})
    obniz.onconnect = lambda board: connected.set_result(board.hw)
    messages = asyncio.Queue()
    obniz.onmessage = lambda message, sender: messages.put_nowait([message, sender])
    found = {"hw": await asyncio.wait_for(connected, 10)}

    obniz.io0.output(True)
    obniz.io2.pull("5v")
    found["pulled_up"] = await obniz.io2.input_wait()
    waves = asyncio.Queue()
    obniz.io1.input(waves.put_nowait)
    found["wave"] = [await waves.get() for _ in range(3)]
    obniz.io1.end()
    found["volts"] = await obniz.ad3.get_wait()
    obniz.display.clear()
    obniz.display.print("Hello from obniz.py")
    found["switch"] = await obniz.switch.get_wait()
    led = obniz.wired("LED", {"anode": 4, "cathode": 5})
    led.on()
    await obniz.wait(10)
    await obniz.ping_wait()
    obniz.message([id], {"n": 1})
    found["message"] = await messages.get()
    return found


print(json.dumps(asyncio.run(asyncio.wait_for(journey(sys.argv[1], sys.argv[2]), 30))))
