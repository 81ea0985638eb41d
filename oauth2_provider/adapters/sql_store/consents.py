"""What end-users have agreed to, one row per end-user and client."""

from ...protocol.scope import format_scope
from .rows import execute, fetch_one, to_scope, to_timestamp


class SqlConsentStore:
    def __init__(self, cr):
        self._cr = cr

    def find_consented_scope(self, user_id, client_id, about):
        row = fetch_one(
            self._cr,
            """SELECT scope FROM oauth2_provider_consent
                WHERE user_id = %s AND client_id = %s AND about = %s""",
            [user_id, client_id, about],
        )
        return to_scope(row and row["scope"])

    def remember_consent(self, user_id, client_id, about, scope, now):
        scope = scope | self.find_consented_scope(user_id, client_id, about)
        execute(
            self._cr,
            """INSERT INTO oauth2_provider_consent (user_id, client_id, about, scope, granted_at)
               VALUES (%s, %s, %s, %s, %s)
               ON CONFLICT (user_id, client_id)
               DO UPDATE SET about = EXCLUDED.about, scope = EXCLUDED.scope,
                             granted_at = EXCLUDED.granted_at""",
            [user_id, client_id, about, format_scope(scope), to_timestamp(now)],
        )
