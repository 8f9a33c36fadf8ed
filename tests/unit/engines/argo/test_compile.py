"""What Argo cannot do is said all at once, with the step and what of it an inventory may have asked for."""

from kfp import dsl

from generators.engines.argo import workflow_template


@dsl.container_component
def say(text: str):
    return dsl.ContainerSpec("image:1", ["echo", text])


@dsl.pipeline(name="one")
def one():
    say(text="x").set_display_name("first")


def test_every_refusal_of_one_step_has_its_aspect(compiled):
    gone = "{{$.inputs.parameters['gone']}}"
    spec, platform = compiled(one)
    spec["root"]["dag"]["tasks"]["say"]["retryPolicy"] = {"maxRetryCount": 2, "backoffFactor": 1.5}
    spec["deploymentSpec"]["executors"]["exec-say"]["container"] |= {
        "image": gone,
        "env": [{"name": "NAME", "value": gone}],
        "resources": {"resourceCpuLimit": gone},
    }

    found = workflow_template.compile_template(spec, platform)

    assert found.manifest is None
    assert {(refusal.path, refusal.reason, refusal.aspect) for refusal in found.refusals} == {
        ("first", "retry", ("retry", "factor")),
        ("first", "placeholder", ("env", "NAME")),
        ("first", "placeholder", ("resources",)),
        ("first", "placeholder", ("image",)),
    }


def test_what_the_pipeline_itself_asks_for_has_no_aspect(compiled):
    @dsl.pipeline(name="two")
    def pipeline(text: str = "it"):
        with dsl.If(text != "a", name="branch"):
            say(text="{{$.pipeline_root}}")

    (refusal,) = workflow_template.compile_template(*compiled(pipeline)).refusals

    assert (refusal.path, refusal.reason, refusal.aspect) == ("branch/say", "placeholder", ())


def test_a_pipeline_that_argo_can_run_has_a_manifest_and_no_refusal(compiled):
    found = workflow_template.compile_template(*compiled(one))

    assert found.manifest["kind"] == "WorkflowTemplate" and found.refusals == ()
