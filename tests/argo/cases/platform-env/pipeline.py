"""A variable and a field of the pod reach the container."""

from kfp import dsl, kubernetes

from kit import SHELL


@dsl.container_component
def shown(out: dsl.OutputPath(str)):
    return dsl.ContainerSpec(SHELL, ["sh", "-ec", 'printf "%s|%s" "$COLOUR" "$LABEL" > "$0"'], [out])


@dsl.pipeline(name="platform-env")
def pipeline() -> str:
    task = shown().set_env_variable("COLOUR", "red $(HOME) $$")
    kubernetes.add_pod_label(task, "step", "shown")
    kubernetes.use_field_path_as_env(task, env_name="LABEL", field_path="metadata.labels['step']")
    return task.outputs["out"]
