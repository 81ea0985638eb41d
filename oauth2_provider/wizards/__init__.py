from . import (
    oauth2_provider_account_export,
    oauth2_provider_client_secret_show,
    oauth2_provider_connect_odoo,
)
