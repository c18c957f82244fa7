"""Calls addresses with requests and a key, one after the other: BASE ID KEY PATH...; prints what came."""

import json
import sys

import requests
from requests.auth import HTTPDigestAuth

base, number, key, *paths = sys.argv[1:]
session = requests.Session()
session.auth = HTTPDigestAuth(number, key)
found = []
for path in paths:
    answer = session.get(base + path, timeout=30)
    sent = answer.request.headers.get("Authorization", "")
    found.append(
        {
            "status": answer.status_code,
            "body": answer.json(),
            "is_sha256": "SHA-256" in sent,
            "retry_after": answer.headers.get("Retry-After"),
        }
    )
print(json.dumps(found))
