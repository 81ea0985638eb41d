"""Values that may be used once: one insert decides, on whichever worker."""

from hashlib import sha256

from .rows import fetch_one, to_timestamp


class SqlReplayStore:
    def __init__(self, cr):
        self._cr = cr

    def use_once(self, kind, value, expires_at):
        """The unique index decides. The lock only spares a loser the wait for the winner's commit; the look before it
        spares whoever comes back after years the wait for the cleanup's.

        A winner that committed after our snapshot makes the insert fail with a serialization error. The whole request
        is then repeated and sees the row.
        """
        digest = sha256(f"{kind}\0{value}".encode("utf-8", "surrogatepass")).digest()
        row = fetch_one(
            self._cr,
            """INSERT INTO oauth2_provider_single_use_value (kind, value_hash, expires_at)
               SELECT %(kind)s, %(hash)s, %(end)s
                WHERE NOT EXISTS (SELECT FROM oauth2_provider_single_use_value WHERE value_hash = %(hash)s)
                  AND pg_try_advisory_xact_lock(%(lock)s)
               ON CONFLICT (value_hash) DO NOTHING
               RETURNING id""",
            {
                "kind": kind,
                "hash": digest.hex(),
                "end": to_timestamp(expires_at),
                "lock": int.from_bytes(digest[:8], "big", signed=True),
            },
        )
        return row is not None
