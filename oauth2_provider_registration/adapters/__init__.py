"""Translation between the protocol and Odoo's records of registered applications."""

from . import document_clients, registrations
