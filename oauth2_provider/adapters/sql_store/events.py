"""The audit trail: rows are added and never touched again."""

from .rows import execute, to_timestamp


class SqlEventLog:
    def __init__(self, cr):
        self._cr = cr

    def record(self, event):
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
