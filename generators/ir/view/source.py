"""Where a value comes from: of a task's input, and of a field of its pod."""

from __future__ import annotations

from typing import Any, NamedTuple

from generators.ir.view.tree import Tree

CONSTANT, INPUT, OUTPUT, STATUS, NOWHERE = "constant", "input", "output", "status", "nowhere"


class Source(NamedTuple):
    """One source.

    constant  `value`, which may hold placeholders; None is no value
    input     the input `name` of the DAG around the task
    output    the output `name` of the task `task` beside it
    status    the final status of the task `task`
    nowhere   nothing is said

    `selector` is the expression that takes a part out of it, `tree` the source as it is written.
    """

    kind: str
    tree: Tree
    name: str = ""
    task: str = ""
    value: Any = None
    selector: str = ""

    @property
    def is_constant(self) -> bool:
        return self.kind == CONSTANT

    @classmethod
    def of(cls, tree: Tree) -> Source:
        """The source of an input parameter, or of an input artifact."""
        selector = tree.get("parameterExpressionSelector", "")
        if "runtimeValue" in tree:
            value = tree["runtimeValue"]
            if "runtimeParameter" in value:
                return cls(INPUT, tree, value["runtimeParameter"], selector=selector)
            return cls(CONSTANT, tree, value=value.get("constant"), selector=selector)
        if origin := tree.get("taskOutputParameter"):
            return cls(OUTPUT, tree, origin["outputParameterKey"], origin["producerTask"], selector=selector)
        if origin := tree.get("taskOutputArtifact"):
            return cls(OUTPUT, tree, origin["outputArtifactKey"], origin["producerTask"], selector=selector)
        if "taskFinalStatus" in tree:
            return cls(STATUS, tree, task=tree["taskFinalStatus"]["producerTask"], selector=selector)
        name = tree.get("componentInputParameter") or tree.get("componentInputArtifact")
        return cls(INPUT, tree, name, selector=selector) if name else cls(NOWHERE, tree)


def constant(value: Any) -> Source:
    """A source of the value itself."""
    return Source(CONSTANT, {"runtimeValue": {"constant": value}}, value=value)
