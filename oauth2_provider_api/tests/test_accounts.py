"""By no way that a token opens does an account come into other hands, one's own or somebody else's."""

from unittest.mock import patch

from odoo import Command
from odoo.addons.base.models.res_partner import ResPartner
from odoo.tests import new_test_user, tagged

from .api_case import ApiCase

EVIL = "mallory@example.com"


class AccountCase(ApiCase):
    def setUp(self):
        super().setUp()
        self.person.email = "ada@example.com"
        self.grace = new_test_user(
            self.env, "grace", groups="base.group_user", email="grace@example.com"
        )
        self.env.flush_all()

    def become_administrator(self):
        self.person.group_ids += self.env.ref("base.group_system")
        self.env.flush_all()


@tagged("post_install", "-at_install")
class TestAccounts(AccountCase):
    def test_o11_where_a_new_password_is_sent_stays(self):
        """The own address as well, and whoever the code goes on as."""
        token = self.token("openid odoo.write")
        for partner in (self.person.partner_id, self.grace.partner_id):
            self.assert_forbidden(
                token, "res.partner", "write", ids=partner.ids, vals={"email": EVIL}
            )

            def run(self, partner_ids):
                self.sudo().browse(partner_ids).email = EVIL

            with patch.object(ResPartner, "run_it", run, create=True):
                self.assert_forbidden(token, "res.partner", "run_it", partner_ids=partner.ids)
        self.assertEqual(self.person.email, "ada@example.com")
        self.assertEqual(self.grace.email, "grace@example.com")
        values = {"email": "ada@example.com", "phone": "+32 1"}
        self.result(token, "res.partner", "write", ids=self.person.partner_id.ids, vals=values)
        self.result(token, "res.partner", "write", ids=self.own.ids, vals={"email": EVIL})
        self.assertEqual(self.own.email, EVIL)

    def test_o11_the_address_of_an_archived_account_stays(self):
        self.grace.active = False
        self.env.flush_all()
        token = self.token("openid odoo.write")
        self.assert_forbidden(
            token, "res.partner", "write", ids=self.grace.partner_id.ids, vals={"email": EVIL}
        )

    def test_o11_code_that_goes_on_as_superuser_makes_and_changes_no_account(self):
        token = self.token("openid odoo.write")
        user, partner, group = self.grace, self.own, self.env.ref("base.group_system")

        def run(self, name):
            users = self.env["res.users"].sudo()
            if name == "create":
                return users.create({"login": "new", "name": "New"}).id
            value = {
                "login": "mallory",
                "password": "mallory-password",
                "partner_id": partner.id,
                "group_ids": [Command.link(group.id)],
                "active": False,
                "email": EVIL,
            }[name]
            return users.browse(user.id).write({name: value})

        with patch.object(ResPartner, "run_it", run, create=True):
            for name in (
                "create",
                "login",
                "password",
                "partner_id",
                "group_ids",
                "active",
                "email",
            ):
                with self.subTest(name):
                    self.assert_forbidden(token, "res.partner", "run_it", name=name)

    def test_o11_contacts_with_accounts_are_not_merged(self):
        """The foreign keys move past all access rights, the account's own among them."""
        self.become_administrator()
        token = self.token("openid odoo.write")
        self.own.email = EVIL
        self.env.flush_all()
        self.assert_forbidden(
            token,
            "base.partner.merge.automatic.wizard",
            "create",
            vals_list=[
                {
                    "partner_ids": [[6, 0, (self.own + self.grace.partner_id).ids]],
                    "dst_partner_id": self.own.id,
                }
            ],
        )

    def test_o12_a_message_computes_nothing(self):
        """Whoever may edit templates writes expressions, which go on as superuser and know the database's secret."""
        self.person.group_ids += self.env.ref("mail.group_mail_template_editor")
        self.env.flush_all()
        token = self.token("openid odoo.write")
        stolen = "env['ir.config_parameter'].sudo().get_param('database.secret')"
        secret = self.env["ir.config_parameter"].sudo().get_param("database.secret")
        values = {
            "model": "res.partner",
            "res_ids": str(self.own.ids),
            "composition_mode": "mass_mail",
            "subject": "x",
            "body": "x",
        }
        for changed in (
            {"body": f'<p><t t-out="{stolen}"/></p>'},
            {"subject": f"{{{{ {stolen} }}}}"},
        ):
            with self.subTest(**changed):
                (composer,) = self.result(
                    token, "mail.compose.message", "create", vals_list=[values | changed]
                )
                self.assert_forbidden(
                    token, "mail.compose.message", "action_send_mail", ids=[composer]
                )
        self.assertFalse(self.env["mail.mail"].search([("body_html", "like", secret)]))
        self.assertFalse(self.env["mail.message"].search([("subject", "like", secret)]))
        named = {"body": '<p><t t-out="object.name"/></p>', "subject": "{{ object.name }}"}
        (composer,) = self.result(
            token, "mail.compose.message", "create", vals_list=[values | named]
        )
        self.result(token, "mail.compose.message", "action_send_mail", ids=[composer])
        sent = self.env["mail.message"].search([("subject", "=", "Of Ada")], limit=1)
        self.assertIn("Of Ada", sent.body)


@tagged("post_install", "-at_install", "-standard", "hr")
class TestAccountsBesideEmployees(AccountCase):
    """Odoo lets people write some of what is theirs as superuser; beside ``hr`` that reaches their own address."""

    def setUp(self):
        super().setUp()
        self.employees = self.env["hr.employee"].create(
            [{"name": user.name, "user_id": user.id} for user in (self.person, self.grace)]
        )
        self.env.flush_all()

    def test_o11_own_work_address_is_where_a_new_password_is_sent(self):
        token = self.token("openid odoo.write")
        self.assertEqual(self.employees[0].work_contact_id, self.person.partner_id)
        own = self.person.ids
        self.assert_forbidden(token, "res.users", "write", ids=own, vals={"work_email": EVIL})
        self.assertEqual(self.person.email, "ada@example.com")
        self.result(token, "res.users", "write", ids=own, vals={"work_phone": "+32 1"})
        self.assertEqual(self.person.phone, "+32 1")

    def test_o11_work_address_of_somebody_else(self):
        self.person.group_ids += self.env.ref("hr.group_hr_manager")
        self.env.flush_all()
        token = self.token("openid odoo.write")
        employee = self.employees[1]
        self.assert_forbidden(
            token, "hr.employee", "write", ids=employee.ids, vals={"work_email": EVIL}
        )
        self.assertEqual(self.grace.email, "grace@example.com")


@tagged("post_install", "-at_install", "-standard", "portal")
class TestAccountsBesidePortal(AccountCase):
    def test_o11_nobody_is_invited(self):
        """It makes accounts, gives them rights and archives them, as superuser."""
        token = self.token("openid odoo.write")
        for model in ("portal.wizard", "portal.wizard.user"):
            self.assert_forbidden(token, model, "create", vals_list=[{}])


@tagged("post_install", "-at_install", "-standard", "website")
class TestPagesBesideWebsite(AccountCase):
    """What a designer may put into every page, a token of theirs may not."""

    def setUp(self):
        super().setUp()
        self.become_administrator()
        self.person.group_ids += self.env.ref("website.group_website_designer")
        self.env.flush_all()
        self.mighty = self.token("openid odoo.write")
        self.website = self.env["website"].search([], limit=1)

    def test_o12_scripts_of_every_page(self):
        script = "<script>alert(1)</script>"
        for values in (
            {"custom_code_head": script},
            {"custom_code_footer": script},
            {"cdn_activated": True, "cdn_url": "https://evil.example"},
        ):
            with self.subTest(fields=list(values)):
                self.assert_forbidden(
                    self.mighty, "website", "write", ids=self.website.ids, vals=values
                )
        self.assert_forbidden(
            self.mighty,
            "website.assets",
            "save_asset",
            url="/website/static/src/snippets/s_share/000.js",
            bundle="web.assets_frontend",
            content="alert(1)",
            file_type="js",
        )

    def test_o12_html_that_is_not_cleaned(self):
        menu = self.env["website.menu"].search([], limit=1)
        values = {"mega_menu_content": "<script>alert(1)</script>"}
        self.assert_forbidden(self.mighty, "website.menu", "write", ids=menu.ids, vals=values)
        self.result(self.mighty, "website.menu", "write", ids=menu.ids, vals={"name": "Menu"})
        self.assertEqual(menu.name, "Menu")

    def test_o12_where_addresses_lead(self):
        values = {
            "name": "x",
            "redirect_type": "302",
            "url_from": "/web/login",
            "url_to": "https://evil.example",
        }
        self.assert_forbidden(self.mighty, "website.rewrite", "create", vals_list=[values])

    def test_o12_views_by_way_of_pages(self):
        page = self.env["website.page"].search([], limit=1)
        values = {"arch": "<t><script>alert(1)</script></t>"}
        self.assert_forbidden(self.mighty, "website.page", "write", ids=page.ids, vals=values)
