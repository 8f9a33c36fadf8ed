"""`graft explain`: a value, and every file and line that had a part in it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from generators import options
from generators.credentials import name_among, without_credentials
from generators.errors import GraftError, Refused
from generators.fleet.cache import Cache
from generators.fleet.fleet import load
from generators.inventory import merge
from generators.inventory.explain import Explanation, explanation_lines
from generators.inventory.explain import explain as explain_key
from generators.inventory.paths import KeyPath, format_path, parse_path
from generators.inventory.read import Repository, plain
from generators.output import report
from generators.suggestions import did_you_mean


def command(
    env: Annotated[str, typer.Argument(help="An environment, such as prod.")],
    key: Annotated[str, typer.Argument(help="A key, such as pipelines.transfer-learning.parameters.epochs.")] = "",
    repo: options.RepoOption = None,
    sandbox: options.SandboxOption = None,
    output: options.OutputOption = options.Output.TEXT,
) -> None:
    """Show the final value of a key, and every file and line that set it, in order."""
    options.show(explain(options.repository(repo), env, key), output)


@dataclass(frozen=True)
class Outcome:
    """An explanation, ready to print."""

    explanation: Explanation

    def to_text(self) -> str:
        return "\n".join(explanation_lines(self.explanation))

    def to_json(self) -> str:
        return report.as_json((), _record(self.explanation))


@dataclass(frozen=True)
class Default:
    """A parameter that no file of the inventory sets: its value is the pipeline's own."""

    path: str
    value: Any
    definition: str

    def to_text(self) -> str:
        shown = self.value if isinstance(self.value, str) else json.dumps(self.value, ensure_ascii=False)
        return f"{self.path} = {shown}\n  {self.definition}   {shown}   <- used (the pipeline's own default)"

    def to_json(self) -> str:
        origin = {"file": self.definition, "line": 1, "value": self.value, "used": True}
        return report.as_json((), {"path": self.path, "value": self.value, "origins": [origin]})


def explain(repository: Repository, environment: str, key: str) -> Outcome | Default:
    """What `key` is in an environment; GraftError names the nearest where one of them does not exist."""
    inventory = merge.load(repository)
    inventory.environment(environment)
    try:
        return Outcome(explain_key(inventory, environment, key))
    except Refused:
        raise
    except GraftError:
        default = _default(repository, environment, parse_path(key))
        if default is None:
            raise
        return default


def _default(repository: Repository, environment: str, path: KeyPath) -> Default | None:
    """The default of a pipeline's parameter, where `path` leads to one that nobody sets."""
    if len(path) != 4 or (path[0], path[2]) != ("pipelines", "parameters"):
        return None
    fleet = load(repository, Cache.of_user())
    definition = fleet.definition(environment, str(path[1]))
    if definition is None and (failing := [each for each in fleet.findings_of(environment) if each.failing]):
        raise Refused(
            failing, f"the default of {format_path(path)} in {environment} cannot be known until this is mended"
        )
    if definition is None:
        return None
    name, declared = str(path[3]), definition.parameters
    if name not in declared:
        known = ", ".join(declared) or "none"
        message = (
            f"{environment} has no {format_path(path)}; the parameters of definition {definition.hash} are: {known}"
        )
        raise GraftError(message, did_you_mean(name, declared))
    value = declared[name].get("defaultValue")
    return None if value is None else Default(format_path(path), without_credentials(value, name), definition.path)


def _record(explanation: Explanation) -> dict[str, Any]:
    name = name_among(explanation.path)
    origins = [
        {
            "file": origin.node.entry_place.file,
            "line": origin.node.entry_place.line,
            "value": without_credentials(plain(origin.node), name),
            "used": origin.used,
        }
        for origin in explanation.origins
    ]
    value = without_credentials(explanation.value, name)
    record = {"path": format_path(explanation.path), "value": value, "origins": origins}
    return record | ({"below": [_record(below) for below in explanation.below]} if explanation.below else {})
