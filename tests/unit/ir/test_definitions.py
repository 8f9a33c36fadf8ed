"""A definition is named by the hash of its own file."""

from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from generators.ir.definitions import definition, from_text, hash_of

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)
SPECS = st.dictionaries(st.text(), JSON, max_size=4)


@given(SPECS, SPECS)
def test_the_name_is_the_start_of_the_file_s_own_sha256(spec: dict, platform: dict) -> None:
    made = definition("p", spec, platform)

    assert made.path == f"definitions/p/{hashlib.sha256(made.text.encode()).hexdigest()[:10]}.json"


@given(SPECS, SPECS)
def test_reading_a_definition_s_text_gives_it_back(spec: dict, platform: dict) -> None:
    made = definition("p", spec, platform)

    assert from_text("p", made.text) == made


@given(SPECS)
def test_the_order_of_keys_does_not_change_a_hash(spec: dict) -> None:
    assert hash_of(spec) == hash_of(dict(reversed(spec.items())))
