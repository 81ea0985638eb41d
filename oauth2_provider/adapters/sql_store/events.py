"""The audit trail: rows are added and never touched again."""

from .rows import execute, fetch_one, to_timestamp


class SqlEventLog:
    def __init__(self, cr):
        self._cr = cr

    def record(self, event, *, unless_since=None):
        if unless_since is not None and self._is_known(event, unless_since):
            return
        execute(
            self._cr,
            """INSERT INTO oauth2_provider_event
                      (event_type, occurred_at, client_identifier, client_id, user_id, ip_address,
                       user_agent, detail)
               VALUES (%s, %s, %s, %s, %s, %s, %s, %s)""",
            [
                event.event_type,
                to_timestamp(event.occurred_at),
                event.client_identifier,
                event.client_id,
                event.user_id,
                event.ip_address,
                event.user_agent,
                event.detail,
            ],
        )

    def _is_known(self, event, since):
        row = fetch_one(
            self._cr,
            """SELECT 1 AS found FROM oauth2_provider_event
                WHERE occurred_at >= %s AND event_type = %s AND client_id = %s AND user_id = %s
                  AND detail = %s
                LIMIT 1""",
            [
                to_timestamp(since),
                event.event_type,
                event.client_id,
                event.user_id,
                event.detail,
            ],
        )
        return row is not None
