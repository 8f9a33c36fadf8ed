"""The values of the IR: its parameter types, their text, its conditions and its selectors. All of it is pure.

STRING            str
NUMBER_INTEGER    int; the IR stores numbers as doubles, so 64.0 is read as 64
NUMBER_DOUBLE     float, finite
BOOLEAN           bool
LIST, STRUCT      list, dict; integral doubles inside become integers again
TASK_FINAL_STATUS dict
"""

from __future__ import annotations

import json
import math
import re
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, NoReturn

from generators.errors import GraftError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cel_expr_python import cel

WORDS = {
    "STRING": "a string",
    "NUMBER_INTEGER": "an integer",
    "NUMBER_DOUBLE": "a number",
    "BOOLEAN": "true or false",
    "LIST": "a list",
    "STRUCT": "a mapping",
    "TASK_FINAL_STATUS": "the final status of a task",
    "TASK_CONFIG": "the configuration of a task",
}

_DEPRECATED = {"INT": "NUMBER_INTEGER", "DOUBLE": "NUMBER_DOUBLE", "STRING": "STRING"}
_EXACT = 2**53  # above it a double no longer tells neighbouring integers apart
_SELECTOR = re.compile(r"parseJson\(string_value\)((?:\[\"[^\"]*\"\]|\[\d+\])*)")
_STEP = re.compile(r"\[\"([^\"]*)\"\]|\[(\d+)\]")


def kind_of(spec: Mapping[str, Any]) -> str:
    """The parameter type that a ParameterSpec declares, `""` if none; `type` is what SDKs before 2.0 wrote."""
    return spec.get("parameterType") or _DEPRECATED.get(spec.get("type", ""), "")


def integers(value: Any) -> Any:
    """`value` with every integral double in it as an integer, as deep as it goes."""
    if isinstance(value, float) and value.is_integer() and abs(value) <= _EXACT:
        return int(value)
    if isinstance(value, list):
        return [integers(item) for item in value]
    if isinstance(value, dict):
        return {key: integers(item) for key, item in value.items()}
    return value


def conform(kind: str, value: Any) -> Any:
    """`value` as the parameter type `kind` holds it; a GraftError where it is of another type."""
    read = _READERS.get(kind)
    return read(value, kind) if read else integers(value)


def converted(kind: str, value: Any) -> Any:
    """`value` as an input of type `kind` takes it: a string input takes the text of anything, as in KFP's driver.

    Items of a list whose items have no type are strings to the IR; so what is not a string is read out of one.
    """
    if kind == "STRING" and not isinstance(value, str):
        return text_of(integers(value))
    if kind in ("NUMBER_INTEGER", "NUMBER_DOUBLE", "BOOLEAN", "LIST", "STRUCT") and isinstance(value, str):
        return parse(kind, value)
    return conform(kind, value)


def parse(kind: str, text: str) -> Any:
    """The value that `text` means, as a step writes an output parameter: a string as it is, the rest as JSON."""
    if kind in ("STRING", ""):
        return text
    try:
        value = strict_json(text.strip().lower() if kind == "BOOLEAN" else text)
    except (ValueError, RecursionError):
        _refuse(text, kind)
    return conform(kind, value)


def strict_json(text: str) -> Any:
    """The JSON document in `text`, without Python's extensions NaN and Infinity; a ValueError otherwise."""
    return json.loads(text, parse_constant=_not_json)


def text_of(value: Any) -> str:
    """`value` as KFP's launcher writes it into a command: no exponent, no trailing `.0`, `true`, compact JSON."""
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        return format(Decimal(repr(integers(value))), "f")
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def select(expression: str, value: Any) -> Any:
    """The part of a loop's `value` that a parameterExpressionSelector such as `parseJson(string_value)["a"]` names."""
    keys = selected_keys(expression)
    try:
        value = strict_json(value) if isinstance(value, str) else value
        for key in keys:
            value = value[key]
    except (KeyError, IndexError, TypeError, ValueError):
        raise GraftError(f"{''.join(f'[{json.dumps(key)}]' for key in keys)} is not in {shown(value)}") from None
    return value


def selected_keys(expression: str) -> list[str | int]:
    """The keys and indices that a parameterExpressionSelector goes down, in order."""
    match = _SELECTOR.fullmatch(expression)
    if not match:
        raise GraftError(f"the selector {expression} is not one that kfp writes")
    return [int(index) if index else key for key, index in _STEP.findall(match[1])]


def check_condition(condition: str) -> None:
    """Raise a GraftError where `condition` is not valid CEL."""
    _compile(condition)


def holds(condition: str, parameters: Mapping[str, Any]) -> bool:
    """Whether a task's condition is true of its input parameters, by CEL; a GraftError where that cannot be said."""
    from cel_expr_python import cel

    if any("\0" in value for value in parameters.values() if isinstance(value, str)):
        # cel-expr-python ends a string there, so that it would equal the empty one.
        raise GraftError(f"the condition {condition} cannot be told of a value that holds a NUL character")
    value = _compile(condition).eval(data={"inputs": {"parameter_values": dict(parameters)}})
    if value.type() == cel.Type.BOOL:
        return value.plain_value()
    reason = value.plain_value() if value.type() == cel.Type.ERROR else f"it is {shown(value.plain_value())}"
    raise GraftError(f"the condition {condition} is neither true nor false: {reason}")


def shown(value: Any, width: int = 80) -> str:
    """`value` as JSON for a message, cut to `width` characters."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= width else f"{text[: width - 3]}..."


@cache
def _environment() -> cel.Env:
    from cel_expr_python import cel

    return cel.NewEnv(variables={"inputs": cel.Type.DYN})


def _compile(condition: str) -> cel.Expression:
    try:
        return _environment().compile(condition)
    except RuntimeError as error:
        reason = str(error).removeprefix("INVALID_ARGUMENT: ").splitlines()[0]
        fix = "a constant with a quote in it cannot be compared: kfp does not escape it"
        raise GraftError(f"the condition {condition} is not valid CEL: {reason}", fix) from None


def _refuse(value: Any, kind: str) -> NoReturn:
    raise GraftError(f"{shown(value)} is not {WORDS[kind]}")


def _not_json(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _instance(wanted: type) -> Any:
    def read(value: Any, kind: str) -> Any:
        return integers(value) if isinstance(value, wanted) else _refuse(value, kind)

    return read


def _integer(value: Any, kind: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value != int(value):
        _refuse(value, kind)
    return int(value)


def _double(value: Any, kind: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        _refuse(value, kind)
    return float(value)


_READERS = {
    "STRING": _instance(str),
    "NUMBER_INTEGER": _integer,
    "NUMBER_DOUBLE": _double,
    "BOOLEAN": _instance(bool),
    "LIST": _instance(list),
    "STRUCT": _instance(dict),
    "TASK_FINAL_STATUS": _instance(dict),
    "TASK_CONFIG": _instance(dict),
}
