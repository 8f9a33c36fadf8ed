"""A claim is made, written by one task, read by another one, also in a folder of it, and deleted."""

from kfp import dsl, kubernetes

from kit import run


@dsl.pipeline(name="platform-claim")
def pipeline(size: str = "8Mi") -> str:
    claim = kubernetes.CreatePVC(
        pvc_name_suffix="-kept", access_modes=["ReadWriteOnce"], size=size, storage_class_name="case-platform-claim"
    )
    first = run(script="mkdir -p /data/folder; printf kept > /data/folder/file; printf done")
    second = run(script='printf "%s|%s" "$(cat /data/folder/file)" "$(cat /folder/file)"').after(first)
    kubernetes.mount_pvc(first, pvc_name=claim.outputs["name"], mount_path="/data")
    kubernetes.mount_pvc(second, pvc_name=claim.outputs["name"], mount_path="/data")
    kubernetes.mount_pvc(second, pvc_name=claim.outputs["name"], mount_path="/folder", sub_path="folder")
    kubernetes.DeletePVC(pvc_name=claim.outputs["name"]).after(second)
    return second.outputs["out"]
