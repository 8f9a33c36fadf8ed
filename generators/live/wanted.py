"""A run that somebody asks for: of what, where, with which parameters, and by which credentials."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from generators.engines.engine import Document, Object
from generators.errors import GraftError
from generators.live.declared import Declared
from generators.live.model import Run

RUN_LABEL = "graft.dev/run"  # the name of a run that was started by itself, as the component `operations` writes it


@dataclass(frozen=True)
class Access:
    """How an engine's own API is reached, where a person says so: its URL, and what kfp's client takes of tokens."""

    api: str = ""
    existing_token: str = ""
    iap_client_id: str = ""


@dataclass(frozen=True)
class Wanted:
    """A run of what is rendered for a pipeline on a cluster: its version's object, its PipelineSpec, and parameters."""

    declared: Declared
    manifest: Object
    spec: Document
    parameters: Mapping[str, Any]

    @property
    def version(self) -> str:
        """The name of the version."""
        return self.declared.version


class Started(Protocol):
    """A run that was started: its name, the pages that show it, and the command that ends it."""

    name: str
    links: Mapping[str, str]
    stop: str

    def now(self) -> Run:
        """The run as it is; Unreached where nobody answers."""


def not_there(wanted: Wanted, kind: str) -> GraftError:
    """What is wrong where a cluster does not have the version that Git names."""
    where = f"{wanted.declared.cluster.name} has no {kind} {wanted.version}"
    environment = wanted.declared.environment.name
    fix = f"merge what is rendered and wait until Argo CD has applied it: graft status {environment}"
    return GraftError(f"{where}, which the checkout names", fix)
