"""CEL's conformance suite: expressions are what the API server and, of variables, the suite itself say."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from comparison import comparable, ours, plain
from google.protobuf import descriptor_pb2, descriptor_pool, duration_pb2, message_factory, text_format, timestamp_pb2

from generators.cel.values import SECOND, Duration, Timestamp, TypeValue, Uint

RELEASE = "1.36"
FILE = "cel.expr.conformance.test.SimpleTestFile"
# What the API server's release of cel-go says of it is not what the suite says.
NOT_AS_THE_SUITE = {"get_milliseconds", "scientific notation formatting clause in a string variable"}
# Literals of these are in no policy that anybody has written: `check` says that it does not check one.
UNCHECKED = re.compile(r"google\.protobuf\.(Any|ListValue|Struct|Value)\b")
# Maps with a bool and a number as keys, which are one key to Python; keys that cel-go refuses before it has a value.
NOT_AS_THE_API_SERVER = {
    "map support (all key types)", "map_bad_key_type", "map_bad_key_type_or_false", "map_bad_key_type_or_true",
    "map_bad_key_type_and_false", "map_bad_key_type_and_true", "map_key_null",
}  # fmt: skip


class NotHeld(Exception):
    """A value of a protocol buffer, which no object of Kubernetes holds."""


@pytest.fixture(scope="module")
def suite(conformance_suite: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    """Every test of the suite, as its own protocol buffer.

    protoc is a process of its own: beside another library of C++ (RE2, CEL, TensorFlow) it crashes.
    """
    import google.api

    if not (tools := importlib.util.find_spec("grpc_tools")):
        pytest.skip("not run: no protoc")
    written = tmp_path_factory.mktemp("conformance") / "all.pb"
    folder = conformance_suite / "proto"
    files = ["test/simple.proto", "proto2/test_all_types_extensions.proto", "proto3/test_all_types.proto"]
    known = [f"-I{folder}", f"-I{Path(google.api.__path__[0]).parents[1]}", "--include_imports", f"-o{written}"]
    includes = Path(tools.submodule_search_locations[0], "_proto")
    paths = [str(folder / "cel/expr/conformance" / each) for each in files]
    subprocess.run([sys.executable, "-P", "-m", "grpc_tools.protoc", f"-I{includes}", *known, *paths], check=True)
    pool = descriptor_pool.DescriptorPool()
    for each in descriptor_pb2.FileDescriptorSet.FromString(written.read_bytes()).file:
        pool.Add(each)
    message = message_factory.GetMessageClass(pool.FindMessageTypeByName(FILE))
    texts = sorted((conformance_suite / "tests/simple/testdata").glob("*.textproto"))
    read = [text_format.Parse(each.read_text("utf-8"), message(), descriptor_pool=pool) for each in texts]
    return [test for file in read for section in file.section for test in section.test]


def test_every_expression_without_variables_is_what_it_is_to_the_api_server(
    suite: list[Any], expressions_oracle: Callable[[list[dict[str, Any]]], list[dict[str, Any]]]
) -> None:
    asked = [each for each in suite if not (each.bindings or each.type_env or each.container)]
    asked = [each for each in asked if not UNCHECKED.search(each.expr) and each.name not in NOT_AS_THE_API_SERVER]
    theirs = map(comparable, expressions_oracle([{"version": RELEASE, "expression": each.expr} for each in asked]))
    pairs = [(each.expr, ours(RELEASE, each.expr, {}), answer) for each, answer in zip(asked, theirs, strict=True)]

    print(f"{len(asked)} of {len(suite)} expressions are compared with the API server's")
    assert [pair for pair in pairs if pair[1] != pair[2]] == []
    assert len(asked) > 1600


def test_every_expression_of_variables_is_what_the_suite_says(suite: list[Any]) -> None:
    wrong, compared = [], 0
    for test in suite:
        try:
            values = {name: _value(each.value) for name, each in test.bindings.items()}
            expected = _expected(test)
        except NotHeld:
            continue
        if not values or test.container or test.name in NOT_AS_THE_SUITE or expected is None:
            continue
        found = ours(RELEASE, test.expr, values)
        if found[0] != "invalid":  # what the API server's release has not
            compared += 1
            if found[0] != expected[0] or (found[0] == "value" and found != expected):
                wrong.append((test.name, test.expr, found, expected))

    print(f"{compared} expressions are compared with what the suite expects")
    assert wrong == []
    assert compared > 30


def _expected(test: Any) -> tuple[str, Any] | None:
    said = test.WhichOneof("result_matcher")
    if said is None:
        return "value", ["bool", "true"]
    if said == "eval_error":
        return "error", None
    if said not in ("value", "typed_result"):
        return None
    return "value", plain(_value(test.value if said == "value" else test.typed_result.result))


def _value(held: Any) -> Any:
    kind = held.WhichOneof("kind")
    if kind == "null_value":
        return None
    if kind == "list_value":
        return [_value(each) for each in held.list_value.values]
    if kind == "map_value":
        return {_value(each.key): _value(each.value) for each in held.map_value.entries}
    if kind == "uint64_value":
        return Uint(held.uint64_value)
    if kind == "type_value":
        return TypeValue(held.type_value)
    if kind == "object_value":
        return _time(held.object_value)
    if kind not in ("bool_value", "int64_value", "double_value", "string_value", "bytes_value"):
        raise NotHeld(kind)
    return getattr(held, kind)


def _time(held: Any) -> Timestamp | Duration:
    name = held.type_url.rpartition("/")[2]
    if name == "google.protobuf.Timestamp":
        moment = timestamp_pb2.Timestamp.FromString(held.value)
        return Timestamp(moment.seconds * SECOND + moment.nanos)
    if name == "google.protobuf.Duration":
        span = duration_pb2.Duration.FromString(held.value)
        return Duration(span.seconds * SECOND + span.nanos)
    raise NotHeld(name)
