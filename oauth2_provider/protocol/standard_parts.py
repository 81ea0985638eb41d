"""The parts that this add-on brings: what the server can do, and where the next standard is listed."""

from __future__ import annotations

from .client_authentication.client_secret_basic import CLIENT_SECRET_BASIC
from .client_authentication.client_secret_post import CLIENT_SECRET_POST
from .client_authentication.none import NONE
from .client_authentication.private_key_jwt import PRIVATE_KEY_JWT
from .client_authentication.self_signed_tls_client_auth import SELF_SIGNED_TLS_CLIENT_AUTH
from .client_authentication.tls_client_auth import TLS_CLIENT_AUTH
from .dpop import dpop_metadata
from .endpoints.authorization import ACCOUNT, AUTHORIZATION, CONSENT, CONTINUE
from .endpoints.device_authorization import DEVICE_AUTHORIZATION
from .endpoints.device_verification import DEVICE_DECISION, DEVICE_VERIFICATION
from .endpoints.discovery import (
    DISCOVERY,
    authorization_metadata,
    endpoint_metadata,
    openid_metadata,
    token_metadata,
)
from .endpoints.end_session import CONFIRM, END_SESSION, logout_metadata
from .endpoints.end_session import CONTINUE as END_SESSION_CONTINUE
from .endpoints.introspection import INTROSPECTION
from .endpoints.jwks import JWKS
from .endpoints.mtls_metadata import mtls_metadata
from .endpoints.pushed_authorization_request import PUSHED_AUTHORIZATION_REQUEST
from .endpoints.revocation import REVOCATION
from .endpoints.token import TOKEN as TOKEN_ENDPOINT
from .endpoints.tokeninfo import TOKENINFO
from .endpoints.userinfo import CLIENT_USERINFO, USERINFO
from .grants.authorization_code import AUTHORIZATION_CODE
from .grants.client_credentials import CLIENT_CREDENTIALS
from .grants.device_code import DEVICE_CODE
from .grants.jwt_bearer import JWT_BEARER
from .grants.refresh_token import REFRESH_TOKEN
from .grants.token_exchange import TOKEN_EXCHANGE
from .interaction.access import check_access
from .interaction.consent import check_consent
from .interaction.create_account import check_account_creation
from .interaction.login import check_login
from .interaction.reauthenticate import check_reauthentication
from .interaction.select_account import check_account_selection
from .interaction.step_up import check_authentication_level
from .response_modes.form_post import FORM_POST
from .response_modes.fragment import FRAGMENT
from .response_modes.jwt import FORM_POST_JWT, FRAGMENT_JWT, JWT, QUERY_JWT
from .response_modes.query import QUERY
from .response_types.code import CODE
from .response_types.id_token import ID_TOKEN
from .response_types.token import TOKEN
from .server import Parts

STANDARD_PARTS = Parts(
    endpoints={
        "authorization": AUTHORIZATION,
        "pushed_authorization_request": PUSHED_AUTHORIZATION_REQUEST,
        "continue": CONTINUE,
        "consent": CONSENT,
        "account": ACCOUNT,
        "device_authorization": DEVICE_AUTHORIZATION,
        "device_verification": DEVICE_VERIFICATION,
        "device_decision": DEVICE_DECISION,
        "token": TOKEN_ENDPOINT,
        "revocation": REVOCATION,
        "introspection": INTROSPECTION,
        "userinfo": USERINFO,
        "client_userinfo": CLIENT_USERINFO,
        "tokeninfo": TOKENINFO,
        "discovery": DISCOVERY,
        "jwks": JWKS,
        "end_session": END_SESSION,
        "end_session_continue": END_SESSION_CONTINUE,
        "end_session_confirm": CONFIRM,
    },
    client_authentication=(
        CLIENT_SECRET_BASIC,
        CLIENT_SECRET_POST,
        PRIVATE_KEY_JWT,
        TLS_CLIENT_AUTH,
        SELF_SIGNED_TLS_CLIENT_AUTH,
        NONE,
    ),
    grants={
        grant.grant_type: grant
        for grant in (
            AUTHORIZATION_CODE,
            REFRESH_TOKEN,
            CLIENT_CREDENTIALS,
            DEVICE_CODE,
            TOKEN_EXCHANGE,
            JWT_BEARER,
        )
    },
    response_types={part.name: part for part in (CODE, TOKEN, ID_TOKEN)},
    response_modes={
        mode.name: mode
        for mode in (QUERY, FRAGMENT, FORM_POST, JWT, QUERY_JWT, FRAGMENT_JWT, FORM_POST_JWT)
    },
    interaction=(
        check_account_creation,
        check_login,
        check_reauthentication,
        check_account_selection,
        check_access,
        check_authentication_level,
        check_consent,
    ),
    metadata=(
        endpoint_metadata,
        authorization_metadata,
        token_metadata,
        openid_metadata,
        dpop_metadata,
        mtls_metadata,
        logout_metadata,
    ),
)
