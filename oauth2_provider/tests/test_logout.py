"""The end session endpoint over HTTP (OpenID Connect RP-Initiated Logout 1.0)."""

import json

import jwt
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .logout_case import GOODBYE, LogoutCase


@tagged("post_install", "-at_install", "neighbours")
class TestEndSession(LogoutCase):
    def test_with_a_hint_of_this_session_the_browser_returns_at_once(self):
        tokens = self.get_tokens()
        self.assertTrue(self.is_logged_in())
        response = self.end_session(
            id_token_hint=tokens["id_token"], post_logout_redirect_uri=GOODBYE, state="a b"
        )
        self.assertEqual(response.headers["Location"], f"{GOODBYE}?state=a+b")
        self.assertFalse(self.is_logged_in())
        self.assertFalse(self.is_accepted(tokens["access_token"]))

    def test_s06_nothing_unknown_and_nothing_long_is_kept(self):
        """Anybody may come here, without an application."""

        def kept():
            self.env.cr.execute("SELECT parameters FROM oauth2_provider_logout_request")
            return [json.loads(parameters) for (parameters,) in self.env.cr.fetchall()]

        form = {"state": "s", "unknown": "x" * 50_000}
        self.url_open("/oauth2/end_session", data=form, allow_redirects=False)
        self.assertEqual(kept(), [[["state", "s"]]])
        response = self.url_open("/oauth2/end_session", data={"state": "x" * 50_000})
        self.assertEqual(response.status_code, 400)
        self.assertEqual(len(kept()), 1)

    def test_without_an_address_the_person_stays_on_our_page(self):
        page = self.end_session(id_token_hint=self.get_tokens()["id_token"])
        self.assertIn('id="oauth2_logged_out"', page.text)
        self.assertNotIn("oauth2_continue", page.text)
        self.assertFalse(self.is_logged_in())

    def test_post_from_another_site(self):
        """It comes without the Lax cookie, and must not log anybody in or out by itself."""
        tokens = self.get_tokens()
        cookies = self.opener.cookies.copy()
        self.opener.cookies.clear()
        response = self.url_open(
            "/oauth2/end_session",
            data={"id_token_hint": tokens["id_token"], "post_logout_redirect_uri": GOODBYE},
            headers={"Origin": "https://client.example"},
            allow_redirects=False,
        )
        self.assertEqual(response.status_code, 303)
        self.assertNotIn("session_id", response.cookies)
        self.assertNotIn(tokens["id_token"], response.headers["Location"])
        self.opener.cookies.update(cookies)
        self.assertTrue(self.is_logged_in())
        response = self.follow(response)
        self.assertEqual(response.headers["Location"], GOODBYE)
        self.assertFalse(self.is_logged_in())

    def test_without_a_hint_the_person_is_asked(self):
        self.get_tokens()
        page = self.end_session(
            client_id=self.application.client_identifier, post_logout_redirect_uri=GOODBYE
        )
        self.assertIn('name="logout" value="yes"', page.text)
        self.assertIn("Ada Lovelace", page.text)
        self.assertTrue(self.is_logged_in())
        self.assertIn("oauth2_still_logged_in", self.confirm(page, "no").text)
        self.assertTrue(self.is_logged_in())
        self.assertEqual(self.confirm(page).headers["Location"], GOODBYE)
        self.assertFalse(self.is_logged_in())

    def test_confirmation_needs_the_token_of_the_form(self):
        self.get_tokens()
        self.end_session()
        with mute_logger("odoo.http"):
            response = self.url_open("/oauth2/end_session/confirm", data={"logout": "yes"})
        self.assertEqual(response.status_code, 400)
        self.assertTrue(self.is_logged_in())

    def test_l04_hint_of_another_user_asks(self):
        hint = self.get_tokens()["id_token"]
        self.end_session(id_token_hint=hint)
        new_test_user(self.env, "grace", password="grace-password", groups="base.group_user")
        self.authenticate("grace", "grace-password")
        page = self.end_session(id_token_hint=hint, post_logout_redirect_uri=GOODBYE)
        self.assertIn('name="logout" value="yes"', page.text)
        self.assertTrue(self.is_logged_in())

    def test_foreign_and_unsigned_hints_end_on_a_page(self):
        tokens = self.get_tokens()
        claims = jwt.decode(tokens["id_token"], options={"verify_signature": False})
        head, body, signature = tokens["id_token"].split(".")
        hints = {
            "none": jwt.encode(claims, None, algorithm="none"),
            "shared key": jwt.encode(claims, "a" * 32, algorithm="HS256"),
            "changed": f"{head}.{body}.{signature[:-8]}AAAAAAAA",
            "garbage": "x",
        }
        for name, hint in hints.items():
            with self.subTest(name):
                page = self.end_session(id_token_hint=hint, post_logout_redirect_uri=GOODBYE)
                self.assertEqual(page.status_code, 400)
                self.assertIn('id="oauth2_error"', page.text)
        self.assertTrue(self.is_logged_in())

    def test_unregistered_address_ends_on_a_page(self):
        hint = self.get_tokens()["id_token"]
        for address in ("https://evil.example/", f"{GOODBYE}/", f"{GOODBYE}?a=b"):
            with self.subTest(address):
                page = self.end_session(id_token_hint=hint, post_logout_redirect_uri=address)
                self.assertEqual(page.status_code, 400)
                self.assertIn('id="oauth2_error"', page.text)
        self.assertTrue(self.is_logged_in())

    def test_page_speaks_the_wished_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        page = self.end_session(id_token_hint=self.get_tokens()["id_token"], ui_locales="fr")
        self.assertIn('lang="fr-FR"', page.text)

    def test_metadata(self):
        document = self.url_open("/.well-known/openid-configuration").json()
        issuer = document["issuer"]
        self.assertEqual(document["end_session_endpoint"], f"{issuer}/oauth2/end_session")
        self.assertEqual(document["check_session_iframe"], f"{issuer}/oauth2/session/check")
        for channel in ("backchannel", "frontchannel"):
            self.assertTrue(document[f"{channel}_logout_supported"])
            self.assertTrue(document[f"{channel}_logout_session_supported"])


@tagged("post_install", "-at_install")
class TestSessionManagement(LogoutCase):
    COOKIE = "oauth2_browser_state"

    def test_browser_state_follows_the_login(self):
        answer = self.log_in_for()
        self.assertRegex(answer["session_state"], r"^[0-9a-f]{64}\.[A-Za-z0-9_-]{22}$")
        first = self.opener.cookies[self.COOKIE]
        self.authorize(prompt="none")
        self.assertEqual(self.opener.cookies[self.COOKIE], first)
        self.url_open("/web/session/logout", allow_redirects=False)
        self.assertNotIn(self.COOKIE, self.opener.cookies)
        self.log_in_for()
        self.assertNotEqual(self.opener.cookies[self.COOKIE], first)

    def test_page_for_frames(self):
        response = self.url_open("/oauth2/session/check")
        self.assertEqual(response.status_code, 200)
        self.assertNotIn("X-Frame-Options", response.headers)
        self.assertNotIn("frame-ancestors", response.headers["Content-Security-Policy"])
        self.assertNotIn("Set-Cookie", response.headers)
