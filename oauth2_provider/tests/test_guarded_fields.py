"""What nobody writes over Odoo's own interfaces, although they may write the record: whatever the screens only show."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.models import MAGIC_COLUMNS
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .records_case import RecordsCase

REFUSALS = {
    f"odoo.exceptions.{error.__name__}" for error in (AccessError, UserError, ValidationError)
}
# Chosen once: an application keeps the client ID that it has elsewhere. Its change is refused by a rule of its own.
CHOSEN_AT_CREATION = {("oauth2.provider.client", "client_identifier")}


@tagged("post_install", "-at_install", "neighbours")
class TestGuardedFields(RecordsCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.system = new_test_user(cls.env, "system", groups="base.group_system")
        cls.env["oauth2.provider.client.secret"]._generate(cls.client)

    def call(self, user, model, method, *args, **context):
        """The answer to a call as the web client makes it, by a person who is logged in."""
        self.env.flush_all()
        self.authenticate(user.login, user.login)
        params = {"model": model, "method": method, "args": args, "kwargs": {"context": context}}
        answer = self.url_open("/web/dataset/call_kw", json={"params": params}).json()
        self.env.invalidate_all()
        return answer

    def assert_refused(self, *call, **context):
        with mute_logger("odoo.http", "odoo.orm.models", "odoo.addons.base.models.ir_rule"):
            answer = self.call(*call, **context)
        self.assertIn(answer.get("error", {}).get("data", {}).get("name"), REFUSALS, answer)

    def shown_fields(self):
        """The stored fields that screens only show, in records that somebody may write; and what we added to users."""
        for model in self.env.registry.values():
            is_own = model._name.startswith("oauth2.provider.")
            if not (is_own or model._name == "res.users") or model._abstract or model._transient:
                continue
            rights = self.env["ir.model.access"].search([("model_id.model", "=", model._name)])
            if not any(right.perm_write or right.perm_create for right in rights):
                continue
            for name, field in model._fields.items():
                is_ours = name.startswith("oauth2_") or (is_own and name not in MAGIC_COLUMNS)
                if is_ours and field.store and field.readonly:
                    yield model._name, name

    def test_u12_what_screens_only_show_nobody_writes(self):
        """Whoever adds such a field says with ``written_by`` who writes it."""
        shown = set(self.shown_fields()) - CHOSEN_AT_CREATION
        self.assertIn(("oauth2.provider.client", "sector_identifier"), shown)
        for model, name in shown:
            field = self.env[model]._fields[name]
            if field.type == "one2many":
                continue  # their rows have rights of their own
            with self.subTest(f"{model}.{name}"):
                self.assertFalse(
                    self.env[model].with_user(self.system)._has_field_access(field, "write")
                )

    def test_u12_what_makes_an_application_known_is_not_written(self):
        client = self.client.id
        for values in ({"sector_identifier": "other.example"}, {"client_identifier": "x"}):
            with self.subTest(values):
                before = self.client.read(list(values))
                self.assert_refused(
                    self.administrator, "oauth2.provider.client", "write", [client], values
                )
                self.assertEqual(self.client.read(list(values)), before)
        self.assert_refused(
            self.administrator,
            "oauth2.provider.resource",
            "create",
            {"name": "R", "identifier": "https://r.example", "canonical_identifier": "https://x"},
        )

    def test_j18_signing_keys_are_written_by_the_server_alone(self):
        """Who could write a public key could sign as this issuer."""
        keys = self.env["oauth2.provider.signing.key"].search([("algorithm", "=", "RS256")])
        waiting = keys.filtered(lambda key: key.state == "next")
        before = keys.read()
        for user in (self.administrator, self.system):
            for values in (
                {"public_pem": "-----BEGIN PUBLIC KEY-----"},
                {"state": "retired"},
                {"is_published": False},
                {"kid": "mine"},
            ):
                self.assert_refused(user, keys._name, "write", waiting.ids, values)
            self.assert_refused(user, keys._name, "create", {"algorithm": "RS256", "kid": "mine"})
            self.assert_refused(user, keys._name, "unlink", waiting.ids)
        self.assertEqual(keys.read(), before)
        self.assert_refused(self.ada, keys._name, "action_rotate", keys.ids)
        self.call(self.administrator, keys._name, "action_rotate", [])
        self.assertEqual(waiting.state, "active")

    def test_u10_nobody_speaks_for_another_person(self):
        """By moving the own details to them, or by making some for them."""
        model = "oauth2.provider.profile"
        profiles = self.env[model]
        for own, other in (
            (self.bob, self.ada),
            (self.ada, self.bob),
            (self.administrator, self.ada),
        ):
            with self.subTest(own.login):
                mine = self.call(own, model, "create", {"nickname": own.login})["result"]
                self.assertEqual(profiles.browse(mine).user_id, own)
                self.call(own, model, "write", [mine], {"nickname": "changed"})
                self.assertEqual(profiles.browse(mine).nickname, "changed")
                self.assert_refused(own, model, "write", [mine], {"user_id": other.id})
                profiles.browse(mine).unlink()
                self.assert_refused(own, model, "create", {"user_id": other.id, "nickname": "x"})
                self.assert_refused(
                    own, model, "create", {"nickname": "x"}, default_user_id=other.id
                )
                self.call(own, model, "load", ["user_id/.id", "nickname"], [[other.id, "x"]])
                self.assertFalse(profiles.search([("user_id", "=", other.id)]))

    def test_u12_the_context_lends_nobody_s_rights(self):
        """Neither the context nor a saved default fills what the values may not."""
        model = "oauth2.provider.client"
        values = {"name": "Mine", "use_client_credentials": True}
        self.assert_refused(
            self.administrator, model, "create", values, default_service_user_id=self.ada.id
        )
        self.call(
            self.administrator,
            "ir.default",
            "set",
            model,
            "service_user_id",
            self.ada.id,
            True,
        )
        self.assert_refused(self.administrator, model, "create", values)
        self.call(self.administrator, model, "create", {"name": "Mine"})
        self.assertFalse(self.env[model].search([("service_user_id", "=", self.ada.id)]))

    def test_u12_another_record_lends_nobody_s_rights(self):
        """Commands of a list of applications write applications."""
        level = self.env["oauth2.provider.authentication.level"].create({"name": "level"})
        self.assert_refused(
            self.administrator,
            level._name,
            "write",
            level.ids,
            {"client_ids": [[1, self.client.id, {"service_user_id": self.ada.id}]]},
        )
        self.client.service_user_id = self.ada
        self.assert_refused(self.administrator, self.client._name, "copy", self.client.ids)

    def test_u12_an_application_is_moved_to_no_other(self):
        """A redirect address of the own application would otherwise soon be one of another company's."""
        company = self.env["res.company"].create({"name": "Other"})
        theirs = self.create_client(company_id=company.id)
        addresses = self.client.redirect_uri_ids
        addresses.uri = "https://evil.example/"
        self.assert_refused(
            self.administrator, addresses._name, "write", addresses.ids, {"client_id": theirs.id}
        )
        self.assertEqual(addresses.client_id, self.client)

    @mute_logger("odoo.sql_db")
    def test_u04_a_group_that_limits_an_application_stays(self):
        """Without its last group the application would be open to everybody."""
        group = self.env["res.groups"].create({"name": "Few"})
        self.client.group_ids = group
        self.assert_refused(self.system, "res.groups", "unlink", group.ids)
        self.assertEqual(self.client.group_ids, group)

    def test_u09_no_default_chooses_a_subject(self):
        manager = new_test_user(
            self.env, "manager", groups="base.group_erp_manager,base.group_partner_manager"
        )
        self.assert_refused(
            manager,
            "res.users",
            "create",
            {"name": "New", "login": "new"},
            default_oauth2_subject="chosen",
        )
        self.call(manager, "ir.default", "set", "res.users", "oauth2_subject", "chosen", True)
        self.call(manager, "res.users", "create", {"name": "New", "login": "new"})
        self.assertNotEqual(
            self.env["res.users"].search([("login", "=", "new")]).oauth2_subject, "chosen"
        )
        # Invitations to the portal are made as superuser, with the context of whoever invites.
        context = {"default_oauth2_subject": "chosen", "default_oauth2_email_origin": "verified"}
        user = self.env["res.users"].with_context(**context).create({"name": "P", "login": "p"})
        self.assertNotEqual(user.oauth2_subject, "chosen")
        self.assertEqual(user.oauth2_email_origin, "administrator")
