"""One obniz.py program that may be sent to another server; prints where it ended. Arguments: server URL, board id."""

import asyncio
import json
import sys

from obniz import Obniz


async def journey(server: str, id: str) -> dict:
    """Connect, ask the board something, and see what the first socket has come to."""
    connected = asyncio.get_running_loop().create_future()
    obniz = Obniz(id, {"obniz_server": server})
    obniz.onconnect = lambda board: connected.set_result(board.hw)
    while not getattr(obniz, "socket", None):  # noqa: ASYNC110 (obniz.py tells nobody when it has a socket)
        await asyncio.sleep(0)
    first = obniz.socket
    found = {"hw": await asyncio.wait_for(connected, 10)}
    found["switch"] = await asyncio.wait_for(obniz.switch.get_wait(), 10)
    found["is_moved"] = obniz.socket is not first
    await asyncio.wait_for(first.wait_closed(), 10)
    found["code"] = first.close_code
    # Whatever became of the first socket, the program goes on.
    await asyncio.sleep(1.5)
    obniz.io2.pull("5v")
    found["level"] = await asyncio.wait_for(obniz.io2.input_wait(), 10)
    return found


print(json.dumps(asyncio.run(asyncio.wait_for(journey(sys.argv[1], sys.argv[2]), 30))))
