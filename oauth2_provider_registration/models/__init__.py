from . import (
    oauth2_provider_client,
    oauth2_provider_client_document,
    oauth2_provider_event,
    oauth2_provider_initial_access_token,
    oauth2_provider_scope,
    oauth2_provider_server,
    res_config_settings,
    res_config_settings_documents,
)
