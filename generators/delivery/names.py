"""What delivery calls things: Applications and AppProjects of Argo CD, and what it puts into a cluster's namespace."""

from __future__ import annotations

from generators.model import Cluster, Environment

PLATFORM = "platform"  # the folder, and the Application, of a cluster's own objects
ARGOCD = "argocd"  # the folder of an environment's Applications


def application(environment: Environment, cluster: Cluster, part: str) -> str:
    """The name of the Application of a pipeline, or of `platform`, on a cluster; it says the environment once."""
    belongs = cluster.name == environment.name or cluster.name.startswith(f"{environment.name}-")
    return f"{cluster.name}-{part}" if belongs else f"{environment.name}-{cluster.name}-{part}"


def argocd_project(environment: Environment) -> str:
    """The AppProject of the Application that applies the others: it holds them and their projects, and nothing else."""
    return f"{environment.name}-argocd"


def platform_project(environment: Environment) -> str:
    """The AppProject whose Applications may make namespaces and roles."""
    return f"{environment.name}-platform"


def pipelines_project(environment: Environment) -> str:
    """The AppProject whose Applications hold pipelines, in the environment's namespace alone."""
    return f"{environment.name}-pipelines"
