"""Applications that act for themselves, as a service user with that user's rights (RFC 6749 §4.4)."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class OAuth2ProviderClient(models.Model):
    _inherit = "oauth2.provider.client"

    use_client_credentials = fields.Boolean(
        string="Acts for itself",
        tracking=True,
        help="For programs that work without a person, like a nightly import: they get access with their secret alone.",
    )
    service_user_id = fields.Many2one(
        "res.users",
        string="Service user",
        ondelete="restrict",
        tracking=True,
        domain="[('share', '=', False)]",
        help="The application may do exactly what this user may do. Make a user for it alone, with as few rights as it "
        "needs and without a password.",
    )

    @api.model
    def _is_guarded(self, field):
        """Lending somebody's rights to a program is giving rights, which is for those who manage rights."""
        if field.name == "service_user_id" and not self.env.user.has_group("base.group_system"):
            return True
        return super()._is_guarded(field)

    @api.constrains("use_client_credentials", "service_user_id", "token_endpoint_auth_method")
    def _check_service_user(self):
        for client in self.filtered("use_client_credentials"):
            if client.token_endpoint_auth_method == "none":
                raise ValidationError(
                    self.env._("An application that acts for itself must be able to keep a secret.")
                )
            user = client.service_user_id
            if not user:
                raise ValidationError(
                    self.env._("Please choose the service user that the application acts as.")
                )
            if not user._oauth2_may_serve():
                raise ValidationError(
                    self.env._("An administrator cannot be a service user: %s", user.name)
                )

    @api.constrains("use_client_credentials", "security_profile")
    def _check_profile_of_service(self):
        if any(
            client.use_client_credentials and client.security_profile == "odoo_login"
            for client in self
        ):
            raise ValidationError(self.env._("Another Odoo cannot act for itself."))
