"""What is shown of a value that a credential may stand in: its key says so, or what it looks like."""

from __future__ import annotations

import pytest

from generators.credentials import hidden, name_among, without_credentials


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ({"DB_PASSWORD": "swordfish"}, {"DB_PASSWORD": "(not shown)"}),
        ({"DB_PASSWORD": {"value": "swordfish"}}, {"DB_PASSWORD": {"value": "(not shown)"}}),
        ({"DB_PASSWORD": ["swordfish"], "epochs": 3}, {"DB_PASSWORD": ["(not shown)"], "epochs": 3}),
        ({"DB_PASSWORD": {"secret": "database", "key": "password"}}, None),
        ({"url": "https://ml:swordfish@db.test/a"}, {"url": "https://ml:(not shown)@db.test/a"}),
        ({"word": "swordfish", "max_tokens": "4711"}, None),
    ],
)
def test_credentials_are_hidden_wherever_they_stand_and_nothing_else(value: object, shown: object) -> None:
    assert without_credentials(value) == (shown or value)


def test_a_value_that_is_quoted_is_hidden_too_and_a_quote_without_its_end() -> None:
    assert hidden('["swordfish", "x"]', "password") == '["(not shown)", "x"]'
    assert hidden("password: 'swordfish") == "password: '(not shown)"


def test_the_last_key_says_what_a_value_is_unless_it_only_refers() -> None:
    assert name_among(("env", "TOKEN", 0)) == "TOKEN"
    assert name_among(("env", "TOKEN", "value")) == "TOKEN"
    assert name_among(("database", "password", "secret")) == ""
