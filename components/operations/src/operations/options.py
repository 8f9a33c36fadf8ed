"""The options that both commands have."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

from typer import Option


class EngineKind(StrEnum):
    ARGO = "argo"
    KUBEFLOW = "kubeflow"


class ModeKind(StrEnum):
    SINGLE_USER = "single-user"
    MULTI_USER = "multi-user"


EngineName = Annotated[EngineKind, Option("--engine", help="what runs pipelines here")]
Namespace = Annotated[str, Option(help="the environment's namespace")]
Api = Annotated[str, Option(help="the address of KFP's API, such as http://ml-pipeline.kubeflow.svc:8888")]
TokenFile = Annotated[Path | None, Option(help="a file with the token for KFP's API")]
Mode = Annotated[ModeKind, Option(help="how Kubeflow is installed")]
Experiment = Annotated[str, Option(help="KFP's experiment that the runs belong to; it is made where it is not there")]
Account = Annotated[str, Option(help="the service account of the runs' pods")]
Environment = Annotated[str, Option(help="the environment, for commit statuses")]
Cluster = Annotated[str, Option(help="the cluster, for commit statuses")]
Statuses = Annotated[
    str, Option(help="the repository whose commits get statuses: https://api.github.com/repos/ORG/REPO")
]
Branch = Annotated[str, Option(help="the branch that the clusters follow")]
