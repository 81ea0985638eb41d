from . import (
    base,
    ir_attachment,
    ir_http,
    ir_model_access,
    mail_render_mixin,
    oauth2_provider_client,
    oauth2_provider_server,
    res_partner,
    res_users,
    res_users_apikeys,
)
