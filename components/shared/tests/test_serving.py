"""Any MLflow model over HTTP: a good, a missing, a malformed and a failing request, and every kind of signature."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from graft_steps import models

sys.path.append(str(Path(__file__).resolve().parent))

from endpoints import Endpoint, serving

LOADER = """
import numpy as np

class Halves:
    def predict(self, data, params=None):
        if hasattr(data, "columns"):
            return data.assign(half=data["x"] / 2)
        if (np.asarray(data) < 0).any():
            raise ValueError("no half of what is below zero\\nand more lines")
        return {"half": np.asarray(data) / 2, "name": np.array(["a"] * len(data))}

def _load_pyfunc(path):
    return Halves()
"""


def made(folder: Path, example: np.ndarray | pd.DataFrame) -> Path:
    """An MLflow model with this example's signature."""
    folder.mkdir()
    loader = folder.parent / f"{folder.name}_loader.py"
    loader.write_text(LOADER)
    models.describe(folder, example, {}, loader, ("numpy",))
    return folder


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    root = tmp_path_factory.mktemp("endpoint")
    with serving("halves", str(made(root / "halves", np.ones((1, 2), np.float32))), root / "log") as started:
        yield started


def test_a_value_is_answered(endpoint: Endpoint) -> None:
    assert endpoint.ask([[1, 3], [2, 4]]) == (
        200,
        {"status": "success", "value": {"half": [[0.5, 1.5], [1, 2]], "name": ["a", "a"]}},
    )


@pytest.mark.parametrize("body", [b"{}", b'{"other": 1}', b'{"value": null}', b"[1, 2]", b'"text"', b"7"])
def test_a_request_without_a_value_is_a_bad_request(endpoint: Endpoint, body: bytes) -> None:
    status, answer = endpoint.post(body)
    assert (status, list(answer)) == (400, ["error"])
    assert "must be a JSON object that gives a value" in answer["error"]


@pytest.mark.parametrize("body", [b"", b"{", b'{"value": }', b"\xff\xfe", b"value=1"])
def test_what_is_no_json_is_a_bad_request(endpoint: Endpoint, body: bytes) -> None:
    status, answer = endpoint.post(body)
    assert (status, list(answer)) == (400, ["error"])


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ([[-1, 1]], "no half of what is below zero"),
        ("text", ""),
        ([[1, 2, 3]], ""),
        ([[1], [2, 3]], ""),
        ({"x": 1}, ""),
    ],
)
def test_what_the_model_cannot_answer_is_told_from_a_bad_request(
    endpoint: Endpoint, value: object, reason: str
) -> None:
    status, answer = endpoint.ask(value)
    assert (status, list(answer)) == (422, ["error"])
    assert answer["error"].startswith("halves cannot answer: ") and reason in answer["error"]
    assert "\n" not in answer["error"]


def test_after_every_kind_of_error_it_still_answers(endpoint: Endpoint) -> None:
    for body in (b"{", b"{}", b'{"value": [[-1, 1]]}'):
        endpoint.post(body)
    assert endpoint.ask([[2, 2]])[0] == 200


def test_columns_are_taken_as_rows_and_as_one_row(tmp_path: Path) -> None:
    model = made(tmp_path / "columns", pd.DataFrame({"x": [1.0]}))
    with serving("columns", str(model), tmp_path / "log") as endpoint:
        assert endpoint.ask([{"x": 2.0}, {"x": 4.0}])[1]["value"] == {"x": [2, 4], "half": [1, 2]}
        assert endpoint.ask({"x": 3.0})[1]["value"] == {"x": [3], "half": [1.5]}
        assert endpoint.ask([{"y": 3.0}])[0] == 422
