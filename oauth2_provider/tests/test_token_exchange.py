"""Token exchange over HTTP (RFC 8693): one service calls the next for a person."""

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..protocol.grants.token_exchange import ACCESS_TOKEN_TYPE, GRANT_TYPE
from .common import SECRET, ProviderCase
from .sender_case import TOKEN_ADDRESS, make_proof, new_key

ID_TOKEN_TYPE = "urn:ietf:params:oauth:token-type:id_token"


@tagged("post_install", "-at_install")
class TestTokenExchange(ProviderCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.back = cls.create_application(secret="back", name="Back")
        cls.middle = cls.create_application(
            secret="middle",
            name="Middle",
            use_token_exchange=True,
            exchange_client_ids=[(4, cls.application.id)],
            exchange_target_ids=[(4, cls.back.id)],
        )

    def client_form(self, application, secret):
        return {"client_id": application.client_identifier, "client_secret": secret}

    def exchange(self, token, *, headers=None, **changes):
        return self.post_token(
            {
                **self.client_form(self.middle, "middle"),
                "grant_type": GRANT_TYPE,
                "subject_token": token,
                "subject_token_type": ACCESS_TOKEN_TYPE,
                "audience": self.back.client_identifier,
                **changes,
            },
            headers,
        )

    def introspect(self, token):
        form = {**self.client_form(self.middle, "middle"), "token": token}
        return self.url_open("/oauth2/introspect", data=form).json()

    def test_exchange_and_end(self):
        alices = self.redeem(self.obtain_code()).json()["access_token"]
        for token_format in ("opaque", "jwt"):
            with self.subTest(token_format):
                self.middle.access_token_format = token_format
                self.env.flush_all()
                response = self.exchange(alices)
                answer = response.json()
                self.assertEqual(response.status_code, 200, answer)
                self.assertEqual(answer["issued_token_type"], ACCESS_TOKEN_TYPE)
                described = self.introspect(answer["access_token"])
                self.assertEqual(described["sub"], self.person.oauth2_subject)
                self.assertEqual(described["aud"], self.back.client_identifier)
                self.assertEqual(described["act"], {"sub": self.middle.client_identifier})
        origin = self.env["oauth2.provider.authorization"].search(
            [("client_id", "=", self.application.id)]
        )
        origin._revoke("user")
        self.env.flush_all()
        self.assertEqual(self.introspect(answer["access_token"]), {"active": False})
        self.assertEqual(self.exchange(alices).json()["error"], "invalid_request")

    def test_g09_policy(self):
        alices = self.redeem(self.obtain_code()).json()["access_token"]
        other = self.exchange(alices, audience="https://elsewhere.example")
        self.assertEqual(other.json()["error"], "invalid_target")
        self.back.active = False
        self.env.flush_all()
        self.assertEqual(self.exchange(alices).json()["error"], "invalid_target")
        self.middle.exchange_client_ids = [(5,)]
        self.env.flush_all()
        untrusted = self.exchange(alices, audience=None)
        self.assertEqual(
            (untrusted.status_code, untrusted.json()["error"]), (400, "invalid_request")
        )
        self.middle.use_token_exchange = False
        self.env.flush_all()
        self.assertEqual(self.exchange(alices).json()["error"], "unauthorized_client")

    def assert_no_exchange(self, error, token, **changes):
        response = self.exchange(token, **changes)
        self.assertEqual((response.status_code, response.json()["error"]), (400, error))

    def test_g09_what_is_no_living_access_token(self):
        """Nor does an ID token become one, whoever it was issued to."""
        tokens = self.redeem(self.obtain_code()).json()
        alices, id_token = tokens["access_token"], tokens["id_token"]
        self.assert_no_exchange("invalid_request", id_token)
        self.assert_no_exchange("invalid_request", id_token, subject_token_type=ID_TOKEN_TYPE)
        self.assert_no_exchange("invalid_request", "o2a_unknown")
        self.assert_no_exchange("invalid_request", alices, subject_token_type=None)
        self.assertEqual(self.exchange(alices).status_code, 200)
        self.let_expire(self.application)
        self.assert_no_exchange("invalid_request", alices)

    def let_expire(self, application):
        self.env.cr.execute(
            """
            UPDATE oauth2_provider_token SET expires_at = now() at time zone 'UTC' - interval '1 s'
              FROM oauth2_provider_authorization authz
             WHERE authz.id = authorization_id AND authz.client_id = %s
            """,
            [application.id],
        )

    def test_g09_revoked(self):
        alices = self.redeem(self.obtain_code()).json()["access_token"]
        self.assertEqual(self.exchange(alices).status_code, 200)
        form = {**self.client_form(self.application, SECRET), "token": alices}
        self.assertEqual(self.url_open("/oauth2/revoke", data=form).status_code, 200)
        self.assert_no_exchange("invalid_request", alices)

    def proof(self, key):
        return {"DPoP": make_proof(key, "POST", TOKEN_ADDRESS)}

    def test_g09_a_bound_token_never_becomes_one_that_is_not(self):
        """Whoever came by it would be rid of the key that they do not have."""
        theirs, own = new_key(), new_key()
        bound = self.redeem(self.obtain_code(), headers=self.proof(theirs)).json()
        self.assertEqual(bound["token_type"], "DPoP")
        self.assert_no_exchange("invalid_request", bound["access_token"])
        answer = self.exchange(bound["access_token"], headers=self.proof(own)).json()
        self.assertEqual(answer["token_type"], "DPoP")
        described = self.introspect(answer["access_token"])
        self.assertEqual(described["cnf"], {"jkt": own.public.kid})

    def test_g09_a_token_of_the_login_for_another_odoo(self):
        """It travels through addresses, so it opens one address and leads no further."""
        other = self.create_application(
            secret="odoo", name="Other Odoo", security_profile="odoo_login"
        )
        self.middle.exchange_client_ids += other
        self.env.flush_all()
        self.authenticate("ada", "ada-password")
        page = self.authorize(
            client_id=other.client_identifier,
            response_type="token",
            code_challenge=None,
            code_challenge_method=None,
        )
        token = self.answer(self.press(page, "allow"))["access_token"]
        self.assertEqual(
            self.userinfo(token, f"/oauth2/userinfo/{other.client_identifier}").status_code, 200
        )
        self.assert_no_exchange("invalid_request", token, scope="email")

    def test_g09_wider_than_either(self):
        """No scope that the token does not have, none that this client does not have, no unknown target."""
        alices = self.redeem(self.obtain_code(scope="openid email")).json()["access_token"]
        self.assert_no_exchange("invalid_scope", alices, scope="email profile")
        self.assert_no_exchange("invalid_target", alices, resource="https://unknown.example")
        self.middle.scope_ids = self.env.ref("oauth2_provider.scope_email")
        self.env.flush_all()
        self.assert_no_exchange("invalid_scope", alices, scope="openid email")
        self.assertEqual(self.exchange(alices).json()["scope"], "email")

    def test_g09_an_actor_token_has_a_type(self):
        alices = self.redeem(self.obtain_code()).json()["access_token"]
        own = self.exchange(alices, audience=None).json()["access_token"]
        self.assert_no_exchange("invalid_request", alices, actor_token=own)
        self.assert_no_exchange("invalid_request", alices, actor_token_type=ACCESS_TOKEN_TYPE)
        actor = {"actor_token": own, "actor_token_type": ID_TOKEN_TYPE}
        self.assert_no_exchange("invalid_request", alices, **actor)
        foreign = {"actor_token": alices, "actor_token_type": ACCESS_TOKEN_TYPE}
        self.assert_no_exchange("invalid_request", alices, **foreign)
        actor["actor_token_type"] = ACCESS_TOKEN_TYPE
        self.assertEqual(self.exchange(alices, **actor).status_code, 200)

    def test_g10_who_acted_before_stays_in_the_token(self):
        self.back.write({"use_token_exchange": True, "exchange_client_ids": [(4, self.middle.id)]})
        self.back.exchange_target_ids = [(4, self.middle.id)]
        self.env.flush_all()
        alices = self.redeem(self.obtain_code()).json()["access_token"]
        middles = self.exchange(alices).json()["access_token"]
        backs = self.exchange(
            middles,
            **self.client_form(self.back, "back"),
            audience=self.middle.client_identifier,
            act="",
            may_act="{}",
        ).json()["access_token"]
        inner = {"sub": self.middle.client_identifier}
        outer = {"sub": self.back.client_identifier, "act": inner}
        self.assertEqual(self.introspect(backs)["act"], outer)

    def test_it_ends_with_each_application_on_the_way(self):
        self.back.write({"use_token_exchange": True, "exchange_client_ids": [(4, self.middle.id)]})
        self.back.exchange_target_ids = [(4, self.middle.id)]
        self.env.flush_all()
        alices = self.redeem(self.obtain_code()).json()["access_token"]
        form = self.client_form(self.back, "back")

        def archive():
            self.middle.active = False

        for end in (self.middle.action_revoke_authorizations, archive):
            middles = self.exchange(alices).json()["access_token"]
            target = {"audience": self.middle.client_identifier}
            backs = self.exchange(middles, **form, **target).json()["access_token"]
            for is_active in (True, False):
                with self.subTest(end=end, is_active=is_active):
                    answer = self.url_open("/oauth2/introspect", data={**form, "token": backs})
                    self.assertEqual(answer.json()["active"], is_active)
                end()
                self.env.flush_all()
        self.assertEqual(self.userinfo(alices).status_code, 200)

    def chain(self):
        """An access token of the person, what it was exchanged for, and what that was exchanged for; each with the
        proof of a client that may look at it."""
        self.back.write({"use_token_exchange": True, "exchange_client_ids": [(4, self.middle.id)]})
        self.back.exchange_target_ids = [(4, self.middle.id)]
        self.env.flush_all()
        back = self.client_form(self.back, "back")
        alices = self.redeem(self.obtain_code()).json()["access_token"]
        middles = self.exchange(alices).json()["access_token"]
        target = {"audience": self.middle.client_identifier}
        backs = self.exchange(middles, **back, **target).json()["access_token"]
        return (
            (self.client_form(self.application, SECRET), alices),
            (self.client_form(self.middle, "middle"), middles),
            (back, backs),
        )

    def assert_active(self, chain, is_active):
        for form, token in chain:
            with self.subTest(form["client_id"]):
                answer = self.url_open("/oauth2/introspect", data={**form, "token": token}).json()
                self.assertEqual(answer["active"], is_active)

    def test_u04_who_leaves_the_group_of_the_first_application(self):
        group = self.env["res.groups"].create({"name": "Readers"})
        self.person.group_ids += group
        self.application.group_ids = group
        for token_format in ("opaque", "jwt"):
            self.middle.access_token_format = self.back.access_token_format = token_format
            chain = self.chain()
            self.assert_active(chain, True)
            self.person.group_ids -= group
            self.env.flush_all()
            self.assert_active(chain, False)
            self.person.group_ids += group

    def test_u04_a_first_application_that_is_for_others_from_now_on(self):
        chain = self.chain()
        self.person.group_ids = self.env.ref("base.group_portal")
        self.env.flush_all()
        self.assert_active(chain, True)
        self.application.allowed_users = "internal"
        self.env.flush_all()
        self.assert_active(chain, False)

    def test_l10_what_was_given_while_all_of_an_application_was_ended(self):
        """Whoever ends it cannot see yet what is being added, so there is no row, but for the epoch."""
        chain = self.chain()
        self.assert_active(chain, True)
        self.application._begin_epoch()
        self.assert_active(chain, False)

    def test_g14_switched_off(self):
        self.env["res.config.settings"].create({"oauth2_grant_token_exchange": False}).execute()
        self.env.flush_all()
        self.assertEqual(self.exchange("x").json()["error"], "unsupported_grant_type")

    def test_who_cannot_prove_itself_exchanges_nothing(self):
        with self.assertRaises(ValidationError):
            self.middle.token_endpoint_auth_method = "none"
