"""Holds a token request before the step that its header names by number, until somebody releases all of them.

The number counts the steps that a request runs, those of its grant included; after the last one come the moment before
the commit and the moment after it. Who is held writes a file with its process number, so that it can be killed.
"""

import os
import time
from dataclasses import replace
from pathlib import Path

from odoo import api, models
from odoo.addons.oauth2_provider.protocol.endpoints.token import run_grant
from odoo.http import request

HEADER = "x-hold-before"
FOLDER = "OAUTH2_HELD_REQUESTS"
RELEASE = "release"


def _hold(context, number):
    name = context.request.headers.get(HEADER)
    if name is None or int(name.partition("-")[0]) != number:
        return
    folder = Path(os.environ[FOLDER])
    (folder / name).write_text(str(os.getpid()))
    while not (folder / RELEASE).exists():
        time.sleep(0.05)


def _held(step, number):
    def run(context):
        _hold(context, number)
        step(context)

    return run


class OAuth2ProviderServer(models.AbstractModel):
    _inherit = "oauth2.provider.server"

    @api.model
    def _parts(self):
        parts = super()._parts()
        token = parts.endpoints["token"]
        before = [step for step in token.steps if step is not run_grant]
        held = tuple(_held(step, number) for number, step in enumerate(before))
        return replace(
            parts,
            endpoints={
                **parts.endpoints,
                "token": replace(token, steps=(*held, run_grant)),
            },
            grants={
                name: replace(grant, steps=self._held_steps(grant.steps, len(before)))
                for name, grant in parts.grants.items()
            },
        )

    @api.model
    def _held_steps(self, steps, first):
        last = first + len(steps)

        def hold_at_the_end(context):
            # The parts outlive the request that they were made in.
            request.env.cr.postcommit.add(lambda: _hold(context, last + 1))
            _hold(context, last)

        held = (_held(step, number) for number, step in enumerate(steps, first))
        return (*held, hold_at_the_end)
