"""The page that posts itself to the client, with headers under which nothing else runs or goes out."""

from base64 import b64encode
from hashlib import sha256
from urllib.parse import urlsplit

from odoo.http import request

from ..adapters.odoo_http import add_headers
from ..adapters.odoo_languages import to_tag
from .routing import PAGE_HEADERS

SCRIPT = "document.forms[0].submit()"
_SCRIPT_HASH = b64encode(sha256(SCRIPT.encode()).digest()).decode()


def form_post_page(response):
    """:param response: one with a page ``form_post``"""
    values = response.page.values
    answer = request.render(
        "oauth2_provider.form_post_page",
        {
            "action": values["action"],
            "fields": values["fields"],
            "script": SCRIPT,
            "lang": request.env.lang and to_tag(request.env.lang),
        },
    )
    add_headers(answer, response)
    policy = _content_security_policy(values["action"])
    answer.headers.update(PAGE_HEADERS | {"Content-Security-Policy": policy})
    return answer


def _content_security_policy(action):
    """The form may go to the client, and from there on by redirects, to which browsers apply the same rule."""
    client = urlsplit(action)
    origin = f"{client.scheme}://{client.netloc}" if client.netloc else f"{client.scheme}:"
    # A client that is only being tried out, without https, goes on without it as well.
    onwards = "http: https:" if client.scheme == "http" else "https:"
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src 'sha256-{_SCRIPT_HASH}'",
            f"form-action {origin} {onwards}",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        ]
    )
