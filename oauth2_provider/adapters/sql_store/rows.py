"""Rows and times of PostgreSQL, to and from what the protocol uses."""

import json
from datetime import datetime, timezone


def execute(cr, query, parameters):
    """Run a statement; one that fails is never logged with its parameters."""
    if hasattr(cr, "sql_log_count"):
        cr.execute(query, parameters, log_exceptions=False)
    else:
        cr.execute(query, parameters)


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
