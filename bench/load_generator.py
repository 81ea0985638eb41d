"""Sends requests and counts what is not answered as expected. Its own process, whose processor time nobody counts.

Reads one job a line from standard input, and writes one result a line:
{"host", "port", "threads", "expected": [status, …], "requests": [[method, path, headers, body], …]}
    -> {"seconds", "slowest", "failures"}
"""

import collections
import http.client
import itertools
import json
import sys
import threading
import time


def main() -> None:
    for line in sys.stdin:
        print(json.dumps(run(json.loads(line))), flush=True)


def run(job: dict) -> dict:
    """Send all requests of a job, `threads` at a time; returns how long they took and how the failures look."""
    # itertools.count is atomic: each request is sent once
    counter = itertools.count()
    failures: collections.Counter[str] = collections.Counter()
    slowest = [0.0] * job["threads"]

    def send(mine: int) -> None:
        connection = http.client.HTTPConnection(job["host"], job["port"], timeout=60)
        while (number := next(counter)) < len(job["requests"]):
            method, path, headers, body = job["requests"][number]
            started = time.monotonic()
            # keeps the connection if the server does; Odoo's workers close it after each answer
            connection.request(method, path, body=body, headers=headers)
            response = connection.getresponse()
            text = response.read()
            slowest[mine] = max(slowest[mine], time.monotonic() - started)
            if response.status not in job["expected"]:
                failures[f"{response.status} {text[:200].decode(errors='replace')}"] += 1
        connection.close()

    threads = [threading.Thread(target=send, args=[mine]) for mine in range(job["threads"])]
    started = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.monotonic() - started
    return {"seconds": seconds, "slowest": max(slowest), "failures": dict(failures)}


if __name__ == "__main__":
    main()
