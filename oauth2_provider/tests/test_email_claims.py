"""Which address an application is told, and whether somebody vouched for that very one (attack case U08)."""

from odoo.tests import new_test_user, tagged

from .mailed_links import MailedLinks
from .openid_case import OpenIDCase


@tagged("post_install", "-at_install", "neighbours")
class TestEmailClaims(MailedLinks, OpenIDCase):
    def claims(self, user):
        """What UserInfo tells, as ``(email, email_verified, preferred_username)``."""
        user.password = "ada-password"
        self.env.flush_all()
        self.authenticate(None, None)
        self.authenticate(user.login, "ada-password")
        answer = self.answer(self.agree(self.authorize()))
        response = self.userinfo(self.redeem(answer["code"]).json()["access_token"])
        claims = response.json()
        self.assertEqual(claims["sub"], user.oauth2_subject)
        names = ("email", "email_verified", "preferred_username")
        return tuple(claims.get(name) for name in names)

    def types(self, user, email):
        user.partner_id.with_user(user).sudo().write({"email": email})

    def verify(self, user):
        self.use(self.mailed_token(user))

    def sign_up(self, login):
        self.as_public.signup({"login": login, "name": "Eve", "password": "eve-password"})
        return self.env["res.users"].search([("login", "=", login)])

    def test_u08_what_was_verified_is_told(self):
        self.assertEqual(self.claims(self.person), ("ada@example.com", False, "ada"))
        self.verify(self.person)
        self.assertEqual(self.claims(self.person), ("ada@example.com", True, "ada"))
        self.person.email = "Ada Lovelace <Ada@Example.com>"
        self.assertEqual(self.claims(self.person), ("ada@example.com", True, "ada"))

    def test_u08_two_addresses_in_one_field(self):
        for email in (
            "victim@example.com, ada@evil.example",
            '"ada@evil.example" <victim@example.com>',
        ):
            with self.subTest(email):
                self.types(self.person, email)
                self.verify(self.person)
                self.assertEqual(self.claims(self.person), (None, None, "ada"))

    def test_u08_two_addresses_where_there_was_none(self):
        blank = new_test_user(self.env, "blank", groups="base.group_user")
        blank.email = False
        self.types(blank, "victim@example.com, blank@evil.example")
        self.assertEqual(self.claims(blank), (None, None, "blank"))

    def test_u08_contacts_that_are_merged(self):
        """The account gets the other contact by SQL."""
        self.verify(self.person)
        guest = self.env["res.partner"].create({"name": "Ada", "email": "victim@example.com"})
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((guest + self.person.partner_id).ids, guest)
        self.env.invalidate_all()
        self.assertEqual(self.person.partner_id, guest)
        self.assertEqual(self.claims(self.person), (None, None, "ada"))
        self.env["ir.config_parameter"].set_param("oauth2_provider.withhold_unverified_email", "0")
        self.assertEqual(self.claims(self.person), ("victim@example.com", False, "ada"))

    def test_u08_a_chosen_login_is_told_when_it_is_the_verified_address(self):
        eve = self.sign_up("Eve@example.com")
        self.assertEqual(self.claims(eve), (None, None, None))
        self.verify(eve)
        self.assertEqual(self.claims(eve), ("eve@example.com", True, "Eve@example.com"))

    def test_u08_a_chosen_login_without_any_address(self):
        eve = self.sign_up("eve")
        eve.email = False
        self.assertEqual(self.claims(eve), (None, None, None))

    def test_u08_a_chosen_login_is_not_what_was_verified(self):
        eve = self.sign_up("victim@example.com")
        self.types(eve, "eve@evil.example")
        self.verify(eve)
        self.assertEqual(self.claims(eve), ("eve@evil.example", True, None))
