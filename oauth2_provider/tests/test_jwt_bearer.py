"""Assertions of trusted issuers over HTTP (RFC 7523 §2.1), and who may trust somebody."""

import time
import uuid

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged

from ..protocol.grants.jwt_bearer import GRANT_TYPE
from .common import SECRET, ProviderCase
from .test_client_keys import jwk_set, new_key
from .test_forged_tokens import compact

PARTNER = "https://partner.example"
ISSUER = "http://localhost:8069"


@tagged("post_install", "-at_install")
class TestJwtBearer(ProviderCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.key = new_key()
        cls.application.use_jwt_bearer = True
        cls.partner = cls.env["oauth2.provider.trusted.issuer"].create(
            {
                "name": "Partner",
                "issuer": PARTNER,
                "jwks": jwk_set(cls.key),
                "client_ids": [(4, cls.application.id)],
            }
        )
        cls.env.flush_all()

    def ask(self, key=None, **changes):
        claims = {
            "iss": PARTNER,
            "sub": "ada",
            "aud": ISSUER,
            "exp": int(time.time()) + 60,
            "jti": str(uuid.uuid4()),
            **changes,
        }
        return self.post_token(
            {
                "grant_type": GRANT_TYPE,
                "client_id": self.application.client_identifier,
                "client_secret": SECRET,
                "scope": "email",
                "assertion": compact({"alg": "ES256"}, claims, key or self.key),
            }
        )

    def assert_refused(self, response):
        self.assertEqual((response.status_code, response.json()["error"]), (400, "invalid_grant"))

    def test_token_for_the_person(self):
        response = self.ask()
        self.assertEqual(response.status_code, 200, response.text)
        self.assertEqual(response.json()["scope"], "email")
        authorization = self.env["oauth2.provider.authorization"].search(
            [("client_id", "=", self.application.id)]
        )
        self.assertEqual(authorization.user_id, self.person)

    def test_people_by_identifier(self):
        self.partner.subject_kind = "subject"
        self.env.flush_all()
        self.assert_refused(self.ask())
        self.assertEqual(self.ask(sub=self.person.oauth2_subject).status_code, 200)

    def test_u10_a_login_of_two_accounts_is_nobody(self):
        # Beside websites a login is unique on each of them alone, and there people choose theirs themselves.
        namesake = new_test_user(self.env, "mallory", groups="base.group_portal")
        self.env.flush_all()
        self.env.cr.execute("ALTER TABLE res_users DROP CONSTRAINT res_users_login_key")
        self.env.cr.execute("UPDATE res_users SET login = 'ada' WHERE id = %s", [namesake.id])
        self.assert_refused(self.ask())
        self.env.cr.execute("UPDATE res_users SET login = 'eve' WHERE id = %s", [namesake.id])
        self.assertEqual(self.ask().status_code, 200)

    def test_refused(self):
        self.assert_refused(self.ask(key=new_key()))
        self.assert_refused(self.ask(sub="nobody"))
        self.assert_refused(self.ask(sub=self.env.ref("base.user_root").login))
        self.assert_refused(self.ask(aud="https://other.example"))
        self.assertEqual(self.ask(jti="once").status_code, 200)
        self.assert_refused(self.ask(jti="once"))
        self.person.active = False
        self.env.flush_all()
        self.assert_refused(self.ask())
        self.person.active = True
        self.partner.client_ids = [(5,)]
        self.env.flush_all()
        self.assert_refused(self.ask())
        self.partner.write({"client_ids": [(4, self.application.id)], "active": False})
        self.env.flush_all()
        self.assert_refused(self.ask())

    def test_texts_that_no_database_takes(self):
        for text in ("\0", "ada\0", "\ud800"):
            for name in ("iss", "sub", "jti"):
                with self.subTest(name, text=text):
                    self.assert_refused(self.ask(**{name: text}))

    def test_g14_switched_off(self):
        self.env["res.config.settings"].create({"oauth2_grant_jwt_bearer": False}).execute()
        self.env.flush_all()
        self.assertEqual(self.ask().json()["error"], "unsupported_grant_type")

    def test_only_who_manages_rights_trusts_somebody(self):
        administrator = new_test_user(
            self.env, login="apps", groups="oauth2_provider.group_oauth2_administrator"
        )
        partner = self.partner.with_user(administrator)
        self.assertEqual(partner.issuer, PARTNER)
        for attempt in (
            lambda: partner.write({"jwks": jwk_set(new_key())}),
            lambda: partner.create({"name": "Mine", "issuer": "https://x.example"}),
            partner.unlink,
        ):
            with self.assertRaises(AccessError):
                attempt()

    def test_keys_that_cannot_be_used(self):
        for values in (
            {"jwks": False},
            {"jwks_uri": "https://partner.example/jwks"},
            {"jwks": "no JSON"},
            {"jwks": '{"keys": []}'},
            {"jwks": False, "jwks_uri": "http://partner.example/jwks"},
        ):
            with self.subTest(values), self.assertRaises(ValidationError):
                self.partner.write(values)
        with self.assertRaises(ValidationError):
            self.application.token_endpoint_auth_method = "none"
