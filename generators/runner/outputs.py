"""What a step leaves behind: its output parameters and artifacts, read as KFP's launcher reads them."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from generators.errors import GraftError
from generators.ir.values import conform, integers, kind_of, parse, strict_json
from generators.runner.results import Artifact, Values

_SUFFIXES = {"system.HTML": ".html", "system.Markdown": ".md"}  # so that a double click opens what people read


def executor_input(component: Mapping[str, Any], inputs: Values, folder: Path) -> dict[str, Any]:
    """KFP's ExecutorInput: what the component declares of `inputs`, and where its outputs go below `folder`."""
    declared = component.get("inputDefinitions", {})
    outputs = component.get("outputDefinitions", {})
    return {
        "inputs": {
            "parameterValues": {
                name: inputs.parameters[name] for name in declared.get("parameters", {}) if name in inputs.parameters
            },
            "artifacts": {
                name: {"artifacts": inputs.artifacts[name]}
                for name in declared.get("artifacts", {})
                if name in inputs.artifacts
            },
        },
        "outputs": {
            "parameters": {name: {"outputFile": str(folder / name)} for name in outputs.get("parameters", {})},
            "artifacts": {
                name: {"artifacts": [_promised(name, spec, folder)]}
                for name, spec in outputs.get("artifacts", {}).items()
            },
            "outputFile": str(folder / "executor_output.json"),
        },
    }


def collected(component: Mapping[str, Any], promised: Mapping[str, Any]) -> Values:
    """What a step that ended well wrote, of what its ExecutorInput promised in `promised["outputs"]`.

    The KFP executor writes everything into one file; a container component writes a file for each parameter.
    """
    outputs = promised["outputs"]
    written = _executor_output(Path(outputs["outputFile"]))
    declared = component.get("outputDefinitions", {})
    parameters = {
        name: _parameter(
            name, spec, written.get("parameterValues", {}), Path(outputs["parameters"][name]["outputFile"])
        )
        for name, spec in declared.get("parameters", {}).items()
    }
    artifacts = {
        name: _artifacts(promise["artifacts"], written.get("artifacts", {}).get(name, {}).get("artifacts", []))
        for name, promise in outputs["artifacts"].items()
    }
    return Values(parameters, artifacts)


def _promised(name: str, spec: Mapping[str, Any], folder: Path) -> Artifact:
    type_, metadata = spec["artifactType"], integers(spec.get("metadata", {}))
    file = name + _SUFFIXES.get(type_.get("schemaTitle", ""), "")
    return {"name": name, "type": type_, "uri": str(folder / file), "metadata": metadata}


def _executor_output(file: Path) -> dict[str, Any]:
    if not file.is_file():
        return {}
    try:
        return strict_json(file.read_text("utf-8"))
    except ValueError as error:
        raise GraftError(f"{file.name} cannot be read: {error}", "metrics and outputs must be finite numbers") from None


def _parameter(name: str, spec: Mapping[str, Any], written: Mapping[str, Any], file: Path) -> Any:
    try:
        if written.get(name) is not None:
            return conform(kind_of(spec), written[name])
        if file.is_file():
            return parse(kind_of(spec), file.read_bytes().decode("utf-8"))
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
