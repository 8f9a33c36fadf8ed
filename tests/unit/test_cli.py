"""The command line says the same to people and to programs, and its exit status tells what happened."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from generators.inventory.read import Repository
from generators.verbs import render as render_verb

Edit = Callable[[Path, str, str], None]
VERBS = ("render", "check", "explain", "run", "convert", "set", "promote", "rollback", "new")


def graft(repository: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [Path(sys.executable).with_name("graft"), *arguments, "--repo", repository]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help(verb: str) -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("graft"), verb, "--help"], capture_output=True, text=True, check=True
    )

    assert "--output" in done.stdout


def test_alone_it_shows_the_flow_and_the_verbs_in_its_order() -> None:
    done = subprocess.run([Path(sys.executable).with_name("graft")], capture_output=True, text=True, check=False)

    shown = done.stdout + done.stderr
    assert "parameters → overlay → pipeline → manifest → validation → cluster" in shown
    panels = ("─ parameters", "─ overlay", "─ pipeline", "─ manifest", "─ validation", "─ cluster")
    assert sorted(panels, key=shown.index) == list(panels)


def test_every_verb_is_of_a_stage() -> None:
    from generators.cli import Verbs
    from generators.stages import stage_of

    assert [verb for verb in Verbs().list_commands(None) if not stage_of(verb)] == []


def test_it_says_its_version_and_a_shell_can_complete_its_verbs() -> None:
    command = Path(sys.executable).with_name("graft")
    version = subprocess.run([command, "--version"], capture_output=True, text=True, check=True).stdout
    asked = {**os.environ, "_GRAFT_COMPLETE": "complete_bash", "COMP_WORDS": "graft pro", "COMP_CWORD": "1"}

    completed = subprocess.run([command], env=asked, capture_output=True, text=True, check=True).stdout

    assert version.startswith("graft ") and completed.split() == ["promote"]


def test_an_unknown_verb_is_bad_use() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("graft"), "rendr"], capture_output=True, text=True, check=False
    )

    assert done.returncode == 2


def test_a_folder_that_is_no_repository_is_bad_use(tmp_path: Path) -> None:
    done = graft(tmp_path, "check")

    assert done.returncode == 2
    assert "not in a graft repository" in done.stderr and "--repo PATH" in done.stderr


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_run_that_is_ended_ends_its_steps(tiny: Path, edit: Edit, sent: signal.Signals) -> None:
    """Ctrl-C, an end by the system, and a terminal that is closed."""
    edit(tiny / "components/greeter/src/greeter/words.py", "def greeting(", "import time\n\n\ndef greeting(")
    words = (tiny / "components/greeter/src/greeter/words.py").read_text()
    (tiny / "components/greeter/src/greeter/words.py").write_text(
        words.replace("import time\n", "import os, pathlib, time\npathlib.Path('step').write_text(str(os.getpid()))\n")
        + "\n\ntime.sleep(60)\n"
    )
    render_verb.render(Repository(tiny))
    # what started the tests may ignore signals, as nohup does, and every process below it would too
    heard = "import signal as s; s.signal(s.SIGINT, s.default_int_handler); s.signal(s.SIGHUP, s.SIG_DFL)"
    program = f"{heard}; from generators.cli import main; main()"
    command = [sys.executable, "-c", program, "run", "greet", "--repo", tiny]
    run = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        step = _written(tiny / "step", run)
        run.send_signal(sent)
        _, said = run.communicate(timeout=60)
    finally:
        run.kill()

    assert run.returncode == 128 + sent
    assert not _is_running(step)
    assert sent != signal.SIGINT or "interrupted; the steps that ran have been ended" in said


def _is_running(process: str) -> bool:
    """Whether a process is there, and more than an entry that nobody has asked for."""
    try:
        return "State:\tZ" not in Path(f"/proc/{process}/status").read_text()
    except OSError:
        return False


def _written(file: Path, run: subprocess.Popen[str]) -> str:
    """What a step writes once it is at work."""
    while not file.exists() or not file.read_text():
        assert run.poll() is None, run.communicate()
        time.sleep(0.05)
    return file.read_text()


def test_output_that_nobody_reads_to_its_end_is_no_error(tiny: Path) -> None:
    command = f"{Path(sys.executable).with_name('graft')} check --output json --repo {tiny} | head -1"

    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)

    assert (done.stdout, done.stderr) == ("{\n", "")


def test_a_fine_repository_exits_0(tiny: Path) -> None:
    assert graft(tiny, "check").returncode == 0
    assert graft(tiny, "render", "--check").returncode == 0


def test_findings_exit_1_and_read_alike_as_text_and_json(tiny: Path, edit: Edit) -> None:
    edit(tiny / "environments/prod.yml", "{times: 2}", "{tims: 2}")

    text, machine = graft(tiny, "check"), graft(tiny, "check", "--output", "json")

    assert (text.returncode, machine.returncode) == (1, 1)
    (finding,) = [found for found in json.loads(machine.stdout)["findings"] if found["verdict"] == "invalid"]
    assert f"{finding['file']}:{finding['line']}:{finding['column']}: error: {finding['path']}" in text.stdout
    assert finding["fix"] == "did you mean times?" and finding["fix"] in text.stdout


def test_a_stale_tree_exits_1_and_names_the_command(tiny: Path, edit: Edit) -> None:
    edit(tiny / "environments/prod.yml", "{times: 2}", "{times: 3}")

    done = graft(tiny, "render", "--check")

    assert done.returncode == 1
    assert "rendered/prod/east/greet/pipelineversion.yaml" in done.stderr and "run: graft render" in done.stderr


def test_render_refuses_with_every_finding(tiny: Path, edit: Edit) -> None:
    edit(tiny / "environments/prod.yml", "{times: 2}", "{tims: 2, wrd: x}")

    done = graft(tiny, "render")

    assert done.returncode == 1
    assert "did you mean times?" in done.stderr and "did you mean word?" in done.stderr


def test_explain_names_every_line_that_set_a_value(tiny: Path, edit: Edit) -> None:
    edit(tiny / "base/pipelines/greet.yml", "word: Good morning", "word: Good morning\n        times: 5")

    done = graft(tiny, "explain", "prod", "pipelines.greet.parameters.times")

    assert done.stdout.splitlines() == [
        "pipelines.greet.parameters.times = 2",
        "  base/pipelines/greet.yml:7   5",
        "  environments/prod.yml:32     2   <- used",
    ]


def test_explain_shows_the_pipeline_s_own_default_where_no_file_sets_one(tiny: Path) -> None:
    done = graft(tiny, "explain", "staging", "pipelines.greet.parameters.rate")

    assert done.stdout.splitlines() == [
        "pipelines.greet.parameters.rate = 0.5",
        "  definitions/greet/4dbb8e3ec3.json   0.5   <- used (the pipeline's own default)",
    ]


def test_explain_of_an_unknown_key_names_the_nearest(tiny: Path) -> None:
    done = graft(tiny, "explain", "prod", "namespce")

    assert done.returncode == 2
    assert "did you mean namespace?" in done.stderr


def test_a_run_s_outcome_is_printed_as_json_for_programs(tiny: Path) -> None:
    done = graft(tiny, "run", "greet", "--set", "times=2", "--output", "json")

    record = json.loads(done.stdout)
    assert (done.returncode, record["state"]) == (0, "SUCCEEDED")
    assert record["parameters"]["times"] == 2


def test_a_run_of_nonsense_says_what_is_wrong(tiny: Path) -> None:
    assert (
        "have no pipeline" in graft(tiny, "run", "gret").stderr
        or "has no pipeline" in graft(tiny, "run", "gret").stderr
    )
    assert "is this machine" in graft(tiny, "run", "greet", "--env", "prod").stderr
    assert "not KEY=VALUE" in graft(tiny, "run", "greet", "--set", "times").stderr
    assert "is not an integer" in graft(tiny, "run", "greet", "--set", "times=two").stderr
    assert "did you mean times?" in graft(tiny, "run", "greet", "--set", "tims=2").stderr
