"""GitHub's API for one repository, held to GitHub's own OpenAPI description: `python github_server.py PORT STATE`.

Every request must be one that the description has, its query and its body as it says, and so must every answer: what is
not ends in status 418, which no test expects. State is the file STATE: `{"commits": [{"sha", "files": {path: text}}],
"statuses": [...], "requests": [...]}`, the newest commit first.

The description is in the npm package @octokit/openapi (MIT), which `description` downloads once.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tarfile
from dataclasses import dataclass
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

PACKAGE = "@octokit/openapi@23.0.2"
KEPT = Path(__file__).resolve().parents[3] / ".graft" / "octokit-openapi-23.0.2.json"
INSIDE = "package/generated/api.github.com.json"
REPOSITORY = "/repos/{owner}/{repo}"
BODYLESS = ("application/vnd.github.raw+json",)  # the file itself, of which the description says nothing


class NotAvailable(Exception):
    """The package is not to be had on this machine."""


class Unlike(Exception):
    """A request or an answer that the description does not have."""


def description() -> Path:
    """The file of GitHub's description, downloaded where it is not there yet."""
    if KEPT.is_file():
        return KEPT
    if not shutil.which("npm"):
        raise NotAvailable("npm not found")
    KEPT.parent.mkdir(exist_ok=True)
    command = ["npm", "pack", "--silent", f"--pack-destination={KEPT.parent}", PACKAGE]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    if done.returncode:
        raise NotAvailable(f"{PACKAGE} not found: {done.stderr.strip()[-200:]}")
    packed = KEPT.parent / done.stdout.strip().splitlines()[-1]
    with tarfile.open(packed) as archive:
        content = archive.extractfile(INSIDE).read()
    packed.unlink()
    beside = KEPT.with_suffix(".new")
    beside.write_bytes(content)
    beside.replace(KEPT)
    return KEPT


@dataclass(frozen=True)
class Description:
    """The description as JSON Schema 2020-12 reads it."""

    whole: dict[str, Any]
    registry: Registry

    @classmethod
    @cache
    def read(cls) -> Description:
        whole = json.loads(description().read_text("utf-8"), object_hook=_nullable)
        resource = Resource(contents=whole, specification=DRAFT202012)
        return cls(whole, Registry().with_resource("urn:github", resource))

    def check(self, schema: Any, value: Any, what: str) -> None:
        """Unlike where a value is not as a schema of the description says."""
        located = json.loads(json.dumps(schema).replace('"#/', '"urn:github#/'))
        for error in Draft202012Validator(located, registry=self.registry).iter_errors(value):
            raise Unlike(f"{what}: {error.json_path}: {error.message}")

    def operation(self, path: str, method: str) -> dict[str, Any]:
        return self.whole["paths"][REPOSITORY + path][method]

    def parameters(self, operation: dict[str, Any]) -> dict[str, Any]:
        """The schema of each parameter of a query."""
        found = [self._resolved(it) for it in operation["parameters"]]
        return {it["name"]: it["schema"] for it in found if it["in"] == "query"}

    def example(self, operation: dict[str, Any], status: str) -> Any:
        """GitHub's own example of an answer."""
        examples = operation["responses"][status]["content"]["application/json"]["examples"]
        return self._resolved(examples["default"])["value"]

    def _resolved(self, value: dict[str, Any]) -> dict[str, Any]:
        if "$ref" not in value:
            return value
        found: Any = self.whole
        for part in value["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        return found


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    """OpenAPI 3.0 says `nullable` where JSON Schema has the type null."""
    if schema.pop("nullable", False) is True:
        return {"anyOf": [schema, {"type": "null"}]}
    return schema


@dataclass(frozen=True)
class GitHub:
    """The repository whose state is in a file."""

    file: Path

    def answer(self, method: str, path: str, query: dict[str, str], body: Any, accept: str) -> tuple[int, Any]:
        known = json.loads(self.file.read_text())
        known["requests"].append([method, path, query, body])
        try:
            return self._route(known, method, path, query, body, accept)
        finally:
            beside = self.file.with_suffix(".new")
            beside.write_text(json.dumps(known))
            beside.replace(self.file)

    def _route(self, known: Any, method: str, path: str, query: Any, body: Any, accept: str) -> tuple[int, Any]:
        inside = re.fullmatch(r"/repos/[^/]+/[^/]+(/.*)", path)
        match method, (inside[1] if inside else "").strip("/").split("/"):
            case "GET", ["commits"]:
                operation = self._asked("/commits", "get", query)
                return 200, self._checked(operation, "200", self._commits(known, operation, query))
            case "GET", ["contents", *parts]:
                self._asked("/contents/{path}", "get", query)
                if accept not in BODYLESS:
                    raise Unlike(f"{accept} does not give the file itself")
                files = next((it["files"] for it in known["commits"] if it["sha"] == query["ref"]), {})
                text = files.get(unquote("/".join(parts)))
                return (404, {"message": "Not Found"}) if text is None else (200, text)
            case "POST", ["statuses", sha]:
                operation = self._asked("/statuses/{sha}", "post", query)
                Description.read().check(_content(operation["requestBody"]), body, "the body")
                if len(body.get("description") or "") > 140:  # not in the description, but in GitHub's answers
                    return 422, {"message": "Validation Failed: description is too long (maximum is 140 characters)"}
                return 201, self._checked(operation, "201", self._posted(known, operation, sha, body))
            case "GET", ["commits", sha, "statuses"]:
                operation = self._asked("/commits/{ref}/statuses", "get", query)
                found = [it["status"] for it in reversed(known["statuses"]) if it["sha"] == sha]
                return 200, self._checked(operation, "200", found)
        raise Unlike(f"{method} {path} is nothing that is asked for here")

    @staticmethod
    def _asked(path: str, method: str, query: dict[str, str]) -> dict[str, Any]:
        """The operation of a request whose query is as the description says."""
        described = Description.read()
        operation = described.operation(path, method)
        schemas = described.parameters(operation)
        for name, text in query.items():
            if name not in schemas:
                raise Unlike(f"{method} {path} has no parameter {name}")
            value = int(text) if schemas[name].get("type") == "integer" else text
            described.check(schemas[name], value, f"the parameter {name}")
        return operation

    @staticmethod
    def _checked(operation: dict[str, Any], status: str, answer: Any) -> Any:
        Description.read().check(_content(operation["responses"][status]), answer, "the answer")
        return answer

    @staticmethod
    def _commits(known: Any, operation: dict[str, Any], query: dict[str, str]) -> list[Any]:
        """Those that changed the file: it is another one than in the commit before."""
        [example] = Description.read().example(operation, "200")[:1]
        found = []
        for commit, older in zip(known["commits"], [*known["commits"][1:], {"files": {}}], strict=True):
            if commit["files"].get(query["path"]) != older["files"].get(query["path"]):
                found.append({**example, "sha": commit["sha"]})
        return found[: int(query.get("per_page", 30))]

    @staticmethod
    def _posted(known: Any, operation: dict[str, Any], sha: str, body: Any) -> Any:
        status = {**Description.read().example(operation, "201"), "id": len(known["statuses"]) + 1, **body}
        known["statuses"].append({"sha": sha, "status": status})
        return status


def _content(described: dict[str, Any]) -> Any:
    return described["content"]["application/json"]["schema"]


def handler(repository: GitHub) -> type[BaseHTTPRequestHandler]:
    """What speaks HTTP for the repository."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer("GET", None)

        def do_POST(self) -> None:
            self._answer("POST", json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

        def _answer(self, method: str, body: Any) -> None:
            url = urlsplit(self.path)
            query = {key: values[0] for key, values in parse_qs(url.query).items()}
            try:
                if method == "POST" and not self.headers.get("Authorization", "").startswith("Bearer "):
                    status, answer = 401, {"message": "Requires authentication"}
                else:
                    status, answer = repository.answer(method, url.path, query, body, self.headers.get("Accept", ""))
            except Unlike as error:
                status, answer = 418, {"message": str(error)}
            text = (answer if isinstance(answer, str) else json.dumps(answer)).encode()
            self.send_response(status)
            self.send_header("Content-Type", "text/plain" if isinstance(answer, str) else "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: Any) -> None:
            pass

    return Handler


def serve(port: int, file: Path) -> ThreadingHTTPServer:
    """A server on the loopback for the repository whose state is in the file."""
    return ThreadingHTTPServer(("127.0.0.1", port), handler(GitHub(file)))


def state(*commits: tuple[str, dict[str, str]]) -> dict[str, Any]:
    """That of a repository without statuses; of each commit its hash and its files, the newest first."""
    return {"commits": [{"sha": sha, "files": files} for sha, files in commits], "statuses": [], "requests": []}


if __name__ == "__main__":
    serve(int(sys.argv[1]), Path(sys.argv[2])).serve_forever()
