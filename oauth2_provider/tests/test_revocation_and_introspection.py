"""Revocation (RFC 7009) and introspection (RFC 7662) over HTTP."""

from odoo.tests import tagged

from .common import REDIRECT_URI, SECRET, VERIFIER, ProviderCase


@tagged("post_install", "-at_install")
class TestRevocationAndIntrospection(ProviderCase):
    def setUp(self):
        super().setUp()
        self.application.use_refresh_token = True
        self.tokens = self.redeem(self.obtain_code()).json()

    def ask(self, path, token, *, secret=SECRET, application=None):
        return self.url_open(
            path,
            data={
                "token": token,
                "client_id": (application or self.application).client_identifier,
                "client_secret": secret,
            },
        )

    def introspect(self, token, **options):
        return self.ask("/oauth2/introspect", token, **options)

    def test_introspection_describes_a_living_token(self):
        members = self.introspect(self.tokens["access_token"]).json()
        self.assertTrue(members["active"])
        self.assertEqual(members["sub"], self.person.oauth2_subject)
        self.assertEqual(members["client_id"], self.application.client_identifier)
        self.assertTrue(self.introspect(self.tokens["refresh_token"]).json()["active"])

    def test_u04_who_leaves_the_group_of_the_application(self):
        group = self.env["res.groups"].create({"name": "Of the application"})
        self.application.group_ids = group
        signed = self.create_application(
            secret="signed", access_token_format="jwt", group_ids=group.ids, is_trusted=True
        )
        form = {"client_id": signed.client_identifier, "client_secret": "signed"}
        self.person.group_ids += group
        self.env.flush_all()
        code = self.answer(self.authorize(client_id=signed.client_identifier))["code"]
        jwt = self.post_token(
            {**form, "grant_type": "authorization_code", "code": code}
            | {"redirect_uri": REDIRECT_URI, "code_verifier": VERIFIER}
        ).json()["access_token"]
        self.assertEqual(jwt.count("."), 2)
        for is_member in (True, False):
            with self.subTest(is_member=is_member):
                for token in (self.tokens["access_token"], jwt):
                    status = 200 if is_member else 401
                    self.assertEqual(self.userinfo(token).status_code, status)
                for kind in ("access_token", "refresh_token"):
                    members = self.introspect(self.tokens[kind]).json()
                    self.assertEqual(members["active"], is_member)
            self.person.group_ids -= group
            self.env.flush_all()
        signed.group_ids = False
        self.env.flush_all()
        self.assertEqual(self.userinfo(jwt).status_code, 200)

    def test_t09_introspection_needs_client_authentication(self):
        response = self.introspect(self.tokens["access_token"], secret="wrong")
        self.assertEqual(response.status_code, 401)
        self.assertEqual(response.json()["error"], "invalid_client")

    def test_t10_token_of_another_client_is_not_described(self):
        other = self.create_application(name="Other", secret="another-secret")
        response = self.introspect(
            self.tokens["access_token"], application=other, secret="another-secret"
        )
        self.assertEqual(response.json(), {"active": False})

    def test_a_token_whose_authorization_is_gone_is_dead_and_goes_when_it_expires(self):
        """Tokens have no foreign key that would delete them at once."""
        self.env.cr.execute("DELETE FROM oauth2_provider_authorization")
        tokens = self.env["oauth2.provider.token"].sudo().search([])
        self.assertEqual(len(tokens), 2)
        for token in (self.tokens["access_token"], self.tokens["refresh_token"]):
            self.assertEqual(self.introspect(token).json(), {"active": False})
            self.assertEqual(self.ask("/oauth2/revoke", token).status_code, 200)
        self.assertEqual(self.userinfo(self.tokens["access_token"]).status_code, 401)
        answer = self.post_token(
            {
                "grant_type": "refresh_token",
                "refresh_token": self.tokens["refresh_token"],
                "client_id": self.application.client_identifier,
                "client_secret": SECRET,
            }
        )
        self.assertEqual((answer.status_code, answer.json()["error"]), (400, "invalid_grant"))
        self.env.cr.execute(
            "UPDATE oauth2_provider_token SET expires_at = now() AT TIME ZONE 'UTC' - interval '1 s'"
        )
        tokens._gc_expired()
        self.assertFalse(tokens.exists())

    def test_t15_revoking_the_refresh_token_kills_the_access_token(self):
        response = self.ask("/oauth2/revoke", self.tokens["refresh_token"])
        self.assertEqual(response.status_code, 200)
        self.assertEqual(self.userinfo(self.tokens["access_token"]).status_code, 401)
        self.assertEqual(self.introspect(self.tokens["access_token"]).json(), {"active": False})

    def test_t14_unknown_token_is_a_success(self):
        self.assertEqual(self.ask("/oauth2/revoke", "unknown").status_code, 200)

    def test_token_of_another_client_is_not_revoked(self):
        other = self.create_application(name="Other", secret="another-secret")
        response = self.ask(
            "/oauth2/revoke",
            self.tokens["access_token"],
            application=other,
            secret="another-secret",
        )
        self.assertEqual(response.json()["error"], "unauthorized_client")
        self.assertEqual(self.userinfo(self.tokens["access_token"]).status_code, 200)
