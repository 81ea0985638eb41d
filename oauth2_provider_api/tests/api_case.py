"""What the tests of the API share: an application that may use it, its tokens, and calls of JSON-2."""

import json

from odoo.addons.oauth2_provider.tests.common import SECRET
from odoo.addons.oauth2_provider.tests.sender_case import ISSUER, SenderCase
from odoo.tools import mute_logger

API = f"{ISSUER}/json/2"
METADATA = f"{ISSUER}/.well-known/oauth-protected-resource/json/2"


class ApiCase(SenderCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.allow("odoo.read odoo.write")
        cls.person.group_ids += cls.env.ref("base.group_partner_manager")
        cls.own = cls.env["res.partner"].create({"name": "Of Ada", "user_id": cls.person.id})
        cls.env.flush_all()

    @classmethod
    def allow(cls, scope, application=None):
        application = application or cls.application
        scopes = cls.env["oauth2.provider.scope"].search([("name", "in", scope.split())])
        application.scope_ids |= scopes
        cls.env.flush_all()

    def token(self, scope="openid odoo.read", **changes):
        response = self.redeem(self.obtain_code(scope=scope, **changes))
        self.assertEqual(response.status_code, 200, response.text)
        self.forget_session()
        return response.json()["access_token"]

    def forget_session(self):
        """The application is no browser."""
        self.opener.cookies.clear()

    def call(self, token, model, method, /, *, headers=None, scheme="Bearer", **arguments):
        sent = {"Content-Type": "application/json", **(headers or {})}
        if token is not None:
            sent["Authorization"] = f"{scheme} {token}"
        return self.url_open(f"/json/2/{model}/{method}", data=json.dumps(arguments), headers=sent)

    def result(self, token, model, method, /, **arguments):
        response = self.call(token, model, method, **arguments)
        self.assertEqual(response.status_code, 200, response.text)
        return response.json()

    def assert_refused(self, response, status, error):
        """By the protocol: its error, a challenge, and no session."""
        self.assert_error(response, status, error)
        challenge = response.headers["WWW-Authenticate"]
        self.assertIn(f'error="{error}"', challenge)
        self.assertTrue(challenge.endswith(f'resource_metadata="{METADATA}"'), challenge)
        self.assertNotIn("Set-Cookie", response.headers)
        self.assertEqual(response.headers["Cache-Control"], "no-store")
        self.assertEqual(response.json()["debug"], "")
        return challenge

    def assert_forbidden(self, /, *call, **arguments):
        """By Odoo's access rights."""
        with mute_logger("odoo.http"):
            response = self.call(*call, **arguments)
        self.assertEqual(response.status_code, 403, response.text)
        self.assertEqual(response.json()["name"], "odoo.exceptions.AccessError")
        self.assertEqual(response.json()["debug"], "")

    def service_token(self, scope, **values):
        application = self.create_application(
            name="Service",
            secret="service",
            use_client_credentials=True,
            redirect_uri_ids=[],
            **values,
        )
        self.allow(scope, application)
        response = self.post_token(
            {
                "grant_type": "client_credentials",
                "scope": scope,
                "client_id": application.client_identifier,
                "client_secret": "service",
            }
        )
        self.assertEqual(response.status_code, 200, response.text)
        return response.json()["access_token"]

    def revoke(self, token):
        credentials = {"client_id": self.application.client_identifier, "client_secret": SECRET}
        response = self.url_open("/oauth2/revoke", data={"token": token, **credentials})
        self.assertEqual(response.status_code, 200)
