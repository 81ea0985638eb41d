"""Logout requests between their arrival and the logout."""

import json

from ...protocol.entities.logout_request import LogoutRequest
from ...protocol.messages import Parameters
from .rows import execute, fetch_one, to_seconds, to_timestamp


class SqlLogoutRequestStore:
    def __init__(self, cr):
        self._cr = cr

    def save_logout_request(self, request):
        execute(
            self._cr,
            """INSERT INTO oauth2_provider_logout_request (handle_hash, parameters, expires_at)
               VALUES (%s, %s, %s)""",
            [
                request.handle_hash,
                json.dumps(request.parameters.pairs),
                to_timestamp(request.expires_at),
            ],
        )

    def find_logout_request(self, handle_hash):
        row = fetch_one(
            self._cr,
            "SELECT * FROM oauth2_provider_logout_request WHERE handle_hash = %s",
            [handle_hash],
        )
        return row and LogoutRequest(
            handle_hash=row["handle_hash"],
            parameters=Parameters.of(
                (name, value) for name, value in json.loads(row["parameters"])
            ),
            expires_at=to_seconds(row["expires_at"]),
        )
