"""Who may see and do what: administrators, internal and portal users, the public, and nobody at all."""

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .records_case import RecordsCase, new_hash

HASHES = {
    "oauth2.provider.client.secret": ["secret_hash"],
    "oauth2.provider.authorization": ["session_hash"],
    "oauth2.provider.authorization.code": ["code_hash", "code_challenge"],
    "oauth2.provider.token": ["token_hash"],
    "oauth2.provider.authorization.request": ["handle_hash", "browser_hash", "parameters"],
    "oauth2.provider.device.code": ["device_code_hash", "user_code_hash"],
    "res.users": ["oauth2_mailed_tokens"],
}
# What a person's screens call; everything else of ours is closed to RPC.
CALLABLE = {
    "oauth2.provider.client": {
        "action_add_client_roles_claim",
        "action_add_groups_claim",
        "action_add_realm_roles_claim",
        "action_connect_odoo",
        "action_export_accounts",
        "action_new_secret",
        "action_revoke_authorizations",
        "action_view_authorizations",
        "action_view_events",
    },
    "oauth2.provider.authorization": {"action_revoke"},
    "oauth2.provider.consent": {"action_revoke", "action_start"},
    "oauth2.provider.logout.notice": {"action_retry"},
    "oauth2.provider.connect.odoo": {"action_connect"},
    "oauth2.provider.account.export": {"action_download"},
    "oauth2.provider.signing.key": {"action_rotate"},
    "res.config.settings": {"action_oauth2_revoke_everything"},
    "res.users": {
        "action_oauth2_edit_profile",
        "action_oauth2_revoke_authorizations",
        "action_oauth2_view_authorizations",
        "authenticate",  # Odoo's own, which asks for the password
    },
}
STANDARD_METHODS = {
    "create",
    "write",
    "unlink",
    "default_get",
    "signup",
    "get_values",
    "set_values",
    "message_new",  # refuses everybody
    "message_update",
}


@tagged("post_install", "-at_install", "neighbours")
class TestAccessRights(RecordsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.system = new_test_user(cls.env, "system", groups="base.group_system")
        cls.public = cls.env.ref("base.public_user")
        cls.env["oauth2.provider.client.secret"]._generate(cls.client)

    def rows_with_hashes(self):
        """One record of each model that holds a hash."""
        authorization = self.authorize(self.ada)
        now = fields.Datetime.now()
        common = {"client_id": self.client.id, "expires_at": now}
        yield self.client.secret_ids
        yield authorization
        yield self.env["oauth2.provider.authorization.code"].create(
            {**common, "code_hash": new_hash(), "authorization_id": authorization.id}
        )
        yield self.env["oauth2.provider.token"].create(
            {**common, "token_hash": new_hash(), "kind": "access", "issued_at": now}
        )
        yield self.env["oauth2.provider.authorization.request"].create(
            {
                **common,
                "handle_hash": new_hash(),
                "browser_hash": new_hash(),
                "parameters": "{}",
                "created_at": now,
            }
        )
        yield self.env["oauth2.provider.device.code"].create(
            {
                **common,
                "device_code_hash": new_hash(),
                "user_code_hash": new_hash(),
                "status": "pending",
                "created_at": now,
                "poll_interval": 5,
            }
        )
        yield self.ada

    @mute_logger("odoo.orm.models", "odoo.addons.base.models.ir_model", "odoo.models")
    def test_o8_nobody_reads_a_hash_in_any_way(self):
        for row in self.rows_with_hashes():
            for name in HASHES[row._name]:
                for user in (self.system, self.administrator, self.ada, self.bob):
                    with self.subTest(f"{row._name}.{name} by {user.login}"):
                        self.assert_closed(row.with_user(user), name)

    def assert_closed(self, record, name):
        attempts = {
            "read": lambda: record.read([name]),
            "search": lambda: record.search([(name, "=like", "a%")]),
            "order": lambda: record.search([], order=name),
            "formatted group": lambda: record.formatted_read_group([], [name], ["__count"]),
            "aggregate": lambda: record._read_group([], [], [f"{name}:max"]),
            "export": lambda: record.export_data([name]),
        }
        for way, attempt in attempts.items():
            with self.subTest(way), self.assertRaises(UserError):
                attempt()

    @mute_logger("odoo.orm.models", "odoo.addons.base.models.ir_model", "odoo.models")
    def test_o8_codes_tokens_and_requests_are_closed_even_to_administrators(self):
        for model in (
            "oauth2.provider.authorization.code",
            "oauth2.provider.token",
            "oauth2.provider.authorization.request",
            "oauth2.provider.device.code",
            "oauth2.provider.attempt",
        ):
            for operation in ("read", "write", "create", "unlink"):
                with self.subTest(f"{operation} {model}"), self.assertRaises(AccessError):
                    self.env[model].with_user(self.system).check_access(operation)

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_u12_only_administrators_touch_applications(self):
        for user in (self.ada, self.bob, self.public):
            client = self.client.with_user(user)
            attempts = {
                "read": lambda client=client: client.read(["name"]),
                "write": lambda client=client: client.write({"is_trusted": True}),
                "redirect": lambda client=client: client.write(
                    {"redirect_uri_ids": [Command.create({"uri": "https://evil.example/"})]}
                ),
                "redirect itself": lambda client=client: client.env[
                    "oauth2.provider.redirect.uri"
                ].create({"client_id": client.id, "uri": "https://evil.example/"}),
                "create": lambda client=client: client.create({"name": "Mine"}),
                "unlink": lambda client=client: client.unlink(),
                "secret": lambda client=client: client.env["oauth2.provider.client.secret"].create(
                    {"client_id": client.id, "secret_hash": new_hash()}
                ),
                "revoke": lambda client=client: client.action_revoke_authorizations(),
                "scope": lambda client=client: client.env["oauth2.provider.scope"].create(
                    {"name": "all", "description": "All"}
                ),
            }
            for name, attempt in attempts.items():
                with self.subTest(f"{name} by {user.login}"), self.assertRaises(AccessError):
                    attempt()
        self.client.with_user(self.administrator).is_trusted = True

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_u12_not_even_administrators_choose_a_secret(self):
        secrets = self.env["oauth2.provider.client.secret"].with_user(self.administrator)
        values = {"client_id": self.client.id, "secret_hash": new_hash()}
        with self.assertRaises(AccessError):
            secrets.create(values)
        with self.assertRaises(AccessError):
            self.client.secret_ids.with_user(self.administrator).write(values)
        self.client.secret_ids.with_user(self.administrator).unlink()

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_u11_users_see_and_revoke_their_own_alone(self):
        for own, other in ((self.ada, self.bob), (self.bob, self.ada)):
            for make in (self.authorize, self.consent):
                mine, theirs = make(own), make(other)
                records = mine.with_user(own)
                with self.subTest(f"{mine._name} of {own.login}"):
                    self.assertEqual(records.search([]), mine)
                    self.assertEqual(
                        records.scope_description,
                        "Your account here, under a random identifier, Your e-mail address",
                    )
                    with self.assertRaises(AccessError):
                        theirs.with_user(own).action_revoke()
                    with self.assertRaises(AccessError):
                        theirs.with_user(own).read(["scope"])
                    with self.assertRaises(AccessError):
                        records.write({"scope": "everything"})
                    records.action_revoke()
                (mine + theirs).exists().unlink()
        with self.assertRaises(AccessError):
            self.env["oauth2.provider.consent"].with_user(self.public).search([])

    def test_u11_users_see_their_connected_applications_without_rights_on_applications(self):
        for user in (self.ada, self.bob):
            self.consent(user)
            read = (
                self.env["res.users"].with_user(user).browse(user.id).read(["oauth2_consent_ids"])
            )
            consent = (
                self.env["oauth2.provider.consent"]
                .with_user(user)
                .browse(read[0]["oauth2_consent_ids"])
            )
            self.assertEqual(consent.client_name, "Test application")

    def test_u11_administrators_see_all(self):
        authorizations = self.authorize(self.ada) + self.authorize(self.bob)
        records = self.env["oauth2.provider.authorization"].with_user(self.administrator)
        self.assertEqual(
            records.search([("client_id", "=", self.client.id)]), authorizations.sorted("id", True)
        )

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_applications_of_another_company_are_out_of_sight(self):
        company = self.env["res.company"].create({"name": "Other"})
        client = self.create_client(company_id=company.id)
        self.authorize(self.ada, client)
        for model in ("client", "redirect.uri", "authorization", "event"):
            records = self.env[f"oauth2.provider.{model}"].with_user(self.administrator)
            field = "id" if model == "client" else "client_id"
            with self.subTest(model):
                self.assertFalse(records.search([(field, "=", client.id)]))

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_events_are_append_only(self):
        event = self.events("client_changed")[0]
        for user in (self.system, self.administrator):
            with self.assertRaises(AccessError):
                event.with_user(user).write({"detail": "nothing happened"})
            with self.assertRaises(AccessError):
                event.with_user(user).unlink()
            with self.assertRaises(AccessError):
                event.with_user(user).create(
                    {"event_type": "login", "occurred_at": event.occurred_at}
                )
        with self.assertRaises(AccessError):
            event.sudo().unlink()
        with self.assertRaises(AccessError):
            event.sudo().write({"detail": "nothing happened"})
        with self.assertRaises(AccessError):
            event.with_user(self.ada).read(["detail"])

    def test_only_what_the_screens_need_is_callable(self):
        for name in self.env:
            for parent in type(self.env[name]).__mro__:
                if not parent.__module__.startswith("odoo.addons.oauth2_provider."):
                    continue
                public = {
                    attribute
                    for attribute, value in vars(parent).items()
                    if callable(value)
                    and not attribute.startswith("_")
                    and not getattr(value, "_api_private", False)
                }
                with self.subTest(f"{name} in {parent.__module__}"):
                    self.assertLessEqual(public, CALLABLE.get(name, set()) | STANDARD_METHODS)

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_u09_a_subject_cannot_be_chosen(self):
        manager = new_test_user(self.env, "manager", groups="base.group_erp_manager")
        subject = self.ada.oauth2_subject
        with self.assertRaises(UserError):
            self.bob.with_user(manager).write({"oauth2_subject": subject})
        with self.assertRaises(UserError):
            self.env["res.users"].with_user(manager).create(
                {"name": "New", "login": "new", "oauth2_subject": subject}
            )
        with self.assertRaises(UserError):
            self.ada.with_user(self.ada).write({"oauth2_subject": "x", "name": "Ada"})
