"""A WorkflowTemplate is read back as what it was made of, and a change of it shows as what it changes.

kfp reads the annotations of components as objects: no postponed annotations here.
"""

import copy

import pytest
from google.protobuf import json_format
from kfp import dsl, kubernetes

from generators.engines.argo import workflow_template
from generators.engines.argo.readback import NAMES, shape_of
from generators.engines.argo.readback.conditions import condition
from generators.engines.argo.readback.expressions import expanded, made_of
from generators.engines.argo.readback.order import after
from generators.ir.normal_form import shape_of as ir_shape_of


@dsl.container_component
def say(text: str, out: dsl.OutputPath(str)):
    return dsl.ContainerSpec("busybox:1", ["sh", "-ec", 'echo "$0" > "$1"; echo {{done}} $HOME'], [text, out])


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def make(text: str, data: dsl.Output[dsl.Dataset], count: int = 1) -> str:
    return text


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def read(data: dsl.Input[dsl.Dataset]) -> str:
    return data.path


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def tell(status: dsl.PipelineTaskFinalStatus):
    print(status)


@dsl.pipeline(name="whole")
def whole(people: list = ["Ada"], word: str = "Hello", memory: str = "1Gi", claim: str = "shelf"):  # noqa: B006
    say(text=word).set_memory_limit(memory).set_display_name("alone")
    with dsl.ExitHandler(tell(), name="guarded"):
        made = make(text=word).set_retry(2, "10s", 2, "60s")
        taken = read(data=made.outputs["data"]).set_cpu_request("1500m")
        taken.set_env_variable("BRACES", "{{x}} $(y) $$")
        kubernetes.use_secret_as_env(taken, "keys", {"token": "TOKEN"})
        kubernetes.mount_pvc(taken, claim, "/shelf")
        kubernetes.set_timeout(taken, 60)
        with dsl.ParallelFor(people, name="each", parallelism=2) as person:
            say(text=person).set_display_name("told")
        with dsl.If(taken.output == "x", name="if-x"):
            fetched = dsl.importer("s3://elsewhere/x", artifact_class=dsl.Dataset)
            read(data=fetched.output).after(fetched)


@pytest.fixture(scope="module")
def made():
    """A pipeline's shape, and its WorkflowTemplate."""
    spec, platform = (json_format.MessageToDict(message) for message in (whole.pipeline_spec, whole.platform_spec))
    return ir_shape_of(spec, platform, NAMES), workflow_template.convert(spec, platform)


def _template(manifest, name):
    return next(template for template in manifest["spec"]["templates"] if template["name"] == name)


def _task(manifest, dag, name):
    return next(task for task in _template(manifest, dag)["dag"]["tasks"] if task["name"] == name)


def _named(entries, name):
    return next(entry for entry in entries if entry["name"] == name)


def test_a_template_has_the_shape_of_what_it_was_made_of(made):
    wanted, manifest = made

    assert list(wanted.differences(shape_of(manifest))) == []
    assert len(shape_of(manifest).tasks) == len(wanted.tasks) == 11


def _wait_for_nothing(manifest):
    del _task(manifest, "guarded", "read")["depends"]


def _drop_a_task(manifest):
    tasks = _template(manifest, "guarded")["dag"]["tasks"]
    tasks.remove(_named(tasks, "each"))


def _another_argument(manifest):
    given = _task(manifest, "guarded", "make")["arguments"]["parameters"]
    _named(given, "text")["value"] = "{{='\"Bye\"'}}"


def _another_condition(manifest):
    task = _task(manifest, "guarded", "if-x")
    task["when"] = task["when"].replace("'x'", "'y'")


def _no_condition(manifest):
    del _task(manifest, "guarded", "if-x")["when"]


def _one_less_at_once(manifest):
    _template(manifest, "guarded-each")["parallelism"] = 1


def _another_list(manifest):
    (each,) = _template(manifest, "guarded-each")["dag"]["tasks"]
    each["withSequence"]["count"] = "{{=string(len(fromJSON('[1]')))}}"


def _hide_failures(manifest):
    del _template(manifest, "pipeline")["dag"]["target"]


def _stop_at_a_failure(manifest):
    del _template(manifest, "pipeline")["dag"]["failFast"]


def _another_image(manifest):
    _template(manifest, "guarded-read")["container"]["image"] = "python:3.12"


def _no_bootstrap(manifest):
    manifest["spec"]["templates"][0]["container"] = {}
    _template(manifest, "guarded-read")["container"]["command"] = ["python3"]


def _another_command(manifest):
    _template(manifest, "guarded-each-told")["container"]["command"][0] = "bash"


def _expand_a_variable(manifest):
    entry = _named(_template(manifest, "guarded-read")["container"]["env"], "BRACES")
    entry["value"] = entry["value"].replace("$$", "$")


def _another_key_of_a_secret(manifest):
    entry = _named(_template(manifest, "guarded-read")["container"]["env"], "TOKEN")
    entry["valueFrom"]["secretKeyRef"]["key"] = "other"


def _less_memory(manifest):
    template = _template(manifest, "alone")
    template["podSpecPatch"] = template["podSpecPatch"].replace('"memory"', '"cpu"')


def _more_processor(manifest):
    _template(manifest, "guarded-read")["container"]["resources"]["requests"]["cpu"] = "2"


def _another_claim(manifest):
    mounts = _template(manifest, "guarded-read")["container"]["volumeMounts"]
    mounts[-1]["mountPath"] = "/other"


def _more_time(manifest):
    _template(manifest, "guarded-read")["activeDeadlineSeconds"] = 61


def _no_retry(manifest):
    del _template(manifest, "guarded-make")["retryStrategy"]


def _forget_an_input_in_the_cache(manifest):
    memoize = _template(manifest, "guarded-make")["memoize"]
    memoize["key"] = memoize["key"].replace("inputs.parameters['text']", "'x'")


def _another_default_of_a_run(manifest):
    _named(manifest["spec"]["arguments"]["parameters"], "word")["value"] = '"Bye"'


def _another_default_of_a_task(manifest):
    _named(_template(manifest, "guarded-make")["inputs"]["parameters"], "count")["default"] = "2"


def _another_artifact(manifest):
    artifact = _named(_template(manifest, "guarded-read")["inputs"]["artifacts"], "data")
    artifact["s3"]["key"] = "always/the/same"


def _lose_an_artifact(manifest):
    del _template(manifest, "guarded-make")["outputs"]["artifacts"]


def _lose_an_output(manifest):
    _named(_template(manifest, "guarded-make")["outputs"]["parameters"], "Output")["valueFrom"] = {"path": "/other"}


def _hand_nothing_to_the_executor(manifest):
    raw = _named(_template(manifest, "guarded-make")["inputs"]["artifacts"], "graft-task")["raw"]
    raw["data"] = raw["data"].replace("\nparameter/text ", "\nparamter/text ")


def _another_type(manifest):
    raw = _named(_template(manifest, "guarded-make")["inputs"]["artifacts"], "graft-task")["raw"]
    raw["data"] = raw["data"].replace("NUMBER_INTEGER", "NUMBER_DOUBLE")


def _another_uri(manifest):
    (output,) = _template(manifest, "guarded-if-x-importer")["outputs"]["parameters"]
    output["valueFrom"]["default"] = output["valueFrom"]["default"].replace("elsewhere", "nowhere")


SABOTAGE = {
    _wait_for_nothing: ("guarded/read", "after", "make"),
    _drop_a_task: ("guarded/each", "task", ""),
    _another_argument: ("guarded/make", "arguments", "text"),
    _another_condition: ("guarded/if-x", "condition", ""),
    _no_condition: ("guarded/if-x", "condition", ""),
    _one_less_at_once: ("guarded/each", "parallelism", ""),
    _another_list: ("guarded/each", "loop", ""),
    _hide_failures: ("guarded", "failure", ""),
    _stop_at_a_failure: ("tell", "after", "guarded"),
    _another_image: ("guarded/read", "image", ""),
    _no_bootstrap: ("guarded/read", "command", "0"),
    _another_command: ("guarded/each/told", "command", "0"),
    _expand_a_variable: ("guarded/read", "env", "BRACES"),
    _another_key_of_a_secret: ("guarded/read", "env", "TOKEN"),
    _less_memory: ("alone", "resources", "memory limit"),
    _more_processor: ("guarded/read", "resources", "cpu request"),
    _another_claim: ("guarded/read", "volumes", "/shelf"),
    _more_time: ("guarded/read", "settings", "timeout"),
    _no_retry: ("guarded/make", "retry", ""),
    _forget_an_input_in_the_cache: ("guarded/make", "cached", ""),
    _another_default_of_a_run: ("", "parameters", "word"),
    _another_default_of_a_task: ("guarded/make", "inputs", "count"),
    _another_artifact: ("guarded/read", "artifacts", "input data"),
    _lose_an_artifact: ("guarded/make", "artifacts", "output data"),
    _lose_an_output: ("guarded/make", "outputs", "Output"),
    _hand_nothing_to_the_executor: ("guarded/make", "arguments", "text"),
    _another_type: ("guarded/make", "types", "input count"),
    _another_uri: ("guarded/if-x/importer", "command", "1"),
}


@pytest.mark.parametrize("sabotage", SABOTAGE, ids=lambda sabotage: sabotage.__name__.strip("_"))
def test_a_change_of_a_template_is_found_and_named(made, sabotage):
    wanted, manifest = made
    changed = copy.deepcopy(manifest)
    sabotage(changed)

    found = {(each.path, each.what, each.name) for each in wanted.differences(shape_of(changed))}

    assert SABOTAGE[sabotage] in found


def test_a_patch_replaces_the_lists_of_a_pod_and_adds_to_its_mappings(made):
    manifest = copy.deepcopy(made[1])
    template = _template(manifest, "guarded-read")
    template |= {"nodeSelector": {"a": "1"}, "tolerations": [{"key": "lost"}]}
    template["podSpecPatch"] = '{ "nodeSelector": { "b": "2" }, "tolerations": [{ "key": "kept" }] }'

    settings = shape_of(manifest).tasks["guarded/read"].settings

    assert settings.keys() - {"timeout"} == {"node selector a", "node selector b", 'toleration {"key": "kept"}'}


def test_depends_says_what_must_have_become_of_a_task():
    over = " || ".join(f"a.{state}" for state in ("Succeeded", "Failed", "Errored", "Skipped", "Omitted"))

    assert after("a.Succeeded && b.Succeeded", {}) == {"a": "succeeded", "b": "succeeded"}
    assert after(f"({over}) && b.Succeeded", {"failFast": False}) == {"a": "over", "b": "succeeded"}
    assert after("a.Succeeded || b.Succeeded", {}).keys() == {"a.Succeeded || b.Succeeded"}
    assert after("a", {}) == {"a": "a"}


def test_a_condition_is_read_in_the_words_of_cel():
    when = "{{=! ( float(fromJSON(tasks['a']?.outputs?.parameters?.['b'] ?? '')) > 0.5 ) && 'it\\'s' == 'x'}}"

    assert condition(when) == '! ( double ( <a.b> ) > 0.5 ) && "it\'s" == "x"'


def test_constants_are_read_and_what_stands_in_them_is_no_reference():
    assert str(made_of(r"""'"{{inputs.parameters[\'x\']}} \u0024"'""")) == '''"{{inputs.parameters['x']}} $"'''


def test_kubelet_puts_in_the_variables_that_it_knows():
    assert expanded("$(A) $$(A) $(B) $C", {"A": "a"}) == "a $(A) $(B) $C"
