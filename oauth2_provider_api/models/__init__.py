from . import (
    ir_http,
    ir_model_access,
    oauth2_provider_client,
    oauth2_provider_server,
    res_partner,
    res_users,
    res_users_apikeys,
)
