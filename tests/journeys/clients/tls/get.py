"""python get.py URL CA_FILE [TOKEN]: a request by requests that trusts one CA only; prints {"status", "body"}."""

import json
import sys

import requests

url, ca_file, *token = sys.argv[1:]
headers = {"Authorization": f"Bearer {token[0]}"} if token else {}
try:
    answer = requests.get(url, headers=headers, verify=ca_file, timeout=20)
    print(json.dumps({"status": answer.status_code, "body": answer.text}))
except requests.exceptions.SSLError as error:
    print(json.dumps({"error": type(error).__name__}))
