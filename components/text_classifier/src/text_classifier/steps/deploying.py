"""The step that deploys: an InferenceService where it runs in a cluster, the same server as a process otherwise.

It is asked for the classes of some test texts before the step ends, and what it answers must be what the model answers.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from graft_steps import reports, say
from graft_steps.checks import StepError, integer

from text_classifier import dataset, endpoint, evaluation, inference_service, objects

if TYPE_CHECKING:
    from pathlib import Path

ASKED = 20  # test texts


class Deployed(NamedTuple):
    """Where the model answers, and how many seconds it took to answer."""

    url: str
    seconds: float


def deploy(
    data: Path, evaluated: Path, uri: str, version: str, service: dict[str, Any], wait_seconds: int, summary: Path
) -> Deployed:
    """Serve the model at `uri`, wait until it is ready, ask it, and write how to use it."""
    longest = integer("wait_seconds", wait_seconds, 1)
    (loaded, _), results = dataset.read(data), evaluation.read(evaluated)
    texts = loaded.test.texts[:ASKED]
    expected = [loaded.classes[answer] for answer in results["answers"][:ASKED]]
    name = service["metadata"]["name"]
    if objects.in_cluster():
        objects.require_image("deploy", "run the pipeline text-classifier, or set deploy to false")
        sent = inference_service.manifest(service, uri, version)
        say(f"InferenceService to be made: {json.dumps(sent)}")
        url = inference_service.deploy(objects.Kind.of(sent, inference_service.PLURAL), sent, longest, say)
        asked = _asked(url, name, texts, expected, sent)
    else:
        with endpoint.local(name, uri, longest) as url:
            asked = endpoint.probe(url, name, texts, expected)
        say(f"the endpoint was ready, answered {len(texts)} test texts as the model does, and was ended with this step")
    summary.write_text(_words(name, version, uri, url, len(texts), asked))
    return Deployed(url, asked)


def _asked(url: str, name: str, texts: tuple[str, ...], expected: list[str], sent: dict[str, Any]) -> float:
    """Ask the service; while a canary has a share only, any version may answer, so only that it answers is checked."""
    if sent["spec"]["predictor"].get("canaryTrafficPercent", 100) == 100:
        return endpoint.probe(url, name, texts, expected)
    status, answer = endpoint.ask(url, name, json.dumps({"value": list(texts)}).encode())
    if status != 200:
        raise StepError(f"{url}: the endpoint answered {status} to {len(texts)} test texts: {answer}")
    return 0.0


def _words(name: str, version: str, uri: str, url: str, count: int, seconds: float) -> str:
    rows = (
        f"- model: `{uri}`\n- address: `{url}/v1/models/{name}:predict`\n- {count} test texts in {seconds:.2f} s",
        'Ask it: `POST` with `{"value": ["a text"]}`; it answers with `class` and `probabilities`, one a text.',
    )
    return reports.markdown(f"{name} version {version} answers", rows)
