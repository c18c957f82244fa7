"""requests, httpx or aiohttp: many calls one after the other with Digest, their answers as they came."""

import asyncio
import json
import ssl
import sys

library, base, key_id, key, ca, *paths = sys.argv[1:]


def by_requests() -> dict[str, object]:
    import requests

    with requests.Session() as session:
        session.auth = requests.auth.HTTPDigestAuth(key_id, key)
        session.verify = ca or True
        answers = {path: session.get(base + path, timeout=10) for path in paths}
    return {path: [answer.status_code, answer.json()] for path, answer in answers.items()}


def by_httpx() -> dict[str, object]:
    import httpx

    verify = ssl.create_default_context(cafile=ca) if ca else True
    with httpx.Client(auth=httpx.DigestAuth(key_id, key), verify=verify, timeout=10) as client:
        answers = {path: client.get(base + path) for path in paths}
    return {path: [answer.status_code, answer.json()] for path, answer in answers.items()}


async def by_aiohttp() -> dict[str, object]:
    import aiohttp

    tls = ssl.create_default_context(cafile=ca) if ca else True
    digest = aiohttp.DigestAuthMiddleware(login=key_id, password=key)
    told: dict[str, object] = {}
    async with aiohttp.ClientSession(middlewares=(digest,), timeout=aiohttp.ClientTimeout(total=30)) as session:
        for path in paths:
            async with session.get(base + path, ssl=tls) as answer:
                told[path] = [answer.status, await answer.json(content_type=None)]
    return told


match library:
    case "requests":
        found = by_requests()
    case "httpx":
        found = by_httpx()
    case _:
        found = asyncio.run(by_aiohttp())
print(json.dumps(found))
