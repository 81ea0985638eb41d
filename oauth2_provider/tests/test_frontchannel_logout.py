"""Front-channel logout over HTTP (OpenID Connect Front-Channel Logout 1.0)."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

from odoo.tests import tagged

from .logout_case import GOODBYE, LogoutCase


@tagged("post_install", "-at_install")
class TestFrontchannelLogout(LogoutCase):
    FRAME = "https://client.example/out;v=1?a=b"

    def setUp(self):
        super().setUp()
        self.application.frontchannel_logout_uri = self.FRAME
        self.env.flush_all()

    def frames(self, page):
        return [
            unescape(address) for address in re.findall(r'<iframe[^>]*src="([^"]*)"', page.text)
        ]

    def assert_frame(self, page, sid):
        (frame,) = self.frames(page)
        self.assertTrue(frame.startswith(f"{self.FRAME}&"))
        query = parse_qs(urlsplit(frame).query)
        self.assertEqual(query, {"a": ["b"], "iss": ["http://localhost:8069"], "sid": [sid]})
        policy = page.headers["Content-Security-Policy"]
        self.assertEqual(
            policy, "frame-ancestors 'none'; frame-src https://client.example/out%3Bv=1"
        )

    def test_l08_frames_then_onwards(self):
        tokens = self.get_tokens()
        sid = self.claims_of(tokens["id_token"])["sid"]
        page = self.end_session(
            id_token_hint=tokens["id_token"], post_logout_redirect_uri=GOODBYE, state="s"
        )
        self.assertEqual(page.status_code, 200)
        self.assert_frame(page, sid)
        self.assertIn(f'href="{GOODBYE}?state=s"', page.text)
        self.assertEqual(page.headers["Refresh"], f"5; url={GOODBYE}?state=s")

    def test_odoos_own_button(self):
        sid = self.claims_of(self.get_tokens()["id_token"])["sid"]
        page = self.follow(
            self.url_open("/web/session/logout?redirect=/web/health", allow_redirects=False)
        )
        self.assert_frame(page, sid)
        self.assertIn('href="/web/health"', page.text)
        again = self.url_open("/oauth2/logged_out", allow_redirects=False)
        self.assertEqual((again.status_code, again.headers["Location"]), (303, "/"))

    def test_only_applications_of_this_session(self):
        other = self.create_application(
            secret="another secret",
            security_profile="oidc",
            frontchannel_logout_uri="https://other.example/out",
        )
        self.assertTrue(other.frontchannel_logout_uri)
        self.get_tokens()
        page = self.end_session()
        self.assertEqual(len(self.frames(self.confirm(page))), 1)
