"""One obniz.py program looks for Bluetooth devices and uses one; prints what it found as a line of JSON.

Arguments: server URL, board id.
"""

import asyncio
import json
import sys

from obniz import Obniz

THERMOMETER = "c4a0b1e00001"
ROOM, TEMPERATURE = "181a", "2a6e"
NOTEBOOK, NOTE = "8f5a0001-4a1c-4d1e-9c3b-6d2f1e0b7a10", "8f5a00024a1c4d1e9c3b6d2f1e0b7a10"


async def journey(server: str, id: str) -> dict:
    """Connect, scan, and do with the thermometer all that this client can."""
    loop = asyncio.get_running_loop()
    connected = loop.create_future()
    obniz = Obniz(id, {"obniz_server": server})
    obniz.onconnect = lambda board: connected.set_result(board.hw)
    await asyncio.wait_for(connected, 10)
    found = {}
    warnings = found["warnings"] = []
    errors = found["errors"] = []
    obniz.warning = lambda message: warnings.append(str(message))
    obniz.error = lambda message: errors.append(str(message))

    ended = loop.create_future()
    seen = found["seen"] = []
    obniz.ble.scan.onfind = lambda one: seen.append(
        [one.address, one.ble_event_type, one.local_name, bool(one.ibeacon)]
    )
    obniz.ble.scan.onfinish = lambda devices: ended.set_result(len(devices))
    obniz.ble.scan.start(None, {"duration": 1})
    found["devices"] = await ended

    told = asyncio.Queue()
    device = obniz.ble.find_peripheral(THERMOMETER)
    device.onconnect = lambda: told.put_nowait("connected")
    device.ondisconnect = lambda: told.put_nowait("disconnected")
    device.connect()
    found["link"] = [await told.get()]
    device.ondiscoverservicefinished = lambda services: told.put_nowait([one.uuid for one in services])
    device.discover_all_services()
    found["services"] = await told.get()

    room = device.get_service(ROOM)
    room.ondiscoverfinished = lambda values: told.put_nowait([[one.uuid, one.properties] for one in values])
    room.discover_all_characteristics()
    found["characteristics"] = await told.get()
    temperature = room.get_child(TEMPERATURE)
    found["temperature"] = await temperature.read_wait()
    temperature.ondiscoverfinished = lambda descriptors: told.put_nowait([one.uuid for one in descriptors])
    temperature.discover_all_descriptors()
    found["descriptors"] = await told.get()
    found["description"] = bytes(await temperature.get_child("2901").read_wait()).decode()

    # The client listens for notifications, but has no call to ask for them.
    temperature.emitter.on("onregisternotify", lambda answer: told.put_nowait(answer["result"]))
    temperature.emitter.on("onnotify", lambda value: told.put_nowait(len(value["data"])))
    place = {"address": THERMOMETER, "service_uuid": ROOM, "characteristic_uuid": TEMPERATURE}
    obniz.send({"ble": {"register_notify_characteristic": place}})
    found["notified"] = [await told.get() for _ in range(3)]
    temperature.emitter.remove_all_listeners("onnotify")

    note = device.get_service(NOTEBOOK).get_child(NOTE)
    note.onwrite = told.put_nowait
    note.write([72, 105])
    found["written"] = await told.get()
    found["note"] = await note.read_wait()

    nothing = device.get_service("1234")
    found["missing"] = await nothing.get_child("5678").read_wait()
    nothing.onerror = lambda error: told.put_nowait(error["error_code"])
    nothing.discover_all_characteristics()
    found["failed"] = await told.get()
    obniz.send({"ble": {"connect": {"address": "000000000001"}}})
    device.disconnect()
    found["link"].append(await told.get())

    obniz.ble.advertisement.adv_data = [2, 1, 6]
    obniz.ble.advertisement.start()
    obniz.ble.peripheral.add_service({"uuid": "fff0", "characteristics": [{"uuid": "fff1", "data": [1]}]})
    obniz.ble.peripheral.end()
    await obniz.ping_wait()
    return found


print(json.dumps(asyncio.run(asyncio.wait_for(journey(sys.argv[1], sys.argv[2]), 30))))
