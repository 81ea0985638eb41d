"""Groups, roles and other claims that an administrator makes for an application."""

import jwt
from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import JsonRpcException, new_test_user, tagged
from odoo.tools import mute_logger

from ..adapters.sql_store.own_claims import FIELD_SOURCES, find_own_claims
from .openid_case import OpenIDCase
from .records_case import RecordsCase

PROTOCOL_CLAIMS = ("iss", "sub", "aud", "exp", "nonce", "auth_time", "act", "cnf")


@tagged("post_install", "-at_install")
class TestOwnClaims(OpenIDCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = cls.env["res.groups"]
        cls.editors = groups.create({"name": "Editors, admins"})
        cls.chiefs = groups.create(
            {"name": "Chiefs", "implied_ids": [Command.link(cls.editors.id)]}
        )
        cls.person.group_ids = [Command.link(cls.chiefs.id)]

    def add_claim(self, name, **values):
        claim = self.env["oauth2.provider.claim"].create(
            {"client_id": self.application.id, "name": name, **values}
        )
        self.env.flush_all()
        return claim

    def log_in_and_read(self, **changes):
        """The claims of the ID token and of UserInfo."""
        self.authenticate(None, None)
        page = self.log_in(self.authorize(**{"scope": "openid"} | changes))
        tokens = self.redeem(self.answer(self.agree(page))["code"]).json()
        return self.claims_of(tokens["id_token"]), self.userinfo(tokens["access_token"]).json()

    def test_named_groups(self):
        """Members by way of another group count; two groups may have one name; nothing else is told."""
        self.add_claim(
            "groups",
            group_ids=[
                Command.create({"group_id": self.editors.id, "value": "Editor, Admin"}),
                Command.create({"group_id": self.env.ref("base.group_user").id, "value": "staff"}),
                Command.create({"group_id": self.chiefs.id, "value": "staff"}),
                Command.create({"group_id": self.env.ref("base.group_system").id, "value": "root"}),
            ],
        )
        for claims in self.log_in_and_read():
            self.assertEqual(claims["groups"], ["Editor, Admin", "staff"])

    def test_all_groups_by_names_that_nobody_translates(self):
        self.add_claim("realm_access.roles", group_filter="all")
        self.env["res.lang"]._activate_lang("fr_FR")
        self.person.lang = "fr_FR"
        self.env.flush_all()
        _id_token, userinfo = self.log_in_and_read()
        roles = userinfo["realm_access"]["roles"]
        self.assertIn("base.group_user", roles)
        self.assertIn(f"group_{self.editors.id}", roles)
        self.assertEqual(
            len(roles), len(self.person.all_group_ids), (roles, self.person.all_group_ids)
        )

    def test_whoever_is_in_no_group_has_an_empty_list(self):
        """An application that copies groups must learn that the last one is gone."""
        self.add_claim(
            "groups",
            group_ids=[Command.create({"group_id": self.env.ref("base.group_system").id})],
        )
        self.assertEqual(self.log_in_and_read()[0]["groups"], [])

    def test_a_group_that_is_lost_is_lost_at_once(self):
        self.add_claim("groups", group_ids=[Command.create({"group_id": self.editors.id})])
        tokens = self.redeem(self.log_in_for(scope="openid")["code"]).json()
        userinfo = self.userinfo(tokens["access_token"]).json()
        self.assertEqual(userinfo["groups"], [f"group_{self.editors.id}"])
        self.person.group_ids = [Command.unlink(self.chiefs.id)]
        self.env.flush_all()
        self.assertEqual(self.userinfo(tokens["access_token"]).json()["groups"], [])

    def test_details(self):
        country = self.env.ref("base.be")
        self.person.partner_id.write(
            {"function": 'Head of "Lines"\n{"groups": ["root"]}', "country_id": country.id}
        )
        self.add_claim("user_type", kind="user_type")
        self.add_claim("companies", kind="companies")
        for source in FIELD_SOURCES:
            self.add_claim(f"detail.{source}", kind="field", source=source)
        for claims in self.log_in_and_read():
            self.assertEqual(claims["user_type"], "internal")
            self.assertEqual(claims["companies"], [self.person.company_id.name])
            self.assertEqual(claims["detail"]["login"], "ada")
            self.assertEqual(claims["detail"]["country_code"], "BE")
            self.assertEqual(claims["detail"]["user_number"], self.person.id)
            # U10: whatever somebody writes about themselves stays a value.
            self.assertEqual(
                claims["detail"]["job_position"], 'Head of "Lines"\n{"groups": ["root"]}'
            )
            self.assertNotIn("reference", claims["detail"])

    @mute_logger("odoo.http")
    def test_t20_no_claim_takes_the_place_of_one_of_the_protocol(self):
        """Neither by the interface, nor where a record is there all the same: an import, an older version."""
        new_test_user(
            self.env,
            "boss",
            password="boss-password",
            groups="base.group_user,oauth2_provider.group_oauth2_administrator",
        )
        self.authenticate("boss", "boss-password")
        values = {"client_id": self.application.id, "kind": "user_type"}
        for name in PROTOCOL_CLAIMS:
            with self.subTest(name), self.assertRaisesRegex(JsonRpcException, "ValidationError"):
                self.create_over_rpc(values | {"name": name})
            self.create_over_rpc(values | {"name": f"own_{name}"})
        self.application.access_token_format = "jwt"
        self.env.flush_all()
        before = self.log_in_and_read_all()
        for claims in before[:2]:
            self.assertEqual({claims[f"own_{name}"] for name in PROTOCOL_CLAIMS}, {"internal"})
        self.env.cr.execute(
            "UPDATE oauth2_provider_claim SET name = substr(name, 5) WHERE client_id = %s",
            [self.application.id],
        )
        for claims, others in zip(self.log_in_and_read_all(), before, strict=True):
            own = {name for name in others if name.startswith("own_")}
            self.assertEqual(claims.keys(), others.keys() - own)
            self.assertNotIn("internal", claims.values())

    def create_over_rpc(self, values):
        model, method = "oauth2.provider.claim", "create"
        params = {"model": model, "method": method, "args": [values], "kwargs": {}}
        self.make_jsonrpc_request("/web/dataset/call_kw", params)

    def log_in_and_read_all(self):
        """The claims of the ID token, of UserInfo and of the access token."""
        self.authenticate(None, None)
        page = self.log_in(self.authorize(scope="openid"))
        tokens = self.redeem(self.answer(self.agree(page))["code"]).json()
        access_token = jwt.decode(tokens["access_token"], options={"verify_signature": False})
        userinfo = self.userinfo(tokens["access_token"]).json()
        return self.claims_of(tokens["id_token"]), userinfo, access_token

    def test_only_if_the_application_asks(self):
        scope = self.env.ref("oauth2_provider.scope_groups")
        self.application.scope_ids = [Command.link(scope.id)]
        self.add_claim("user_type", kind="user_type", only_if_asked=True)
        self.assertNotIn("user_type", self.log_in_and_read()[1])
        self.assertEqual(self.log_in_and_read(scope="openid groups")[1]["user_type"], "internal")

    def test_people_are_told(self):
        self.add_claim("user_type", kind="user_type")
        page = self.log_in(self.authorize(scope="openid"))
        self.assertIn('data-scope="groups"', page.text)
        self.assertIn("Your groups, roles and position here", page.text)

    def test_whoever_agreed_before_is_asked_again(self):
        tokens = self.redeem(self.log_in_for(scope="openid")["code"]).json()
        self.add_claim("user_type", kind="user_type")
        self.assertNotIn("user_type", self.userinfo(tokens["access_token"]).json())
        page = self.authorize(scope="openid")
        self.assertIn("oauth2_consent", page.text)

    def test_signed_userinfo(self):
        self.application.userinfo_signed_response_alg = "ES256"
        self.add_claim("user_type", kind="user_type")
        tokens = self.redeem(self.log_in_for(scope="openid")["code"]).json()
        claims = self.claims_of(self.userinfo(tokens["access_token"]).text)
        self.assertEqual(claims["user_type"], "internal")
        self.assertFalse({"nonce", "exp"} & claims.keys())

    def test_the_scope_is_offered(self):
        document = self.url_open("/.well-known/openid-configuration").json()
        self.assertIn("groups", document["scopes_supported"])


@tagged("post_install", "-at_install")
class TestClaimRecords(RecordsCase):
    def create_claim(self, **values):
        return self.env["oauth2.provider.claim"].create({"client_id": self.client.id, **values})

    def value_of(self, claim, user=None):
        self.env.flush_all()
        found = find_own_claims(self.env.cr, (user or self.ada).id, claim.client_id.id)
        return next(own.value for own in found if own.name == claim.name)

    def create_field(self, name="x_employee_number", **values):
        return self.env["ir.model.fields"].create(
            {
                "name": name,
                "model_id": self.env.ref("base.model_res_partner").id,
                "ttype": "char",
                "field_description": "Employee number",
                **values,
            }
        )

    def test_t20_names_of_the_protocol_are_refused(self):
        for name in ("sub", "iss", "email", "email_verified", "sid.x", "cnf", "act", "two words"):
            with self.subTest(name), self.assertRaises(ValidationError):
                self.create_claim(name=name)
        claim = self.create_claim(name="groups")
        with self.assertRaises(ValidationError):
            claim.name = "auth_time"
        with self.assertRaises(ValidationError):
            self.create_claim(name="groups.inner")

    def test_sources_are_those_of_the_statement(self):
        selection = dict(self.env["oauth2.provider.claim"]._fields["source"].selection)
        self.assertEqual(selection.keys(), FIELD_SOURCES.keys())

    def test_no_source_reads_a_secret(self):
        """Nor anything that a colleague could not read."""
        secret = {
            "password",
            "totp_secret",
            "oauth2_subject",
            "oauth2_picture_token",
            "signup_token",
        }
        for source, expression in FIELD_SOURCES.items():
            for name in secret:
                self.assertNotIn(name, expression, source)
        with self.assertRaises(ValueError):
            self.create_claim(name="x", kind="field", source="password")
        with self.assertRaises(ValidationError):
            self.create_claim(name="x", kind="field")

    def test_a_field_of_ones_own(self):
        field = self.create_field()
        self.ada.partner_id[field.name] = "0042"
        claim = self.create_claim(name="employee.number", kind="contact_field", field_id=field.id)
        self.assertEqual(self.value_of(claim), "0042")
        self.assertIsNone(self.value_of(claim, self.bob))

    def test_fields_that_are_not_ones_own(self):
        fields = self.env["ir.model.fields"]
        secrets = {"password", "totp_secret"} & self.env["res.users"]._fields.keys()
        for model, name in (
            *(("res.users", name) for name in secrets),
            ("res.users", "oauth2_subject"),
            ("res.partner", "signup_type"),
            ("res.partner", "email"),
            ("res.partner", "vat"),
            ("ir.config_parameter", "value"),
        ):
            field = fields._get(model, name)
            self.assertTrue(field, name)
            with self.subTest(name), self.assertRaises(ValidationError):
                self.create_claim(name="x", kind="contact_field", field_id=field.id)

    def test_a_field_that_needs_a_group_is_told_to_nobody(self):
        field = self.create_field()
        self.ada.partner_id[field.name] = "0042"
        claim = self.create_claim(name="number", kind="contact_field", field_id=field.id)
        self.env.cr.execute(
            "INSERT INTO ir_model_fields_group_rel (field_id, group_id) VALUES (%s, %s)",
            [field.id, self.env.ref("base.group_system").id],
        )
        self.assertIsNone(self.value_of(claim))

    def test_a_field_that_goes_takes_its_claim_along(self):
        field = self.create_field()
        claim = self.create_claim(name="number", kind="contact_field", field_id=field.id)
        field.unlink()
        self.assertFalse(claim.exists())

    def test_one_statement_for_all_claims(self):
        self.create_claim(name="groups", group_filter="all")
        self.create_claim(name="type", kind="user_type")
        self.create_claim(name="login_name", kind="field", source="login")
        self.env.flush_all()
        with self.assertQueryCount(1):
            find_own_claims(self.env.cr, self.ada.id, self.client.id)

    def test_portal_users(self):
        claim = self.create_claim(name="type", kind="user_type")
        self.assertEqual(self.value_of(claim, self.bob), "portal")

    def test_a_name_of_a_group_is_proposed_and_stands_on_one_line(self):
        claim = self.create_claim(name="groups")
        line = self.env["oauth2.provider.claim.group"].create(
            {"claim_id": claim.id, "group_id": self.env.ref("base.group_user").id}
        )
        self.assertEqual(line.value, "base.group_user")
        for value in ("two\nlines", "x" * 256):
            with self.assertRaises(ValidationError):
                line.value = value

    def test_buttons_for_products(self):
        client = self.client.with_user(self.administrator)
        client.action_add_groups_claim()
        client.action_add_groups_claim()
        client.action_add_realm_roles_claim()
        client.action_add_client_roles_claim()
        own = client.client_identifier
        self.assertEqual(
            set(client.claim_ids.mapped("name")),
            {"groups", "realm_access.roles", f"resource_access.{own}.roles"},
        )

    def test_changes_are_noted(self):
        claim = self.create_claim(name="groups")
        self.env["oauth2.provider.claim.group"].create(
            {"claim_id": claim.id, "group_id": self.env.ref("base.group_user").id}
        ).unlink()
        claim.unlink()
        details = self.events("client_changed").mapped("detail")
        self.assertTrue(any("base.group_user" in detail for detail in details), details)

    def test_claims_are_for_administrators_of_the_company(self):
        claim = self.create_claim(name="groups")
        for user in (self.ada, self.bob):
            with self.assertRaises(AccessError):
                claim.with_user(user).read(["name"])
        other = self.env["res.company"].create({"name": "Other"})
        foreign = self.create_client(company_id=other.id)
        hidden = self.env["oauth2.provider.claim"].create(
            {"client_id": foreign.id, "name": "groups", "group_filter": "all"}
        )
        boss = new_test_user(self.env, "boss", groups="oauth2_provider.group_oauth2_administrator")
        with self.assertRaises(AccessError):
            hidden.with_user(boss).read(["name"])
        with self.assertRaises(AccessError):
            self.env["oauth2.provider.claim"].with_user(boss).create(
                {"client_id": foreign.id, "name": "x"}
            )
