"""A headless Chromium of the test's own, driven through ChromeDriver by the WebDriver protocol (W3C)."""

import base64
import json
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.journeys.client import Client, MissingClientError

# No look-ups, updates or reports of the browser's own: only the page's traffic, all of it to loopback.
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
)
STARTED_WITHIN_S = 60
SEEN_WITHIN_S = 30


class Browser:
    """One window."""

    def __init__(self, base: str) -> None:
        self._session = base

    def open(self, url: str) -> None:
        """Go to an address and wait until its page is loaded."""
        self._call("POST", "/url", {"url": url})

    def run(self, script: str) -> Any:  # Any: whatever JSON the script returns
        """Run the body of a function in the page and return what it returns."""
        return self._call("POST", "/execute/sync", {"script": script, "args": []})

    def wait(self, expression: str) -> Any:  # Any: whatever JSON the expression has
        """Wait until an expression is true in the page; return its value. Raises AssertionError when it stays false."""
        deadline = time.monotonic() + SEEN_WITHIN_S
        while time.monotonic() < deadline:
            found = self.run(f"return {expression}")
            if found:
                return found
            time.sleep(0.1)
        raise AssertionError(
            f"{expression} stayed false; the page shows:\n{self.run('return document.body.innerText')}"
        )

    def type(self, selector: str, text: str) -> None:
        """Type into a field as a person would."""
        found = self._call("POST", "/element", {"using": "css selector", "value": selector})
        (id,) = found.values()
        self._call("POST", f"/element/{id}/value", {"text": text})

    def resize(self, width: int, height: int) -> None:
        """Give the page this many pixels, as the screen of a device of that size has."""
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        self._call("POST", "/goog/cdp/execute", {"cmd": "Emulation.setDeviceMetricsOverride", "params": metrics})

    def picture(self, path: Path) -> None:
        """Keep what is seen as a PNG."""
        path.write_bytes(base64.b64decode(self._call("GET", "/screenshot")))

    def end(self) -> None:
        """Close the window."""
        self._call("DELETE", "")

    def _call(self, method: str, path: str, content: Mapping[str, Any] | None = None) -> Any:  # Any: JSON
        return call(self._session + path, method, content)


def call(url: str, method: str, content: Mapping[str, Any] | None = None) -> Any:  # Any: JSON
    """Make one call of the WebDriver protocol. Raises AssertionError with what the driver says."""
    body = None if content is None else json.dumps(content).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"}, method=method)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=60) as answer:
            return json.load(answer)["value"]
    except urllib.error.HTTPError as error:
        with error:
            raise AssertionError(f"{method} {url}: {error.read().decode()}") from None


@contextmanager
def chrome(chromium: Client, profile: Path) -> Iterator[Browser]:
    """Start a browser with an empty profile; end it whatever happens. Raises MissingClientError without a driver."""
    program = shutil.which("chromedriver")
    if program is None:
        raise MissingClientError("chromedriver is not installed (Debian: apt install chromium-driver)")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    driver = subprocess.Popen(
        [program, f"--port={port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=chromium.env
    )
    try:
        base = f"http://127.0.0.1:{port}"
        _wait_for(base)
        options = {"binary": chromium.program, "args": [*FLAGS, f"--user-data-dir={profile}"]}
        wanted = {"alwaysMatch": {"acceptInsecureCerts": True, "goog:chromeOptions": options}}
        session = call(f"{base}/session", "POST", {"capabilities": wanted})
        browser = Browser(f"{base}/session/{session['sessionId']}")
        try:
            yield browser
        finally:
            browser.end()
    finally:
        driver.terminate()
        driver.wait(20)


def _wait_for(base: str) -> None:
    deadline = time.monotonic() + STARTED_WITHIN_S
    while time.monotonic() < deadline:
        try:
            if call(f"{base}/status", "GET")["ready"]:
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise AssertionError("chromedriver did not start")
