"""The programs of etcd, Kubernetes and Argo CD, built from Go modules once for each content of `tools/go.mod`."""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from cluster import process
from cluster.process import CommandFailed
from cluster.requirements import MissingRequirement, ModulesNotFound

TOOLS = Path(__file__).parents[1] / "tools"
BUILT = Path(__file__).parents[3] / ".graft" / "e2e"
KUBERNETES, ARGOCD = "k8s.io/kubernetes", "github.com/argoproj/argo-cd/v3"
COMMANDS = ("kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubectl", "kubelet")
PACKAGES = {
    "etcd": "go.etcd.io/etcd/server/v3",
    "pause": "./pause",
    **{name: f"{KUBERNETES}/cmd/{name}" for name in COMMANDS},
    "argocd": f"{ARGOCD}/cmd",  # all of its components, by the name that it is started with
}
CONTROL_PLANE = ("etcd", "kube-apiserver", "kubectl")
CLUSTER = (*CONTROL_PLANE, "kube-controller-manager", "kube-scheduler")
NODE = (*CLUSTER, "kubelet", "pause")
DELIVERY = (*CLUSTER, "argocd")
STATIC = {"CGO_ENABLED": "0"}  # pause runs in an image that holds nothing else
HOUR = 3600.0


def build(names: Iterable[str], report: Callable[[str], None]) -> Path:
    """The folder that holds these programs; what is not there yet is built; half an hour where Go's cache is cold."""
    folder = BUILT / content() / "bin"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder.parent / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # another worker of pytest-xdist may be building them
        missing = [name for name in names if not (folder / name).is_file()]
        if missing:
            download(missing)
        for name in missing:
            report(f"building {name} for tests/e2e, once")
            build_one(PACKAGES[name], folder / name, version_flags(name))
    return folder


def built(names: Iterable[str]) -> Path:
    """The same folder where nothing is to be built for it."""
    folder = BUILT / content() / "bin"
    if missing := [name for name in names if not (folder / name).is_file()]:
        raise MissingRequirement(f"`make e2e` builds {', '.join(missing)}")
    return folder


def content() -> str:
    """A hash of all that decides what is built."""
    if not shutil.which("go"):
        raise MissingRequirement("Go not found")
    files = [file.read_bytes() for file in (TOOLS / "go.mod", TOOLS / "go.sum", TOOLS / "pause" / "main.go")]
    return hashlib.sha256(b"\0".join([*files, go("env", "GOVERSION").encode()])).hexdigest()[:16]


def download(names: Iterable[str]) -> None:
    """Fetch the modules; what fails here is the network's or the proxy's, not the project's."""
    try:
        go("list", "-deps", *(PACKAGES[name] for name in names))
    except CommandFailed as failed:
        raise ModulesNotFound(f"Go modules not found: {str(failed).splitlines()[-1]}") from failed


def module(path: str) -> Path:
    """The folder of a module's files, whose executable ones Go has not kept executable."""
    try:
        go("mod", "download", path)
    except CommandFailed as failed:
        raise ModulesNotFound(f"Go modules not found: {str(failed).splitlines()[-1]}") from failed
    return Path(go("list", "-m", "-f", "{{.Dir}}", path))


def version_flags(name: str) -> str:
    """What a program is told of its version; an API server that does not know its own refuses to start."""
    stamps = argocd_version() if name == "argocd" else kubernetes_version()
    return " ".join(["-s", "-w", *(f"-X {key}={value}" for key, value in stamps.items())])


def kubernetes_version() -> dict[str, str]:
    """The variables by which Kubernetes' programs know their version."""
    version = go("list", "-m", "-f", "{{.Version}}", KUBERNETES)
    major, minor, _ = version.removeprefix("v").split(".", 2)
    stamps = {"gitVersion": version, "gitMajor": major, "gitMinor": minor, "gitTreeState": "clean"}
    return {f"k8s.io/component-base/version.{key}": value for key, value in stamps.items()}


def argocd_version() -> dict[str, str]:
    """The same for Argo CD's."""
    version = go("list", "-m", "-f", "{{.Version}}", ARGOCD)
    stamps = {"version": version.removeprefix("v"), "gitTag": version, "gitCommit": "gomod", "gitTreeState": "clean"}
    return {f"{ARGOCD}/common.{key}": value for key, value in stamps.items()}


def build_one(package: str, target: Path, flags: str) -> None:
    """Build one program; it is in its place whole or not at all."""
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        built = Path(folder) / target.name
        go("build", "-trimpath", "-ldflags", flags, "-o", str(built), package)
        built.replace(target)


def go(*arguments: str) -> str:
    """What the go command prints, run where the tools' go.mod lies."""
    return process.run(["go", "-C", str(TOOLS), *arguments], env=STATIC, timeout=HOUR).strip()
