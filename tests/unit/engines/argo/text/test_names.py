"""Names that Kubernetes takes, and that stay apart."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from generators.engines.argo.text import names

VALID = re.compile(r"[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?")
WORDS = st.one_of(st.text(min_size=1), st.text(alphabet="aA-_ .0", min_size=1, max_size=80))


@given(st.lists(WORDS, unique=True))
def test_every_name_is_valid_and_another_one(texts):
    found = names.unique(texts, ["main"])

    assert list(found) == texts
    assert len(set(found.values())) == len(texts)
    assert all(VALID.fullmatch(name) and name != "main" for name in found.values())


@given(st.lists(WORDS, unique=True, min_size=1), st.randoms())
def test_a_name_does_not_depend_on_the_order(texts, random):
    shuffled = random.sample(texts, len(texts))

    assert names.unique(shuffled) == {text: names.unique(texts)[text] for text in shuffled}


def test_a_readable_name_stays_as_it_is():
    assert names.unique(["variants/train", "Fetch data"]) == {
        "variants/train": "variants-train",
        "Fetch data": "fetch-data",
    }


def test_a_word_of_argo_s_expressions_is_no_name():
    assert names.plain("in") == "t-in"


@given(WORDS, st.sampled_from([52, 63]))
def test_the_hash_of_the_content_is_kept_whole(text, longest):
    name = names.with_hash(text, "0123456789", longest)

    assert name.endswith("-0123456789") and len(name) <= longest and VALID.fullmatch(name)


@given(st.text(min_size=1), st.text(min_size=1))
def test_names_of_inputs_are_valid_and_differ_where_the_inputs_do(one, other):
    assert re.fullmatch(r"[-a-zA-Z0-9_]+", names.parameter(one))
    assert (names.parameter(one) == names.parameter(other)) == (one == other)
