"""The labels and variables that are not a person's to set: graft, Kubernetes, Python or an engine does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase

from generators.engines.registry import ENGINES
from generators.inventory.paths import KeyPath
from generators.inventory.problem import Problem
from generators.ir.definitions import Definition
from generators.ir.overlay import PASSWORD_VARIABLE
from generators.ir.view import Pipeline
from generators.model import Environment

# Who sets the labels of a domain and of those below it. An engine's are reserved everywhere: classes are shared.
_DOMAINS = {"kubernetes.io": "Kubernetes", "k8s.io": "Kubernetes", "graft.dev": "graft", "argoproj.io": "Argo CD"}
_DOMAINS |= {domain: engine.name for engine in ENGINES.values() for domain in engine.own_labels}
_FREE = "app.kubernetes.io/"  # what Kubernetes recommends that people set, but for the label that Argo CD tracks by
_TRACKING = "app.kubernetes.io/instance"

_VARIABLES = {"GRAFT_*": "graft", PASSWORD_VARIABLE: "graft", "PATH": "the image", "KUBERNETES_SERVICE_*": "Kubernetes"}
_VARIABLES |= {name: engine.name for engine in ENGINES.values() for name in engine.own_variables}
# https://docs.python.org/3/using/cmdline.html#environment-variables, those that decide which code runs
_PYTHON = ("PATH", "HOME", "STARTUP", "SAFEPATH", "PLATLIBDIR", "EXECUTABLE", "USERBASE", "NOUSERSITE", "INSPECT")
_VARIABLES |= {f"PYTHON{name}": "Python" for name in _PYTHON}


def of_environment(environment: Environment) -> Iterator[Problem]:
    """What an environment says of all of its steps and may not."""
    yield from labels(environment.labels, ("labels",))
    yield from variables(environment.env, ("env",))
    yield from variables(environment.storage.credentials, ("storage", "credentials"))


def of_definition(definition: Definition) -> Iterator[tuple[str, Problem]]:
    """What a pipeline's code says of its steps and may not, each with the path of the step."""
    pipeline = Pipeline.of(definition.spec, definition.platform)
    for step, task in pipeline.walk():
        component = pipeline.of_task(task)
        if component.is_dag or not (spec := pipeline.container(component.executor)):
            continue
        pod = pipeline.pod(component.executor)
        names = [name for name, _ in (*spec.env, *pod.fields)] + [each.variable for each in pod.variables]
        for problem in (*labels(pod.labels, (step,)), *variables(names, (step,))):
            yield step, problem


def labels(keys: Iterable[str], at: KeyPath) -> Iterator[Problem]:
    """The problems of the labels below `at`."""
    for key in keys:
        domain = key.rpartition("/")[0]
        owner = next((owner for known, owner in _DOMAINS.items() if f".{domain}".endswith(f".{known}")), "")
        if key == _TRACKING:
            message = "Argo CD may take what has this label for its own, and remove it"
            yield Problem((*at, key), "label", message, key, "a label of your own", "use another label")
        elif owner and not key.startswith(_FREE):
            message = f"labels that begin with {domain}/ are set by {owner}"
            yield Problem((*at, key), "label", message, key, "a label of your own", "use another prefix, or none")


def variables(names: Iterable[str], at: KeyPath) -> Iterator[Problem]:
    """The problems of the environment variables below `at`."""
    for name in names:
        owner = next((owner for pattern, owner in _VARIABLES.items() if fnmatchcase(name, pattern)), "")
        if owner == "Python":
            message, fix = "Python finds the code that it runs by this variable", "put the code into the image"
            yield Problem((*at, name), "variable", message, name, fix=fix)
        elif owner:
            fix = "choose another name"
            if name == PASSWORD_VARIABLE:
                fix = "name the Secret under database.password, and write uses: [database] at the step"
            yield Problem((*at, name), "variable", f"{owner} sets this variable itself", name, fix=fix)
