"""Whether what stands under `when` can be an expression, whatever its variables turn out to be.

Its variables are written into the text before it is read, by a library of its own grammar. The controller looks at it
only when the step is there, and then the workflow ends in an error.

Source: shouldExecute in workflow/controller/operator.go of https://github.com/argoproj/argo-workflows (v4.1), and
parsing.go of https://github.com/Knetic/govaluate.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from generators.inventory.paths import KeyPath
from generators.inventory.problem import Problem

_TOKENS = re.compile(
    r"""\s*(?:(?P<operand>'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|\[[^\]]+\]|(?:\{\{.*?\}\}|[\w.:/@]|\\.|(?<=[\w}])-(?=[\w{]))+)
    |(?P<open>\()|(?P<close>\))
    |(?P<operator>&&|\|\||==|!=|>=|<=|=~|!~|\*\*|<<|>>|\?\?|[<>+*/%&|^?:,])|(?P<sign>[-!~]))""",
    re.VERBOSE | re.DOTALL,
)
_EXAMPLE = "such as {{steps.flip.outputs.result}} == heads && {{workflow.status}} != Failed"


def condition(one: Mapping[str, Any], path: KeyPath) -> Iterator[Problem]:
    """The problem of the condition of a step or a task."""
    when = one.get("when")
    if isinstance(when, str) and when and not is_readable(when):
        message = "is no expression, so the workflow would end in an error here"
        yield Problem(
            (*path, "when"), "expression", message, when, _EXAMPLE, "compare with ==, and join with && and ||"
        )


def is_readable(when: str) -> bool:
    """Whether a condition is one, where each variable in it stands for a value."""
    text, at, depth, wants_operand = when.rstrip(), 0, 0, True
    if not text.strip() or text.count("{{") != text.count("}}"):
        return True  # which is said of the tag
    while at < len(text):
        if not (match := _TOKENS.match(text, at)) or not match.lastgroup:
            return False
        at, kind, token = match.end(), match.lastgroup, match[match.lastgroup]
        if kind == "operand" and wants_operand:
            wants_operand = False
        elif (kind == "operand" and token in ("in", "IN")) or (kind == "sign" and (wants_operand or token == "-")):
            wants_operand = True
        elif kind == "open":  # of a group, or of what is called
            depth, wants_operand = depth + 1, True
        elif kind == "close" and not wants_operand and depth:
            depth -= 1
        elif kind == "operator" and not wants_operand:
            wants_operand = True
        else:
            return False
    return not wants_operand and not depth
