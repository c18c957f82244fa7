"""requests: rows as JSON, the same again, rows as CSV; it prints the three answers."""

import json
import sys

import requests

url, key, rows, table = sys.argv[1:5]
session = requests.Session()
session.trust_env = False
session.headers["Authorization"] = f"Bearer {key}"

answers = [session.post(url, json=json.loads(rows), timeout=10) for _ in range(2)]
answers.append(session.post(url, data=table.encode(), headers={"Content-Type": "text/csv"}, timeout=10))
print(json.dumps([[answer.status_code, answer.json()] for answer in answers]))
