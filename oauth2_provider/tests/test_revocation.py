"""What ends an authorization, at once, with a row and an event for each."""

from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import SQL

from .records_case import RecordsCase


@tagged("post_install", "-at_install")
class TestRevocation(RecordsCase):
    def test_state_and_its_search(self):
        active, revoked = self.authorize(self.ada), self.authorize(self.ada)
        expired = self.authorize(self.ada, lifetime=timedelta(hours=-1))
        revoked._revoke("administrator")
        for state, authorization in (
            ("active", active),
            ("revoked", revoked),
            ("expired", expired),
        ):
            with self.subTest(state):
                self.assertEqual(authorization.state, state)
                found = authorization.search([("state", "=", state), ("user_id", "=", self.ada.id)])
                self.assertEqual(found, authorization)

    def test_an_authorization_is_revoked_once(self):
        authorization = self.authorize(self.ada)
        self.assertEqual(authorization._revoke("user"), 1)
        self.assertEqual(authorization._revoke("administrator"), 0)
        self.assertEqual(self.reasons(authorization), ["user"])
        event = self.events("revoked")
        self.assertEqual(
            (event.user_id, event.client_identifier), (self.ada, self.client.client_identifier)
        )
        self.assertIn("reason: user", event.detail)

    def test_revoking_many_is_one_statement(self):
        for _number in range(50):
            self.authorize(self.ada)
        self.env.flush_all()
        with self.assertQueryCount(1):
            revoked = self.env["oauth2.provider.authorization"]._revoke_where(
                SQL("authz.client_id = %s", self.client.id), "administrator"
            )
        self.assertEqual(revoked, 50)

    def test_by_the_user_and_by_an_administrator(self):
        own, other = self.authorize(self.ada), self.authorize(self.ada)
        own.with_user(self.ada).action_revoke()
        other.with_user(self.administrator).action_revoke()
        self.assertEqual(self.reasons(own), ["user"])
        self.assertEqual(self.reasons(other), ["administrator"])

    def test_all_of_an_application(self):
        mine, other = self.authorize(self.ada), self.authorize(self.ada, self.create_client())
        self.client.with_user(self.administrator).action_revoke_authorizations()
        self.assertEqual((mine.state, other.state), ("revoked", "active"))

    def test_all_of_a_user(self):
        mine, other = self.authorize(self.ada), self.authorize(self.bob)
        with self.assertRaises(AccessError):
            self.ada.with_user(self.bob).action_oauth2_revoke_authorizations()
        action = self.env.ref("oauth2_provider.action_revoke_of_users")
        action.with_user(self.administrator).with_context(
            active_model="res.users", active_ids=self.ada.ids, active_id=self.ada.id
        ).run()
        self.assertEqual((mine.state, other.state), ("revoked", "active"))

    def test_archiving_the_user_or_the_application(self):
        by_user, by_client = self.authorize(self.ada), self.authorize(self.bob)
        self.ada.active = False
        self.assertEqual(self.reasons(by_user), ["archived"])
        self.client.active = False
        self.assertEqual(self.reasons(by_client), ["archived"])

    def test_l10_changing_the_password_but_not_its_hash(self):
        authorization = self.authorize(self.ada)
        self.ada._set_encrypted_password(self.ada.id, self.ada._crypt_context().hash("same"))
        self.assertEqual(authorization.state, "active")
        self.ada.password = "another-password"
        self.assertEqual(self.reasons(authorization), ["password"])

    def test_withdrawing_a_consent(self):
        mine, other = self.authorize(self.ada), self.authorize(self.ada, self.create_client())
        consent = self.consent(self.ada)
        consent.with_user(self.ada).action_revoke()
        self.assertFalse(consent.exists())
        self.assertEqual(self.reasons(mine), ["consent"])
        self.assertEqual(other.state, "active")
