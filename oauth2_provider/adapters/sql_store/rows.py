"""Rows and times of PostgreSQL, to and from what the protocol uses."""

import json
from datetime import datetime, timezone
from functools import partial

_WRITES = "oauth2_provider.writes"


def write_later(cr, query, parameters):
    """Have a statement run before the commit, together with others: the way there and back costs more than it does.

    For writes whose result nobody needs. Statements of ours that come after it see what it wrote; of those of Odoo's
    models, only what comes after ``cr.flush()``.
    """
    writes = cr.precommit.data.setdefault(_WRITES, [])
    if not writes:
        cr.precommit.add(partial(_write, cr))
    writes.append(cr.mogrify(query, parameters))


def _write(cr):
    if writes := cr.precommit.data.pop(_WRITES, None):
        cr.execute(b";".join(writes), log_exceptions=False)


def execute(cr, query, parameters):
    """Run a statement; one that fails is never logged with its parameters."""
    _write(cr)
    cr.execute(query, parameters, log_exceptions=False)


def fetch_one(cr, query, parameters):
    """The first row as a dict, or None."""
    execute(cr, query, parameters)
    row = cr.fetchone()
    return row and {column.name: value for column, value in zip(cr.description, row, strict=True)}


def fetch_all(cr, query, parameters):
    """All rows as dicts."""
    execute(cr, query, parameters)
    names = [column.name for column in cr.description]
    return [dict(zip(names, row, strict=True)) for row in cr.fetchall()]


def to_timestamp(seconds):
    """Seconds since 1970 UTC as Odoo stores times; None stays None."""
    if seconds is None:
        return None
    return datetime.fromtimestamp(seconds, timezone.utc).replace(tzinfo=None)


def to_seconds(timestamp):
    """The other way round."""
    return None if timestamp is None else int(to_moment(timestamp))


def to_moment(timestamp):
    """The same with its fraction."""
    return timestamp.replace(tzinfo=timezone.utc).timestamp()


def to_scope(text):
    return frozenset((text or "").split())


def to_audience(text):
    """URIs hold no space, so a column holds several; their order is kept."""
    return tuple((text or "").split())


def audience_text(audience):
    return " ".join(audience) or None


def to_details(text):
    return tuple(json.loads(text)) if text else ()


def details_text(details):
    return json.dumps(list(details)) if details else None
