"""What a board has beyond pins and buses, by obniz.js: its screen, TCP, wifi, Lua and files."""

from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image

from tests.journeys.client import Client
from tests.journeys.conftest import StartHub

Find = Callable[[str], Client]

BOARDS = """
[devices.bench]
driver = "simulated"
kind = "board"
networks = [{ ssid = "attic", mac = "02005e000001", rssi_dbm = -70 }, { ssid = "cellar", rssi_dbm = -30 }]
obniz = { id = "2345-6789", replies = "REPLIES" }

[devices.gateway]
driver = "simulated"
kind = "board"
hardware = "blelte_gw2"
obniz = { id = "3456-7890", replies = "REPLIES" }
"""


@pytest.mark.parametrize(("mode", "replies"), [("text", "text"), ("binary", "text"), ("binary", "binary")])
def test_a_program_uses_screen_net_lua_and_files(make_hub: StartHub, client: Find, mode: str, replies: str) -> None:
    hub = make_hub(config=BOARDS.replace("REPLIES", replies))

    found = client("obniz-js").run("obniz/net.js", hub.ws, mode, "2345-6789", "3456-7890", hub.http)

    screens = found["screens"]
    assert {(status, kind) for status, kind, _ in screens.values()} == {(200, "image/png")}
    assert screens["empty"] == screens["cleared"]
    assert len({picture for _, _, picture in screens.values()}) == 4
    assert (found["tcpCode"], found["tcpEcho"], found["tcpOctets"]) == (0, "GET / HTTP/1.1\r\n", [0, 255])
    assert (found["tcpConnections"], found["tcpRefused"]) == ([True, False], 4)
    assert (found["heard"], found["frames"]) == (["ready", "to the program"], [[7, 14], "end"])
    assert (found["called"], found["callFailed"]) == ("42", "no")
    assert found["endless"] == "the program took too long and was ended"
    assert (found["asked"], found["waited"]) == (["true echo:ping", "false not today"], "waited")
    assert found["luaErrors"] == ["lua:1: thrown"]
    assert found["networks"] == [
        {"ssid": "cellar", "macAddress": "020000000001", "rssi": -30},
        {"ssid": "attic", "macAddress": "02005e000001", "rssi": -70},
    ]
    (complaint,) = found["complaints"]
    assert "localhost:22; the setting tcp_allow does not name it" in complaint
    assert (found["file"], found["noFile"]) == ([0, 1, 255], [])
    assert (found["stored"], found["otherComplaints"]) == (["Hello from blelte_gw2"], [])


def test_a_screen_is_looked_at_by_curl(make_hub: StartHub, client: Find) -> None:
    hub = make_hub(demo=True)
    curl, picture = client("curl"), hub.folder / "screen.png"
    text = '[{"display":{"clear":true,"text":"Hello"}}]'
    url = f"{hub.http}/hub/v1/devices/1234-5678/display.png"
    posted = curl.call("-fsS", f"{hub.http}/obniz/1234-5678/api/1", "-H", "Content-Type: application/json", "-d", text)
    assert posted.returncode == 0, posted.stderr

    fetched = curl.call("-fsS", f"{url}?scale=3", "-o", str(picture), "-w", "%{content_type}")
    refused = curl.call("-sS", f"{hub.http}/hub/v1/devices/demo-meter/display.png", "-w", " %{http_code}")

    assert (fetched.returncode, fetched.stdout) == (0, "image/png")
    image = Image.open(BytesIO(picture.read_bytes()))
    assert (image.size, image.mode) == ((384, 192), "L")
    # Five characters at the top left, and nothing else.
    assert image.getbbox() is not None
    assert image.crop((0, 0, 120, 48)).histogram()[255] == image.histogram()[255] > 0
    assert refused.stdout == '{"error":{"code":"unknown","message":"demo-meter has no screen"}} 404'
