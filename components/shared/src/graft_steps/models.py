"""Models as MLflow models: what makes a folder one that `mlflow.pyfunc.load_model` and KServe's MLflow runtime take.

    <folder>/saved_model.pb, variables/    a SavedModel with its preprocessing inside, or whatever the loader reads
    <folder>/MLmodel                       signature, example, what it needs
    <folder>/code/                         the loader: one file without any package of ours

https://mlflow.org/docs/latest/ml/model/
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import platform
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from mlflow import pyfunc
from mlflow.models import Model, ModelSignature, infer_signature
from mlflow.models.utils import _save_example
from mlflow.types import Schema, TensorSpec

from graft_steps.checks import StepError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

LOADERS = Path(__file__).with_name("loaders")
SAVED_MODEL = LOADERS / "graft_saved_model.py"
FACTS = "assets.extra/model.json"
_PYTHON_ENV = "python_env.yaml"
_REQUIREMENTS = "requirements.txt"


def describe(
    folder: Path,
    example: np.ndarray | pd.DataFrame,
    facts: Mapping[str, Any],
    loader: Path = SAVED_MODEL,
    requirements: Sequence[str] = ("tensorflow", "numpy"),
    free: Sequence[int] = (0,),
) -> None:
    """Make the model in `folder` an MLflow model, with `example` as its input and what it answers as its output.

    Of an example that is an array the axes `free` may have any length: that of the batch, and of images of any size.
    `loader` is a file with `_load_pyfunc(path)`; `facts` are kept beside the model, for `facts_of`; `requirements` are
    packages, pinned at the versions that are installed. StepError where the model does not answer the example.
    """
    written = folder / FACTS
    written.parent.mkdir(exist_ok=True)
    written.write_text(json.dumps(dict(facts), indent=2))
    code = folder / "code"
    code.mkdir()
    shutil.copyfile(loader, code / loader.name)
    pins = [f"{name}=={importlib.metadata.version(name)}" for name in ("mlflow", *requirements)]
    (folder / _REQUIREMENTS).write_text("".join(f"{pin}\n" for pin in pins))
    (folder / _PYTHON_ENV).write_text(
        f"python: {platform.python_version()}\nbuild_dependencies: [pip]\ndependencies: [-r {_REQUIREMENTS}]\n"
    )
    model = Model()
    pyfunc.add_to_model(model, loader_module=loader.stem, code="code", env={"virtualenv": _PYTHON_ENV})
    model.signature = _signature(example, _answer(loader, folder, example), free)
    _save_example(model, example, str(folder))
    model.save(str(folder / "MLmodel"))


def facts_of(folder: Path) -> dict[str, Any]:
    """What a model says about itself; empty where it was written elsewhere."""
    file = folder / FACTS
    return json.loads(file.read_text()) if file.is_file() else {}


def _signature(example: Any, answer: Any, free: Sequence[int]) -> ModelSignature:
    found = infer_signature(example, answer)
    if not isinstance(example, np.ndarray):
        return found
    shape = tuple(-1 if axis in free else length for axis, length in enumerate(example.shape))
    kind = np.dtype(str) if example.dtype.kind == "U" else example.dtype  # texts of any length
    return ModelSignature(Schema([TensorSpec(kind, shape)]), found.outputs)


def _answer(loader: Path, folder: Path, example: Any) -> Any:
    spec = importlib.util.spec_from_file_location(loader.stem, loader)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    try:
        return module._load_pyfunc(str(folder)).predict(example)
    except Exception as problem:  # whatever TensorFlow or the loader raises
        raise StepError(f"the model in {folder} does not answer its own example: {problem}") from problem
