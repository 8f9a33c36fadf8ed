"""The tasks of a run share a folder."""

from kfp import dsl

from kit import run

CLAIM = {"storageClassName": "case-settings-workspace", "accessModes": ["ReadWriteOnce"]}


@dsl.pipeline(
    name="settings-workspace",
    pipeline_config=dsl.PipelineConfig(
        workspace=dsl.WorkspaceConfig(size="8Mi", kubernetes=dsl.KubernetesWorkspaceConfig(pvcSpecPatch=CLAIM))
    ),
)
def pipeline() -> str:
    first = run(script=f"printf shared > {dsl.WORKSPACE_PATH_PLACEHOLDER}/file; printf done")
    return run(script=f"cat {dsl.WORKSPACE_PATH_PLACEHOLDER}/file").after(first).outputs["out"]
