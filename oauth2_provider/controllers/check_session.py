"""The page that applications keep in a hidden frame (OpenID Connect Session Management 1.0 §3.2)."""

from base64 import b64encode
from hashlib import sha256
from pathlib import Path

from odoo import http
from odoo.http import request

from ..protocol.session_management import CHECK_SESSION_PATH

_SCRIPT = (Path(__file__).parent.parent / "static/src/check_session.js").read_text("utf-8")
_SCRIPT_HASH = b64encode(sha256(_SCRIPT.encode()).digest()).decode()
_PAGE = f'<!DOCTYPE html><html><head><meta charset="utf-8"></head><body><script>{_SCRIPT}</script></body></html>'
_HEADERS = [
    ("Content-Type", "text/html; charset=utf-8"),
    # Any application may frame it; it shows nothing, and nothing but its own script runs.
    ("Content-Security-Policy", f"default-src 'none'; script-src 'sha256-{_SCRIPT_HASH}'"),
    ("Cache-Control", "public, max-age=3600"),
    ("Referrer-Policy", "no-referrer"),
]


class CheckSessionController(http.Controller):
    @http.route(
        CHECK_SESSION_PATH,
        type="http",
        auth="none",
        methods=["GET"],
        save_session=False,
        readonly=True,
    )
    def check_session(self):
        return request.make_response(_PAGE, headers=_HEADERS)
