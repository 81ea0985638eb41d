"""What the tests of logouts share: an application that wants to hear of them, and its server."""

import re
from hashlib import sha256
from html import unescape
from urllib.parse import urlencode

from odoo.http import STORED_SESSION_BYTES

from ..protocol.session_identifier import sid_of
from .openid_case import OpenIDCase
from .tls_servers import Authority, TlsServer, answer_with

GOODBYE = "https://client.example/goodbye"


class LogoutCase(OpenIDCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.authority = Authority("localhost")
        cls.addClassCleanup(cls.authority.close)
        parameters = cls.env["ir.config_parameter"].sudo()
        parameters.set_param("oauth2_provider.outbound_allowed_hosts", "localhost")
        parameters.set_param("oauth2_provider.outbound_ca_bundle", cls.authority.bundle)
        cls.application.write(
            {
                "is_trusted": True,
                "post_logout_redirect_uri_ids": [(0, 0, {"uri": GOODBYE})],
            }
        )
        cls.env.flush_all()

    def serve(self, answer=None):
        """The application's own server, at the back-channel address."""
        server = TlsServer(self.authority, answer or answer_with())
        self.addCleanup(server.close)
        self.application.backchannel_logout_uri = server.url("/logout")
        self.env.flush_all()
        return server

    def get_tokens(self, **changes):
        """A whole login and its tokens."""
        return self.redeem(self.log_in_for(**changes)["code"]).json()

    def end_session(self, **parameters):
        query = urlencode({name: value for name, value in parameters.items() if value})
        return self.follow(self.url_open(f"/oauth2/end_session?{query}", allow_redirects=False))

    def confirm(self, page, decision="yes"):
        form = {
            name: unescape(re.search(rf'name="{name}"[^>]*value="([^"]*)"', page.text)[1])
            for name in ("csrf_token", "rid")
        }
        return self.follow(
            self.url_open(
                "/oauth2/end_session/confirm",
                data={**form, "logout": decision},
                allow_redirects=False,
            )
        )

    def is_logged_in(self):
        return "/web/login" not in self.url_open("/odoo", allow_redirects=False).headers.get(
            "Location", ""
        )

    def is_accepted(self, token):
        return self.userinfo(token).status_code == 200

    def deliver(self):
        """As the thread after the transaction does, and the scheduled job."""
        with self.registry.cursor() as cr:
            self.env(cr=cr)["oauth2.provider.logout.notice"]._deliver_due()
        self.env.invalidate_all()

    def notices(self):
        self.env.invalidate_all()
        return self.env["oauth2.provider.logout.notice"].search(
            [("client_id", "=", self.application.id)]
        )

    def expected_sid(self):
        """Of the browser's session at this moment."""
        identifier = self.opener.cookies["session_id"][:STORED_SESSION_BYTES]
        session_hash = sha256(identifier.encode()).hexdigest()
        return sid_of(session_hash, self.application.client_identifier)
