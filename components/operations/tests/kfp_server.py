"""A server of KFP's API (v2beta1), as far as operations asks it: `python kfp_server.py PORT STATE [ADDRESS]`.

What it takes and gives are kfp_server_api's own models: a request is read by the package's ApiClient and must come out
of it as it went in, an answer is written by it. It refuses what backend/src/apiserver of kubeflow/pipelines 2.17
refuses, in its words. All of its state is the file STATE, read for each request, so that it may be killed and started
again, and that a test may act as the cluster does: end a run, make a version anew. `faults` are what befalls the
next request of a kind: `{"POST runs": "unanswered"}` carries it out and closes the connection, `"late"` closes it first
and carries the request out six seconds later, and `"503"` answers so at once.
"""

from __future__ import annotations

import json
import sys
import time
import uuid
from contextlib import suppress
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import SHUT_RDWR
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import kfp_server_api as kfp
from kfp_state import State, changing

ROOT = "/apis/v2beta1/"
CODES = {400: 3, 401: 16, 403: 7, 404: 5, 409: 6, 500: 13, 503: 14}
RUN_FIELDS = ("run_id", "display_name", "state", "storage_state", "experiment_id", "created_at", "finished_at")
QUERY = ("page_token", "page_size", "sort_by", "filter")
MOST = 200  # in one answer
LATE = 6.0  # seconds
CLIENT = kfp.ApiClient()


class Refusal(Exception):
    """An answer that is an error."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def read(kind: str, given: Any) -> Any:
    """A request's body as the package's model of it; refused where it has anything that the model does not."""
    body = CLIENT.deserialize(SimpleNamespace(data=json.dumps(given)), kind)
    if CLIENT.sanitize_for_serialization(body) != given:
        raise Refusal(400, f"unknown fields in {json.dumps(given)}")
    return body


def written(kind: str, **fields: Any) -> Any:
    """An answer as the package's model of it writes it, and reads it again."""
    answer = CLIENT.sanitize_for_serialization(getattr(kfp, kind)(**fields))
    CLIENT.deserialize(SimpleNamespace(data=json.dumps(answer)), kind)
    return answer


class Kfp:
    """What the server knows and does, one request at a time."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def answer(self, method: str, path: str, query: dict[str, str], body: Any, token: str) -> Any:
        with changing(self.file) as known:
            known["requests"].append([method, path, query, body])
            if known.get("token") and token != f"Bearer {known['token']}":
                raise Refusal(401, "Unauthenticated: the request has no valid token")
            return self._route(known, method, path.split("/"), query, body)

    def fault(self, what: str) -> str:
        with changing(self.file) as known:
            return known["faults"].pop(what, "")

    def _route(self, known: State, method: str, path: list[str], query: dict[str, str], body: Any) -> Any:
        match method, path:
            case "GET", ["pipelines", "names", name]:
                return self._pipeline(known, name, query)
            case "GET", ["pipelines", id, "versions"]:
                return self._versions(known, id, query)
            case "GET", ["experiments"]:
                own = [it for it in known["experiments"] if it.get("namespace", "") == self._namespace(known, query)]
                return self._page("V2beta1ListExperimentsResponse", "experiments", own, query)
            case "POST", ["experiments"]:
                return self._made_experiment(known, read("V2beta1Experiment", body))
            case "GET", ["recurringruns"]:
                self._namespace(known, query)
                return self._page("V2beta1ListRecurringRunsResponse", "recurring_runs", known["recurring"], query)
            case "GET", ["runs"]:
                return self._runs(known, query)
            case "GET", ["runs", id]:
                found = [run for run in known["runs"] if run["run_id"] == id]
                if not found:
                    raise Refusal(404, f"Failed to get a run: Run {id} not found")
                return found[0]
            case "POST", ["runs"]:
                return self._made_run(known, read("V2beta1Run", body))
        raise Refusal(404, f"Not Found: {method} {'/'.join(path)}")

    @staticmethod
    def _namespace(known: State, query: dict[str, str]) -> str:
        """What ReplaceNamespace makes of the namespace: nothing in single-user mode, where there is none."""
        if known["mode"] != "multi-user":
            return ""
        if not query.get("namespace"):
            raise Refusal(400, "Invalid input error: a namespace cannot be empty in multi-user mode")
        return query["namespace"]

    def _pipeline(self, known: State, name: str, query: dict[str, str]) -> Any:
        namespace = self._namespace(known, query)
        for it in known["pipelines"]:
            if it["name"] == name and it["namespace"] == namespace:
                return written("V2beta1Pipeline", pipeline_id=it["id"], name=name, display_name=name)
        raise Refusal(404, f"ResourceNotFoundError: Namespace/Pipeline {namespace}/{name} not found.")

    def _versions(self, known: State, id: str, query: dict[str, str]) -> Any:
        parents = [it for it in known["pipelines"] if it["id"] == id]
        if not parents:
            raise Refusal(404, f"ResourceNotFoundError: Pipeline {id} not found.")
        own = [
            written("V2beta1PipelineVersion", pipeline_id=id, pipeline_version_id=uid, name=name, display_name=name)
            for name, uid in parents[0]["versions"].items()
        ]
        return self._page("V2beta1ListPipelineVersionsResponse", "pipeline_versions", own, query, "name")

    def _made_experiment(self, known: State, wanted: kfp.V2beta1Experiment) -> Any:
        namespace = self._namespace(known, {"namespace": wanted.namespace or ""})
        if any(
            it["display_name"] == wanted.display_name and it["namespace"] == namespace for it in known["experiments"]
        ):
            raise Refusal(409, f"Failed to create a new experiment. The name {wanted.display_name} already exists.")
        wanted.experiment_id, wanted.namespace = str(uuid.uuid4()), namespace
        known["experiments"].append(CLIENT.sanitize_for_serialization(wanted))
        return known["experiments"][-1]

    def _runs(self, known: State, query: dict[str, str]) -> Any:
        namespaces = {it["experiment_id"]: it["namespace"] for it in known["experiments"]}
        if experiment := query.pop("experiment_id", ""):
            if experiment not in namespaces:
                raise Refusal(404, f"Failed to list runs: Experiment {experiment} not found")
            own = [run for run in known["runs"] if run["experiment_id"] == experiment]
        else:
            namespace = self._namespace(known, query)
            own = [run for run in known["runs"] if namespaces[run["experiment_id"]] == namespace]
        return self._page("V2beta1ListRunsResponse", "runs", own, query, *RUN_FIELDS)

    def _made_run(self, known: State, run: kfp.V2beta1Run) -> Any:
        if not run.display_name:
            raise Refusal(400, "The run name is empty. Please specify a valid name")
        if known["mode"] == "multi-user" and not run.experiment_id:
            raise Refusal(400, "Invalid input error: Experiment id can not be empty in multi-user mode")
        if not any(it["experiment_id"] == run.experiment_id for it in known["experiments"]):
            raise Refusal(404, f"Failed to fetch namespace for experiment {run.experiment_id}: not found")
        reference = run.pipeline_version_reference
        parent = next((it for it in known["pipelines"] if it["id"] == reference.pipeline_id), None)
        if not parent or reference.pipeline_version_id not in parent["versions"].values():
            message = f"PipelineVersion {reference.pipeline_version_id} not found"  # wrapped as an internal error there
            raise Refusal(500, f"Failed to create a run due to error fetching manifest: {message}")
        if extra := set((run.runtime_config and run.runtime_config.parameters) or {}) - set(parent["parameters"]):
            raise Refusal(400, f"parameter(s) provided are not required by pipeline: {', '.join(sorted(extra))}")
        run.run_id, run.state = str(uuid.uuid4()), "PENDING"
        run.created_at, run.finished_at = datetime.now(UTC), datetime.fromtimestamp(0, UTC)
        known["runs"].append(CLIENT.sanitize_for_serialization(run))
        return known["runs"][-1]

    def _page(self, kind: str, items: str, found: list[Any], query: dict[str, str], *fields: str) -> Any:
        """One page of what a filter lets through; the fields that can be filtered by are those of the model's map."""
        if unknown := query.keys() - {*QUERY, "namespace"}:
            raise Refusal(400, f"unknown query parameters: {', '.join(sorted(unknown))}")
        kept = [it for it in found if self._matches(it, query.get("filter", ""), fields or ("display_name",))]
        if query.get("sort_by") == "created_at desc":
            kept.reverse()
        first, size = int(query.get("page_token") or 0), min(int(query.get("page_size") or 20), MOST)
        more = str(first + size) if len(kept) > first + size else None
        return written(kind, next_page_token=more, total_size=len(kept), **{items: kept[first : first + size]})

    @staticmethod
    def _matches(item: Any, filter: str, fields: tuple[str, ...]) -> bool:
        predicates = read("V2beta1Filter", json.loads(filter)).predicates if filter else []
        for it in predicates:
            if it.key not in fields:
                raise Refusal(400, f'no support for filtering on unrecognized field "{it.key}"')
            if it.operation not in ("EQUALS", "NOT_EQUALS"):
                raise Refusal(400, f"{it.operation} is not expected here")
            if (str(item.get(it.key, "")).lower() == it.string_value.lower()) != (it.operation == "EQUALS"):
                return False
        return True


def handler(server: Kfp) -> type[BaseHTTPRequestHandler]:
    """What speaks HTTP for the server."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer("GET", None)

        def do_POST(self) -> None:
            self._answer("POST", json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

        def _answer(self, method: str, body: Any) -> None:
            url = urlsplit(self.path)
            path = url.path.removeprefix(ROOT)
            query = {key: values[0] for key, values in parse_qs(url.query).items()}
            fault = server.fault(f"{method} {path}")
            if fault.isdigit():
                return self._send(int(fault), {"code": CODES[int(fault)], "message": f"answered {fault}"})
            if fault == "late":
                self._close()
                time.sleep(LATE)
            try:
                status, answer = 200, server.answer(method, path, query, body, self.headers.get("authorization", ""))
            except Refusal as refusal:
                status, answer = refusal.status, {"code": CODES[refusal.status], "message": str(refusal), "details": []}
            if fault in ("unanswered", "late"):
                return self._close()
            return self._send(status, answer)

        def _close(self) -> None:
            self.close_connection = True
            with suppress(OSError):  # it is closed already
                self.connection.shutdown(SHUT_RDWR)

        def _send(self, status: int, answer: Any) -> None:
            text = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: Any) -> None:
            pass

    return Handler


def serve(port: int, file: Path, address: str = "127.0.0.1") -> ThreadingHTTPServer:
    """A server that knows what the file holds, on the loopback where no other address is given."""
    return ThreadingHTTPServer((address, port), handler(Kfp(file)))


if __name__ == "__main__":
    serve(int(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:]).serve_forever()
