"""From a container of the IR to the process that stands for it on this machine."""

from __future__ import annotations

import json
import sysconfig
import tempfile
import venv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from generators.errors import GraftError
from generators.ir.overlay import OWN_VARIABLES
from generators.ir.values import text_of
from generators.runner import claims, code, environment, placeholders
from generators.runner.context import Context
from generators.runner.process import Command
from generators.runner.settings import SHARED

LONGEST_ARGUMENT = 128 * 1024 - 1  # Linux's MAX_ARG_STRLEN holds the closing zero too
_HOOK = Path(__file__).parent / "long_argument"


def command(context: Context, label: str, tree: Mapping[str, Any], folder: Path, scratch: Path) -> Command:
    """The process of the container `label`; `scratch` is a folder that is removed after it has ended."""
    container = context.pipeline.container(label)
    templates = container.templates
    tree, hooks = _with_short_input(templates, tree, scratch)
    package = environment.package_folder(placeholders.fill(container.image, tree), context.packages)
    shared = [context.packages[SHARED]] if SHARED in context.packages else []
    variables = environment.complete(
        _variables(context, label, tree) | {"TMPDIR": str(scratch)} | hooks,
        context.settings.environ,
        folders=[*([_HOOK] if hooks else []), *([package, *shared] if package else [])],
        programs=[_own_packages(scratch)] if any("pip install" in template for template in templates) else [],
    )
    arguments = placeholders.arguments(templates, tree)
    _check_lengths(arguments, variables, tree["inputs"]["parameters"])
    return Command(arguments, variables, context.settings.repository, folder / "log.txt")


def code_of(context: Context, label: str) -> str:
    """A digest of what the executor `label` does: its command, its variables, and the modules that it reaches."""
    container = context.pipeline.container(label)
    if container is None:
        return code.digest([json.dumps(context.pipeline.executor(label), sort_keys=True)], [])
    package = environment.package_folder(container.image, context.packages)
    shared = [context.packages[SHARED]] if SHARED in context.packages else []
    variables = [f"{name}={value}" for name, value in container.env if name not in OWN_VARIABLES]
    return code.digest([*container.templates, *variables], [package, *shared] if package else [])


def scratch_folder() -> tempfile.TemporaryDirectory[str]:
    """A short-lived folder for what a step writes beside its outputs.

    It is not below the run's folder, since the path of a socket in it must stay within 108 characters.
    """
    return tempfile.TemporaryDirectory(prefix="graft-", ignore_cleanup_errors=True)


def _with_short_input(
    templates: list[str], tree: Mapping[str, Any], scratch: Path
) -> tuple[Mapping[str, Any], dict[str, str]]:
    """`tree` with an ExecutorInput that the KFP executor can be handed, and the variable that the hook reads."""
    text = text_of(tree[""])
    if not _long(text) or not any("kfp.dsl.executor_main" in template for template in templates):
        return tree, {}
    file = scratch / "executor_input.json"
    file.write_text(text, "utf-8")
    return {**tree, "": f"@{file}"}, {"GRAFT_LONG_ARGUMENT": str(file)}


def _variables(context: Context, label: str, tree: Mapping[str, Any]) -> dict[str, str]:
    """What the container and its pod set: constants, values of Secrets, fields of the pod."""
    container, pod = context.pipeline.container(label), context.pipeline.pod(label)
    name = f"{tree['pipeline_job_name']}-{tree['pipeline_task_name']}"
    own = {variable: placeholders.fill(value, tree) for variable, value in container.env}
    return (
        claims.moved(own, pod, context.settings.repository)
        | environment.from_fields(pod, name, tree["pipeline_task_uuid"], tree["pipeline_job_uuid"])
        | environment.from_secrets(pod, context.secret)
    )


def _own_packages(scratch: Path) -> Path:
    """The bin folder of an environment that sees this one's packages, so that what a step installs stays in it."""
    home = scratch / "environment"
    venv.EnvBuilder(symlinks=True, with_pip=False).create(home)
    own = next(home.glob("lib/python*/site-packages"))
    outer = sysconfig.get_path("purelib")
    own.joinpath("outer.pth").write_text(f"import site; site.addsitedir({outer!r})\n", "utf-8")
    return home / "bin"


def _long(text: str) -> bool:
    return len(text.encode()) > LONGEST_ARGUMENT


def _check_lengths(arguments: list[str], variables: Mapping[str, str], parameters: Mapping[str, Any]) -> None:
    places = [(f"argument {index} of its command", text) for index, text in enumerate(arguments)]
    places += [(f"the environment variable {name}", f"{name}={value}") for name, value in variables.items()]
    for place, text in places:
        if _long(text):
            sizes = {name: len(part.encode()) for name, value in parameters.items() if (part := text_of(value)) in text}
            longest = max(sizes, key=sizes.__getitem__, default="")
            cause = f"; its longest parameter is {longest} with {sizes[longest]} bytes" if longest else ""
            message = f"{place} has {len(text.encode())} bytes, more than the kernel's {LONGEST_ARGUMENT}{cause}"
            raise GraftError(message, "pass a long value as an artifact")
