"""One obniz.py program that stays for a while; prints how often it was answered. Arguments: server URL, board id."""

import asyncio
import json
import sys

from obniz import Obniz


async def journey(server: str, id: str) -> dict:
    """Connect, and ask for the switch again and again for four seconds."""
    connected = asyncio.get_running_loop().create_future()
    obniz = Obniz(id, {"obniz_server": server})
    obniz.onconnect = lambda board: connected.set_result(None)
    await asyncio.wait_for(connected, 10)
    answers = []
    for _ in range(20):
        answers.append(await asyncio.wait_for(obniz.switch.get_wait(), 10))
        await asyncio.sleep(0.2)
    return {"answers": answers, "is_open": obniz.socket.open}


print(json.dumps(asyncio.run(asyncio.wait_for(journey(sys.argv[1], sys.argv[2]), 60))))
