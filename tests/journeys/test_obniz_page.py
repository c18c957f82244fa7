"""A page in a browser: the documented sample by hand, obniz.js's browser build, and the HTTP interface."""

import queue
import subprocess
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from msgspec import json

from tests.journeys.browser import FLAGS, chrome
from tests.journeys.client import Client, MissingClientError
from tests.journeys.conftest import StartHub
from tests.journeys.hub import Hub

PAGES = Path(__file__).parent / "pages"
FOUND_WITHIN_S = 90
Find = Callable[[str], Client]
# A program inside the hub's own page; what it finds is left in the window.
PROGRAM = """
window.found = null;
(async () => {
  const hub = location.origin.replace("https:", "wss:");
  const obniz = new Obniz("1234-5678", { obniz_server: hub, auto_connect: false });
  if (!(await obniz.connectWait({ timeout: 10 }))) return "refused";
  obniz.io0.output(true);
  obniz.io3.pull("5v");
  const level = await obniz.io3.inputWait();
  obniz.display.print("from the hub's page");
  const sensor = obniz.wired("SHT31", { sda: 4, scl: 5 });
  const { temperature } = await sensor.getAllWait();
  await obniz.pingWait();
  await obniz.closeWait();
  return { hw: obniz.hw, level, temperature };
})().then((found) => { window.found = found; }, (error) => { window.found = String(error); });
"""


class Site:
    """A web site on a port of its own: the page, obniz.js, and a place to tell what was found."""

    def __init__(self, obniz_js: Path) -> None:
        self.found: queue.Queue[Any] = queue.Queue()  # Any: whatever JSON the page tells
        files = {"/": (PAGES / "obniz.html", "text/html"), "/obniz.js": (obniz_js, "text/javascript")}
        found = self.found

        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path, media_type = files.get(self.path.partition("?")[0], (None, ""))
                self.send_response(200 if path else 404)
                self.send_header("Content-Type", media_type or "text/plain")
                self.end_headers()
                self.wfile.write(path.read_bytes() if path else b"")

            def do_POST(self) -> None:
                found.put(json.decode(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(204)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        self.origin = f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        """Take the site down."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def site(client: Find) -> Iterator[Site]:
    made = Site(Path(client("obniz-js").env["NODE_PATH"]) / "obniz" / "obniz.js")
    yield made
    made.close()


def visit(chromium: Client, site: Site, profile: Path, **query: str) -> Any:  # Any: whatever JSON the page tells
    """Open the page in a browser of its own and return what it found."""
    page = f"{site.origin}/?{urlencode(query)}"
    browser = subprocess.Popen(
        [chromium.program, *FLAGS, f"--user-data-dir={profile}", page],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=chromium.env,
    )
    try:
        return site.found.get(timeout=FOUND_WITHIN_S)
    finally:
        browser.terminate()
        browser.wait(20)


def test_a_page_of_a_configured_origin_uses_an_open_board(
    make_hub: StartHub, client: Find, site: Site, tmp_path: Path
) -> None:
    hub = make_hub(config=f'[hub]\norigins = ["{site.origin}"]\n')

    found = visit(client("chromium"), site, tmp_path / "profile", hub=hub.ws, id="1234-5678")

    assert found == {
        "byHand": False,
        "byLibrary": {"hw": "obnizb1", "level": True, "volts": "number"},
        "byHttp": {"result": "ok"},
    }


def test_a_page_of_any_other_origin_needs_a_token(make_hub: StartHub, client: Find, site: Site, tmp_path: Path) -> None:
    hub = make_hub(config='[devices.bench]\ndriver = "simulated"\nkind = "board"\nobniz = { id = "2345-6789" }\n')
    chromium = client("chromium")
    token = hub.cli("key", "create", "obniz", "--device", "bench", "--data", str(hub.data)).split()[-1]

    without = visit(chromium, site, tmp_path / "without", hub=hub.ws, id="1234-5678")
    with_it = visit(chromium, site, tmp_path / "with", hub=hub.ws, id="2345-6789", token=token)

    assert without == {"byHand": "refused", "byLibrary": "refused", "byHttp": "refused"}
    assert with_it == {
        "byHand": False,
        "byLibrary": {"hw": "obnizb1", "level": True, "volts": "number"},
        "byHttp": {"result": "ok"},
    }


def test_a_page_of_the_hubs_own_origin_uses_a_board_over_wss(demo_hub: Hub, client: Find, tmp_path: Path) -> None:
    library = Path(client("obniz-js").env["NODE_PATH"]) / "obniz" / "obniz.js"
    try:
        with chrome(client("chromium"), tmp_path / "profile") as browser:
            browser.open(f"{demo_hub.https}/")
            browser.run(library.read_text("utf-8") + PROGRAM)
            found = browser.wait("window.found")
    except MissingClientError as error:
        pytest.skip(str(error))

    assert found == {"hw": "obnizb1", "level": True, "temperature": pytest.approx(22, abs=12)}


def test_a_page_of_a_foreign_origin_is_refused_over_wss_without_a_token(
    make_hub: StartHub, client: Find, site: Site, tmp_path: Path
) -> None:
    hub = make_hub(config='[devices.bench]\ndriver = "simulated"\nkind = "board"\nobniz = { id = "2345-6789" }\n')
    token = hub.cli("key", "create", "obniz", "--device", "bench", "--data", str(hub.data)).split()[-1]
    found = []
    try:
        with chrome(client("chromium"), tmp_path / "profile") as browser:
            for asked in ({"id": "1234-5678"}, {"id": "2345-6789", "token": token}):
                browser.open(f"{site.origin}/?{urlencode({'hub': hub.wss, **asked})}")
                found.append(site.found.get(timeout=FOUND_WITHIN_S))
    except MissingClientError as error:
        pytest.skip(str(error))

    # The same page, browser and certificate: with a token it is let in, so it was the origin that was refused.
    assert found[0] == {"byHand": "refused", "byLibrary": "refused", "byHttp": "refused"}
    assert found[1]["byHttp"] == {"result": "ok"}
    assert found[1]["byLibrary"] == {"hw": "obnizb1", "level": True, "volts": "number"}
