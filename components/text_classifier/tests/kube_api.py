"""A small API server of Kubernetes' custom objects on the loopback, as far as the steps use one.

It makes, reads, patches and deletes objects by Kubernetes' own paths, with generated names, resource versions and
generations, and holds what it is sent against the real definitions where they are beside the repository. What the
controllers of a cluster would do is a function of the test's, called with every object that was made or patched.
"""

from __future__ import annotations

import copy
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator
from kubernetes import client

DEFINITIONS = Path(__file__).resolve().parents[4] / "shared" / "crds"
KINDS = {
    ("kubeflow.org", "v1", "tfjobs"): "training-operator-1.9.0/kubeflow.org_tfjobs.yaml",
    ("serving.kserve.io", "v1beta1", "inferenceservices"): "kserve-0.20.0/serving.kserve.io_inferenceservices.yaml",
}
Object = dict[str, Any]


@dataclass
class ApiServer:
    """Its address, the objects by name, every request (verb, path), and how often it is still to fail."""

    url: str = ""
    objects: dict[str, Object] = field(default_factory=dict)
    requests: list[tuple[str, str]] = field(default_factory=list)
    failures: int = 0
    controller: Callable[[Object], None] = lambda made: None

    @property
    def client(self) -> client.ApiClient:
        configuration = client.Configuration(host=self.url)
        configuration.retries = 0
        return client.ApiClient(configuration)

    def set_status(self, name: str, status: dict[str, Any]) -> None:
        """What a controller does in the end."""
        self.objects[name]["status"] = status

    def sent(self) -> Object:
        """The only object."""
        (found,) = self.objects.values()
        return found


@cache
def schema_of(group: str, version: str, plural: str) -> dict[str, Any] | None:
    """The definition's schema, None where the definitions are not there."""
    file = DEFINITIONS / KINDS[group, version, plural]
    if not file.is_file():
        return None
    versions = yaml.load(file.read_text(), yaml.CSafeLoader)["spec"]["versions"]
    return next(each["schema"]["openAPIV3Schema"] for each in versions if each["name"] == version)


def problems(schema: dict[str, Any], document: Object) -> list[str]:
    """What keeps a document from being of that definition, unknown fields included, as strict validation has it."""
    return [f"{each.json_path}: {each.message}" for each in Draft202012Validator(closed(schema)).iter_errors(document)]


def closed(schema: Any) -> Any:
    """A structural schema in the words of JSON Schema, in which a field that it does not know is an error."""
    if isinstance(schema, list):
        return [closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: closed(value) for key, value in schema.items() if key not in ("format", "default")}
    if schema.get("x-kubernetes-int-or-string"):
        found.pop("type", None)
    open_ended = {"additionalProperties", "x-kubernetes-preserve-unknown-fields", "x-kubernetes-embedded-resource"}
    if isinstance(schema.get("properties"), dict) and schema.get("type") == "object" and not open_ended & schema.keys():
        found["additionalProperties"] = False
    return found


def document_problems(document: Object, plural: str) -> list[str] | None:
    """The problems of a document, None where the definitions are not there."""
    group, version = document["apiVersion"].split("/")
    schema = schema_of(group, version, plural)
    if schema is None:
        return None
    known = {**schema, "properties": {**schema["properties"], "metadata": {"type": "object"}}}
    return problems(known, document)


def merged(document: Any, changes: Any) -> Any:
    """A document with changes merged into it, by RFC 7386."""
    if not isinstance(changes, dict):
        return changes
    known = document if isinstance(document, dict) else {}
    kept = {key: value for key, value in known.items() if changes.get(key, "") is not None}
    new = {key: merged(known.get(key), value) for key, value in changes.items() if value is not None}
    return copy.deepcopy(kept) | new


@contextmanager
def serving() -> Iterator[ApiServer]:
    """The server, until the context ends."""
    server = ApiServer()
    http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(server))
    server.url = f"http://127.0.0.1:{http.server_port}"
    thread = threading.Thread(target=http.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        http.shutdown()
        http.server_close()


def _handler(server: ApiServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(lambda name, plural: server.objects[name])

        def do_DELETE(self) -> None:
            self._answer(lambda name, plural: server.objects.pop(name))

        def do_POST(self) -> None:
            self._answer(self._made)

        def do_PATCH(self) -> None:
            self._answer(self._merged)

        def _made(self, name: str, plural: str) -> Object:
            sent = self._body(plural)
            named = sent["metadata"].setdefault("name", f"{sent['metadata'].get('generateName', '')}x7k2p")
            if named in server.objects:
                raise _Refused(409, "AlreadyExists")
            sent["metadata"] |= {"resourceVersion": "1", "generation": 1}
            return self._kept(named, sent)

        def _merged(self, name: str, plural: str) -> Object:
            known, changes = server.objects[name], json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if self.headers["Content-Type"] != "application/merge-patch+json":
                raise _Refused(415, "UnsupportedMediaType")
            found = merged(known, changes)
            if problems := document_problems({key: found[key] for key in found if key != "status"}, plural):
                raise _Refused(422, "; ".join(problems))
            number = known["metadata"]["generation"] + (found["spec"] != known["spec"])
            found["metadata"] |= {"resourceVersion": str(number), "generation": number}
            return self._kept(name, found)

        def _kept(self, name: str, sent: Object) -> Object:
            server.objects[name] = sent
            answer = copy.deepcopy(sent)
            server.controller(sent)
            return answer

        def _body(self, plural: str) -> Object:
            sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if found := document_problems(sent, plural):
                raise _Refused(422, "; ".join(found))
            return sent

        def _answer(self, act: Callable[[str, str], Object]) -> None:
            server.requests.append((self.command, self.path))
            _, _, group, version, _, _, plural, *rest = self.path.split("/")
            try:
                if server.failures:
                    server.failures -= 1
                    raise _Refused(503, "ServiceUnavailable")
                if (group, version, plural) not in KINDS:
                    raise _Refused(404, "page not found")
                status, content = 200, act(rest[0] if rest else "", plural)
            except KeyError:
                status, content = 404, {"kind": "Status", "reason": "NotFound"}
            except _Refused as refused:
                status, content = refused.status, {"kind": "Status", "message": refused.message}
            text = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    return Handler


class _Refused(Exception):
    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status, self.message = status, message
