"""A Secret reaches a task as a variable and as a file, its name from a parameter or as it is."""

from kfp import dsl, kubernetes

from kit import run


@dsl.pipeline(name="platform-secret")
def pipeline(secret: str = "case-platform-secret") -> str:
    task = run(script='printf "%s|%s" "$WORD" "$(cat /secret/word)"')
    kubernetes.use_secret_as_env(task, secret_name=secret, secret_key_to_env={"word": "WORD"})
    kubernetes.use_secret_as_volume(task, secret_name="case-platform-secret", mount_path="/secret")
    kubernetes.use_secret_as_volume(task, secret_name="not-there", mount_path="/absent", optional=True)
    return task.outputs["out"]
