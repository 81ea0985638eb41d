"""The inner side of the profile, run by Odoo's Python: answers requests in this process, under a profiler.

Reads one job from standard input: {"arguments", "warm_up", "routes": {title: [[method, path, headers, body], …]}}. Half
of the requests after the warm-up are profiled, of the other half each statement is explained before it runs.
"""

import collections
import cProfile
import json
import pstats
import re
import statistics
import sys
import threading
import time
from unittest.mock import patch

import odoo.http
import odoo.sql_db
from odoo.tools import config
from werkzeug.test import EnvironBuilder, run_wsgi_app

PARTS = (
    ("protocol", re.compile(r"/oauth2_provider/protocol/")),
    ("adapters, models, controllers", re.compile(r"/oauth2_provider/")),
    ("psycopg2", re.compile(r"psycopg2")),
    ("jwt, cryptography", re.compile(r"/(jwt|cryptography)/|_openssl|ECDSA")),
    ("werkzeug", re.compile(r"/werkzeug/")),
    ("Odoo", re.compile(r"/odoo/")),
)
OTHER = "Python's library"
EXPLAINED = re.compile(r"\s*(WITH|SELECT|INSERT|UPDATE|DELETE)\b", re.I)


def environ_of(request):
    method, path, headers, body = request
    environ = EnvironBuilder(
        method=method, path=path, headers=headers, data=body, base_url="http://localhost:8069"
    ).get_environ()
    environ["REMOTE_ADDR"] = "127.0.0.1"
    return environ


def send(environ):
    answer, status, _headers = run_wsgi_app(odoo.http.root, environ)
    text = b"".join(answer)
    if not status.startswith("200"):
        raise SystemExit(f"{environ['PATH_INFO']}: {status} {text[:200]!r}")


def part_of(place):
    file, _line, function = place
    text = file if file != "~" else function
    return next((name for name, pattern in PARTS if pattern.search(text)), OTHER)


def profiled(requests):
    """Seconds of this process per request, by part; waiting for PostgreSQL is none of it."""
    profiler = cProfile.Profile(time.process_time)
    for request in requests:
        profiler.runcall(send, environ_of(request))
    seconds = collections.Counter()
    for place, (_calls, _primitive, own, _total, _callers) in pstats.Stats(profiler).stats.items():
        seconds[part_of(place)] += own / len(requests)
    return dict(seconds.most_common())


def explained(requests):
    """Each statement with the medians of its planning and its execution, in milliseconds."""
    found = collections.defaultdict(list)
    execute = odoo.sql_db.Cursor.execute

    def explain(cr, query, params=None, log_exceptions=True):
        if isinstance(query, str) and EXPLAINED.match(query):
            cr._obj.execute("SAVEPOINT explained")
            cr._obj.execute("EXPLAIN (ANALYZE, SUMMARY, FORMAT JSON) " + query, params)
            [plan] = cr._obj.fetchone()[0]
            cr._obj.execute("ROLLBACK TO explained")
            words = re.sub(r"\s+", " ", query).strip().replace("|", "")
            found[shortened(words)].append((plan["Planning Time"], plan["Execution Time"]))
        return execute(cr, query, params, log_exceptions)

    def write_one_by_one(cr):
        for write in cr.precommit.data.pop(rows._WRITES, ()):
            cr.execute(write.decode())

    # Odoo finds add-ons once it is configured. What is sent together would not be told apart.
    from odoo.addons.oauth2_provider.adapters.sql_store import rows

    with (
        patch.object(odoo.sql_db.Cursor, "execute", explain),
        patch.object(rows, "_write", write_one_by_one),
    ):
        for request in requests:
            send(environ_of(request))
    return [
        (words, *(statistics.median(values) for values in zip(*times, strict=True)))
        for words, times in found.items()
    ]


def shortened(words):
    """The verb and the table that it is about; where there are several, the one that is looked at first."""
    verb = words.split(" ", 1)[0]
    inner = re.search(r"FROM \( ?SELECT .*? FROM (\w+)", words)
    table = inner or re.search(r"(?:FROM|INTO|UPDATE) \W*(\w+)", words)
    return f"{verb} … {table[1]}" if table else words[:60]


def main():
    answers = sys.stdout
    sys.stdout = sys.stderr
    job = json.load(sys.stdin)
    config.parse_config(job["arguments"], setup_logging=True)
    # What a worker's thread has, and Odoo's cursors count in.
    thread = threading.current_thread()
    thread.query_count = thread.query_time = thread.perf_t0 = 0
    results = {}
    for title, requests in job["routes"].items():
        for request in requests[: job["warm_up"]]:
            send(environ_of(request))
        rest = requests[job["warm_up"] :]
        half = len(rest) // 2
        results[title] = {
            "parts": profiled(rest[:half]),
            "statements": explained(rest[half:]),
        }
    print(json.dumps(results), file=answers, flush=True)


if __name__ == "__main__":
    main()
