from . import (
    base,
    ir_attachment,
    ir_http,
    ir_model_access,
    mail_alias,
    mail_render_mixin,
    mail_thread,
    oauth2_provider_client,
    oauth2_provider_server,
    res_partner,
    res_users,
    res_users_apikeys,
)
