"""Rooms with so many places in each: advisory locks, which end with the transaction whatever happens to its worker."""

from hashlib import sha256

from .rows import fetch_one


class SqlPlaces:
    def __init__(self, cr):
        self._cr = cr

    def take_place(self, room, places):
        digest = sha256(room.encode()).digest()
        row = fetch_one(
            self._cr,
            "SELECT n FROM generate_series(1, %s) n WHERE pg_try_advisory_xact_lock(%s, n) LIMIT 1",
            [places, int.from_bytes(digest[:4], "big", signed=True)],
        )
        return row is not None
