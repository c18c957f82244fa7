"""requests and httpx with a nonce that another hub made, as after a restart: how each call ends."""

import json
import sys

import httpx
import requests
from requests.auth import HTTPDigestAuth

before, after, key_id, key = sys.argv[1:5]
path = "/v1/subscribe/ticket"

session = requests.Session()
session.auth = HTTPDigestAuth(key_id, key)
first = session.get(before + path, timeout=5)
second = session.get(after + path, timeout=5)
challenges = [answer.headers["WWW-Authenticate"] for answer in second.history]
told = {"requests": [first.status_code, second.status_code, *challenges]}

with httpx.Client(auth=httpx.DigestAuth(key_id, key), timeout=5) as client:
    first = client.get(before + path)
    second = client.get(after + path)
    challenges = [answer.headers["WWW-Authenticate"] for answer in second.history]
    told["httpx"] = [first.status_code, second.status_code, *challenges]

print(json.dumps(told))
