"""Which changes `make mutants` takes for changes of words."""

import pytest

from dev.mutant_words import is_wording

REFUSAL = 'raise OAuthError("invalid_scope", "The scope is too wide.")'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (REFUSAL, 'raise OAuthError("invalid_scope", "the scope is too wide.")'),
        (REFUSAL, 'raise OAuthError("invalid_scope", None)'),
        (REFUSAL, 'raise OAuthError("invalid_scope", )'),
        ('raise invalid_grant(f"not {name[:9]} of us")', 'raise invalid_grant(f"not {name[:8]} of us")'),
        ('"No such thing, nowhere.",', "None,"),
    ],
)  # fmt: skip
def test_words(before: str, after: str) -> None:
    assert is_wording([f"-    {before}", f"+    {after}"])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (REFUSAL, 'raise OAuthError("INVALID_SCOPE", "The scope is too wide.")'),
        (REFUSAL, 'raise OAuthError(None, "The scope is too wide.")'),
        (REFUSAL, 'raise OAuthError("The scope is too wide.")'),
        ('f"client {hashed[:32]}": 60,', 'f"client {hashed[:33]}": 60,'),
        ('f"client {hashed[:32]}": 60,', 'f"client {hashed[:32]}": 61,'),
        ('" ".join(names)', '"XX XX".join(names)'),
        ("call(context, user)", "call(context, None)"),
        ("call(context, None)", "call(context, )"),
    ],
)
def test_more_than_words(before: str, after: str) -> None:
    assert not is_wording([f"-    {before}", f"+    {after}"])


def test_a_sentence_of_several_lines() -> None:
    assert is_wording(['-    "One thing "', '-    "and another."', "+    None"])
