"""requests and websocket-client: ticket, socket, command, and the ticket once more."""

import json
import ssl
import sys

import requests
import websocket
from requests.auth import HTTPDigestAuth

base, key_id, key, ca = sys.argv[1:5]
session = requests.Session()
session.auth = HTTPDigestAuth(key_id, key)
# What the machine's environment names as CA would win over the session's.
session.trust_env = False
session.verify = ca or True

ticket = session.get(f"{base}/v1/subscribe/ticket", timeout=5).json()
tls = {"ca_certs": ca, "cert_reqs": ssl.CERT_REQUIRED} if ca else None
stream = websocket.create_connection(ticket["ws"], timeout=30, sslopt=tls)
first = json.loads(stream.recv())

command = session.get(f"{ticket['api']}ABC456,-ABC123", timeout=5).json()
after = json.loads(stream.recv())
while after["data"]["serial"] != "ABC-456":
    after = json.loads(stream.recv())

try:
    websocket.create_connection(ticket["ws"], timeout=5, sslopt=tls)
    replay = 101
except websocket.WebSocketBadStatusException as error:
    replay = error.status_code
stream.close()

print(json.dumps({"ticket": ticket, "first": first, "command": command, "after": after, "replay": replay}))
