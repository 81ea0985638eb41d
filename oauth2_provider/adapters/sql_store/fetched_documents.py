"""Documents of other servers, and whose turn it is to fetch them."""

from hashlib import sha256

from ...protocol.ports import StoredDocument
from .rows import execute, fetch_one, to_seconds, to_timestamp


class SqlFetchedDocumentStore:
    def __init__(self, cr):
        self._cr = cr

    def find_document(self, url):
        row = fetch_one(
            self._cr,
            "SELECT body, fetched_at FROM oauth2_provider_fetched_document WHERE url_hash = %s",
            [_hash(url)],
        )
        if row is None or row["body"] is None:
            return None
        return StoredDocument(row["body"], to_seconds(row["fetched_at"]))

    def claim_fetch(self, url, now, *, interval):
        """Of several requests that want a new document, all but one wait here, then start over and find it."""
        row = fetch_one(
            self._cr,
            """INSERT INTO oauth2_provider_fetched_document AS d (url_hash, url, tried_at)
               VALUES (%(hash)s, %(url)s, %(now)s)
               ON CONFLICT (url_hash) DO UPDATE SET tried_at = EXCLUDED.tried_at
                     WHERE d.tried_at <= %(latest)s
               RETURNING id""",
            _claim(url, now, interval),
        )
        return row is not None

    def claim_renewal(self, url, now, *, interval):
        """Nobody waits here: who comes second goes by the document that there is."""
        row = fetch_one(
            self._cr,
            """UPDATE oauth2_provider_fetched_document
                  SET tried_at = %(now)s, renewed_at = %(now)s
                WHERE id = (SELECT id FROM oauth2_provider_fetched_document
                             WHERE url_hash = %(hash)s
                               AND (renewed_at IS NULL OR renewed_at <= %(latest)s)
                               FOR UPDATE SKIP LOCKED)
            RETURNING id""",
            _claim(url, now, interval),
        )
        return row is not None

    def save_document(self, url, text, now):
        execute(
            self._cr,
            """UPDATE oauth2_provider_fetched_document SET body = %s, fetched_at = %s
                WHERE url_hash = %s""",
            [text, to_timestamp(now), _hash(url)],
        )


def _hash(url):
    return sha256(url.encode()).hexdigest()


def _claim(url, now, interval):
    return {
        "hash": _hash(url),
        "url": url,
        "now": to_timestamp(now),
        "latest": to_timestamp(now - interval),
    }
