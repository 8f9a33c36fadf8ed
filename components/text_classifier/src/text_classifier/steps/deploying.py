"""The step that deploys: an InferenceService where it runs in a cluster, the same server as a process otherwise.

It is asked for the classes of some test texts before the step ends, and what it answers must be what the model answers.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, NamedTuple

from graft_steps import reports, say
from graft_steps.checks import StepError, integer

from text_classifier import dataset, endpoint, evaluation, inference_service, objects

if TYPE_CHECKING:
    from pathlib import Path

ASKED = 20  # test texts
NAME = "GRAFT_PIPELINE"  # the variable that names the pipeline; its InferenceService has the same name


class Deployed(NamedTuple):
    """Where the model answers, and how many seconds it took to answer."""

    url: str
    seconds: float


def deploy(data: Path, evaluated: Path, uri: str, version: str, wait_seconds: int, summary: Path) -> Deployed:
    """Serve the model at `uri` under the pipeline's name, wait until it is ready, ask it, and write how to use it."""
    if not (name := os.environ.get(NAME, "")):
        raise StepError(f"{NAME} is not set: the overlay of the environment says which pipeline this is")
    longest = integer("wait_seconds", wait_seconds, 1)
    (loaded, _), results = dataset.read(data), evaluation.read(evaluated)
    texts = loaded.test.texts[:ASKED]
    expected = [loaded.classes[answer] for answer in results["answers"][:ASKED]]
    if objects.in_cluster():
        objects.require_image("deploy", "run the pipeline text-classifier, or set deploy to false")
        services = objects.Kind.here(inference_service.API_VERSION, inference_service.PLURAL)
        served = inference_service.deploy(services, name, uri, version, longest, say)
        url, asked = served.url, _asked(served, name, texts, expected)
    else:
        with endpoint.local(name, uri, longest) as url:
            asked = endpoint.probe(url, name, texts, expected)
        say(f"the endpoint was ready, answered {len(texts)} test texts as the model does, and was ended with this step")
    summary.write_text(_words(name, version, uri, url, len(texts), asked))
    return Deployed(url, asked)


def _asked(served: inference_service.Served, name: str, texts: tuple[str, ...], expected: list[str]) -> float:
    """Ask the service; while another version has a share too, any may answer, so only that it answers is checked."""
    if served.share == 100:
        return endpoint.probe(served.url, name, texts, expected)
    status, answer = endpoint.ask(served.url, name, json.dumps({"value": list(texts)}).encode())
    if status != 200:
        raise StepError(f"{served.url}: the endpoint answered {status} to {len(texts)} test texts: {answer}")
    return 0.0


def _words(name: str, version: str, uri: str, url: str, count: int, seconds: float) -> str:
    rows = (
        f"- model: `{uri}`\n- address: `{url}/v1/models/{name}:predict`\n- {count} test texts in {seconds:.2f} s",
        'Ask it: `POST` with `{"value": ["a text"]}`; it answers with `class` and `probabilities`, one a text.',
    )
    return reports.markdown(f"{name} version {version} answers", rows)
