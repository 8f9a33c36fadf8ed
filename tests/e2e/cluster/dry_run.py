"""Asks an API server to create objects, by server-side dry run, and says what it answers; runs beside it as a program.

    python dry_run.py KUBECONFIG < lines of {"path": "/api/v1/...", "object": {...}}

It answers each line by one of {"code": 201, "message": "...", "reason": "..."}.
"""  # fmt: skip

from __future__ import annotations

import http.client
import json
import ssl
import sys
from pathlib import Path
from urllib.parse import urlsplit

import yaml


def main(kubeconfig: str) -> None:
    """Answer every line of standard input."""
    config = yaml.load(Path(kubeconfig).read_text("utf-8"), yaml.CSafeLoader)
    cluster, user = config["clusters"][0]["cluster"], config["users"][0]["user"]
    context = ssl.create_default_context(cafile=cluster["certificate-authority"])
    context.load_cert_chain(user["client-certificate"], user["client-key"])
    server = urlsplit(cluster["server"])
    connection = http.client.HTTPSConnection(server.hostname, server.port, context=context, timeout=60)
    for line in sys.stdin:
        asked = json.loads(line)
        connection.request(
            "POST",
            f"{asked['path']}?dryRun=All&fieldValidation=Ignore",
            json.dumps(asked["object"]),
            {"Content-Type": "application/json"},
        )
        response = connection.getresponse()
        said = json.loads(response.read())
        wrong = said if said.get("kind") == "Status" else {}
        print(
            json.dumps(
                {"code": response.status, "message": wrong.get("message", ""), "reason": wrong.get("reason", "")}
            )
        )


if __name__ == "__main__":
    main(sys.argv[1])
