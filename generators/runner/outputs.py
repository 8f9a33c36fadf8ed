"""What a step leaves behind: its output parameters and artifacts, read as KFP's launcher reads them."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from generators.errors import GraftError
from generators.ir.values import conform, integers, parse, strict_json
from generators.ir.view import Component, Declared
from generators.ir.view.tree import ARTIFACTS, PARAMETERS
from generators.runner.results import Artifact, Values

_SUFFIXES = {"system.HTML": ".html", "system.Markdown": ".md"}  # so that a double click opens what people read


def executor_input(component: Component, inputs: Values, folder: Path) -> dict[str, Any]:
    """KFP's ExecutorInput: what the component declares of `inputs`, and where its outputs go below `folder`."""
    outputs = list(component.all_outputs)
    return {
        "inputs": {
            "parameterValues": {
                name: inputs.parameters[name] for name in component.inputs(PARAMETERS) if name in inputs.parameters
            },
            "artifacts": {
                name: {"artifacts": inputs.artifacts[name]}
                for name in component.inputs(ARTIFACTS)
                if name in inputs.artifacts
            },
        },
        "outputs": {
            "parameters": {
                each.name: {"outputFile": str(folder / each.name)} for each in outputs if not each.is_artifact
            },
            "artifacts": {each.name: {"artifacts": [_promised(each, folder)]} for each in outputs if each.is_artifact},
            "outputFile": str(folder / "executor_output.json"),
        },
    }


def collected(component: Component, promised: Mapping[str, Any]) -> Values:
    """What a step that ended well wrote, of what its ExecutorInput promised in `promised["outputs"]`.

    The KFP executor writes everything into one file; a container component writes a file for each parameter.
    """
    outputs = promised["outputs"]
    written = _executor_output(Path(outputs["outputFile"]))
    given = written.get("parameterValues", {})
    parameters = {
        each.name: _parameter(each, given, Path(outputs["parameters"][each.name]["outputFile"]))
        for each in component.all_outputs
        if not each.is_artifact
    }
    artifacts = {
        name: _artifacts(promise["artifacts"], written.get("artifacts", {}).get(name, {}).get("artifacts", []))
        for name, promise in outputs["artifacts"].items()
    }
    return Values(parameters, artifacts)


def _promised(declared: Declared, folder: Path) -> Artifact:
    file = declared.name + _SUFFIXES.get(declared.type.get("schemaTitle", ""), "")
    uri, metadata = str(folder / file), integers(declared.metadata)
    return {"name": declared.name, "type": declared.type, "uri": uri, "metadata": metadata}


def _executor_output(file: Path) -> dict[str, Any]:
    if not file.is_file():
        return {}
    try:
        return strict_json(file.read_text("utf-8"))
    except ValueError as error:
        raise GraftError(f"{file.name} cannot be read: {error}", "metrics and outputs must be finite numbers") from None


def _parameter(declared: Declared, written: Mapping[str, Any], file: Path) -> Any:
    name = declared.name
    try:
        if written.get(name) is not None:
            return conform(declared.kind, written[name])
        if file.is_file():
            return parse(declared.kind, file.read_bytes().decode("utf-8"))
    except (GraftError, UnicodeDecodeError) as error:
        raise GraftError(f"the output parameter {name}: {error}") from None
    raise GraftError(f"it ended well but did not write its output parameter {name}")


def _artifacts(promised: list[Artifact], written: list[Artifact]) -> list[Artifact]:
    """The artifacts as promised, with the URI and the metadata that the step gave them."""
    if not written:
        return promised
    promise = promised[0]
    return [
        promise
        | {"name": item.get("name") or promise["name"], "uri": item.get("uri") or promise["uri"]}
        | {"metadata": promise["metadata"] | item.get("metadata", {})}
        for item in map(_kept, written)
    ]


def _kept(written: Artifact) -> Artifact:
    """The artifact as written, its content at its URI: a path that the step chose itself is copied there."""
    chosen, target = Path(written.get("custom_path", "")), Path(written.get("uri", ""))
    if chosen.name and chosen.exists() and chosen != target:
        target.parent.mkdir(parents=True, exist_ok=True)
        if chosen.is_dir():
            shutil.copytree(chosen, target, dirs_exist_ok=True)
        else:
            shutil.copyfile(chosen, target)
    return written
