"""What an expression may say in a release, what it comes to, and what is said of one that is wrong."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest

from generators.cel.environment import environment
from generators.cel.errors import EvaluationError, InvalidExpression, NotKnown

OBJECT = {
    "name": "job", "replicas": 3, "share": 0.5, "labels": {"team": "ml"}, "args": ["--epochs", "4"], "none": None,
    "memory": "4Gi", "url": "https://models.example.org:8443/v1?x=1", "address": "10.1.2.3", "version": "1.4.0-rc.1",
}  # fmt: skip


def evaluated(expression: str, version: str = "1.36", **more: Any) -> Any:
    return environment(version, {"object": "dyn"}).compile(expression).evaluate({"object": {**OBJECT, **more}})


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("object.replicas + 1", 4),
        ("object.replicas == 3.0 && object.share < 1", True),
        ("object.args.map(a, a.size())", [8, 1]),
        ("has(object.labels.owner) ? object.labels.owner : 'nobody'", "nobody"),
        ("has(object.name.first)", False),  # a text has no fields, and does not mind being asked
        ("object.?labels.?owner.orValue('nobody')", "nobody"),
        ("object.args.transformList(i, a, string(i) + a)", ["0--epochs", "14"]),
        ("object.args.sortBy(a, a.size())", ["4", "--epochs"]),
        ("'%s of %d'.format([object.name, object.replicas])", "job of 3"),
        ("quantity(object.memory).isLessThan(quantity('4096Mi'))", False),
        ("url(object.url).getHostname()", "models.example.org"),
        ("cidr('10.0.0.0/8').containsIP(object.address)", True),
        ("semver(object.version).isLessThan(semver('1.4.0'))", True),
        ("object.name.find('[a-j]')", "j"),
        ("sets.contains(object.args, ['4'])", True),
        ("[3, 1, 2].sort() == [1, 2, 3] && [1, 2, 3].isSorted()", True),
        ("format.dns1123Label().validate(object.name).hasValue()", False),
        ("duration('90m').getHours()", 1),
    ],
)
def test_an_expression_has_its_value(expression: str, value: Any) -> None:
    found = evaluated(expression)

    assert found == value and type(found) is type(value)


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("object.owner", "no such key: owner"),
        ("object.name.first", "no such key: first"),
        ("has(object.args.first)", "unsupported index type 'string' in list"),
        ("object.args[2]", "index out of bounds: 2"),
        ("object.replicas / 0", "division by zero"),
        ("object.replicas + object.name", "no such overload"),
        ("object.none > 1", "no such overload: _>_"),
        ("object.none.size()", "no such overload: size"),
        ("object.replicas.all(x, true)", "got 'types.Int', expected iterable type"),
        ("int(object.name)", "type conversion error from 'string' to 'int'"),
        ("quantity(object.name)", "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"),  # noqa: E501
        ("object.name.matches('(' + object.name)", "error parsing regexp: missing closing ): `(job`"),
        ("ip(object.name)", 'IP Address "job" parse error during conversion from string: ParseAddr("job"): unable to parse IP'),  # noqa: E501
        ("object.args.all(a, object.owner == a)", "no such key: owner"),
        ("object.name && object.owner", "no such overload"),  # the first of two errors
    ],
)  # fmt: skip
def test_an_expression_without_a_value_says_what_cel_go_says(expression: str, message: str) -> None:
    with pytest.raises(EvaluationError) as failed:
        evaluated(expression)

    assert failed.value.message == message


@pytest.mark.parametrize(
    ("expression", "since"),
    [
        ("object.?name.hasValue()", 28), ("quantity('1').isInteger()", 28), ("sets.contains([1], [1])", 29),
        ("isIP('::')", 30), ("format.uuid().validate('x').hasValue()", 31), ("[1].all(i, v, i == v)", 32),
        ("isSemver('1.2.3')", 33), ("[1].distinct() == [1]", 34),
    ],
)  # fmt: skip
def test_what_a_release_does_not_have_is_refused(expression: str, since: int) -> None:
    environment(f"1.{since}", {"object": "dyn"}).compile(expression)

    with pytest.raises(InvalidExpression):
        environment(f"v1.{since - 1}.9", {"object": "dyn"}).compile(expression)


@pytest.mark.parametrize(
    ("expression", "line", "column", "message"),
    [
        ("object.name ==", 1, 15, "Syntax error"),
        ("object.name == 'a' &&\n  nothing", 2, 3, "undeclared reference to 'nothing'"),
        ("1 + 'a'", 1, 3, "found no matching overload for '_+_' applied to '(int, string)'"),
        ("object.name.matches('(')", 1, 21, "invalid matches argument"),
        ("[1, 'a'].size() == 2", 1, 5, "expected type 'int' but found 'string'"),
        ("'%d'.format(['a']) == ''", 1, 12, "decimal clause can only be used on integers, was given string"),
    ],
)
def test_an_expression_that_does_not_compile_says_where(expression: str, line: int, column: int, message: str) -> None:
    with pytest.raises(
        InvalidExpression, match=message.replace("(", r"\(").replace(")", r"\)").replace("+", r"\+")
    ) as wrong:
        environment("1.36", {"object": "dyn"}).compile(expression)

    assert (wrong.value.line, wrong.value.column) == (line, column)


def test_values_of_json_are_what_the_api_server_reads() -> None:
    assert evaluated("type(object.count) == double", count=2**63) is True  # beyond 64 bits
    assert evaluated("object.text == 'a' || object.text.size() == 3", text="a\0b") is True
    assert evaluated("object.text == 'a'", text="a\0b") is False
    day = datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.UTC)
    assert evaluated("object.day.getHours() + object.day.getDate()", day=day) == 5


def test_variables_have_their_types() -> None:
    known = environment("1.36", {"self": "list<string>", "oldSelf": "list<string>"})

    assert known.compile("self.all(name, name in oldSelf)").evaluate({"self": ["a"], "oldSelf": ["b", "a"]}) is True
    with pytest.raises(InvalidExpression, match="no matching overload"):
        known.compile("self.all(name, name + 1 > 2)")


@pytest.mark.parametrize(("item", "said"), [("null", "0"), ("{'b': null}", "{b: 0}"), ("1", "1")])
def test_what_is_no_text_is_shown_as_go_prints_it(item: str, said: str) -> None:
    program = environment("1.36", {}).compile(f"[dyn('a'), dyn({item})].join(',')")

    with pytest.raises(EvaluationError, match=f"join: invalid input: {re.escape(said)}$"):
        program.evaluate({})


@pytest.mark.parametrize("expression", ["{'a.b': 1}.`a.b` == 1", "[1, 'foo'].exists(i, v, i == 1)"])
def test_what_google_s_cel_takes_and_the_api_server_does_not_is_invalid(expression: str) -> None:
    with pytest.raises(InvalidExpression):
        environment("1.36", {"object": "dyn"}).compile(expression)


def test_a_field_of_what_is_missing_is_not_there() -> None:
    program = environment("1.36", {"object": "dyn"}).compile("has(object.?x.y)")
    assert program.exact({"object": {}}) is False


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("google.protobuf.Int32Value{value: 1} == 1", True),
        ("google.protobuf.StringValue{} == '' && !google.protobuf.BoolValue{}", True),
        ("google.protobuf.UInt64Value{value: 1u} == 1u", True),
        ("google.protobuf.FloatValue{value: 0.1} == 0.1", False),
        ("google.protobuf.Duration{seconds: 90, nanos: 1} > duration('90s')", True),
        ("google.protobuf.Timestamp{seconds: 1} == timestamp('1970-01-01T00:00:01Z')", True),
        ("google.protobuf.Int32Value{value: object.replicas} == 3", True),
        ("{dyn(true): 1, dyn(2): 2}.size()", 2),
        ("{dyn(1): 1, dyn(1): 2}[1]", 2),
    ],
)
def test_literals_of_messages_and_keys_of_any_type_are_what_cel_go_makes_of_them(expression: str, value: Any) -> None:
    assert evaluated(expression) == value


@pytest.mark.parametrize(
    "expression",
    [
        "google.protobuf.Struct{} == {}",
        "google.protobuf.Any{} == google.protobuf.Any{}",
        "google.protobuf.Int32Value{value: 3000000000} == 1 || true",
        "google.protobuf.Int32Value{value: object.name} == 1",
        "{dyn(true): 1, dyn(1): 2}.size() == 2",
        "{dyn(1): 1, dyn(1u): 2}.size() == 2 || true",
    ],
)
def test_what_only_a_cluster_knows_is_said_to_be_so(expression: str) -> None:
    with pytest.raises(NotKnown, match="known"):
        evaluated(expression)
