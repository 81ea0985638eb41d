"""Shows a new initial access token once: the value lives in the browser's dialog alone, no record holds it."""

from odoo import fields, models


class OAuth2ProviderInitialAccessTokenShow(models.AbstractModel):
    _name = "oauth2.provider.initial.access.token.show"
    _description = "New OAuth 2 Initial Access Token"

    # The dialog asks for its default values; that needs an id, not a table.
    id = fields.Id()
    token = fields.Char(readonly=True)
