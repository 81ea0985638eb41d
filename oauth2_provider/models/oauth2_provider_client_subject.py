"""By which identifier an application knows people (OpenID Connect Core §8, Registration §5)."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..protocol.redirect_uri_matching import check_registrable
from ..protocol.sector_identifier import UnlistedRedirectUri, check_sector_lists
from ..protocol.subject import sector_identifier, subject_for_sector


class OAuth2ProviderClient(models.Model):
    _inherit = "oauth2.provider.client"

    subject_type = fields.Selection(
        [
            ("public", "The same identifier as every other application"),
            ("pairwise", "An identifier of its own"),
        ],
        string="Knows people by",
        required=True,
        default="public",
        tracking=True,
        help="With identifiers of their own two applications cannot find out that they have the same users.",
    )
    sector_identifier_uri = fields.Char(
        string="Shared with",
        tracking=True,
        help="An https address with a JSON list of the redirect addresses of all applications that share: they know a "
        "person by the same identifier. It is read when you save.",
    )
    sector_identifier = fields.Char(
        string="Identifiers are those of",
        compute="_compute_sector_identifier",
        store=True,
        help="Empty for public identifiers",
    )

    @api.depends(
        "subject_type", "sector_identifier_uri", "client_identifier", "redirect_uri_ids.uri"
    )
    def _compute_sector_identifier(self):
        for client in self:
            try:
                client.sector_identifier = client._find_sector()
            except ValueError:
                # Refused when it is saved; until then no other sector may be taken for this one.
                client.sector_identifier = f"client:{client.client_identifier}"

    def _find_sector(self):
        """:raises ValueError: if the redirect addresses do not tell"""
        self.ensure_one()
        if self.subject_type != "pairwise":
            return False
        addresses = [address for address in self.redirect_uri_ids.mapped("uri") if address]
        return sector_identifier(self.client_identifier, addresses, self.sector_identifier_uri)

    @api.constrains("subject_type", "sector_identifier_uri", "redirect_uri_ids")
    def _check_sector_identifier(self):
        for client in self:
            if client.sector_identifier_uri:
                try:
                    check_registrable(
                        client.sector_identifier_uri,
                        application_type="web",
                        local_development=False,
                    )
                except ValueError as error:
                    raise ValidationError(
                        self.env._(
                            "%(address)s: %(reason)s",
                            address=client.sector_identifier_uri,
                            reason=error,
                        )
                    ) from error
            try:
                client._find_sector()
            except ValueError as error:
                raise ValidationError(
                    self.env._(
                        "The redirect addresses of “%s” have several hosts. Please say with an address under "
                        "“Shared with” whose identifiers it uses.",
                        client.name,
                    )
                ) from error

    @api.constrains("subject_type", "sector_identifier_uri", "redirect_uri_ids")
    def _check_sector_lists_redirect_uris(self):
        """Last of the checks of an address, since it calls another server."""
        outbound = self.env["oauth2.provider.server"]._outbound()
        for client in self._with_unknown_sector():
            uris = client.redirect_uri_ids.mapped("uri")
            try:
                check_sector_lists(client.sector_identifier_uri, uris, outbound)
            except UnlistedRedirectUri as error:
                raise ValidationError(
                    self.env._(
                        "%(address)s must lead to a JSON list that holds all redirect addresses of “%(name)s”: "
                        "only so does its owner agree to share identifiers.\n%(reason)s",
                        address=client.sector_identifier_uri,
                        name=client.name,
                        reason=error.detail or error,
                    )
                ) from error

    def _with_unknown_sector(self):
        """Those whose sector nobody has asked yet."""
        return self.filtered(
            lambda client: client.subject_type == "pairwise" and client.sector_identifier_uri
        )

    @api.onchange("subject_type", "sector_identifier_uri", "redirect_uri_ids")
    def _onchange_sector_identifier(self):
        before = self._origin
        if not before or before.sector_identifier == self.sector_identifier:
            return None
        return {
            "warning": {
                "title": self.env._("The application will not recognise anybody"),
                "message": self.env._(
                    "It will know all people by new identifiers. Whoever logged in there before arrives as a stranger, "
                    "until their accounts are linked anew on the other side."
                ),
            }
        }

    def _subject_of(self, user):
        """By which identifier this application knows a user."""
        self.ensure_one()
        settings = self.env["oauth2.provider.server"]._settings()
        return subject_for_sector(settings, user.sudo().oauth2_subject, self.sector_identifier)
