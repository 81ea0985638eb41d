"""`make bench ARGS=--profile`: where the time of each route goes, by part of the program and by statement."""

import json
import subprocess

from dev.console import say, step
from dev.measured_page import PERFORMANCE, write_result
from dev.settings import ADDON, ROOT, DevError

from . import contents
from .routes import ROUTES
from .run import CHEAPEST, LIVE_TOKENS, YARDSTICK, durable_workbench

CHILD = ROOT / "bench/profile_child.py"
WARM_UP, REQUESTS = 30, 150


def run() -> int:
    """Profile, print, and write to docs/performance.md; returns the exit code."""
    with durable_workbench() as workbench:
        database = workbench.create_database("profile", [ADDON, YARDSTICK])
        with step(f"put in {LIVE_TOKENS:,} tokens"), workbench.shell(database) as shell:
            total = WARM_UP + 2 * REQUESTS
            put_in = contents.fill(
                shell, workbench.databases, database, live=LIVE_TOKENS, redeemed=total
            )
            contents.settle(workbench.databases, database)
        job = {
            "arguments": [*workbench.odoo.arguments(database), *CHEAPEST],
            "warm_up": WARM_UP,
            "routes": {
                route.title: [route.request(put_in, number) for number in range(1, total + 1)]
                for route in ROUTES
            },
        }
        with step("profile"):
            done = subprocess.run(
                [str(workbench.odoo.python.python), str(CHILD)],
                env=workbench.odoo.environment(),
                input=json.dumps(job),
                capture_output=True,
                text=True,
                check=False,
            )
    if done.returncode:
        raise DevError(f"the profile failed:\n{done.stderr[-2000:]}")
    text = _text(json.loads(done.stdout.splitlines()[-1]))
    say(f"\n{text}\n")
    say(f"written to {write_result(PERFORMANCE, 'profile', text)}")
    return 0


def _text(routes: dict) -> str:
    parts = list(dict.fromkeys(part for found in routes.values() for part in found["parts"]))
    rows = [
        "| ms of Odoo's processor | " + " | ".join(parts) + " |",
        "|---|" + "---:|" * len(parts),
    ]
    for title, found in routes.items():
        values = (f"{1000 * found['parts'].get(part, 0):.2f}" for part in parts)
        rows.append(f"| {title} | {' | '.join(values)} |")
    rows += ["", "| Statement | planning | execution |", "|---|---:|---:|"]
    for title, found in routes.items():
        for statement, planning, execution in found["statements"]:
            rows.append(f"| {title}: `{statement}` | {planning:.2f} ms | {execution:.2f} ms |")
    return "\n".join(rows)
