"""The order in which each endpoint and each grant goes through its steps.

The order is a security property: who sends is proven before anything of theirs is looked up, an address is proven
before an error can go there, a thief is noticed before a code is found too old. A new step is a word here, and a
decision.
"""

from __future__ import annotations

import pytest
from protocol.endpoints.client_configuration import CLIENT_CONFIGURATION
from protocol.endpoints.registration import REGISTRATION
from protocol.grants.device_code import GRANT_TYPE as DEVICE_CODE
from protocol.grants.jwt_bearer import GRANT_TYPE as JWT_BEARER
from protocol.grants.token_exchange import GRANT_TYPE as TOKEN_EXCHANGE
from protocol.standard_parts import STANDARD_PARTS

ENDPOINTS = {
    **STANDARD_PARTS.endpoints,
    "registration": REGISTRATION,
    "client_configuration": CLIENT_CONFIGURATION,
}
REQUEST = """
    check_redirect_uri check_response_type check_response_mode reject_unsupported_parameters check_scope check_nonce
    check_code_challenge load_dpop_jkt check_prompt load_max_age load_claims_request load_requested_access
    load_hinted_subjects
"""
PENDING = f"load_client check_request_was_pushed {REQUEST} identify_end_user"
FROM_CLIENT = "check_method check_form_body reject_repeats_in_form authenticate_client"
LOGOUT = "load_hint load_client check_post_logout_redirect_uri"
DEVICE_PAGE = "check_method load_user_code identify_end_user demand_login find_device"
NEW_METADATA = "load_metadata check_trusted_hosts check_other_servers"

STEPS = {
    "authorization": f"""
        check_method load_sent_parameters load_client reject_two_sources load_pushed_request load_referenced_object
        load_request_object check_request_was_pushed {REQUEST} remember_request""",
    "pushed_authorization_request": f"""
        {FROM_CLIENT} load_pushed_parameters reject_reference load_pushed_request_object bind_to_proven_key {REQUEST}
        issue_request_uri""",
    "continue": f"check_method load_request_of_query {PENDING} interact answer_client",
    "consent": f"""
        check_method load_request_of_form {PENDING} load_decision interact remember_decision answer_client""",
    "account": f"check_method load_request_of_form {PENDING} load_choices interact answer_client",
    "device_authorization": f"""
        {FROM_CLIENT} check_client_may_use_devices load_device_request check_scope load_requested_access
        issue_device_code""",
    "device_verification": f"{DEVICE_PAGE} demand_level ask_person",
    "device_decision": f"{DEVICE_PAGE} load_decision demand_level write_down_decision",
    "token": f"{FROM_CLIENT} load_confirmation run_grant",
    "revocation": f"{FROM_CLIENT} revoke_token",
    "introspection": f"{FROM_CLIENT} check_client_is_confidential describe_token",
    "userinfo": """
        echo_interaction_id check_method load_access_token check_client_of_address check_openid_scope answer_claims""",
    "client_userinfo": """
        echo_interaction_id check_method load_access_token_also_from_query check_client_of_address check_token_place
        check_openid_scope answer_claims""",
    "tokeninfo": "check_method load_access_token check_client_of_address answer_token_description",
    "discovery": "check_method check_issuer_of_address answer_metadata",
    "jwks": "check_method answer_keys",
    "end_session": f"check_method load_parameters {LOGOUT} remember_request",
    "end_session_continue": f"""
        check_method load_request_of_query {LOGOUT} identify_end_user ask_for_confirmation end_session""",
    "end_session_confirm": f"""
        check_method load_request_of_form {LOGOUT} identify_end_user load_decision end_session""",
    "registration": f"""
        check_method load_policy check_initial_access_token check_limits load_document {NEW_METADATA} register""",
    "client_configuration": f"""
        check_method load_policy load_registration read_registration delete_registration load_document check_identity
        {NEW_METADATA} replace_registration""",
    "authorization_code": """
        load_code revoke_on_replay check_code_is_fresh check_redirect_uri check_code_verifier check_dpop_key
        check_authorization_is_live load_scope narrow_access use_up_code issue_tokens""",
    "refresh_token": """
        load_refresh_token check_sender revoke_on_replay check_refresh_token_is_fresh check_authorization_is_live
        check_offline_access narrow_scope narrow_access rotate issue_tokens""",
    "client_credentials": """
        check_client_is_confidential load_scope load_access check_service_user act_as_service_user
        issue_access_token""",
    DEVICE_CODE: """
        load_device_code check_device_code_is_unused check_device_code_is_fresh check_person_has_decided
        load_device_authorization check_authorization_is_live check_login_level narrow_access
        use_up_device_code issue_tokens""",
    TOKEN_EXCHANGE: """
        check_client_is_confidential check_token_types load_subject_token load_exchanged_scope load_resources
        add_audience begin_exchanged_authorization issue_access_token record_token name_token_type""",
    JWT_BEARER: """
        check_client_is_confidential load_assertion load_scope load_resources act_for_person issue_access_token
        record_token""",
}


def test_every_endpoint_and_grant_is_listed() -> None:
    assert STEPS.keys() == ENDPOINTS.keys() | STANDARD_PARTS.grants.keys()


@pytest.mark.parametrize("name", STEPS)
def test_steps(name: str) -> None:
    part = ENDPOINTS.get(name) or STANDARD_PARTS.grants[name]
    assert [step.__name__ for step in part.steps] == STEPS[name].split()


def test_what_a_person_is_asked() -> None:
    """Who they are before what they may, and only then whether they want it."""
    assert [check.__name__ for check in STANDARD_PARTS.interaction] == [
        "check_account_creation",
        "check_login",
        "check_reauthentication",
        "check_account_selection",
        "check_access",
        "check_authentication_level",
        "check_consent",
    ]


def test_methods_of_client_authentication() -> None:
    """Metadata names them in this order; no proof at all is the last resort."""
    assert [method.name for method in STANDARD_PARTS.client_authentication] == [
        "client_secret_basic",
        "client_secret_post",
        "private_key_jwt",
        "tls_client_auth",
        "self_signed_tls_client_auth",
        "none",
    ]
