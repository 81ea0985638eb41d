"""Applications: what may be saved, what follows from what, and that every change is seen."""

from odoo import Command
from odoo.exceptions import RedirectWarning, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger
from psycopg2.errors import UniqueViolation

from .records_case import RecordsCase


@tagged("post_install", "-at_install", "neighbours")
class TestApplication(RecordsCase):
    def test_defaults_are_the_safe_ones(self):
        client = self.client
        self.assertEqual(client.security_profile, "oauth21")
        self.assertEqual(client.token_endpoint_auth_method, "client_secret_basic")
        self.assertEqual(client.scope_ids.mapped("name"), ["openid", "profile", "email"])
        self.assertFalse(client.is_trusted or client.use_refresh_token or client.local_development)
        self.assertEqual(client.access_token_lifetime, 3600)

    def test_what_it_is_decides_how_it_proves_itself(self):
        with Form(self.env["oauth2.provider.client"]) as form:
            form.name = "Other Odoo"
            form.security_profile = "odoo_login"
            self.assertEqual(form.token_endpoint_auth_method, "none")
            self.assertEqual(form.access_token_lifetime, 120)
            form.security_profile = "oauth21"
            self.assertEqual(form.access_token_lifetime, 3600)
            form.application_type = "native"
            self.assertEqual(form.token_endpoint_auth_method, "none")

    def test_client_identifier_is_random_and_stays(self):
        other = self.client.copy()
        self.assertNotEqual(other.client_identifier, self.client.client_identifier)
        self.assertFalse(other.redirect_uri_ids or other.secret_ids)
        with self.assertRaises(UserError):
            other.client_identifier = "chosen"
        for refused in ("with space", "slash/", "a" * 129, "umläut"):
            with self.assertRaises(ValidationError):
                self.create_client(client_identifier=refused)

    def test_r07_r12_r13_r26_redirect_addresses_that_are_refused(self):
        for refused in (
            "http://app.example.com/callback",
            "http://localhost/callback",
            "https://app.example.com/callback#",
            "javascript:alert(1)",
            "https://*.example.com/callback",
            "https://app.example.com/a/../callback",
            "com.example.app:/callback",
        ):
            with self.subTest(refused), self.assertRaises(ValidationError):
                self.client.redirect_uri_ids = [Command.create({"uri": refused})]

    def test_r26_local_development_allows_http_and_cannot_be_taken_back_with_it(self):
        self.client.local_development = True
        self.client.redirect_uri_ids = [Command.create({"uri": "http://localhost:8070/callback"})]
        with self.assertRaises(ValidationError):
            self.client.local_development = False

    def test_a_native_application_may_use_loopback_and_its_own_scheme(self):
        client = self.create_client(application_type="native")
        client.redirect_uri_ids = [
            Command.create({"uri": "http://127.0.0.1/callback"}),
            Command.create({"uri": "com.example.app:/callback"}),
        ]
        with self.assertRaises(ValidationError):
            client.application_type = "web"

    @mute_logger("odoo.sql_db")
    def test_a_redirect_address_is_registered_once(self):
        with self.assertRaises(UniqueViolation), self.cr.savepoint():
            self.client.redirect_uri_ids = [
                Command.create({"uri": "https://app.example.com/callback"})
            ]

    def test_another_odoo_cannot_stay_connected_nor_hold_long_tokens(self):
        client = self.create_client(security_profile="odoo_login")
        for values in ({"use_refresh_token": True}, {"access_token_lifetime": 3600}):
            with self.subTest(values), self.assertRaises(ValidationError):
                client.write(values)

    def test_lifetimes_and_links_that_make_no_sense_are_refused(self):
        for values in (
            {"access_token_lifetime": 0},
            {"access_token_lifetime": 10**9},
            {"refresh_token_idle_lifetime": 10**9},
            {"policy_uri": "http://app.example.com/privacy"},
            {"tos_uri": "javascript:alert(1)"},
        ):
            with self.subTest(values), self.assertRaises(ValidationError):
                self.client.write(values)

    def test_scope_names_are_those_of_the_standard(self):
        for refused in ('with"quote', "two words", "umläut", "back\\slash"):
            with self.subTest(refused), self.assertRaises(ValidationError):
                self.env["oauth2.provider.scope"].create({"name": refused, "description": "x"})

    def test_u14_a_scope_is_described_and_an_unknown_one_is_not_hidden(self):
        describe = self.env["oauth2.provider.scope"]._describe
        self.assertEqual(describe("email unheard-of"), ["Your e-mail address", "unheard-of"])
        self.assertEqual(describe(False), [])

    def test_changes_are_events_without_secrets(self):
        secret = self.env["oauth2.provider.client.secret"]._generate(self.client)
        self.client.with_user(self.administrator).is_trusted = True
        details = self.events("client_changed").mapped("detail")
        self.assertIn("Changed: is_trusted (by oauth2-administrator", "\n".join(details))
        self.assertIn("https://app.example.com/callback", "\n".join(details))
        self.assertNotIn(secret, "\n".join(details))

    def test_deleting_an_application_leaves_its_events(self):
        identifier = self.client.client_identifier
        self.client.unlink()
        events = self.env["oauth2.provider.event"].search([("client_identifier", "=", identifier)])
        self.assertIn("Application deleted", events[0].detail)
        self.assertFalse(events.client_id)

    def test_events_of_what_is_gone_are_shown(self):
        events = self.env["oauth2.provider.event"].with_user(self.administrator)
        known = self.env["oauth2.provider.event"].search([], limit=1).id
        person = new_test_user(self.env, "goes")
        client = self.create_client()
        self.env["oauth2.provider.event"]._record("login", client=client, user=person)
        of_client, of_person = [("client_id", "=", client.id)], [("user_id", "=", person.id)]
        event = events.search([*of_client, *of_person])
        self.assertEqual((event.client_id, event.user_id.id), (client, person.id))
        client.unlink()
        person.unlink()
        self.assertFalse(events.search(["|", *of_client, *of_person]))
        gone = [("id", ">", known), ("event_type", "=", "login")]
        self.assertEqual(
            events.search([*gone, ("client_id", "=", False), ("user_id", "=", False)]), event
        )
        names = {"fields": {"display_name": {}}}
        [row] = events.web_search_read(gone, {"client_id": names, "user_id": names})["records"]
        self.assertEqual((row["client_id"], row["user_id"]), (False, False))
        for field in ("client_id", "user_id"):
            [group] = events.formatted_read_group(gone, [field], ["__count"])
            self.assertEqual((group[field], group["__count"]), (False, 1))

    def test_no_application_before_the_issuer_is_confirmed(self):
        self.env["ir.config_parameter"].set_param("oauth2_provider.issuer_confirmed", False)
        system = new_test_user(self.env, "system", groups="base.group_system")
        with self.assertRaises(RedirectWarning) as caught:
            self.env["oauth2.provider.client"].with_user(system).create({"name": "First"})
        self.assertEqual(
            caught.exception.args[1], self.env.ref("oauth2_provider.action_oauth2_settings").id
        )
        with self.assertRaises(ValidationError):
            self.env["oauth2.provider.client"].with_user(self.administrator).create(
                {"name": "First"}
            )

    def test_addresses_for_the_other_side(self):
        self.assertEqual(self.client.userinfo_endpoint, "https://odoo.example.com/oauth2/userinfo")
        client = self.create_client(security_profile="odoo_login")
        self.assertEqual(
            client.userinfo_endpoint,
            f"https://odoo.example.com/oauth2/userinfo/{client.client_identifier}",
        )
        self.assertEqual(client.authorization_endpoint, "https://odoo.example.com/oauth2/authorize")
