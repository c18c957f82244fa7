"""Messages that pages in a browser send by HTTP: the hub's own page reaches programs, pages elsewhere do not."""

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from aiohttp import ClientSession
from msgspec import json

from tests.journeys.browser import chrome
from tests.journeys.client import Client, MissingClientError
from tests.journeys.hub import Hub

Find = Callable[[str], Client]

# All that a page may try without asking the hub first; `HUB` is its address.
TRIES = """
window.tried = 0;
const link = "HUB/obniz/2222-2222/message?data=";
const form = (to) => new URLSearchParams({ to, data: "by a form" });
const done = () => window.tried++;
for (const referrerPolicy of ["no-referrer", "unsafe-url"]) {
  const picture = new Image();
  picture.referrerPolicy = referrerPolicy;
  picture.onload = picture.onerror = done;
  picture.src = link + "by a picture";
  const anyhow = { mode: "no-cors", credentials: "include", referrerPolicy };
  fetch(link + "by a call", anyhow).then(done, done);
  fetch("HUB/obniz/message", { ...anyhow, method: "POST", body: form("2222-2222") }).then(done, done);
  fetch("HUB/obniz/message?to=2222-2222&data=in the query", { ...anyhow, method: "POST" }).then(done, done);
}
"""


@pytest.fixture
def elsewhere() -> Iterator[str]:
    """The address of an empty page of another site."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<title>elsewhere</title>")

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://localhost:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


async def test_a_page_sends_messages_from_the_hubs_own_origin_only(
    demo_hub: Hub, client: Find, elsewhere: str, tmp_path: Path
) -> None:
    chromium = client("chromium")
    own = 'fetch("/obniz/2222-2222/message?data=own").then(() => { window.sent = true; }); return null'

    async with ClientSession() as session, session.ws_connect(f"{demo_hub.http}/obniz/2222-2222/ws/1") as program:
        await program.receive_str()
        try:
            with chrome(chromium, tmp_path / "profile") as browser:
                for address in (elsewhere, elsewhere.replace("localhost", "127.0.0.1")):
                    browser.open(address)
                    browser.run(TRIES.replace("HUB", demo_hub.http))
                    browser.wait("window.tried == 8")
                    # A link that somebody follows
                    browser.run(f'location.href = "{demo_hub.http}/obniz/2222-2222/message?data=followed"')
                    browser.wait('document.body.innerText.includes("obniz not found")')
                browser.open(f"{demo_hub.http}/")
                browser.run(own)
                browser.wait("window.sent")
        except MissingClientError as error:
            pytest.skip(str(error))
        heard = json.decode(await program.receive_str(timeout=30))

    assert heard == [{"message": {"data": "own", "from": None}}]
