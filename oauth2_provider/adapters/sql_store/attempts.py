"""Failed attempts."""

from .rows import execute, to_timestamp


class SqlAttemptLog:
    def __init__(self, cr):
        self._cr = cr

    def record_attempt(self, kind, keys, now):
        values = [(kind, key, to_timestamp(now)) for key in keys]
        execute(
            self._cr,
            f"""INSERT INTO oauth2_provider_attempt (kind, key, occurred_at)
                VALUES {", ".join(["%s"] * len(values))}""",
            values,
        )

    def count_attempts(self, kind, keys, since):
        execute(
            self._cr,
            """SELECT key, count(*) FROM oauth2_provider_attempt
                WHERE kind = %s AND key = ANY(%s) AND occurred_at > %s GROUP BY key""",
            [kind, list(keys), to_timestamp(since)],
        )
        return dict(self._cr.fetchall())
