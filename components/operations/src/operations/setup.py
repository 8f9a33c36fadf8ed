"""What the command line says, as the parts that a command works with."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lightkube import Client

from operations import cluster, github
from operations.argo import Argo
from operations.engine import Engine
from operations.errors import Conflict, OperationsError
from operations.patience import UNANSWERED, Patience, said
from operations.records import Record, Records
from operations.reporting import Reporting


@dataclass(frozen=True)
class Parts:
    """The cluster, its engine, its records, and where their statuses go."""

    client: Client
    engine: Engine
    records: Records
    reporting: Reporting | None

    def reported(self, record: Record) -> Iterator[str]:
        """Write a record's commit status, and yield why that could not be done."""
        if not self.reporting:
            return
        try:
            files = {intent["pipeline"]: intent.get("file", "") for intent in self.records.intents()}
            if file := files.get(record.run.pipeline):
                self.reporting.report(record, file)
        except Conflict:  # a sweep does it
            pass
        except UNANSWERED as error:
            yield said(error)


@dataclass(frozen=True)
class Setup:
    """The options of a command, as `options` names them."""

    engine: str
    namespace: str
    api: str
    token_file: Path | None
    mode: str
    experiment: str
    account: str
    environment: str
    cluster: str
    statuses: str
    branch: str

    def connected(self, patience: Patience) -> Parts:
        """The parts; nothing is asked of any API yet."""
        client = cluster.connect(self.namespace, patience.request)
        records = Records(client)
        return Parts(client, self._engine(client, patience), records, self._reporting(records, patience))

    def _engine(self, client: Client, patience: Patience) -> Engine:
        if self.engine == "argo":
            return Argo(client, self.account)
        from operations import kubeflow_api  # half a second, which Argo need not wait for
        from operations.kubeflow import Kubeflow

        if not self.api:
            raise OperationsError("--api is missing: the address of KFP's API, for --engine kubeflow")
        scope = self.namespace if self.mode == "multi-user" else ""
        api = kubeflow_api.connect(self.api, scope, self.token_file, patience.request)
        return Kubeflow(client, api, self.experiment, self.account)

    def _reporting(self, records: Records, patience: Patience) -> Reporting | None:
        if not self.statuses:
            return None
        if not (self.environment and self.cluster):
            raise OperationsError("--environment and --cluster are missing: they name the statuses of --statuses")
        forge = github.connect(self.statuses, os.environ.get("GITHUB_TOKEN", ""), patience.request)
        return Reporting(forge, records, self.environment, self.cluster, self.branch)
