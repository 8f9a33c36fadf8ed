"""The contexts of a person's kubeconfig, as kubectl merges its files.

https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/#merging-kubeconfig-files: of what
two files call the same the first counts, and a path is read from the file that it stands in.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml
from lightkube import KubeConfig, SingleConfig
from lightkube.config.kubeconfig import DEFAULT_KUBECONFIG
from lightkube.config.models import User
from lightkube.core.exceptions import ConfigError

from generators.errors import GraftError
from generators.suggestions import did_you_mean

_PORTS = {"https": 443, "http": 80}
_EMPTY = {"clusters": [], "contexts": [], "users": []}
_NO_KUBECONFIG = (ConfigError, OSError, ValueError, yaml.YAMLError, KeyError, TypeError, AttributeError, RecursionError)
_FILES = {"clusters": ("certificate_auth",), "users": ("client_cert", "client_key", "token_file")}


@dataclass(frozen=True)
class Kubeconfig:
    """All contexts by name, the name of the current one, and the files that they were read from."""

    contexts: Mapping[str, SingleConfig]
    current: str
    files: tuple[str, ...]

    def of_server(self, server: str, namespace: str = "") -> SingleConfig | None:
        """The context of the cluster at a URL: the current one, else one of that namespace, else the first."""
        found = [each for each in self.contexts.values() if address(each.cluster.server) == address(server)]

        def preference(context: SingleConfig) -> tuple[bool, bool]:
            return context.context_name == self.current, context.context.namespace == namespace

        return max(found, key=preference, default=None)

    def named(self, name: str) -> SingleConfig:
        """The context of that name, or with "" the current one; GraftError where there is none."""
        wanted = name or self.current
        if wanted in self.contexts:
            return self.contexts[wanted]
        known = ", ".join(self.contexts) or "none"
        if not wanted:
            raise GraftError("the kubeconfig has no current context", f"its contexts: {known}")
        fix = did_you_mean(wanted, self.contexts) or f"its contexts: {known}"
        raise GraftError(f"the kubeconfig has no context {wanted!r}", fix)

    @property
    def place(self) -> str:
        """Where contexts are looked for, in words."""
        return ", ".join(self.files)


def load(environ: Mapping[str, str] = os.environ) -> Kubeconfig:
    """The kubeconfig of KUBECONFIG, or that of the home folder; GraftError where a file is none.

    A file that is not there is passed over, as kubectl does.
    """
    named = environ.get("KUBECONFIG") or DEFAULT_KUBECONFIG
    files = [str(Path(name).expanduser()) for name in named.split(os.pathsep) if name]
    read = [_read(file) for file in files if Path(file).is_file()]
    merged = {part: _first_of(getattr(each, part) for each in read) for part in ("contexts", "clusters", "users")}
    usable = {name: it for name, it in merged["contexts"].items() if it.cluster in merged["clusters"]}
    contexts = {
        name: SingleConfig(name, it, merged["clusters"][it.cluster], merged["users"].get(it.user) or User())
        for name, it in usable.items()
    }
    current = next((each.current_context for each in read if each.current_context), "")
    return Kubeconfig(contexts, current, tuple(files))


def address(server: str) -> tuple[str, str, int | None, str]:
    """A URL as it is compared: scheme, host, port, and path."""
    url = urlsplit(server)
    return url.scheme, url.hostname or "", url.port or _PORTS.get(url.scheme), url.path.rstrip("/")


def _read(file: str) -> KubeConfig:
    try:
        said = yaml.safe_load(Path(file).read_text("utf-8")) or {}
        given = {key: value for key, value in said.items() if value is not None}  # as kubectl leaves an emptied list
        return _with_whole_paths(KubeConfig.from_dict({**_EMPTY, **given}, file))
    except _NO_KUBECONFIG as error:
        said = " ".join(str(error).split()) or type(error).__name__
        fix = "look at it with: kubectl config view, or name another in KUBECONFIG"
        raise GraftError(f"{file} is not a kubeconfig: {said}", fix) from error


def _with_whole_paths(config: KubeConfig) -> KubeConfig:
    folder = config.fname.parent
    for part, fields in _FILES.items():
        for item in getattr(config, part).values():
            for field in fields:
                if path := getattr(item, field):
                    setattr(item, field, str(folder / path))
    return config


def _first_of(parts: Any) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for part in parts:
        merged = {**part, **merged}
    return merged
