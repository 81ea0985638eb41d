"""What the pages of the portal share."""

import re

from odoo import http
from odoo.addons.oauth2_provider.adapters.database_outage import answer_for

# As Odoo's own page for the password: nobody may lay a button under something else.
NO_FRAMES = {
    "X-Frame-Options": "SAMEORIGIN",
    "Content-Security-Policy": "frame-ancestors 'self'",
    "Cache-Control": "no-store",
}


def portal_route(path, *, methods):
    """A page for whoever is logged in; forms carry Odoo's CSRF token."""
    # With a website, the language may stand before it.
    answer_for(rf"(/[^/]+)?{re.escape(path)}/?$")
    return http.route(
        path,
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        methods=methods,
        max_content_length=65536,
    )
