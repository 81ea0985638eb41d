"""The standard claims of a person, scope by scope (OpenID Connect Core §5.1 and §5.4)."""

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged

from .openid_case import OpenIDCase

DETAILS = {
    "given_name": "Ada",
    "middle_name": "King",
    "family_name": "Lovelace",
    "nickname": "Countess",
    "gender": "female",
    "birthdate": "1815-12-10",
    "profile": "https://example.com/ada",
}


@tagged("post_install", "-at_install", "neighbours")
class TestUserInfoClaims(OpenIDCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.application.scope_ids = cls.env["oauth2.provider.scope"].search([])
        cls.details = cls.env["oauth2.provider.profile"].with_user(cls.person).create(DETAILS)
        cls.person.partner_id.write(
            {
                "phone": "+44 20 7946 0000",
                "website": "https://ada.example.com",
                "street": "12 St James's Square",
                "zip": "SW1Y 4JH",
                "city": "London",
                "country_id": cls.env.ref("base.uk").id,
                "tz": "Europe/London",
                "lang": "en_US",
            }
        )
        cls.env.flush_all()

    def claims_of(self, scope):
        tokens = self.redeem(self.log_in_for(scope=f"openid {scope}")["code"]).json()
        claims = self.userinfo(tokens["access_token"]).json()
        self.assertEqual(claims.pop("sub"), self.person.oauth2_subject)
        return claims

    def test_profile(self):
        claims = self.claims_of("profile")
        self.assertIsInstance(claims.pop("updated_at"), int)
        picture = claims.pop("picture")
        self.assertTrue(picture.startswith("http://localhost:8069/oauth2/picture/"))
        self.assertEqual(
            claims,
            DETAILS
            | {
                "name": "Ada Lovelace",
                "preferred_username": "ada",
                "website": "https://ada.example.com",
                "zoneinfo": "Europe/London",
                "locale": "en-US",
            },
        )

    def test_email(self):
        self.assertEqual(
            self.claims_of("email"), {"email": "ada@example.com", "email_verified": False}
        )

    def test_phone(self):
        self.assertEqual(
            self.claims_of("phone"),
            {"phone_number": "+44 20 7946 0000", "phone_number_verified": False},
        )

    def test_address(self):
        self.assertEqual(
            self.claims_of("address"),
            {
                "address": {
                    "formatted": "12 St James's Square\nSW1Y 4JH London\nUnited Kingdom",
                    "street_address": "12 St James's Square",
                    "locality": "London",
                    "postal_code": "SW1Y 4JH",
                    "country": "United Kingdom",
                }
            },
        )

    def test_s08_strange_address_of_a_picture_is_not_found(self):
        for token in ("%00", "x", "%FF", "0" * 32, "0" * 5000):
            response = self.url_open(f"/oauth2/picture/{token}")
            self.assertEqual(response.status_code, 404, token)

    def test_picture_needs_no_session(self):
        picture = self.claims_of("profile")["picture"]
        self.authenticate(None, None)
        path = picture.removeprefix("http://localhost:8069")
        response = self.url_open(path)
        self.assertEqual(response.status_code, 200)
        self.assertTrue(response.headers["Content-Type"].startswith("image/"))
        self.assertEqual(self.url_open(path[:-1] + "x").status_code, 404)

    def test_details_are_for_their_owner_and_administrators(self):
        colleague = new_test_user(self.env, "colleague", groups="base.group_user")
        administrator = new_test_user(
            self.env, "boss", groups="oauth2_provider.group_oauth2_administrator"
        )
        self.assertEqual(self.details.with_user(administrator).gender, "female")
        with self.assertRaises(AccessError):
            self.details.with_user(colleague).read(["gender"])
        with self.assertRaises(AccessError):
            self.env["oauth2.provider.profile"].with_user(colleague).create(
                {"user_id": administrator.id}
            )

    def test_a_birthdate_may_lack_a_part(self):
        for birthdate in ("0000-12-10", "0000-02-29", "1815", False):
            self.details.birthdate = birthdate
        for birthdate in ("10.12.1815", "1815-13-01", "1815-12", "1815-02-29", "0000"):
            with self.assertRaises(ValidationError):
                self.details.birthdate = birthdate
