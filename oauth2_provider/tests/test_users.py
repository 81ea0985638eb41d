"""Users: subjects, and who says that an e-mail address is theirs."""

import re

from odoo.tests import freeze_time, new_test_user, tagged

from .mailed_links import MailedLinks
from .records_case import RecordsCase


@tagged("post_install", "-at_install", "neighbours")
class TestUsers(RecordsCase):
    def test_u09_each_user_has_a_subject_of_their_own(self):
        users = self.env["res.users"].with_context(active_test=False).search([])
        subjects = users.mapped("oauth2_subject")
        self.assertTrue(all(re.fullmatch(r"[0-9a-f-]{36}", subject) for subject in subjects))
        self.assertEqual(len(set(subjects)), len(users))

    def test_u09_new_and_copied_users_get_new_subjects(self):
        users = self.env["res.users"].create([{"name": n, "login": n} for n in ("one", "two")])
        users += users[0].copy()
        self.assertEqual(len(set(users.mapped("oauth2_subject"))), 3)
        subject = users[1].oauth2_subject
        users[1].write({"login": "renamed", "email": "renamed@example.com"})
        self.assertEqual(users[1].oauth2_subject, subject)


@tagged("post_install", "-at_install", "neighbours")
class TestEmailOrigin(MailedLinks, RecordsCase):
    def test_u08_free_sign_up_is_the_users_own_word(self):
        self.as_public.signup(
            {"login": "eve@example.com", "name": "Eve", "password": "eve-password"}
        )
        eve = self.env["res.users"].search([("login", "=", "eve@example.com")])
        self.assertEqual(eve.oauth2_email_origin, "self")

    def test_u08_an_invited_contact_who_types_an_address_is_not_verified(self):
        partner = self.env["res.partner"].create({"name": "Eve", "email": "eve@example.com"})
        partner.signup_prepare()
        self.as_public.signup(
            {"login": "victim@example.com", "name": "Eve", "password": "eve-password"},
            partner._generate_signup_token(),
        )
        self.assertEqual(partner.user_ids.oauth2_email_origin, "self")

    def test_u08_accounts_made_by_administrators_are_trusted(self):
        self.assertEqual(self.ada.oauth2_email_origin, "administrator")
        self.ada.email = "ada@new.example.com"
        self.assertEqual(self.ada.oauth2_email_origin, "administrator")

    def test_u08_changing_the_own_address_in_any_way(self):
        self.ada.with_user(self.ada).write({"email": "victim@example.com"})
        self.assertEqual(self.ada.oauth2_email_origin, "self")
        # As the account page of the portal does it.
        self.bob.partner_id.with_user(self.bob).sudo().write({"email": "victim@example.com"})
        self.assertEqual(self.bob.oauth2_email_origin, "self")

    def test_u08_a_letter_in_another_case_is_no_change(self):
        self.ada.with_user(self.ada).write({"email": "Ada@Example.com"})
        self.assertEqual(self.ada.oauth2_email_origin, "administrator")

    def test_u08_colleagues_do_not_vouch_but_user_managers_do(self):
        colleague = new_test_user(
            self.env, "colleague", groups="base.group_user,base.group_partner_manager"
        )
        self.bob.partner_id.with_user(colleague).write({"email": "victim@example.com"})
        self.assertEqual(self.bob.oauth2_email_origin, "self")
        manager = new_test_user(
            self.env, "manager", groups="base.group_erp_manager,base.group_partner_manager"
        )
        self.bob.with_user(manager).write({"email": "bob@new.example.com"})
        self.assertEqual(self.bob.oauth2_email_origin, "administrator")
        manager.with_user(manager).write({"email": "victim@example.com"})
        self.assertEqual(manager.oauth2_email_origin, "self")

    def test_u08_system_administrators_may_enter_their_own(self):
        system = new_test_user(
            self.env, "system", groups="base.group_system", email="a@example.com"
        )
        system.with_user(system).write({"email": "b@example.com"})
        self.assertEqual(system.oauth2_email_origin, "administrator")

    def test_u08_a_login_is_the_users_own_choice_unless_an_administrator_gives_another(self):
        self.as_public.signup({"login": "eve", "name": "Eve", "password": "eve-password"})
        eve = self.env["res.users"].search([("login", "=", "eve")])
        self.assertTrue(eve.oauth2_chose_login)
        eve.login = "eve-of-ours"
        self.assertFalse(eve.oauth2_chose_login)
        self.assertFalse(self.ada.oauth2_chose_login)

    def test_u08_a_mail_to_several_mailboxes_spoils_its_link(self):
        """Even where the same token goes to one mailbox alone within the same second."""
        several = (
            "bob@example.com, victim@example.com",
            '"bob@example.com" <victim@example.com>',
            "=?utf-8?b?Ym9iQGV4YW1wbGUuY29t?= <victim@example.com>",
        )
        for text in several:
            with self.subTest(text), freeze_time("2026-01-01 12:00:00"):
                self.bob.with_user(self.bob).sudo().write({"email": text})
                token = self.mailed_token(self.bob)
                self.bob.with_user(self.bob).sudo().write({"email": "victim@example.com"})
                self.mailed_token(self.bob)
                self.use(token)
                self.assertEqual(self.bob.oauth2_email_origin, "self")

    def test_u08_a_mailed_link_verifies(self):
        for signup_type in ("reset", "signup"):
            self.bob.oauth2_email_origin = "self"
            with self.subTest(signup_type):
                self.use(self.mailed_token(self.bob, signup_type))
                self.assertEqual(self.bob.oauth2_email_origin, "verified")

    def test_u08_a_link_mailed_to_the_old_address_does_not_verify_the_new_one(self):
        # The second mail makes the old link usable again; within the same second it even holds the same token.
        for seconds_between in (0, 1, 60):
            with self.subTest(seconds_between), freeze_time("2026-01-01 12:00:00") as clock:
                self.bob.email = "bob@example.com"
                token = self.mailed_token(self.bob)
                self.bob.with_user(self.bob).sudo().write({"email": "victim@example.com"})
                clock.tick(seconds_between)
                self.mailed_token(self.bob)
                self.use(token)
                self.assertEqual(self.bob.oauth2_email_origin, "self")

    def test_u08_a_used_link_cannot_be_mailed_again_to_another_address_and_count(self):
        with freeze_time("2026-01-01 12:00:00"):
            token = self.mailed_token(self.bob)
            self.use(token)
            self.assertEqual(self.bob.oauth2_email_origin, "verified")
            self.bob.with_user(self.bob).sudo().write({"email": "victim@example.com"})
            self.assertEqual(self.mailed_token(self.bob), token)
            self.use(token)
        self.assertEqual(self.bob.oauth2_email_origin, "self")

    def test_u08_a_token_that_was_never_mailed_does_not_verify(self):
        self.bob.oauth2_email_origin = "self"
        self.bob.partner_id.signup_prepare("reset")
        self.use(self.bob.partner_id._generate_signup_token(expiration=1))
        self.assertEqual(self.bob.oauth2_email_origin, "self")

    def test_u08_at_install_outsiders_who_signed_up_alone_are_not_trusted(self):
        self.as_public.signup(
            {"login": "eve@example.com", "name": "Eve", "password": "eve-password"}
        )
        eve = self.env["res.users"].search([("login", "=", "eve@example.com")])
        self.bob.partner_id.with_user(self.bob).sudo().write({"phone": "1"})
        users = eve + self.bob + self.ada
        users.oauth2_email_origin = "administrator"
        self.env.flush_all()
        self.env["res.users"]._oauth2_guess_email_origins()
        users.invalidate_recordset()
        self.assertEqual(users.mapped("oauth2_email_origin"), ["self", "self", "administrator"])
        self.assertEqual(users.mapped("oauth2_chose_login"), [True, False, False])
        self.assertEqual(self.ada.oauth2_vouched_email, "ada@example.com")
