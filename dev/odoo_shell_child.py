"""The inner side of odoo_shell, run by Odoo's Python: reads one JSON job per line, answers one JSON line each."""

import json
import os
import sys
import traceback

import odoo
from odoo.modules.registry import Registry
from odoo.tools import config

answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)  # whatever prints to standard output must not disturb the answers


def answer(database, job):
    registry = Registry(database).check_signaling()
    with registry.cursor() as cursor:
        env = odoo.api.Environment(cursor, odoo.SUPERUSER_ID, {})
        scope = {"env": env, "result": None, **job["values"]}
        exec(job["code"], scope)
        env.flush_all()
        cursor.commit()
        registry.signal_changes()
        return {"result": scope["result"]}


def main():
    config.parse_config(sys.argv[1:], setup_logging=True)
    database = config["db_name"][0]
    for line in sys.stdin:
        try:
            text = json.dumps(answer(database, json.loads(line)), default=str)
        except Exception:
            # whatever the piece of code raises belongs to its caller, not to this process
            text = json.dumps({"error": traceback.format_exc()})
        print(text, file=answers, flush=True)


main()
