"""The values of the IR: read by their declared types, written as text, compared by CEL, selected from."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generators.errors import GraftError
from generators.ir import values

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("STRING", "7", "7"),
        ("NUMBER_INTEGER", 64.0, 64),
        ("NUMBER_DOUBLE", 1, 1.0),
        ("BOOLEAN", True, True),
        ("LIST", [64.0, [0.5, {"n": 1.0}]], [64, [0.5, {"n": 1}]]),
        ("STRUCT", {"units": 64.0}, {"units": 64}),
        ("", 2.0, 2),
    ],
)
def test_a_value_conforms_to_its_declared_type(kind, value, expected):
    found = values.conform(kind, value)
    assert (found, json.dumps(found)) == (expected, json.dumps(expected))


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("STRING", 7),
        ("NUMBER_INTEGER", 1.5),
        ("NUMBER_INTEGER", True),
        ("NUMBER_INTEGER", "1"),
        ("NUMBER_DOUBLE", float("nan")),
        ("NUMBER_DOUBLE", False),
        ("BOOLEAN", 1),
        ("LIST", {}),
        ("STRUCT", []),
        ("TASK_FINAL_STATUS", "SUCCEEDED"),
    ],
)
def test_a_value_of_another_type_is_refused_in_words(kind, value):
    with pytest.raises(GraftError, match=f"is not {values.WORDS[kind]}"):
        values.conform(kind, value)


@given(JSON)
def test_integers_changes_no_value_and_a_second_time_nothing(value):
    once = values.integers(value)
    assert once == value
    assert json.dumps(values.integers(once)) == json.dumps(once)


@given(st.lists(JSON))
def test_the_text_of_a_list_reads_as_the_list(value):
    assert values.parse("LIST", values.text_of(value)) == value


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_the_text_of_a_number_has_no_exponent_and_reads_as_the_number(value):
    text = values.text_of(value)
    assert "e" not in text.lower()
    assert values.parse("NUMBER_DOUBLE", text) == value


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("STRING", " 7\n", " 7\n"),
        ("NUMBER_INTEGER", "7\n", 7),
        ("BOOLEAN", "True", True),
        ("STRUCT", '{"a": 1}', {"a": 1}),
    ],
)
def test_a_file_is_read_by_the_declared_type(kind, text, expected):
    assert values.parse(kind, text) == expected


@pytest.mark.parametrize(
    ("kind", "text"), [("NUMBER_DOUBLE", "NaN"), ("NUMBER_INTEGER", ""), ("LIST", "1"), ("BOOLEAN", "yes")]
)
def test_a_file_that_is_not_of_the_declared_type_is_refused(kind, text):
    with pytest.raises(GraftError):
        values.parse(kind, text)


@pytest.mark.parametrize(
    ("condition", "given", "expected"),
    [
        ("inputs.parameter_values['a'] == 'it\\'s'", {"a": "it's"}, True),
        ("int(inputs.parameter_values['n']) > 3", {"n": 64}, True),
        ("inputs.parameter_values['lr'] > 0.5", {"lr": 0.5}, False),
        ("double(int(inputs.parameter_values['n'])) > 0.5", {"n": 1}, True),
        (
            "!(inputs.parameter_values['b'] == true) && inputs.parameter_values['a'] == 'x'",
            {"b": False, "a": "x"},
            True,
        ),
    ],
)
def test_a_condition_holds_by_cel(condition, given, expected):
    assert values.holds(condition, given) is expected


@pytest.mark.parametrize(
    ("condition", "given"),
    [
        ("inputs.parameter_values['missing'] == 1", {}),
        ("inputs.parameter_values['n'] > 'x'", {"n": 1}),
        ("inputs.parameter_values['n']", {"n": 1}),
        ("inputs.parameter_values['n'] == 'it's'", {"n": 1}),
    ],
)
def test_a_condition_that_is_neither_true_nor_false_is_an_error(condition, given):
    with pytest.raises(GraftError, match="condition"):
        values.holds(condition, given)


TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))


def test_a_condition_on_a_nul_character_cannot_be_told():
    with pytest.raises(GraftError, match="NUL character"):
        values.holds("inputs.parameter_values['word'] == ''", {"word": "\0"})


@given(TEXT, TEXT)
def test_no_text_changes_what_a_comparison_means(left, right):
    condition = "inputs.parameter_values['left'] == inputs.parameter_values['right']"
    assert values.holds(condition, {"left": left, "right": right}) is (left == right)


@pytest.mark.parametrize(
    ("expression", "value", "expected"),
    [
        ('parseJson(string_value)["a"]', {"a": 1}, 1),
        ('parseJson(string_value)["a"][1]["b"]', '{"a": [0, {"b": "x"}]}', "x"),
        ("parseJson(string_value)", [1], [1]),
    ],
)
def test_a_selector_takes_its_part(expression, value, expected):
    assert values.select(expression, value) == expected


@pytest.mark.parametrize(
    ("expression", "value"), [('parseJson(string_value)["a"]', {"b": 1}), ("struct_value.a", {"a": 1})]
)
def test_a_selector_that_fits_nothing_is_an_error(expression, value):
    with pytest.raises(GraftError):
        values.select(expression, value)
