"""A claim that is there already is mounted, its name as it is or from a parameter; a parameter gives a toleration."""

from kfp import dsl, kubernetes

from kit import run

NAME = "case-platform-claim-named"


@dsl.pipeline(name="platform-claim-named")
def pipeline(claim: str = NAME, toleration: dict = {"key": "spare", "operator": "Exists"}) -> str:
    first = run(script="printf known > /data/file; cat /data/file")
    kubernetes.mount_pvc(first, pvc_name=NAME, mount_path="/data")
    second = run(script='printf "%s|%s" "$(cat /data/file)" "$(cat /data/file)"').after(first)
    kubernetes.mount_pvc(second, pvc_name=claim, mount_path="/data")
    kubernetes.add_toleration_json(second, toleration_json=toleration)
    return second.outputs["out"]
