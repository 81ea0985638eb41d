"""Back-channel logout against a real server, whatever way the session ends (OpenID Connect Back-Channel Logout 1.0)."""

import time
from urllib.parse import parse_qs

import jwt
from odoo import fields
from odoo.http import STORED_SESSION_BYTES, root
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..protocol.grants.token_exchange import ACCESS_TOKEN_TYPE, GRANT_TYPE
from .logout_case import LogoutCase
from .tls_servers import answer_with


@tagged("post_install", "-at_install")
class TestBackchannelLogout(LogoutCase):
    def logout_token_of(self, request):
        head, _, body = request.partition(b"\r\n\r\n")
        self.assertTrue(head.startswith(b"POST /logout HTTP/1.1"))
        self.assertIn(b"content-type: application/x-www-form-urlencoded", head.lower())
        return parse_qs(body.decode())["logout_token"][0]

    def test_l07_logout_token(self):
        server = self.serve()
        id_token = self.claims_of(self.get_tokens()["id_token"])
        self.assertEqual(id_token["sid"], self.expected_sid())
        self.url_open("/web/session/logout", allow_redirects=False)
        self.deliver()
        (request,) = server.requests
        token = self.logout_token_of(request)
        self.assertEqual(jwt.get_unverified_header(token)["typ"], "logout+jwt")
        claims = self.claims_of(token)
        self.assertEqual(claims["sub"], id_token["sub"])
        self.assertEqual(claims["sid"], id_token["sid"])
        self.assertEqual(
            claims["events"], {"http://schemas.openid.net/event/backchannel-logout": {}}
        )
        self.assertLessEqual(claims["exp"] - claims["iat"], 120)
        self.assertTrue(claims["jti"])
        self.assertNotIn("nonce", claims)
        self.assertEqual(self.notices().mapped("state"), ["delivered"])
        self.deliver()
        self.assertEqual(len(server.requests), 1)

    def test_t05_a_logout_token_says_nobody_is_logged_in(self):
        """It is ours, about this person and for this application; only by its type is it refused as a hint."""
        server = self.serve()
        id_token = self.get_tokens()["id_token"]
        self.url_open("/web/session/logout", allow_redirects=False)
        self.deliver()
        logout_token = self.logout_token_of(server.requests[0])
        self.authenticate("ada", "ada-password")
        for hint, error in ((id_token, None), (logout_token, "login_required")):
            answer = self.answer(self.authorize(id_token_hint=hint, prompt="none"))
            self.assertEqual(answer.get("error"), error)

    def test_sid_only_for_applications_that_hear_of_logouts(self):
        self.assertNotIn("sid", self.claims_of(self.get_tokens()["id_token"]))

    def test_l06_failures_are_repeated_and_seen(self):
        server = self.serve(answer_with(b"", "500 Internal Server Error"))
        self.get_tokens()
        self.url_open("/web/session/logout", allow_redirects=False)
        self.deliver()
        notice = self.notices()
        self.assertEqual((notice.state, notice.attempts), ("waiting", 1))
        self.assertIn("500", notice.last_error)
        self.assertGreater(notice.next_attempt_at, fields.Datetime.now())
        self.deliver()
        self.assertEqual(len(server.requests), 1)
        server = self.serve()
        notice.action_retry()
        self.env.flush_all()
        self.deliver()
        self.assertEqual(len(server.requests), 1)
        self.assertEqual(notice.state, "delivered")

    def test_l06_given_up_in_the_end(self):
        self.serve(answer_with(b"", "302 Found", "Location: https://localhost/elsewhere"))
        self.get_tokens()
        self.url_open("/web/session/logout", allow_redirects=False)
        notice = self.notices()
        for _attempt in range(9):
            self.assertEqual(notice.state, "waiting")
            notice.next_attempt_at = fields.Datetime.now()
            self.env.flush_all()
            self.deliver()
        self.assertEqual((notice.state, notice.attempts), ("failed", 9))

    def test_l06_addresses_of_the_own_network_are_not_opened(self):
        server = self.serve()
        self.env["ir.config_parameter"].set_param("oauth2_provider.outbound_allowed_hosts", "")
        self.get_tokens()
        self.url_open("/web/session/logout", allow_redirects=False)
        self.deliver()
        self.assertEqual(server.connections, 0)
        self.assertIn("not an address to connect to", self.notices().last_error)

    def test_l10_password_change(self):
        self.assert_told(lambda: self.person.write({"password": "another-password"}))

    def test_l10_archived(self):
        self.assert_told(lambda: self.person.write({"active": False}))

    def test_l10_deleted(self):
        # beside a website, Odoo warns when a browser whose person is no longer there asks to be logged out
        with mute_logger("odoo.http"):
            self.assert_told(self.person.unlink)

    def test_l10_device_revoked(self):
        def revoke():
            self.env["res.device"].search([("user_id", "=", self.person.id)])._revoke()

        self.assert_told(revoke, self.add_device)

    def test_l10_all_devices(self):
        def log_out_everywhere():
            self.person.with_user(self.person)._action_revoke_all_devices()

        self.assert_told(log_out_everywhere, self.add_device)

    def test_session_removed_from_the_disk(self):
        def remove():
            root.session_store.delete_from_identifiers([self.identifier()])
            with self.registry.cursor() as cr:
                self.env(cr=cr)["oauth2.provider.session.client"]._cron_end_missing()

        self.assert_told(remove)

    def test_somebody_else_logs_in_without_a_logout(self):
        new_test_user(self.env, "grace", password="grace-password", groups="base.group_user")

        def log_in_as_grace():
            form = {"login": "grace", "password": "grace-password"}
            form["csrf_token"] = self.csrf_token_of_login()
            self.url_open("/web/login", data=form, allow_redirects=False)

        self.assert_told(log_in_as_grace)

    def test_living_session_is_left_alone(self):
        self.serve()
        token = self.get_tokens()["access_token"]
        with self.registry.cursor() as cr:
            self.env(cr=cr)["oauth2.provider.session.client"]._cron_end_missing()
        self.assertFalse(self.notices())
        self.assertTrue(self.is_accepted(token))

    def test_second_login_of_the_same_person_continues_the_session(self):
        server = self.serve()
        first = self.claims_of(self.get_tokens()["id_token"])["sid"]
        identifier = self.identifier()
        time.sleep(1)  # a login of the same second would count as one for the request
        answer = self.answer(self.log_in(self.authorize(prompt="login")))
        self.assertNotEqual(self.identifier(), identifier)
        second = self.claims_of(self.redeem(answer["code"]).json()["id_token"])["sid"]
        self.assertEqual(second, first)
        with self.registry.cursor() as cr:
            self.env(cr=cr)["oauth2.provider.session.client"]._cron_end_missing()
        self.assertFalse(self.notices())
        self.url_open("/web/session/logout", allow_redirects=False)
        self.deliver()
        (request,) = server.requests
        self.assertEqual(self.claims_of(self.logout_token_of(request))["sid"], first)

    def test_l09_what_a_logout_ends(self):
        self.application.use_refresh_token = True
        tokens = self.get_tokens()
        code = self.answer(self.authorize())["code"]
        offline = self.get_offline_tokens()
        self.url_open("/web/session/logout", allow_redirects=False)
        self.assertFalse(self.is_accepted(tokens["access_token"]))
        self.assertEqual(self.redeem(code).json()["error"], "invalid_grant")
        self.assertFalse(self.is_accepted(offline["access_token"]))
        self.assertEqual(self.refresh(offline).status_code, 200)
        if "refresh_token" in tokens:
            self.assertEqual(self.refresh(tokens).json()["error"], "invalid_grant")

    def test_l09_access_tokens_that_are_not_stored_with_what_stays(self):
        """Signed ones, and those that another application has got for one."""
        self.application.write({"use_refresh_token": True, "access_token_format": "jwt"})
        service = self.create_application(
            secret="service", use_token_exchange=True, exchange_client_ids=self.application.ids
        )
        self.get_tokens()
        offline = self.get_offline_tokens("openid email offline_access")
        self.assertEqual(offline["access_token"].count("."), 2)
        form = {"client_id": service.client_identifier, "client_secret": "service"}
        exchange = {
            "grant_type": GRANT_TYPE,
            "subject_token": offline["access_token"],
            "subject_token_type": ACCESS_TOKEN_TYPE,
        }
        token = self.post_token(form | exchange).json()["access_token"]
        for is_logged_in in (True, False):
            introspected = self.url_open("/oauth2/introspect", data={**form, "token": token})
            self.assertEqual(introspected.json()["active"], is_logged_in)
            self.assertEqual(self.is_accepted(offline["access_token"]), is_logged_in)
            self.url_open("/web/session/logout", allow_redirects=False)
        self.assertEqual(self.refresh(offline).status_code, 200)

    def test_l09_offline_access_ends_by_setting(self):
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param("oauth2_provider.end_offline_access_at_logout", "1")
        self.application.use_refresh_token = True
        self.get_tokens()
        offline = self.get_offline_tokens()
        self.url_open("/web/session/logout", allow_redirects=False)
        self.assertEqual(self.refresh(offline).json()["error"], "invalid_grant")

    # What the tests above are made of

    def assert_told(self, end, prepare=None):
        """The application hears of the end once, and what it has got is worth nothing any more."""
        server = self.serve()
        token = self.get_tokens()["access_token"]
        if prepare:
            prepare()
        end()
        self.env.flush_all()
        self.deliver()
        (request,) = server.requests
        self.assertEqual(self.claims_of(self.logout_token_of(request))["aud"], self.audience())
        self.assertFalse(self.is_accepted(token))
        self.url_open("/web/session/logout", allow_redirects=False)
        self.deliver()
        self.assertEqual(len(server.requests), 1)

    def audience(self):
        return self.application.client_identifier

    def identifier(self):
        return self.opener.cookies["session_id"][:STORED_SESSION_BYTES]

    def add_device(self):
        """As Odoo itself notes it when a browser first comes with its session."""
        now = fields.Datetime.now()
        self.env["res.device.log"].create(
            {
                "session_identifier": self.identifier(),
                "user_id": self.person.id,
                "first_activity": now,
                "last_activity": now,
                "revoked": False,
            }
        )
        self.env.flush_all()

    def csrf_token_of_login(self):
        return self.input_value(self.url_open("/web/login?debug=0"), "csrf_token")

    def get_offline_tokens(self, scope="openid offline_access"):
        """Of an authorization that outlives the login."""
        answer = self.answer(self.agree(self.authorize(scope=scope, prompt="consent")))
        return self.redeem(answer["code"]).json()

    def refresh(self, tokens):
        return self.post_token(
            {
                "grant_type": "refresh_token",
                "refresh_token": tokens["refresh_token"],
                "client_id": self.application.client_identifier,
                "client_secret": "a-secret-of-the-tests",
            }
        )
