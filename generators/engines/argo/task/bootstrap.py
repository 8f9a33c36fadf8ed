"""Runs a KFP executor in a pod of Argo Workflows, without Kubeflow: `python3 bootstrap.py TASK`.

TASK is a file: one line of JSON that says what the component declares, then a line `name value` for each input, its
value as the JSON that travels between tasks, or nothing where it is absent. The executor's command is started
unchanged, with the ExecutorInput that KFP's launcher would give it; afterwards every output stands in a file of its
own, as JSON again, for Argo to take. Only the standard library, any Python from 3.8: the image may hold nothing else.
"""

import decimal
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PLACEHOLDER = "{" + "{$}}"  # in two parts, since Argo would read it in the manifest
LONGEST_ARGUMENT = 128 * 1024 - 1
HIDDEN = {"{": "\\u007b", "}": "\\u007d", "$": "\\u0024", "\x7f": "\\u007f"}
MOUNTS = (("s3://", "/s3/"), ("minio://", "/minio/"), ("gs://", "/gcs/"))
# Python imports it at its start; it hands the executor an argument that the kernel would refuse for its length.
HOOK = """
import os, sys
file = os.environ.get("GRAFT_LONG_ARGUMENT", "")
if file:
    sys.argv[:] = [open(file, encoding="utf-8").read() if a == "@" + file else a for a in sys.argv]
"""


def main(file):
    head, *lines = Path(file).read_text("utf-8").split("\n")
    task, values = json.loads(head), dict(line.partition(" ")[::2] for line in lines)
    given = executor_input(task, values)
    key = task["cacheKey"] and cache_key(task["cacheKey"], values)
    Path(given["outputs"]["outputFile"]).parent.mkdir(parents=True, exist_ok=True)
    place_inputs(task, given["inputs"]["artifacts"])
    status = run(task["command"], json.dumps(given))
    if status:
        return status
    written = read_json(given["outputs"]["outputFile"])
    for name, spec in task["outputs"]["parameters"].items():
        path = given["outputs"]["parameters"][name]["outputFile"]
        write(spec["file"], encode(parameter(name, spec["type"], written.get("parameterValues", {}), path)))
    for name, spec in task["outputs"]["artifacts"].items():
        promised = given["outputs"]["artifacts"][name]["artifacts"][0]
        made = written.get("artifacts", {}).get(name, {}).get("artifacts") or [{}]
        companion = finished(promised, made[0], key)
        make_readable(local_path(companion["uri"]))
        write(spec["file"], encode(companion))
    return 0


def executor_input(task, values):
    """KFP's ExecutorInput: the inputs that are there, and where the outputs go."""
    folder = task["folder"]
    parameters = {}
    for name, spec in task["inputs"]["parameters"].items():
        value = decode(name, spec["type"], values.get("parameter/" + name, ""))
        value = spec.get("default") if value is None else value
        if value is not None:
            if value not in spec.get("literals", [value]):
                raise SystemExit(f"the input parameter {name} is {value!r:.80}, which is none of {spec['literals']}")
            parameters[name] = value
        elif not spec.get("optional"):
            raise SystemExit(f"the input parameter {name} has no value: what should give it gave none")
    artifacts = {}
    for name, spec in task["inputs"]["artifacts"].items():
        text = values.get("artifact/" + name, "")
        if text:
            found = json.loads(text)
            artifacts[name] = {"artifacts": found if isinstance(found, list) else [found]}
        elif not spec.get("optional"):
            raise SystemExit(f"the input artifact {name} is missing: what should give it gave none")
    outputs = task["outputs"]
    return {
        "inputs": {"parameterValues": parameters, "artifacts": artifacts},
        "outputs": {
            "parameters": {name: {"outputFile": folder + "/values/" + name} for name in outputs["parameters"]},
            "artifacts": {
                name: {"artifacts": [dict(spec["artifact"], uri=values["folder"] + "/" + spec["artifact"]["name"])]}
                for name, spec in outputs["artifacts"].items()
            },
            # below the task's root, from which KFP's SDK derives the URI that dsl.get_uri gives
            "outputFile": str(local_path(values["folder"]) / "executor_output.json"),
        },
    }


def cache_key(fixed, values):
    """What the outputs depend on: the task itself, its inputs, and of an artifact the key of what made it."""
    digest = hashlib.sha256(fixed.encode())
    for name, text in sorted(values.items()):
        if name.startswith("artifact/") and text:
            found = json.loads(text)
            made = [each.get("cacheKey") or encode(each) for each in (found if isinstance(found, list) else [found])]
            text = " ".join(made)
        if name != "folder":
            digest.update(("\n" + name + " " + text).encode())
    return digest.hexdigest()


def place_inputs(task, artifacts):
    """Let the path that KFP's SDK derives from an artifact's URI lead to where Argo has put its content."""
    for name, spec in task["inputs"]["artifacts"].items():
        found = artifacts.get(name, {"artifacts": []})["artifacts"]
        most = spec.get("places", 1)
        if len(found) > most:
            raise SystemExit(f"the input {name} has {len(found)} artifacts; no more than {most} can be fetched here")
        for index, artifact in enumerate(found):
            path = Path(spec["path"], str(index)) if "places" in spec else Path(spec["path"])
            target = local_path(artifact["uri"])
            if target and fetched(path) and not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                target.symlink_to(path)


def fetched(path):
    """Whether Argo has put anything there: kubelet leaves an empty folder where it has not."""
    return path.exists() and not (path.is_dir() and not any(path.iterdir()))


def local_path(uri):
    for scheme, folder in MOUNTS:
        if uri.startswith(scheme):
            return Path(folder + uri[len(scheme) :])
    return None


def run(command, text):
    """Start the executor and wait for it; its exit status."""
    environment = dict(os.environ)
    if len(text.encode()) > LONGEST_ARGUMENT:
        folder = tempfile.mkdtemp()
        write(folder + "/sitecustomize.py", HOOK)
        write(folder + "/executor_input.json", text)
        searched = [folder] + [part for part in [environment.get("PYTHONPATH")] if part]
        environment.update(GRAFT_LONG_ARGUMENT=folder + "/executor_input.json", PYTHONPATH=":".join(searched))
        text = "@" + folder + "/executor_input.json"
    status = subprocess.call([text if item == PLACEHOLDER else item for item in command], env=environment)
    return 128 - status if status < 0 else status


def parameter(name, kind, written, path):
    """An output parameter, from the executor's own file or from one that the function wrote itself."""
    if written.get(name) is not None:
        return conform(name, kind, written[name])
    if Path(path).is_file():
        text = Path(path).read_bytes().decode("utf-8")
        if kind == "STRING":
            return text
        return conform(name, kind, json.loads(text.lower() if kind == "BOOLEAN" else text))
    raise SystemExit("it ended well but did not write its output parameter " + name)


def finished(promised, made, key):
    """The metadata of an artifact, with the name, URI and metadata that the function gave it."""
    companion = {
        "name": made.get("name") or promised["name"],
        "type": promised["type"],
        "uri": settled(made.get("uri") or promised["uri"], made.get("custom_path"), promised["uri"]),
        "metadata": dict(promised.get("metadata", {}), **made.get("metadata", {})),
    }
    return dict(companion, cacheKey=key) if key else companion


def settled(uri, custom, promised):
    """Where an artifact comes to lie: what was written to another URI, or path, is moved to the one that Argo takes."""
    source, target = Path(custom) if custom else local_path(uri) or Path(uri), local_path(promised)
    passed_on = source.is_symlink() and not custom  # an input that is an output too
    if source == target or not source.exists() or passed_on or target in source.parents:
        return uri
    if target.exists() or source in target.parents:
        raise SystemExit(f"an artifact was written to {source} and to {target}: write to one of them")
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(str(source), str(target))
    return promised


def make_readable(path):
    """Let every user read what was written, as Argo's container that uploads it is of another."""
    for found in [path, *path.rglob("*")] if path and path.exists() and not path.is_symlink() else []:
        if not found.is_symlink() and found.stat().st_uid == os.getuid():
            found.chmod(found.stat().st_mode | (0o055 if found.is_dir() else 0o044))


def decode(name, kind, text):
    """The value of an input; a text that is not JSON is a string that a person gave the run."""
    if not text:
        return None
    try:
        value = json.loads(text)
    except ValueError:
        value = text
    if kind == "STRING" and not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    if kind not in ("STRING", "") and isinstance(value, str):
        # an item of a list whose items have no type
        value = json.loads(value)
    return conform(name, kind, value)


def conform(name, kind, value):
    """The value as its type holds it; numbers out of JSON may have become doubles on the way."""
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    fits = {
        "STRING": isinstance(value, str),
        "NUMBER_INTEGER": number and value == int(value),
        "NUMBER_DOUBLE": number,
        "BOOLEAN": isinstance(value, bool),
        "LIST": isinstance(value, list),
        "STRUCT": isinstance(value, dict),
    }
    if not fits.get(kind, True):
        raise SystemExit(f"{name} is not of the type {kind}: {value!r:.80}")
    return {"NUMBER_INTEGER": int, "NUMBER_DOUBLE": float}.get(kind, lambda same: same)(value)


def encode(value):
    """The JSON that travels: ASCII, compact, its strings without braces and dollars, which Argo would read."""
    if isinstance(value, float):
        text = format(decimal.Decimal(repr(value)), "f") if abs(value) < 1e16 else repr(value)
        return text[:-2] if text.endswith(".0") else text
    if isinstance(value, str):
        text = json.dumps(value)
        for character, hidden in HIDDEN.items():
            text = text.replace(character, hidden)
        return text
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(map(encode, value)) + "]"
    if isinstance(value, dict):
        return "{" + ",".join(encode(key) + ":" + encode(item) for key, item in value.items()) + "}"
    return json.dumps(value)


def read_json(file):
    if not Path(file).is_file():
        return {}
    return json.loads(Path(file).read_text("utf-8"), parse_constant=not_finite)


def not_finite(constant):
    raise SystemExit(f"an output is {constant}; metrics and outputs must be finite numbers")


def write(file, text):
    Path(file).parent.mkdir(parents=True, exist_ok=True)
    Path(file).write_text(text, "utf-8")
    Path(file).chmod(0o644)


if __name__ == "__main__":
    sys.exit(main(sys.argv[-1]))
