"""Python's own code of an expression has cel-go's value, or none."""

from __future__ import annotations

from typing import Any

import pytest

from generators.cel import certain
from generators.cel.code import Code, Unwritten
from generators.cel.environment import environment, functions
from generators.cel.errors import EvaluationError
from generators.cel.values import Optional, from_python
from generators.cel.writer import Writer

VERSION = "1.36"


EXPRESSIONS = (
    "object.a == 1 && object.b != 'x'",
    "object.a == true || object.b == null",
    "has(object.a) && !has(object.c.d)",
    "object.?a.?b.orValue('none')",
    "object.?a.or(object.?b).orValue([])",
    "object.?a.hasValue() ? object.a : 'none'",
    "object.?a.?b.optMap(found, found + 'x').orValue('')",
    "object[?'a'].b.orValue(0)",
    "object['a']['b']",
    "object.b[1]",
    "object.b.exists(each, each == 'x')",
    "object.b.all(each, each != 'x')",
    "object.b.exists_one(each, each == 'x')",
    "object.b.map(each, each + 'x') == ['xx', 'yx']",
    "object.b.map(each, each == 'x', 'found')",
    "object.b.filter(each, each != 'y').map(other, [each, other][0] == 'x')".replace("[each, other][0]", "other"),
    "object.b.map(b, object.b.filter(each, each != b).map(other, b + other))",
    "object.b.filter(each, each != 'y').map(other, object.b.filter(each, each == other).size())",
    "['a', 'b', 'c'].exists(name, object[?name].?b.hasValue())",
    "['a', 'b'].all(name, name in object)",
    "['a', 'b'].filter(name, !(name in object)).map(name, name.upperAscii()).join(', ')",
    "object.b in ['x', 'y'] || 'x' in object.b || 1 in object.b",
    "object.a.matches('^[a-z]{2}$') || object.b.matches(r'\\bx')",
    "object.b.size() > 1 && size(object.a) < 10",
    "object.a + object.b",
    "object.a < object.b",
    "{'x': dyn(object.a), ?'y': object.?b, string(object.a): dyn(1)}",
    "object.?a == object.?b",
    "object.a == {} || object.b == []",
    "object.?a.orValue(object.b)",
    "object == {'a': dyn(1), 'b': dyn('x')}",
    "object.a.split(',').map(each, int(each)).sum() > 3",
    "quantity(object.a).isGreaterThan(quantity('1Gi'))",
    "params.data.x == 'x' && params.data.list.split(',').exists(each, each == object.a)",
    "params.nothing == object.a",
    "object.b.exists(params, params == 'x') && ['x'].map(object, object + 'y') == ['xy']",
)
VALUES: tuple[Any, ...] = (
    None, True, False, 0, 1, 2**63, 1.0, "", "x", "ab", "ab\n", "1,2", "2Gi", [], ["x", "y"], ["x", 1], {}, {"b": 1},
    {"b": "x"}, {"b": None}, [{"b": 1}],
)  # fmt: skip
OBJECTS = [
    {},
    *({"a": a} for a in VALUES),
    *({"a": a, "b": VALUES[(at * 5 + 3) % len(VALUES)]} for at, a in enumerate(VALUES)),
]
OBJECTS += [{"a": a, "b": b} for a in ("x", ["x"]) for b in VALUES]
PARAMS = {"data": {"x": "x", "list": "x,ab"}}
MISSING: Any = object()


def _written(expression: str) -> tuple[Any, Any]:
    """The program of an expression, and its code as a function of the object."""
    program = environment(VERSION, {"object": "dyn", "params": "dyn"}).compile(expression)
    writer = Writer(functions(VERSION), frozenset({"params"}))
    code = writer.code(program.tree, {"object": Code("m"), "params": Code("params")})
    known = {**writer.globals, "params": PARAMS}
    for text, name in writer.settled.items():
        try:
            known[name] = eval(text, known)
        except certain.ERRORS:
            return program, None
    return program, eval(f"lambda m: {code.whole}", known)


def _exact(program: Any, obj: Any) -> Any:
    try:
        return program.evaluate({"object": obj, "params": PARAMS})
    except EvaluationError:
        return MISSING


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_code_has_the_value_that_the_expression_has_or_none(expression: str) -> None:
    program, code = _written(expression)
    answered = 0
    for obj in OBJECTS:
        try:
            found = code(obj) if code else MISSING
        except certain.ERRORS:
            found = MISSING
        if found is MISSING:
            continue
        answered += 1
        wanted = _exact(program, obj)
        assert not isinstance(wanted, Optional)
        held = from_python(found)
        assert (type(held), held) == (type(wanted), wanted), obj
    assert bool(answered) is bool(code)


@pytest.mark.parametrize(
    "expression",
    [
        "object.transformList(i, each, each) == []",
        "object.?a.optMap(found, [optional.of(found)]).orValue([]) == []",
        "object.b.map(each, object.?a)",
        "dyn(object.?a) == 1",
        "dyn(quantity('1')) == 'x'",
    ],
)
def test_what_is_not_written_is_said_once(expression: str) -> None:
    with pytest.raises(Unwritten):
        _written(expression)


def test_what_goes_by_params_alone_is_evaluated_once() -> None:
    program = environment(VERSION, {"object": "dyn", "params": "dyn"}).compile(
        "object.b.exists(each, params.data.list.split(',').exists(params, params == each))"
    )
    writer = Writer(functions(VERSION), frozenset({"params"}))
    writer.code(program.tree, {"object": Code("m"), "params": Code("params")})
    assert [*writer.settled] == ["call(c_0, params['data']['list'], ',')"]
