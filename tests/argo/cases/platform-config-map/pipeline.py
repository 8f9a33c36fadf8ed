"""A ConfigMap reaches a task as a variable and as a file, its name from a parameter or as it is."""

from kfp import dsl, kubernetes

from kit import run


@dsl.pipeline(name="platform-config-map")
def pipeline(name: str = "case-platform-config-map") -> str:
    task = run(script='printf "%s|%s" "$WORD" "$(cat /config/word)"')
    kubernetes.use_config_map_as_env(task, config_map_name=name, config_map_key_to_env={"word": "WORD"})
    kubernetes.use_config_map_as_volume(task, config_map_name="case-platform-config-map", mount_path="/config")
    return task.outputs["out"]
