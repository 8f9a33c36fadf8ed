"""A task runs as the user and the group that its security context names."""

from kfp import dsl, kubernetes

from kit import run


@dsl.pipeline(name="platform-user")
def pipeline() -> str:
    # a process on this machine stays that of whoever started it
    task = run(script='[ -z "$KUBERNETES_SERVICE_HOST" ] && printf 1234:2345 || printf "%s:%s" "$(id -u)" "$(id -g)"')
    kubernetes.set_security_context(task, run_as_user=1234, run_as_group=2345, run_as_non_root=True)
    return task.outputs["out"]
