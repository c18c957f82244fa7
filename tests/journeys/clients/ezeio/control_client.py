"""requests: one control call; it writes brackets as %5B and %5D."""

import json
import sys

import requests
from requests.auth import HTTPDigestAuth

base, key_id, key, path = sys.argv[1:5]
session = requests.Session()
session.auth = HTTPDigestAuth(key_id, key)
session.trust_env = False

answer = session.get(f"{base}/v1/control/{path}", timeout=10)
print(json.dumps({"sent": answer.request.path_url, "status": answer.status_code, "answer": answer.json()}))
