"""The audit trail: rows are added and never touched again."""

from ...protocol.ports import RefusalCounts
from ...protocol.storable_text import to_storable
from .rows import execute, fetch_one, to_timestamp, write_later

# A statement of its own, or a part of the one that does what the event tells.
RECORD_EVENT = """
    INSERT INTO oauth2_provider_event
           (event_type, occurred_at, client_identifier, client_id, user_id, ip_address, user_agent,
            detail)
    VALUES (%(event_type)s, %(occurred_at)s, %(client_identifier)s, %(client_id)s, %(user_id)s,
            %(ip_address)s, %(user_agent)s, %(detail)s)
"""
# The rows of the partial index that counts them.
REFUSALS = "event_type LIKE '%%\\_refused'"


def _counter(event_type):
    """A sequence: counting with it waits for nobody, and survives a request that is rolled back."""
    return f"oauth2_provider_unrecorded_{event_type}"


def event_values(event):
    """What ``RECORD_EVENT`` wants to know. Headers, and what is quoted of an answer of others, may hold anything."""
    values = {
        name: to_storable(value) if isinstance(value, str) else value
        for name, value in vars(event).items()
    }
    return values | {"occurred_at": to_timestamp(event.occurred_at)}


class SqlEventLog:
    def __init__(self, cr):
        self._cr = cr

    def record(self, event, *, unless_since=None):
        if unless_since is not None and self._is_known(event, unless_since):
            return
        write_later(self._cr, RECORD_EVENT, event_values(event))

    def count_refusals(self, event_type, client_id, since):
        row = fetch_one(
            self._cr,
            f"""SELECT count(*) AS of_type,
                       count(*) FILTER (WHERE client_id IS NOT DISTINCT FROM %s) AS of_client,
                       (SELECT CASE WHEN is_called THEN last_value ELSE 0 END
                          FROM {_counter(event_type)}) AS unrecorded
                  FROM oauth2_provider_event
                 WHERE event_type = %s AND occurred_at > %s AND {REFUSALS}""",
            [client_id, event_type, to_timestamp(since)],
        )
        return RefusalCounts(**row)

    def count_unrecorded(self, event_type):
        execute(self._cr, "SELECT nextval(%s)", [_counter(event_type)])

    def forget_unrecorded(self, event_type):
        execute(self._cr, "SELECT setval(%s, 1, false)", [_counter(event_type)])

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
                to_storable(event.detail),
            ],
        )
        return row is not None
