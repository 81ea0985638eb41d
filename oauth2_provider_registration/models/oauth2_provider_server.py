"""Adds the endpoints of registration to the server of a database that has this add-on."""

from dataclasses import fields, replace

from odoo import SUPERUSER_ID, api, models
from odoo.addons.oauth2_provider.protocol.client_registration.policy import (
    BASIC_GRANTS,
    IMPLICIT_GRANTS,
    RegistrationPolicy,
)
from odoo.addons.oauth2_provider.protocol.client_registration.ports import RegistrationPorts
from odoo.addons.oauth2_provider.protocol.endpoints.registration import (
    CLIENT_CONFIGURATION,
    REGISTRATION,
    registration_metadata,
)

from ..adapters.registrations import OdooRegistrations

PREFIX = "oauth2_provider_registration."
CLOSED, TRUSTED, OPEN = "closed", "trusted_hosts", "open"


class OAuth2ProviderServer(models.AbstractModel):
    _inherit = "oauth2.provider.server"

    @api.model
    def _parts(self):
        parts = super()._parts()
        return replace(
            parts,
            endpoints={
                **parts.endpoints,
                "registration": REGISTRATION,
                "client_configuration": CLIENT_CONFIGURATION,
            },
            metadata=(*parts.metadata, registration_metadata),
        )

    @api.model
    def _ports(self):
        ports = super()._ports()
        return RegistrationPorts(
            **{entry.name: getattr(ports, entry.name) for entry in fields(ports)},
            registrations=OdooRegistrations(
                self.env(user=SUPERUSER_ID, su=True), self._registration_policy
            ),
        )

    @api.model
    def _revoke_everything(self):
        """What lets applications register, or change what they have registered, ends too."""
        self.env.cr.execute("UPDATE oauth2_provider_client SET registration_token_hash = NULL")
        return super()._revoke_everything()

    @api.model
    def _tables_that_become_tokens(self):
        return [*super()._tables_that_become_tokens(), "oauth2_provider_initial_access_token"]

    @api.model
    def _registration_policy(self):
        access = self._parameter(f"{PREFIX}access")
        hosts = (self._parameter(f"{PREFIX}trusted_hosts") or "").lower().split()
        scope = self.env["oauth2.provider.scope"].sudo().search([("is_registrable", "=", True)])
        defaults = RegistrationPolicy()
        return RegistrationPolicy(
            is_open=access == OPEN,
            trusted_hosts=frozenset(hosts) if access == TRUSTED else frozenset(),
            anonymous_grants=(
                IMPLICIT_GRANTS if self._parameter(f"{PREFIX}anonymous_implicit") else BASIC_GRANTS
            ),
            scope=frozenset(scope.mapped("name")),
            maximum_clients=self._limit("maximum_clients", defaults.maximum_clients),
            hourly_limit=self._limit("hourly_limit", defaults.hourly_limit),
            hourly_limit_per_address=self._limit(
                "hourly_limit_per_address", defaults.hourly_limit_per_address
            ),
        )

    @api.model
    def _limit(self, name, default):
        value = self._parameter(f"{PREFIX}{name}") or ""
        return int(value) if value.isdigit() else default
