"""Host, Origin, target and Sec-Fetch in hostile variants, for every way into every dialect of a running hub."""

import socket
import ssl

import pytest
from msgspec import Struct

from tests.journeys.hub import Hub

WITHIN_S = 20
TOKEN = "Authorization: Bearer " + "A" * 32
UPGRADE = (
    "Upgrade: websocket",
    "Connection: Upgrade",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
)
JSON = "Content-Type: application/json"


class Way(Struct, frozen=True):
    """A way in, and how it answers its own programs and a page from elsewhere that has no token."""

    method: str
    path: str
    lines: tuple[str, ...] = ()
    body: str = ""
    tls: bool = False
    own: int = 200
    foreign: int = 403


WAYS = {
    "obniz get": Way("GET", "/obniz/1234-5678/state", own=405, foreign=405),
    "obniz state": Way("POST", "/obniz/1234-5678/state"),
    "obniz post": Way("POST", "/obniz/1234-5678/api/1", (JSON,), '[{"display":{"text":"x"}}]'),
    "obniz socket": Way("GET", "/obniz/1234-5678/ws/1", UPGRADE, own=101),
    "homewizard v1 get": Way("GET", "/api/v1/data"),
    "homewizard v1 put": Way("PUT", "/api/v1/identify", foreign=403),
    # Whoever pairs needs the button pressed, and a page from elsewhere is told no even then.
    "homewizard v2 post": Way("POST", "/api/user", (JSON,), '{"name":"local/evil"}', tls=True, own=403),
    "homewizard v2 get": Way("GET", "/api/measurement", tls=True, own=401, foreign=401),
    # It shows nothing before its token.
    "homewizard v2 socket": Way("GET", "/api/ws", UPGRADE, tls=True, own=101, foreign=101),
    "ezeio get": Way("GET", "/v1/subscribe/ticket", own=401, foreign=401),
    "ezeio socket": Way("GET", "/ws/nobodys-ticket", UPGRADE, own=403, foreign=403),
    "hub get": Way("GET", "/hub/v1/devices", foreign=401),
    "hub post": Way("POST", "/hub/v1/devices", (JSON,), "{}", own=400, foreign=401),
    "console get": Way("GET", "/", foreign=303),
    "ingest post": Way("POST", "/ingest/v1/samples", (JSON,), "{}", own=404, foreign=404),
}
"""The hub's own dialect and its pages are open in a demo, to its own pages alone."""


class Variant(Struct, frozen=True):
    """What a hostile request says. `PORT` stands for the port that it came to."""

    hosts: tuple[str, ...] = ("localhost:PORT",)
    lines: tuple[str, ...] = ()
    target: str = "PATH"
    status: int = 0
    """What every way answers; 0: as to a page from elsewhere, -1: as to its own programs."""


FOREIGN, OWN = 0, -1


def host(*hosts: str, status: int) -> Variant:
    """One with these Host lines."""
    return Variant(hosts=hosts, status=status)


def origin(*origins: str, status: int = FOREIGN) -> Variant:
    """One with these Origin lines."""
    return Variant(lines=tuple(f"Origin: {one}" for one in origins), status=status)


def line(*lines: str, status: int) -> Variant:
    """One with these further lines."""
    return Variant(lines=lines, status=status)


def target(text: str, *hosts: str, status: int = 400) -> Variant:
    """One with this target."""
    return Variant(target=text, hosts=hosts or ("localhost:PORT",), status=status)


VARIANTS = {
    # Names: DNS rebinding needs a name of the attacker's.
    "rebound name": host("evil.example:PORT", status=403),
    "our name as prefix": host("localhost.evil.example:PORT", status=403),
    "our name as suffix": host("evil-p1meter-aabbcc.local", status=403),
    "a device's name as prefix": host("p1meter-aabbcc.local.evil.example", status=403),
    "sub-domain of localhost": host("evil.localhost", status=403),
    "address in a name": host("127.0.0.1.nip.io", status=403),
    "punycode": host("xn--lcalhost-54a.example", status=403),
    # No browser sends an address so: it writes them out before. Who else does may have a name of that kind.
    "short address": host("127.1", status=403),
    "hexadecimal address": host("0x7f.1", status=403),
    "decimal address": host("2130706433", status=403),
    "octal address": host("0177.0.0.1", status=403),
    "upper case": host("LOCALHOST:PORT", status=OWN),
    "trailing dot": host("localhost.:PORT", status=OWN),
    "two trailing dots": host("localhost..:PORT", status=400),
    "idn": host("löcalhost", status=400),
    "userinfo in host": host("localhost@evil.example", status=400),
    "ipv6 zone": host("[fe80::1%25eth0]:PORT", status=OWN),
    "broken ipv6": host("[::1", status=400),
    "port zero": host("localhost:0", status=400),
    "port too great": host("localhost:65536", status=400),
    "port with a sign": host("localhost:+80", status=400),
    "two ports": host("localhost:80:80", status=400),
    "space within": host("local host", status=400),
    "tab within": host("local\thost", status=400),
    "list of hosts": host("localhost, evil.example", status=400),
    "no host": host(status=400),
    "host twice": host("localhost:PORT", "localhost:PORT", status=400),
    "host twice, one foreign": host("localhost:PORT", "evil.example", status=400),
    "forwarded host is not believed": Variant(
        hosts=("evil.example",), lines=("X-Forwarded-Host: localhost", "Forwarded: host=localhost"), status=403
    ),
    "forwarded host harms nobody": line("X-Forwarded-Host: evil.example", "X-Original-URL: /", status=OWN),
    # Origins.
    "another page": origin("https://evil.example"),
    "null": origin("null"),
    "empty": origin(""),
    "our name without its port": origin("http://localhost"),
    "another port": origin("http://localhost:1"),
    "our name as prefix of an origin": origin("http://localhost:PORT.evil.example"),
    "our name as userinfo": origin("http://localhost:PORT@evil.example"),
    "userinfo before our name": origin("http://evil@localhost:PORT"),
    "a path behind it": origin("http://localhost:PORT/evil"),
    "two origins in a line": origin("http://localhost:PORT http://evil.example"),
    "two origin lines": origin("http://localhost:PORT", "http://localhost:PORT"),
    "file": origin("file://"),
    "data": origin("data:text/html,x"),
    "extension": origin("chrome-extension://abcdefghijklmnopabcdefghijklmnop"),
    "websocket scheme": origin("ws://localhost:PORT"),
    "idn origin": origin("http://löcalhost:PORT"),
    "our own in upper case": Variant(lines=("Origin: SCHEME://LOCALHOST:PORT",), status=OWN),
    # What pages embed bears no Origin; links that people follow do nothing but read.
    "embedded": line("Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: no-cors", "Sec-Fetch-Dest: image", status=FOREIGN),
    "embedded from another port": line("Sec-Fetch-Site: same-site", "Sec-Fetch-Mode: no-cors", status=FOREIGN),
    "embedded without a mode": line("Sec-Fetch-Site: cross-site", status=FOREIGN),
    "same origin by the browser's word": line("Sec-Fetch-Site: same-origin", "Sec-Fetch-Mode: cors", status=OWN),
    "typed by its owner": line("Sec-Fetch-Site: none", "Sec-Fetch-Mode: navigate", status=OWN),
    "origin against fetch site": line("Sec-Fetch-Site: same-origin", "Origin: https://evil.example", status=FOREIGN),
    # Targets.
    "absolute target of another": target("http://evil.examplePATH"),
    "absolute target with userinfo": target("http://localhost:PORT@evil.examplePATH"),
    "absolute target of another port": target("http://localhost:1PATH"),
    "absolute target against a foreign host": target("http://localhost:PORTPATH", "evil.example"),
    "absolute target of a foreign name": target("http://evil.examplePATH", "evil.example", status=403),
    "absolute target of a file": target("file://localhost:PORTPATH"),
    "absolute target of our own": target("SCHEME://localhost:PORTPATH", status=OWN),
}


def status_of(hub: Hub, way: Way, variant: Variant) -> int:
    """Send the request byte for byte; returns its status, 0 where the connection was closed without a word."""
    port = hub.tls_port if way.tls else hub.port

    def written(text: str) -> str:
        scheme = "https" if way.tls else "http"
        return text.replace("PORT", str(port)).replace("PATH", way.path).replace("SCHEME", scheme)

    lines = [f"{way.method} {written(variant.target)} HTTP/1.1"]
    lines += [f"Host: {written(one)}" for one in variant.hosts]
    lines += [written(one) for one in (*way.lines, *variant.lines)]
    if way.method != "GET":
        lines.append(f"Content-Length: {len(way.body)}")
    return spoken(hub, "\r\n".join([*lines, "", way.body]).encode(), tls=way.tls)


def spoken(hub: Hub, raw: bytes, *, tls: bool = False) -> int:
    """Send bytes; returns the status of the answer, 0 where there is none."""
    connection = socket.create_connection(("127.0.0.1", hub.tls_port if tls else hub.port), WITHIN_S)
    if tls:
        connection = ssl.create_default_context(cafile=hub.ca).wrap_socket(connection, server_hostname="localhost")
    with connection:
        connection.sendall(raw)
        return answered(connection)


def answered(connection: socket.socket) -> int:
    """Read the first line of an answer."""
    heard = b""
    while b"\r\n" not in heard and (more := connection.recv(4096)):
        heard += more
    return int(heard[9:12]) if heard else 0


@pytest.mark.parametrize("way", WAYS)
def test_no_variant_gets_further_than_it_may(demo_hub: Hub, way: str) -> None:
    entry = WAYS[way]
    expected = {
        name: {FOREIGN: entry.foreign, OWN: entry.own}.get(variant.status, variant.status)
        for name, variant in VARIANTS.items()
    }

    found = {name: status_of(demo_hub, entry, variant) for name, variant in VARIANTS.items()}

    assert found == expected


@pytest.mark.parametrize("way", ["homewizard v2 get", "ezeio get", "obniz get"])
def test_followed_links_read_what_needs_no_token_and_nothing_else(demo_hub: Hub, way: str) -> None:
    link = line("Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", status=OWN)

    assert status_of(demo_hub, WAYS[way], link) == WAYS[way].own


HEAD = "POST /obniz/1234-5678/api/1 HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
SMUGGLED = "GET /api/v1/data HTTP/1.1\r\nHost: localhost\r\n\r\n"
SMUGGLING = {
    "length and chunks": HEAD + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "chunks and length": HEAD + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "two lengths": HEAD + "Content-Length: 2\r\nContent-Length: 4\r\n\r\n[]" + SMUGGLED,
    "two equal lengths": HEAD + "Content-Length: 2\r\nContent-Length: 2\r\n\r\n[]" + SMUGGLED,
    "list of lengths": HEAD + "Content-Length: 2, 2\r\n\r\n[]" + SMUGGLED,
    "length with a sign": HEAD + "Content-Length: +2\r\n\r\n[]" + SMUGGLED,
    "negative length": HEAD + "Content-Length: -2\r\n\r\n[]" + SMUGGLED,
    "hexadecimal length": HEAD + "Content-Length: 0x2\r\n\r\n[]" + SMUGGLED,
    "bare line feeds": HEAD.replace("\r\n", "\n") + "Content-Length: 2\n\n[]" + SMUGGLED,
    "one bare line feed": HEAD + "X: y\nContent-Length: 2\r\n\r\n[]" + SMUGGLED,
    "folded line": HEAD + "X: y\r\n Content-Length: 2\r\n\r\n[]" + SMUGGLED,
    "space before a colon": HEAD + "Content-Length : 2\r\n\r\n[]" + SMUGGLED,
    "other coding": HEAD + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "chunks twice": HEAD + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "chunk without a size": HEAD + "Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n" + SMUGGLED,
    "null in a value": HEAD + "X: a\0b\r\nContent-Length: 2\r\n\r\n[]" + SMUGGLED,
    "carriage return in a value": HEAD + "X: a\rContent-Length: 0\r\nContent-Length: 2\r\n\r\n[]" + SMUGGLED,
    "host with a line of its own": HEAD.replace("localhost", "localhost\r\n evil.example") + "\r\n" + SMUGGLED,
}


def heard_to_the_end(hub: Hub, raw: bytes) -> bytes:
    """Send bytes, then read until the hub closes."""
    heard = b""
    with socket.create_connection(("127.0.0.1", hub.port), WITHIN_S) as connection:
        connection.sendall(raw)
        try:
            while more := connection.recv(65536):
                heard += more
        except ConnectionResetError:
            pass
    return heard


@pytest.mark.parametrize("name", SMUGGLING)
def test_a_request_within_a_request_is_never_answered(demo_hub: Hub, name: str) -> None:
    heard = heard_to_the_end(demo_hub, SMUGGLING[name].encode("latin-1"))

    assert heard.startswith(b"HTTP/1.0 400 ")
    assert heard.count(b"HTTP/1.") == 1


def test_nothing_is_tunnelled(demo_hub: Hub) -> None:
    assert spoken(demo_hub, b"CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n") == 404
