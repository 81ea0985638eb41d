"""The accounts here as a file for the user import of another Odoo, so that people find their account linked there."""

import base64
import csv
import io

from odoo import api, fields, models
from odoo.exceptions import UserError

MAXIMUM_UPLOAD = 10_000_000  # bytes


class OAuth2ProviderAccountExport(models.TransientModel):
    _name = "oauth2.provider.account.export"
    _description = "Accounts for Another Odoo"

    client_id = fields.Many2one(
        "oauth2.provider.client", string="Application", required=True, ondelete="cascade"
    )
    other_users = fields.Binary(string="Users of the other Odoo", attachment=False)
    other_users_name = fields.Char()
    content = fields.Binary(compute="_compute_content")
    content_name = fields.Char(compute="_compute_content")

    def action_download(self):
        """Download the file."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/content?download=true&filename_field=content_name",
            "target": "download",
        }

    @api.depends("client_id", "other_users")
    def _compute_content(self):
        for export in self:
            rows = export._rows_for_existing() if export.other_users else export._rows_for_new()
            text = io.StringIO()
            csv.writer(text).writerows([_harmless(cell) for cell in row] for row in rows)
            export.content = base64.b64encode(text.getvalue().encode())
            export.content_name = "accounts.csv"

    def _accounts(self):
        """The users whom the application may know, by login."""
        domain = [("share", "=", False)] if self.client_id.allowed_users == "internal" else []
        users = self.env["res.users"].sudo().search(domain, order="login")
        public = self.env.ref("base.group_public")
        users = users.filtered(lambda user: public not in user.all_group_ids)
        if self.client_id.group_ids:
            users = users.filtered(lambda user: user.all_group_ids & self.client_id.group_ids)
        return users

    def _rows_for_new(self):
        provider = self.client_id.odoo_provider_name
        yield "login", "name", "oauth_provider_id", "oauth_uid"
        for user in self._accounts():
            yield user.login, user.name, provider, self.client_id._subject_of(user)

    def _rows_for_existing(self):
        """An import only finds an existing user by its external ID, which the other Odoo's export tells."""
        provider = self.client_id.odoo_provider_name
        subjects = {
            user.login.lower(): self.client_id._subject_of(user) for user in self._accounts()
        }
        yield "id", "login", "oauth_provider_id", "oauth_uid"
        for external_id, login in self._other_users():
            if login.lower() in subjects:
                yield external_id, login, provider, subjects[login.lower()]

    def _other_users(self):
        content = base64.b64decode(self.other_users)[:MAXIMUM_UPLOAD]
        try:
            lines = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
            if not {"id", "login"} <= set(lines.fieldnames or ()):
                raise self._not_an_export()
            return [(line["id"], line["login"]) for line in lines if line["id"] and line["login"]]
        except (UnicodeDecodeError, csv.Error) as error:
            raise self._not_an_export() from error

    def _not_an_export(self):
        return UserError(
            self.env._(
                "This is not an export of users as CSV with the columns id and login. In the other Odoo, "
                "export the users with “I want to update data” ticked, with External ID and Login."
            )
        )


def _harmless(cell):
    """Keep a spreadsheet from running a cell as a formula."""
    return f"'{cell}" if str(cell).startswith(("=", "+", "-", "@", "\t", "\r")) else cell
