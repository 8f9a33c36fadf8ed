"""A claim is a folder of the repository, for a step that a variable tells where it is mounted."""

import pytest
from kfp import dsl, kubernetes

from generators.errors import Refused


@dsl.container_component
def write(text: str):
    return dsl.ContainerSpec("kit", ["sh", "-ec", 'mkdir -p "$WORK" && printf %s "$0" > "$WORK/file"'], [text])


@dsl.container_component
def look(out: dsl.OutputPath(str)):
    return dsl.ContainerSpec("kit", ["sh", "-ec", 'cat "$DEEP" > "$0"'], [out])


def writes(place: str, claim: object, mount: str = "/data"):
    task = write(text="kept")
    kubernetes.mount_pvc(task, pvc_name=claim, mount_path=mount)
    return task.set_env_variable("WORK", place)


def test_what_one_step_writes_below_the_mount_another_reads(execute, tmp_path):
    @dsl.pipeline(name="kept")
    def pipeline():
        after = look().after(writes("/data/below", "my-claim"))
        kubernetes.mount_pvc(after, pvc_name="my-claim", mount_path="/other", sub_path="below")
        after.set_env_variable("DEEP", "/other/file")

    assert execute(pipeline).output("look") == "kept"
    assert (tmp_path / ".graft/claims/my-claim/below/file").read_text() == "kept"


def test_a_claim_that_a_parameter_names_has_the_parameter_s_folder(execute, tmp_path):
    @dsl.pipeline(name="named")
    def pipeline(workdir: str = "anything"):
        writes("/data", workdir)

    assert execute(pipeline).failure is None
    assert (tmp_path / ".graft/claims/workdir/file").read_text() == "kept"


@pytest.mark.parametrize("place", ["/database", "/", "data", ""])
def test_a_claim_that_no_variable_leads_to_is_refused_with_what_to_do(execute, place):
    @dsl.pipeline(name="lost")
    def pipeline():
        writes(place, "my-claim")

    with pytest.raises(Refused) as error:
        execute(pipeline)
    (finding,) = error.value.findings
    assert (finding.rule, finding.path) == ("volume", "write")
    assert "mounts a persistent volume, my-claim, at /data" in finding.message
    assert finding.fix == "give the step a variable whose value is /data: here it gets a folder in its place"
