"""response_mode form_post (OAuth 2.0 Form Post Response Mode 1.0)."""

from __future__ import annotations

import pytest
from fakes.openid import OPENID_CLIENT, openid_request
from fakes.provider import ISSUER, Provider
from protocol.messages import NO_STORE, Response
from protocol.response_modes.form_post import respond


def fields_of(response: Response) -> dict[str, str]:
    assert response.page is not None
    assert response.page.name == "form_post"
    assert response.page.values["action"] == "https://app.example.com/cb"
    return dict(response.page.values["fields"])


@pytest.mark.parametrize("response_type", ["code", "id_token", "code id_token token"])
def test_answer(response_type: str) -> None:
    request = openid_request(response_type=response_type, response_mode="form_post")
    response = Provider(OPENID_CLIENT).agree(request)
    assert response.status == 200
    assert set(NO_STORE) <= set(response.headers)
    assert any(name == "Set-Cookie" for name, _value in response.headers)
    fields = fields_of(response)
    assert (fields["state"], fields["iss"]) == ("st", ISSUER)
    assert "code" in fields or "id_token" in fields


def test_errors_go_the_same_way() -> None:
    provider = Provider(OPENID_CLIENT)
    for changes in ({"scope": "unheard-of"}, {"response_type": "id_token", "nonce": ""}):
        response = provider.ask(openid_request(response_mode="form_post", **changes))
        assert fields_of(response)["state"] == "st"
        assert "error" in fields_of(response)


@pytest.mark.parametrize(
    "scheme",
    ["javascript", "JavaScript", "data", "vbscript", "blob", "file", "filesystem", "view-source",
     "about", "chrome", "ftp", "intent", "mailto", "ws", "wss"],
)  # fmt: skip
def test_r13_a_form_never_runs_in_the_page(scheme: str) -> None:
    with pytest.raises(AssertionError):
        respond(f"{scheme}:x", [("code", "x")])
