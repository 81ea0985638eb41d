"""Pushed authorization requests over HTTP (RFC 9126): stored by hash, for one client, completed once."""

from odoo import fields
from odoo.tests import tagged

from .common import REDIRECT_URI, SECRET, ProviderCase


@tagged("post_install", "-at_install")
class TestPushedAuthorizationRequest(ProviderCase):
    def push(self, **changes):
        form = self.authorization_parameters(**{"client_secret": SECRET} | changes)
        return self.url_open("/oauth2/par", data=form, allow_redirects=False)

    def pushed_uri(self, **changes):
        response = self.push(**changes)
        self.assertEqual(response.status_code, 201, response.text)
        return response.json()["request_uri"]

    def visit(self, request_uri, application=None):
        client_id = (application or self.application).client_identifier
        url = f"/oauth2/authorize?client_id={client_id}&request_uri={request_uri}"
        return self.follow(self.url_open(url, allow_redirects=False))

    def assert_error_page(self, response, error):
        self.assertIn("oauth2_error", response.text)
        self.assertIn(error, response.text)
        self.assertGreaterEqual(response.status_code, 400)

    def test_whole_flow_and_x09_used_up_at_completion(self):
        response = self.push()
        self.assertEqual(response.status_code, 201)
        self.assertEqual(response.headers["Cache-Control"], "no-store")
        answer = response.json()
        self.assertEqual(answer["expires_in"], 60)
        self.authenticate("ada", "ada-password")
        self.visit(answer["request_uri"])
        page = self.visit(answer["request_uri"])
        code = self.answer(self.press(page, "allow"))["code"]
        self.assertEqual(self.redeem(code).status_code, 200)
        self.assert_error_page(self.visit(answer["request_uri"]), "invalid_request_uri")

    def test_only_a_hash_and_no_secret_is_stored(self):
        handle = self.pushed_uri().rpartition(":")[2]
        self.env.cr.execute(
            "SELECT * FROM oauth2_provider_authorization_request ORDER BY id DESC LIMIT 1"
        )
        row = repr(self.env.cr.dictfetchone())
        self.assertNotIn(handle, row)
        self.assertNotIn(SECRET, row)
        self.assertIn(REDIRECT_URI, row)

    def test_x09_other_client_expired_get_and_nested(self):
        other = self.create_application(secret="other")
        request_uri = self.pushed_uri()
        self.assert_error_page(self.visit(request_uri, other), "invalid_request_uri")
        self.env.cr.execute(
            "UPDATE oauth2_provider_authorization_request SET expires_at = %s",
            [fields.Datetime.now()],
        )
        self.assert_error_page(self.visit(request_uri), "invalid_request_uri")
        self.assertEqual(self.url_open("/oauth2/par").status_code, 405)
        nested = self.push(request_uri=request_uri)
        self.assertEqual((nested.status_code, nested.json()["error"]), (400, "invalid_request"))

    def test_wrong_secret(self):
        response = self.push(client_secret="wrong")
        self.assertEqual((response.status_code, response.json()["error"]), (401, "invalid_client"))

    def test_x10_application_that_must_push(self):
        self.application.require_pushed_authorization_requests = True
        self.env.flush_all()
        self.authenticate("ada", "ada-password")
        self.assertEqual(self.answer(self.authorize())["error"], "invalid_request")
        answer = self.answer(self.press(self.visit(self.pushed_uri()), "allow"))
        self.assertIn("code", answer)

    def test_x11_application_archived_meanwhile(self):
        request_uri = self.pushed_uri()
        self.application.active = False
        self.env.flush_all()
        self.assert_error_page(self.visit(request_uri), "invalid_request")

    def test_cleanup_keeps_what_somebody_still_logs_in_for(self):
        requests = self.env["oauth2.provider.authorization.request"].sudo()
        self.authenticate("ada", "ada-password")
        page = self.visit(self.pushed_uri())
        requests.search([("browser_hash", "=", False)]).expires_at = "2020-01-01"
        requests._gc_expired()
        self.assertIn("code", self.answer(self.press(page, "allow")))
        requests.search([]).expires_at = "2020-01-01"
        requests._gc_expired()
        requests._gc_expired()
        self.assertFalse(requests.search([]))

    def test_metadata(self):
        document = self.url_open("/.well-known/openid-configuration").json()
        self.assertEqual(
            document["pushed_authorization_request_endpoint"], "http://localhost:8069/oauth2/par"
        )
        self.assertIs(document["require_pushed_authorization_requests"], False)
