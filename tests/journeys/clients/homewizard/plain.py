"""What a household's own scripts use: requests, httpx, websockets and websocket-client on a v2 device.

`plain.py HTTPS_HOST HTTP_HOST CA.PEM IDENTIFIER TOKEN`; prints what each saw, as JSON.
"""

import asyncio
import json
import ssl
import sys

import httpx
import requests
import websocket
import websockets

ENOUGH = 3
AUTHORIZATION = {"type": "authorization"}
SUBSCRIPTION = {"type": "subscribe", "data": "measurement"}


def with_requests(https: str, http: str, ca: str, token: str) -> dict[str, object]:
    """A session that verifies, keeps its connection, and sends bodies under no or a wrong Content-Type."""
    session = requests.Session()
    # What the machine's environment names as CA would win over the session's.
    session.trust_env = False
    session.verify = ca
    session.headers["Authorization"] = f"Bearer {token}"
    url = f"https://{https}/api"
    found: dict[str, object] = {"device": session.get(url, timeout=5).json()}
    found["slash"] = session.get(f"{url}/", timeout=5).json()["serial"]
    answer = session.put(f"{url}/system", data='{"cloud_enabled":false}', timeout=5)
    found["no type"] = [answer.request.headers.get("Content-Type"), answer.json()["cloud_enabled"]]
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    found["form"] = session.put(f"{url}/system", data='{"cloud_enabled":true}', headers=form, timeout=5).json()
    found["empty body"] = session.put(f"{url}/system/identify", timeout=5).status_code
    found["users"] = session.get(f"{url}/user", timeout=5).json()
    found["connections"] = connections(session)
    closing = session.get(f"{url}/measurement", headers={"Connection": "close"}, timeout=5)
    found["close"] = [closing.status_code, closing.headers.get("Connection", "").lower()]
    found["v1"] = requests.get(f"http://{http}/api/v1/data", timeout=5).json()["wifi_ssid"]
    return found


def connections(session: requests.Session) -> int:
    """How many connections a session has opened over TLS."""
    pools = session.adapters["https://"].poolmanager.pools
    return sum(pools[key].num_connections for key in pools.keys())  # noqa: SIM118 (it is no dict, and iterates no other way)


async def with_httpx(https: str, ca: str, identifier: str, token: str) -> dict[str, object]:
    """An asynchronous client that checks the name in the certificate, with ten requests side by side."""
    context = ssl.create_default_context(cafile=ca)
    context.hostname_checks_common_name = True
    headers = {"Authorization": f"bearer {token}", "X-Api-Version": "2"}
    async with httpx.AsyncClient(verify=context, headers=headers, trust_env=False, timeout=5) as client:

        async def ask(path: str) -> httpx.Response:
            url = f"https://{https}/api{path}"
            return await client.get(url, extensions={"sni_hostname": identifier})

        answers = await asyncio.gather(*(ask("/measurement") for _ in range(10)))
        telegram = await ask("/telegram")
        return {
            "statuses": [answer.status_code for answer in answers],
            "version": answers[0].headers["x-api-version"],
            "type": answers[0].headers["content-type"],
            "telegram": [telegram.status_code, telegram.headers["content-type"].partition(";")[0]],
        }


async def with_websockets(https: str, ca: str, identifier: str, token: str) -> list[str]:
    """Strict: each message waits for the one before it; the upgrade bears headers that nobody asked for."""
    context = ssl.create_default_context(cafile=ca)
    context.hostname_checks_common_name = True
    extra = {"Authorization": f"Bearer {token}", "X-Api-Version": "2"}
    heard: list[str] = []
    async with websockets.connect(
        f"wss://{https}/api/ws", ssl=context, server_hostname=identifier, additional_headers=extra, proxy=None
    ) as stream:
        heard.append(json.loads(await stream.recv())["type"])
        await stream.send(json.dumps({**AUTHORIZATION, "data": token}))
        heard.append(json.loads(await stream.recv())["type"])
        await stream.send(json.dumps(SUBSCRIPTION))
        for _ in range(ENOUGH):
            heard.append(json.loads(await stream.recv())["type"])
        await (await stream.ping(b"are you there"))
    return heard


def with_websocket_client(https: str, ca: str, token: str) -> list[str]:
    """Early: token and subscription back to back, before anything was read; then what is polled."""
    stream = websocket.create_connection(
        f"wss://{https}/api/ws", timeout=10, sslopt={"ca_certs": ca, "cert_reqs": ssl.CERT_REQUIRED}
    )
    stream.send(json.dumps({**AUTHORIZATION, "data": token}))
    stream.send(json.dumps(SUBSCRIPTION))
    heard = [json.loads(stream.recv())["type"] for _ in range(2 + ENOUGH)]
    stream.send(json.dumps({"type": "unsubscribe", "data": "measurement"}))
    for topic in ("device", "system"):
        stream.send(json.dumps({"type": topic}))
    while "system" not in heard:
        heard.append(json.loads(stream.recv())["type"])
    stream.close()
    return heard


def main(https: str, http: str, ca: str, identifier: str, token: str) -> dict[str, object]:
    """Let each have its turn."""
    return {
        "requests": with_requests(https, http, ca, token),
        "httpx": asyncio.run(with_httpx(https, ca, identifier, token)),
        "websockets": asyncio.run(with_websockets(https, ca, identifier, token)),
        "websocket-client": with_websocket_client(https, ca, token),
    }


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:])))
