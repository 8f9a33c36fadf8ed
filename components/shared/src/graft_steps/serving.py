"""An endpoint for any MLflow model, by KServe's own server: POST {"value": ...} to /v1/models/<name>:predict.

    200  {"status": "success", "value": <what the model answers>}
    400  {"error": ...}    the body is no JSON, or gives no value
    422  {"error": ...}    the model cannot answer this value

    python -m graft_steps.serving --model_name=NAME --model_uri=models:/NAME@champion

The URI is any that MLflow takes; what is behind `models:/` is found by MLFLOW_TRACKING_URI. KServe's own options hold
too, --http_port among them. https://kserve.github.io/website/docs/model-serving/predictive-inference/frameworks/custom-predictor/custom-predictor
"""

from __future__ import annotations

import argparse
import asyncio
import os
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")  # it would try to reach the network

import numpy as np
from fastapi import HTTPException, Request
from fastapi.responses import JSONResponse
from kserve import Model, ModelServer, model_server
from kserve.errors import InvalidInput
from mlflow import pyfunc

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

VALUE = "value"


class MlflowModel(Model):
    """One MLflow model as KServe's server wants it; ready once it is loaded."""

    def __init__(self, name: str, uri: str) -> None:
        super().__init__(name)
        self._uri = uri
        self._model: pyfunc.PyFuncModel | None = None

    def load(self) -> bool:
        """Load the model, with the preprocessing that stands in it."""
        self._model = pyfunc.load_model(self._uri)
        self.ready = True
        return self.ready

    async def preprocess(self, body: Any, headers: Mapping[str, str] | None = None) -> Any:
        """The value that the request gives; null is none."""
        if not isinstance(body, dict) or body.get(VALUE) is None:
            raise InvalidInput(f'the body must be a JSON object that gives a value: {{"{VALUE}": ...}}')
        return body[VALUE]

    async def predict(
        self, payload: Any, headers: Mapping[str, str] | None = None, response_headers: dict[str, str] | None = None
    ) -> dict[str, Any]:
        """What the model answers, in JSON's own types; meanwhile the server answers whether it lives."""
        try:
            return {"status": "success", VALUE: await asyncio.to_thread(self._answer, payload)}
        except Exception as problem:  # whatever the model raises is about this value
            raise HTTPException(
                HTTPStatus.UNPROCESSABLE_ENTITY, f"{self.name} cannot answer: {_said(problem)}"
            ) from problem

    def _answer(self, value: Any) -> Any:
        return plain(self._model.predict(taken(value, self._model.metadata.signature)))


def taken(value: Any, signature: Any) -> Any:
    """A JSON value as the model's signature wants it: an array, a dict of arrays, or rows with columns."""
    inputs = signature.inputs if signature else None
    if inputs is None or not inputs.is_tensor_spec():
        return _frame(value) if inputs is not None else value
    if inputs.has_input_names():
        return {each.name: np.asarray(value[each.name], each.type) for each in inputs.inputs}
    return np.asarray(value, inputs.inputs[0].type)


def plain(answer: Any) -> Any:
    """A model's answer in JSON's own types."""
    if isinstance(answer, dict):
        return {str(name): plain(each) for name, each in answer.items()}
    if isinstance(answer, list | tuple):
        return [plain(each) for each in answer]
    if hasattr(answer, "to_dict") and hasattr(answer, "columns"):
        return plain(answer.to_dict(orient="list"))
    array = np.asarray(answer)
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        raise ValueError("the answer holds what is no finite number")
    return array.tolist()


def _frame(value: Any) -> Any:
    import pandas as pd

    return pd.DataFrame(value if isinstance(value, list) else [value])


def _said(problem: Exception) -> str:
    return str(problem).strip().split("\n")[0][:500] or type(problem).__name__


async def _explained(_: Request, problem: HTTPException) -> JSONResponse:
    """An error in the same form as KServe's own."""
    return JSONResponse({"error": problem.detail}, problem.status_code)


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until ended."""
    parser = argparse.ArgumentParser(parents=[model_server.parser], conflict_handler="resolve")
    parser.add_argument("--model_uri", required=True, help="what MLflow loads: models:/NAME@champion, or a folder")
    options = parser.parse_args(arguments)
    model = MlflowModel(options.model_name, options.model_uri)
    model.load()
    server = ModelServer(http_port=options.http_port, workers=options.workers, enable_grpc=False)
    model_server.app.add_exception_handler(HTTPException, _explained)
    server.start([model])


if __name__ == "__main__":
    main()
