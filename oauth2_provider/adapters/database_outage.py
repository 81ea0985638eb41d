"""What our addresses answer while PostgreSQL does not: 503, and when to come again (RFC 9110 §15.6.4).

Without a database Odoo finds no add-on's routes and says 404, by which an application learns that its provider is gone
for good. So this is the one place that changes Odoo itself, for addresses of ours alone.
"""

import functools
import re
import sys
from contextlib import closing

import psycopg2
from odoo import http
from odoo.http import RegistryError
from odoo.sql_db import db_connect

from ..protocol.errors import OAuthError
from ..protocol.messages import NO_STORE, Response
from .odoo_http import to_json_response

# The second is how Odoo's rollback finds out about the first.
DATABASE_GONE = (psycopg2.OperationalError, psycopg2.InterfaceError)
_HEADERS = (*NO_STORE, ("Retry-After", "1"))
# For machines.
COME_AGAIN = Response(
    status=503, json=OAuthError("temporarily_unavailable").members(), headers=_HEADERS
)

# Patterns of paths, each with what else makes a request ours.
_OUR_ADDRESSES = []
# No template and no language is at hand.
_PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Please try again</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body style="font-family: sans-serif; margin: 4em auto; max-width: 30em; padding: 0 1em">
<h1>Please try again in a moment</h1><p>This server cannot reach its database just now.</p></body></html>
"""


def answer_for(pattern, is_ours=lambda: True):
    """Have us answer at these addresses when PostgreSQL does not; called once per process.

    :param pattern: of their paths, from the beginning
    :param is_ours: tells whether the request under way is for us, where an address is not ours alone
    """
    _OUR_ADDRESSES.append((re.compile(pattern), is_ours))


answer_for(r"/oauth2/|.*/\.well-known/(openid-configuration|oauth-authorization-server)")


def is_for_us(path):
    """Whether the request under way, to this path, is ours, as far as that can be told without a database."""
    return any(pattern.match(path) and is_ours() for pattern, is_ours in _OUR_ADDRESSES)


def unavailable_page(request):
    """For a person; nothing of the session is written, so that nobody is logged out by it."""
    headers = [*_HEADERS, ("Content-Type", "text/html; charset=utf-8")]
    return request.make_response(_PAGE, headers, status=503)


def install():
    """Put our answer before Odoo's; called once per process."""
    serve_without_database = http.Request._serve_nodb

    @functools.wraps(serve_without_database)
    def serve(request):
        if is_for_us(request.httprequest.path) and _database_is_away():
            return _unavailable(request)
        return serve_without_database(request)

    http.Request._serve_nodb = serve


def _database_is_away():
    failure = sys.exc_info()[1]
    if isinstance(failure, RegistryError):
        # Odoo comes here from its handler.
        return isinstance(failure.__cause__, DATABASE_GONE)
    # Or because it found no database, which may be one too many or the want of a connection.
    try:
        with closing(db_connect("postgres").cursor()):
            return False
    except DATABASE_GONE:
        return True


def _unavailable(request):
    if "text/html" in request.httprequest.headers.get("Accept", ""):
        return unavailable_page(request)
    answer = to_json_response(COME_AGAIN)
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer
