"""aiohttp: rows as JSON, the same again, rows as CSV; the key goes as a password."""

import asyncio
import json
import sys

import aiohttp

url, key, rows, table = sys.argv[1:5]


async def main() -> None:
    answers = []
    async with aiohttp.ClientSession(auth=aiohttp.BasicAuth("logger", key)) as session:
        for _ in range(2):
            async with session.post(url, json=json.loads(rows)) as answer:
                answers.append([answer.status, await answer.json()])
        async with session.post(url, data=table.encode(), headers={"Content-Type": "text/csv"}) as answer:
            answers.append([answer.status, await answer.json()])
    print(json.dumps(answers))


asyncio.run(main())
