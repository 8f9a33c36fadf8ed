"""The tasks of a run share a folder."""

from kfp import dsl

from kit import SHELL


@dsl.container_component
def run(script: str, out: dsl.OutputPath(str)):
    return dsl.ContainerSpec(SHELL, ["sh", "-ec", 'eval "$0" > "$1"', script, out])


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
