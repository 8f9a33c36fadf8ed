"""Claims about the layout of a YAML stream and about what it refuses."""

from __future__ import annotations

import pytest
import yaml

from generators.errors import GraftError
from generators.output import emit
from generators.output.emit import OneLine, to_yaml


def test_the_layout_is_the_one_usual_in_kubernetes():
    document = {
        "metadata": {"name": "train", "labels": {}},
        "args": ["--epochs", "40", 40, True, None, []],
        "env": [{"name": "A", "value": "no"}, {"name": "B"}],
        "nested": [["a", ["b"]], [{"c": [{"d": 1.0}]}]],
        "code": ["\nif x:\n\n    y()\n"],
        "last": "",
    }
    assert to_yaml([document]) == (
        "metadata:\n  name: train\n  labels: {}\n"
        'args:\n- --epochs\n- "40"\n- 40\n- true\n- null\n- []\n'
        'env:\n- name: A\n  value: "no"\n- name: B\n'
        "nested:\n- - a\n  - - b\n- - c:\n    - d: 1.0\n"
        "code:\n- |\n\n  if x:\n\n      y()\n"
        'last: ""\n'
    )


def test_a_mapping_may_stand_on_one_line():
    place = OneLine(
        {"name": "a-1", "mode": 493, "on": "no", "key": "a, {b}: 'c'", "in": OneLine(k="v", none=OneLine())}
    )
    text = to_yaml([{"places": [place], "one": place}])

    flow = """{name: a-1, mode: 493, "on": "no", key: "a, {b}: 'c'", in: {k: v, none: {}}}"""
    assert text == f"places:\n- {flow}\none: {flow}\n"
    assert yaml.safe_load(text) == {"places": [place], "one": place}


def test_documents_are_separated_and_the_header_is_comments_on_top():
    header = ["from base/defaults.yml", "", "made by graft render\nkind: Secret"]
    assert to_yaml([{"a": 1}, {}, {"b": 2}], header) == (
        "# from base/defaults.yml\n#\n# made by graft render\\nkind: Secret\na: 1\n---\n{}\n---\nb: 2\n"
    )


def test_no_documents_are_no_text():
    assert to_yaml([]) == ""


def test_mappings_keep_their_order():
    assert to_yaml([{"b": 1, "a": {"d": 1, "c": 2}}]) == "b: 1\na:\n  d: 1\n  c: 2\n"


def test_every_problem_is_reported_at_once_with_its_path():
    bad = {"spec": {"rate": float("inf"), "steps": ["x\ud800", (1,)], 7: "seven"}, "a/b": [2**64]}
    with pytest.raises(GraftError) as refused:
        to_yaml([{"fine": 1}, bad])
    assert [line.partition("; ")[0] for line in refused.value.message.splitlines()] == [
        "cannot be written as YAML:",
        "document 2: $.spec.rate: inf has no form in JSON, which Kubernetes reads",
        "document 2: $.spec.steps[0]: the lone surrogate U+D800 is not a character",
        "document 2: $.spec.steps[1]: a tuple is not a YAML value",
        "document 2: $.spec: the key 7 is not a string, and Kubernetes reads only string keys",
        "document 2: $['a/b'][0]: an integer beyond 64 bits, and Kubernetes would round it",
    ]


def test_a_surrogate_in_the_header_and_a_document_that_is_no_dict_are_refused():
    with pytest.raises(GraftError, match="lone surrogate"):
        to_yaml([{}], ["\udc80.yml"])
    with pytest.raises(GraftError, match="a document must be a dict, not a list"):
        to_yaml([["a"]])


def test_a_tree_that_holds_itself_is_refused_and_not_followed_for_ever():
    endless: dict = {}
    endless["one"] = endless["two"] = [endless]
    with pytest.raises(GraftError, match="more than 100 levels"):
        to_yaml([endless])


def test_what_is_remembered_stays_bounded_and_right():
    texts = [f"text {n}" for n in range(20_000)]
    assert to_yaml([{"texts": texts}]).splitlines()[1:] == [f"- {text}" for text in texts]
    assert len(emit._TOP.strings) <= emit._REMEMBERED
