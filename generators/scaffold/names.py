"""The names that something new may have: one for the files of Python, one for everything else."""

from __future__ import annotations

import importlib.util
import keyword
import re
import sys
from dataclasses import dataclass

from generators.errors import GraftError

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_LONGEST = 40  # characters; a run's name and a step's come behind it in names of at most 63
_TAKEN = ("shared", "graft-steps", "generators", "components", "tests")
# What YAML takes for something else than text, and the settings of a pipeline, which stand where its name would.
_MISREAD = ("true", "false", "null", "yes", "no", "on", "off", "y", "n", "nan", "inf")
_SETTINGS = (
    "parameters",
    "steps",
    "definition",
    "track",
    "hold",
    "schedule",
    "serve",
    "pipelines",
    "resources",
    "classes",
)


@dataclass(frozen=True)
class Name:
    """A name with hyphens, `churn-model`, as pipelines and images have it."""

    text: str

    @property
    def module(self) -> str:
        """The same as Python has it, `churn_model`."""
        return self.text.replace("-", "_")

    @property
    def title(self) -> str:
        """The same as a heading, `Churn model`."""
        return self.text.replace("-", " ").capitalize()

    def into(self, template: str) -> str:
        """A template's text, in which `my-pipeline` stands for the name, with this one in its place."""
        words = {"my_pipeline": self.module, "my-pipeline": self.text, "My pipeline": self.title}
        return re.sub("|".join(words), lambda found: words[found[0]], template)


def checked(text: str) -> Name:
    """A name that can be a folder, an image, a Python package and a Kubernetes object; GraftError for any other."""
    name = Name(text.replace("_", "-"))
    if not _NAME.fullmatch(name.text) or len(name.text) > _LONGEST:
        message = f"{text} cannot be a name: it takes lower-case letters, digits and hyphens, {_LONGEST} at the most"
        raise GraftError(message, "take one such as churn-model")
    if name.text in _MISREAD or name.text in _SETTINGS:
        what = "YAML reads it as something else" if name.text in _MISREAD else "it is the name of a setting"
        raise GraftError(f"{text} cannot be a name: {what}", f"take another one, such as {name.text}-model")
    if keyword.iskeyword(name.module) or name.text in _TAKEN or _is_installed(name.module):
        message = f"{text} cannot be a name: the Python package {name.module} is there already"
        raise GraftError(message, f"take another one, such as {name.text}-model")
    return name


def plain(text: str) -> Name:
    """A name that is no Python package: of an environment, a cluster or a policy; GraftError for one with no form."""
    if not _NAME.fullmatch(text) or len(text) > _LONGEST or text in _MISREAD:
        message = f"{text} cannot be a name: it takes lower-case letters, digits and hyphens, {_LONGEST} at the most"
        raise GraftError(message, "take one such as canary-eu")
    return Name(text)


def _is_installed(module: str) -> bool:
    """Whether another package of this name would be hidden by the new one, or hide it."""
    return module in sys.stdlib_module_names or importlib.util.find_spec(module) is not None
