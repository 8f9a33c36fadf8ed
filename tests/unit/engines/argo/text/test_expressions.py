"""How values travel: always JSON, never a tag."""

from __future__ import annotations

import json
import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generators.engines.argo.readback.language import unescaped
from generators.engines.argo.text.expressions import encoded, from_raw, literal, tag

TEXTS = st.one_of(st.text(), st.text(alphabet="{}$()'\"\\=. \n\x7fé"), st.just("{{workflow.name}} {{=1+1}} {{ $(HOME)"))
VALUES = st.recursive(
    st.one_of(TEXTS, st.booleans(), st.none(), st.integers(-(2**53), 2**53)),
    lambda inner: st.one_of(st.lists(inner), st.dictionaries(TEXTS, inner)),
)


@given(VALUES)
def test_what_travels_decodes_to_the_value_and_holds_no_tag(value):
    text = encoded(value)

    assert json.loads(text) == value
    assert "{{" not in text and "$" not in text
    assert text.isascii() and text.isprintable()


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_travels_without_an_exponent(value):
    text = encoded(value, "NUMBER_DOUBLE")

    assert math.isclose(float(text), value, rel_tol=1e-15) and "e" not in text


@given(TEXTS)
def test_a_literal_cannot_end_the_tag_around_it(text):
    quoted = literal(text)

    assert quoted[0] == quoted[-1] == "'"
    assert not {"{", "}", "$"} & set(quoted)
    assert json.loads('"' + quoted[1:-1].replace("\\'", "'").replace('"', '\\"') + '"') == text


def test_a_tag_is_what_argo_evaluates():
    assert tag("1 + 1") == "{{=1 + 1}}"


@pytest.mark.parametrize("kind", ["STRING", "BOOLEAN", "NUMBER_INTEGER", "NUMBER_DOUBLE", "LIST", "STRUCT"])
def test_no_expression_names_a_variable_of_its_own(kind):
    """Argo takes the name for an input that is not known yet, and passes over what fails in the expression."""
    assert not re.search(r"\blet\b", from_raw("inputs.parameters['x']", kind, "x"))


@pytest.mark.parametrize("text", ["😀", "a\\😀", "\\ud83d", "🎉🎉 x", "é\U0010ffff"])
def test_a_literal_holds_no_pair_of_surrogates_which_the_language_does_not_know(text):
    written = literal(text)

    assert not re.search(r"(?<!\\)(\\\\)*\\ud[89ab]", written)
    assert unescaped(written[1:-1]) == text
