"""How long an answer of another server stays good (RFC 9111)."""

from __future__ import annotations

import pytest
from protocol.http_caching import freshness_of

DATE = "Wed, 25 Nov 2026 10:00:00 GMT"


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, None),
        ({"cache-control": "public"}, None),
        ({"age": "5"}, None),
        ({"cache-control": "max-age=300"}, 300),
        ({"cache-control": "public, Max-Age = 300"}, None),
        ({"cache-control": 'public , MAX-AGE="300", must-revalidate'}, 300),
        ({"cache-control": "max-age=300", "age": "100"}, 200),
        ({"cache-control": "max-age=300", "age": "1000"}, 0),
        ({"cache-control": "max-age=300", "age": "old"}, 300),
        ({"cache-control": "max-age=-1"}, 0),
        ({"cache-control": "max-age=soon"}, 0),
        ({"cache-control": "max-age"}, 0),
        ({"cache-control": "max-age=99999999999999999999"}, 2**31 - 1),
        ({"cache-control": f"max-age={'9' * 5000}"}, 0),
        ({"cache-control": "no-store"}, 0),
        ({"cache-control": "max-age=300, no-cache"}, 0),
        ({"cache-control": 'private, x="no-store", max-age=60'}, 60),
        ({"expires": "Wed, 25 Nov 2026 10:05:00 GMT", "date": DATE}, 300),
        ({"expires": "Wed, 25 Nov 2026 10:05:00 GMT", "date": DATE, "age": "60"}, 240),
        ({"expires": "Wed, 25 Nov 2026 09:00:00 GMT", "date": DATE}, 0),
        ({"expires": "Wed, 25 Nov 2026 10:05:00 GMT"}, 0),
        ({"expires": "0", "date": DATE}, 0),
        ({"expires": DATE, "date": "Wed, 25 Nov 2026 10:00:00"}, 0),
        ({"expires": DATE, "date": DATE, "cache-control": "max-age=9"}, 9),
    ],
)
def test_freshness(headers: dict[str, str], expected: int | None) -> None:
    assert freshness_of(headers) == expected
