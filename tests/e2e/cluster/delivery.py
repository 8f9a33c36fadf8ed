"""Argo CD, its Git repository and the clusters that it delivers to, all in one sandbox."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from cluster import apiserver, argocd, certificates, controllers, definitions, destinations, git_server, hosts
from cluster.apiserver import ApiServer
from cluster.argocd import ArgoCD
from cluster.plan import HTTPS, Plan
from cluster.process import Process
from cluster.sandbox import Sandbox

OPENAPI = "/openapi/v2"  # Argo CD compares objects by it, and an API server makes it when it is first asked
GIT = "10.95.0.1"  # where the repository is served


@dataclass
class Delivery:
    """What is running; `clusters` are the local ones, by the API servers' URLs that Argo CD knows them by."""

    sandbox: Sandbox
    plan: Plan
    clusters: dict[str, ApiServer]
    git: Process
    argocd: ArgoCD = field(repr=False)

    @property
    def home(self) -> ApiServer:
        """The cluster that Argo CD is in."""
        return self.argocd.server

    @property
    def processes(self) -> tuple[Process, ...]:
        """Those without which nothing is delivered."""
        return self.git, *self.argocd.processes


def start(
    sandbox: Sandbox, programs: Path, files: Sequence[Path], checkout: Path, plan: Plan, more: Sequence[str] = ()
) -> Delivery:
    """Start everything, up to the Applications that a platform engineer applies by hand.

    `more` are options of the API servers.
    """
    url = urlsplit(plan.repository)
    addresses = {host: site.address for site in plan.local() for host in site.hosts}
    hosts.name(sandbox, {**addresses, url.hostname: GIT})
    local = {site: definitions.start(sandbox, programs, files, site, more) for site in plan.local()}
    for server in local.values():
        controllers.start(server)
    for server in local.values():
        apiserver.ready(server, OPENAPI)
    git, authorities = serve(sandbox, checkout, plan)
    home = next(iter(local.values()))
    polling = max(argocd.POLLING, plan.applications // argocd.EVERY)
    delivered = argocd.start(home, plan.settings, authorities, polling)
    clusters = {server: local[site] for server, site in plan.sites.items()}
    for each in plan.destinations:
        if not each.owns_namespace:  # a Profile of Kubeflow's would
            clusters[each.server].namespace(each.namespace)
    named = {each.server: each.name for each in plan.destinations}
    for server, cluster in clusters.items():
        destinations.register(home, named[server], server, cluster)
    return Delivery(sandbox, plan, clusters, git, delivered)


def serve(sandbox: Sandbox, checkout: Path, plan: Plan) -> tuple[Process, dict[str, Path]]:
    """The Git server at the repository's own URL, and the authority that its host is trusted by."""
    url = urlsplit(plan.repository)
    sandbox.run(["ip", "address", "add", f"{GIT}/32", "dev", "lo"])
    authority = certificates.authority(sandbox.folder / "git")
    secure = url.scheme == "https"
    certificate = authority.issue("server", "git", hosts=(url.hostname,)) if secure else None
    port = url.port or (HTTPS if secure else 80)
    process = git_server.start(sandbox, GIT, port, checkout, plan.branch, certificate)
    return process, {url.hostname: authority.file} if secure else {}


def apply_by_hand(delivery: Delivery) -> None:
    """Apply the projects and the bootstrap Applications, after which all the rest comes out of Git."""
    for kind in ("AppProject", "Application"):
        objects = [item for item in delivery.plan.applied if item["kind"] == kind]
        delivery.home.apply(objects, "--force-conflicts")
