"""Messages: repeats stay visible, empty values count as absent (RFC 6749 §3.1)."""

from __future__ import annotations

from protocol.messages import NO_STORE, Parameters, Request, Response

SENT = Parameters.of([("a", "1"), ("b", ""), ("a", "2"), ("c", "3")])


def test_get_is_the_first_value_that_is_not_empty() -> None:
    assert SENT.get("a") == "1"
    assert SENT.get("b") is None
    assert SENT.get("absent") is None
    assert Parameters((("x", ""), ("x", "1"))).get("x") == "1"


def test_all_names_and_repeats() -> None:
    assert SENT.all("a") == ("1", "2")
    assert SENT.all("b") == ()
    assert SENT.names() == {"a", "b", "c"}
    assert SENT.repeated() == {"a"}


def test_an_empty_repeat_is_a_repeat() -> None:
    assert Parameters((("x", ""), ("x", "1"))).repeated() == {"x"}


def test_r27_redirects_change_post_into_get() -> None:
    response = Response.redirect("https://app.example.com/cb", (("X", "y"),))
    assert response.status == 303
    assert response.headers == (*NO_STORE, ("X", "y"))


def test_answers_are_not_stored_unless_said_otherwise() -> None:
    assert ("Cache-Control", "no-store") in Response().headers


def test_a_request_needs_no_more_than_a_method() -> None:
    request = Request("GET")
    assert request.query.pairs == request.form.pairs == ()
