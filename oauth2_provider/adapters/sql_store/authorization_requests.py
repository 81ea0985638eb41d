"""Authorization requests that wait for their end-user."""

import json

from ...protocol.entities.authorization import AuthorizationRequest
from ...protocol.messages import Parameters
from .rows import execute, fetch_one, to_moment, to_seconds, to_timestamp


class SqlAuthorizationRequestStore:
    def __init__(self, cr):
        self._cr = cr

    def save_request(self, request):
        execute(
            self._cr,
            """INSERT INTO oauth2_provider_authorization_request
                      (handle_hash, browser_hash, client_id, parameters, created_at, expires_at,
                       pushed_hash)
               SELECT %s, %s, id, %s, %s, %s, %s
                 FROM oauth2_provider_client WHERE client_identifier = %s""",
            [
                request.handle_hash,
                request.browser_hash,
                json.dumps(request.parameters.pairs),
                to_timestamp(request.created_at),
                to_timestamp(request.expires_at),
                request.pushed_hash,
                request.client_identifier,
            ],
        )

    def find_request(self, handle_hash):
        row = fetch_one(
            self._cr,
            """SELECT r.*, c.client_identifier
                 FROM oauth2_provider_authorization_request r
                 JOIN oauth2_provider_client c ON c.id = r.client_id
                WHERE r.handle_hash = %s""",
            [handle_hash],
        )
        return row and AuthorizationRequest(
            handle_hash=row["handle_hash"],
            browser_hash=row["browser_hash"],
            client_identifier=row["client_identifier"],
            parameters=Parameters.of(
                (name, value) for name, value in json.loads(row["parameters"])
            ),
            created_at=to_moment(row["created_at"]),
            expires_at=to_seconds(row["expires_at"]),
            completed_at=to_seconds(row["completed_at"]),
            pushed_hash=row["pushed_hash"],
        )

    def complete_request(self, handle_hash, now):
        row = fetch_one(
            self._cr,
            """UPDATE oauth2_provider_authorization_request SET completed_at = %s
                WHERE id = (SELECT id FROM oauth2_provider_authorization_request
                             WHERE handle_hash = %s AND completed_at IS NULL
                               FOR UPDATE SKIP LOCKED)
            RETURNING id""",
            [to_timestamp(now), handle_hash],
        )
        return row is not None
