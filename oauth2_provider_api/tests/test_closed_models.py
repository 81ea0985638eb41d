"""What no token opens, not even an administrator's with the widest scope, directly or by way of something else."""

import base64
import time
from datetime import datetime, timedelta
from unittest.mock import patch

from odoo.addons.base.models.res_partner import ResPartner
from odoo.http import request
from odoo.tests import new_test_user, tagged

from ..adapters.closed_models import CLOSED_MODELS, CLOSED_PREFIXES, is_kept
from .api_case import ApiCase


@tagged("post_install", "-at_install")
class TestClosedModels(ApiCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person.group_ids += cls.env.ref("base.group_system") + cls.env.ref(
            "oauth2_provider.group_oauth2_administrator"
        )
        cls.env.flush_all()

    def setUp(self):
        super().setUp()
        self.mighty = self.token("openid odoo.read odoo.write")

    def closed(self):
        return [
            name
            for name in self.env.registry
            if name in CLOSED_MODELS or name.startswith(CLOSED_PREFIXES)
        ]

    def test_closed_models_are_there_and_closed_to_every_method(self):
        closed = self.closed()
        for name in (
            "oauth2.provider.client",
            "oauth2.provider.token",
            "oauth2.provider.scope",
            "res.users.apikeys",
            "res.users.apikeys.description",
            "res.users.identitycheck",
            "ir.config_parameter",
            "res.config.settings",
            "change.password.wizard",
            "auth_totp.device",
            "auth.passkey.key",
        ):
            self.assertIn(name, closed)
        for name in closed:
            for method in ("search_read", "create", "fields_get"):
                with self.subTest(model=name, method=method):
                    self.assert_forbidden(self.mighty, name, method)

    def test_trying_it_is_an_event(self):
        for method in ("search_read", "create", "create"):
            self.assert_forbidden(self.mighty, "res.users.apikeys", method)
        for name in ("oauth2.provider.nothing", "res.users.apikeys.x"):
            response = self.call(self.mighty, name, "read")
            self.assertEqual(response.status_code, 404)
        event = self.env["oauth2.provider.event"].search([("event_type", "=", "use_refused")])
        self.assertEqual((event.client_id, event.user_id), (self.application, self.person))
        self.assertIn("res.users.apikeys", event.detail)

    def test_the_same_administrator_may_without_a_token(self):
        """Otherwise the tests here would show nothing."""
        self.env["oauth2.provider.client"].with_user(self.person).check_access("write")
        self.env["ir.config_parameter"].with_user(self.person).check_access("write")

    def test_closed_by_way_of_another_model(self):
        own = self.person.ids
        ways = [
            ("search", {"domain": [["oauth2_consent_ids.client_id.name", "like", "x"]]}),
            ("search", {"domain": [["api_key_ids.name", "like", "secret"]]}),
            ("search_read", {"domain": [["id", "in", own]], "fields": ["api_key_ids"]}),
            ("read", {"ids": own, "fields": ["api_key_ids"]}),
            ("read", {"ids": own, "fields": ["name", "oauth2_consent_ids"]}),
            ("write", {"ids": own, "vals": {"api_key_ids": [[5, 0, 0]]}}),
            ("write", {"ids": own, "vals": {"signature": "x", "api_key_ids": [[0, 0, {}]]}}),
            (
                "web_read",
                {
                    "ids": self.person.ids,
                    "specification": {"api_key_ids": {"fields": {"name": {}}}},
                },
            ),
        ]
        (
            self.env["res.users.apikeys"]
            .with_user(self.person)
            ._generate("rpc", "secret name", datetime.now() + timedelta(hours=1))
        )
        self.env.flush_all()
        for method, arguments in ways:
            with self.subTest(method):
                self.assert_forbidden(self.mighty, "res.users", method, **arguments)
        (record,) = self.result(self.mighty, "res.users", "read", ids=own)
        self.assertEqual(record["login"], "ada")
        self.assertFalse({"api_key_ids", "oauth2_consent_ids", "device_ids"} & record.keys())

    def test_closed_within_a_method_of_an_open_model(self):
        """Any method of any add-on may look anywhere as its user."""

        def run(self, model, operation):
            records = self.env[model]
            if operation == "read":
                return records.search([]).ids
            return getattr(records.with_context(oauth2_admission=None), operation)({})

        for model in ("oauth2.provider.client", "ir.config_parameter", "res.users.apikeys"):
            with patch.object(ResPartner, "run_it", run, create=True):
                self.assert_forbidden(
                    self.mighty, "res.partner", "run_it", model=model, operation="read"
                )

    def test_o12_kept_models_are_read_and_not_changed(self):
        for name in filter(is_kept, self.env.registry):
            may_read = self.env[name].with_user(self.person).has_access("read")
            with self.subTest(name):
                for operation, is_allowed in {
                    "read": may_read,
                    "create": False,
                    "write": False,
                    "unlink": False,
                }.items():
                    arguments = {"ids": [], "operation": operation}
                    found = self.result(self.mighty, name, "has_access", **arguments)
                    self.assertEqual(found, is_allowed, operation)
        cron = self.env["ir.cron"].search([], limit=1)
        self.assertEqual(
            self.result(self.mighty, "ir.cron", "read", ids=cron.ids, fields=["id"]),
            [{"id": cron.id}],
        )
        self.assert_forbidden(self.mighty, "ir.cron", "write", ids=cron.ids, vals={"priority": 1})

    def test_o12_files_with_an_address_of_their_own(self):
        """Odoo serves them there; the bundles of scripts and styles are such files."""
        served = self.env["ir.attachment"].create(
            {
                "name": "web.assets_frontend.min.js",
                "url": "/web/assets/1/web.assets_frontend.min.js",
                "raw": b"ours()",
                "mimetype": "application/javascript",
                "res_model": "ir.ui.view",
                "public": True,
            }
        )
        plain = self.env["ir.attachment"].create({"name": "plain", "raw": b"plain"})
        self.env.flush_all()
        evil = base64.b64encode(b"theirs()").decode()
        ways = {
            "content": ("write", {"ids": served.ids, "vals": {"datas": evil}}),
            "copy": ("copy", {"ids": served.ids, "default": {"datas": evil}}),
            "address": ("write", {"ids": plain.ids, "vals": {"url": "/web/assets/1/x.js"}}),
            "new": ("create", {"vals_list": [{"name": "x", "url": "/x.js", "datas": evil}]}),
        }
        for name, (method, arguments) in ways.items():
            with self.subTest(name):
                self.assert_forbidden(self.mighty, "ir.attachment", method, **arguments)
        self.assertEqual(served.raw, b"ours()")
        self.result(self.mighty, "ir.attachment", "write", ids=plain.ids, vals={"datas": evil})
        self.assertEqual(plain.raw, b"theirs()")

    def test_o12_files_of_pages_are_text(self):
        page = base64.b64encode(b"<script>theirs()</script>").decode()
        values = {"name": "x.html", "mimetype": "text/html", "datas": page}
        (created,) = self.result(self.mighty, "ir.attachment", "create", vals_list=[values])
        self.assertEqual(self.env["ir.attachment"].browse(created).mimetype, "text/plain")

    def test_o12_html_is_cleaned_or_refused(self):
        """Whatever the person is trusted with."""
        self.person.group_ids += self.env.ref("base.group_sanitize_override")
        self.env.flush_all()
        script = "<p>x<script>theirs()</script></p>"
        with patch.object(self.env["res.partner"]._fields["comment"], "sanitize", False):
            self.assert_forbidden(
                self.mighty, "res.partner", "write", ids=self.own.ids, vals={"comment": script}
            )
        with patch.object(self.env["res.partner"]._fields["comment"], "sanitize_overridable", True):
            self.result(
                self.mighty, "res.partner", "write", ids=self.own.ids, vals={"comment": script}
            )
        self.assertIn("x", self.own.comment)
        self.assertNotIn("script", self.own.comment)

    def test_o12_methods_of_kept_models_are_closed_whether_or_not_they_ask_for_rights(self):
        for model, method in (
            ("base.module.upgrade", "upgrade_module"),
            ("ir.default", "set"),
            ("ir.module.module", "update_list"),
            ("ir.actions.server", "run"),
            ("ir.cron", "method_direct_trigger"),
        ):
            with self.subTest(method):
                self.assert_forbidden(self.mighty, model, method)

    def test_o11_links_for_a_new_password_are_not_read(self):
        # As Odoo writes it, until it is sent.
        mail = self.env["mail.mail"].create(
            {
                "subject": "Password reset",
                "body_html": '<a href="http://localhost/web/reset_password?token=x">Change</a>',
                "email_to": self.person.email,
                "message_type": "user_notification",
            }
        )
        self.env.flush_all()
        for fields in (["body"], ["preview"]):
            found = self.result(
                self.mighty,
                "mail.message",
                "search_read",
                domain=[["id", "in", mail.mail_message_id.ids]],
                fields=fields,
            )
            self.assertNotIn("reset_password", str(found))
        self.assert_forbidden(self.mighty, "mail.mail", "read", ids=mail.ids)

    def test_o11_no_account_is_made_changed_or_removed(self):
        other = new_test_user(self.env, "grace", groups="base.group_user")
        self.env.flush_all()
        for user in (self.person, other):
            for name, value in {
                "login": "mallory",
                "password": "mallory-password",
                "new_password": "mallory-password",
                "email": "mallory@example.com",
                "group_ids": [[6, 0, []]],
                "active": False,
                "partner_id": self.own.id,
                "company_ids": [[6, 0, []]],
            }.items():
                with self.subTest(user=user.login, field=name):
                    self.assert_forbidden(
                        self.mighty, "res.users", "write", ids=user.ids, vals={name: value}
                    )
        for method, arguments in {
            "create": {"vals_list": [{"login": "new", "name": "New"}]},
            "unlink": {"ids": other.ids},
            "copy": {"ids": other.ids},
            "web_save": {"ids": other.ids, "vals": {}, "specification": {}},
            "change_password": {"old_passwd": "ada-password", "new_passwd": "new-password"},
            "preference_change_password": {"ids": self.person.ids},
            "api_key_wizard": {"ids": self.person.ids},
            "action_revoke_all_devices": {"ids": self.person.ids},
            "action_reset_password": {"ids": other.ids},
            "authenticate": {"credential": {}, "user_agent_env": {}},
        }.items():
            with self.subTest(method):
                self.assert_forbidden(self.mighty, "res.users", method, **arguments)

    def test_own_preferences_are_changed(self):
        self.result(
            self.mighty, "res.users", "write", ids=self.person.ids, vals={"signature": "By Ada"}
        )
        self.assertIn("By Ada", self.person.signature)

    def test_o11_no_key_and_no_password_come_of_it_even_as_superuser(self):
        """Methods that go on as superuser after checks of their own."""

        def make_key(self):
            expires = datetime.now() + timedelta(hours=1)
            return self.env["res.users.apikeys"].sudo()._generate("rpc", "x", expires)

        def set_password(self):
            self.env.user.sudo().password = "mallory-password"

        for method in (make_key, set_password):
            with patch.object(ResPartner, "run_it", method, create=True):
                self.assert_forbidden(self.mighty, "res.partner", "run_it")

    def test_a_password_that_was_typed_in_a_browser_does_not_count(self):
        self.authenticate("ada", "ada-password", session_extra={"identity-check-last": time.time()})

        def run(self):
            return request.session.get("identity-check-last")

        with patch.object(ResPartner, "run_it", run, create=True):
            self.assertIsNone(self.result(self.mighty, "res.partner", "run_it"))

    def test_without_a_token_nothing_is_closed(self):
        expires = datetime.now() + timedelta(hours=1)
        key = self.env["res.users.apikeys"].with_user(self.person)._generate("rpc", "t", expires)
        self.env.flush_all()
        self.result(key, "oauth2.provider.client", "search_count", domain=[])
        self.result(key, "ir.config_parameter", "search_count", domain=[])
