"""Adds the endpoints of registration to the server of a database that has this add-on."""

from dataclasses import fields, replace

from odoo import SUPERUSER_ID, api, models
from odoo.addons.oauth2_provider.protocol.client_registration.document_clients import (
    DocumentClients,
    document_metadata,
)
from odoo.addons.oauth2_provider.protocol.client_registration.login_first import with_login_first
from odoo.addons.oauth2_provider.protocol.client_registration.policy import (
    BASIC_GRANTS,
    IMPLICIT_GRANTS,
    DocumentPolicy,
    RegistrationPolicy,
)
from odoo.addons.oauth2_provider.protocol.client_registration.ports import RegistrationPorts
from odoo.addons.oauth2_provider.protocol.endpoints.client_configuration import (
    CLIENT_CONFIGURATION,
)
from odoo.addons.oauth2_provider.protocol.endpoints.registration import (
    REGISTRATION,
    registration_metadata,
)
from odoo.addons.oauth2_provider.protocol.outbound_throttle import Caller
from odoo.http import request

from ..adapters.document_clients import OdooDocumentClients
from ..adapters.registrations import OdooRegistrations

PREFIX = "oauth2_provider_registration."
# Seconds that fetching a document may keep a worker; other requests to other servers have a little more.
DOCUMENT_DEADLINE = 3
# How many documents may be fetched at one moment: for people who have logged in, and for everybody else.
PLACES_OF_PEOPLE, PLACES_OF_STRANGERS = 4, 2
CLOSED, TRUSTED, OPEN = "closed", "trusted_hosts", "open"


class OAuth2ProviderServer(models.AbstractModel):
    _inherit = "oauth2.provider.server"

    @api.model
    def _parts(self):
        parts = super()._parts()
        endpoints = {
            **parts.endpoints,
            "registration": REGISTRATION,
            "client_configuration": CLIENT_CONFIGURATION,
        }
        metadata = (*parts.metadata, registration_metadata)
        if self._takes_documents():
            endpoints["authorization"] = with_login_first(parts.endpoints["authorization"])
            metadata = (*metadata, document_metadata)
        return replace(parts, endpoints=endpoints, metadata=metadata)

    @api.model
    def _ports(self):
        ports = super()._ports()
        env = self.env(user=SUPERUSER_ID, su=True)
        ports = RegistrationPorts(
            **{entry.name: getattr(ports, entry.name) for entry in fields(ports)},
            registrations=OdooRegistrations(env, self._registration_policy),
            document_clients=OdooDocumentClients(env, self._document_policy),
        )
        hurried = replace(ports, outbound=self._outbound(DOCUMENT_DEADLINE))
        return replace(ports, clients=DocumentClients(hurried, self._document_caller()))

    @api.model
    def _takes_documents(self):
        return bool(self._parameter(f"{PREFIX}documents"))

    @api.model
    def _document_caller(self):
        """Whose calls are counted together: a person's, or those of an address. Sessions belong to pages alone."""
        is_page = request and request.dispatcher.routing_type == "http"
        if is_page and request.session.uid:
            user = f"user {request.session.uid}"
            return Caller(user, "people", PLACES_OF_PEOPLE, is_person=True)
        address = request.httprequest.remote_addr if request else ""
        return Caller(f"address {address}", "strangers", PLACES_OF_STRANGERS)

    @api.model
    def _document_policy(self):
        defaults = DocumentPolicy()
        hosts = (self._parameter(f"{PREFIX}document_hosts") or "").lower().split()
        return DocumentPolicy(
            is_on=self._takes_documents(),
            hosts=frozenset(hosts),
            scope=self._registrable_scope(),
            maximum_clients=self._limit("document_maximum_clients", defaults.maximum_clients),
            maximum_clients_of_host=self._limit(
                "document_maximum_clients_of_host", defaults.maximum_clients_of_host
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
    def _registrable_scope(self):
        scope = self.env["oauth2.provider.scope"].sudo().search([("is_registrable", "=", True)])
        return frozenset(scope.mapped("name"))

    @api.model
    def _registration_policy(self):
        access = self._parameter(f"{PREFIX}access")
        hosts = (self._parameter(f"{PREFIX}trusted_hosts") or "").lower().split()
        defaults = RegistrationPolicy()
        return RegistrationPolicy(
            is_open=access == OPEN,
            trusted_hosts=frozenset(hosts) if access == TRUSTED else frozenset(),
            anonymous_grants=(
                IMPLICIT_GRANTS if self._parameter(f"{PREFIX}anonymous_implicit") else BASIC_GRANTS
            ),
            allows_fapi2=bool(self._parameter(f"{PREFIX}fapi2")),
            scope=self._registrable_scope(),
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
