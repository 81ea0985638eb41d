"""Shows a new secret once: the value lives in the browser's dialog alone, no record holds it."""

from odoo import fields, models


class OAuth2ProviderClientSecretShow(models.AbstractModel):
    _name = "oauth2.provider.client.secret.show"
    _description = "New OAuth 2 Application Secret"

    # The dialog asks for its default values; that needs an id, not a table.
    id = fields.Id()
    client_identifier = fields.Char(string="Client ID", readonly=True)
    secret = fields.Char(readonly=True)
