"""What reclass-rs refuses, as findings with places: all of them in one pass."""

from __future__ import annotations

import pytest

from generators.inventory.recovery import merge

BAD_REFERENCES = [
    ("a: ${epoch}\nepochs: 1", "2:6", "${epoch}", "key 'epoch' not found", "did you mean ${epochs}?"),
    ("a: ${b:d}\nb: {c: 1}", "2:6", "${b:d}", "key 'd' not found", "refer to a key that exists, or write the value"),
    ("a: ${b:siz}\nb: {size: 1}", "2:6", "${b:siz}", "key 'siz' not found", "did you mean ${b:size}?"),
    ("a: ${b:c}\nb: 1", "2:6", "${b:c}", "Can't continue lookup, b is a Number", "refer to a key that exists"),
    ("a: x ${b} y\nbb: 1", "2:6", "${b}", "key 'b' not found", "did you mean ${bb}?"),
    ("a: ${b:${c}}\nb: {d: 1}\nc: e", "2:6", "${b:${c}}", "key 'e' not found", "refer to a key"),
    ("a: ${b:${c}}\nb: {d: 1}", "2:6", "${c}", "key 'c' not found", "refer to a key"),
    ("a: [1, {b: '${c}'}]", "2:14", "${c}", "key 'c' not found", "refer to a key"),
    ("a: '${b:x}'\nb: '${c}'\nc: {v: 1}", "2:6", "${b:x}", "key 'x' not found", "refer to a key"),
    ("a: '${b:train}'\nb: '${c}'\nc: {trains: 1}", "2:6", "${b:train}", "not found", "did you mean ${b:trains}?"),
]


@pytest.mark.parametrize(("text", "place", "found", "message", "fix"), BAD_REFERENCES)
def test_a_reference_to_nothing_is_refused_where_it_stands(
    merged, text: str, place: str, found: str, message: str, fix: str
) -> None:
    _, loaded = merged(text, "z: 1")
    (finding,) = loaded.findings
    assert (finding.check, finding.rule, finding.found) == ("schema", "bad-reference", found)
    assert str(finding.place) == f"base/defaults.yml:{place}"
    assert f"{found} refers to nothing: " in finding.message and message in finding.message
    assert fix in finding.fix


def test_a_reference_that_cannot_be_read_is_refused_where_it_stands(merged) -> None:
    _, loaded = merged("a: 1", "b: x ${a\nc: '${}'")
    assert [(str(finding.place), finding.rule) for finding in loaded.findings] == [
        ("environments/prod.yml:3:6", "bad-reference"),
        ("environments/prod.yml:4:6", "bad-reference"),
    ]


def test_references_that_lead_back_to_themselves_are_each_named(merged) -> None:
    _, loaded = merged("a: ${b:x}\nb: {x: '${c}'}", "c: ${a}\nd: ${d}")
    assert {finding.rule for finding in loaded.findings} == {"reference-loop"}
    places = [str(finding.place) for finding in loaded.findings]
    assert places == [
        "base/defaults.yml:2:6",
        "base/defaults.yml:3:10",
        "environments/prod.yml:3:6",
        "environments/prod.yml:4:6",
    ]
    assert all(place in loaded.findings[0].message for place in places[:3])


@pytest.mark.parametrize("text", ["a: ${a:b}", "a: {b: '${a:b}'}", "a: {b: '${a}'}", "a: ['${a}']"])
def test_a_reference_into_itself_is_refused_where_it_stands(merged, text: str) -> None:
    _, loaded = merged("c: 1", text)
    (finding,) = loaded.findings
    assert (finding.rule, finding.place.line) == ("reference-loop", 3)
    assert finding.found in text


def test_a_change_of_kind_names_both_places(merged) -> None:
    _, loaded = merged("a:\n  nvidia.com/gpu: {b: 1}", "a:\n  nvidia.com/gpu: 4")
    (finding,) = loaded.findings
    assert (str(finding.place), finding.path) == ("environments/prod.yml:4:5", 'a."nvidia.com/gpu"')
    assert finding.message == "a single value here cannot be merged over a mapping at base/defaults.yml:3:5"
    assert finding.fix == "write a mapping, or ~nvidia.com/gpu: to replace it"


def test_a_change_of_kind_names_the_layer_that_made_it(inventory) -> None:
    files = {f"base/{name}.yml": f"parameters: {{p: {{{name}: 1}}}}\n" for name in ("a", "b", "c")}
    files["base/b.yml"] = "parameters: {p: null}\n"
    files |= {"base/d.yml": "parameters: {p: [1]}\n", "environments/prod.yml": "classes: [a, b, c, d, a]\n"}
    (finding,) = inventory(files).findings
    assert str(finding.place) == "base/d.yml:1:14"
    assert finding.message == "a list here cannot be merged over a mapping at base/c.yml:1:14 (in prod)"


def test_one_pass_names_every_mistake_of_an_environment(inventory) -> None:
    loaded = inventory(
        {
            "base/defaults.yml": "parameters:\n  size: {train: 1}\n  list: [1]\n  one: 1\n",
            "environments/prod.yml": (
                "classes: [default]\n"  # 1: unknown class
                "parameters:\n"
                "  a: ${size:trian}\n"  # 3: bad reference
                "  b: ${nowhere}\n"  # 4: bad reference
                "  list: [2]\n"  # 5: list over list
                "  one: {x: 1}\n"  # 6: change of kind
                "  c: 1e-4\n"  # 7: ambiguous
                "  d: 1\n"
                "  d: 2\n"  # 9: written twice
                "  e: ${e}\n"  # 10: loop
                "  f:\n"
                "\t  g: 1\n"  # 12: tab
            ),
        }
    )
    assert [(finding.place.line, finding.rule) for finding in loaded.findings] == [
        (1, "unknown-class"),
        (3, "bad-reference"),
        (4, "bad-reference"),
        (5, "list-over-list"),
        (6, "change-of-kind"),
        (7, "ambiguous-scalar"),
        (9, "duplicate-key"),
        (10, "reference-loop"),
        (12, "tab"),
    ]


def test_what_is_left_is_merged_as_if_each_mistake_had_been_put_right(merged) -> None:
    environment, _ = merged("size: {train: 1}\none: 1", "a: ${size:trian}\nb: ${nowhere}\none: {x: 1}\nc: 2")
    assert environment.parameters == {"size": {"train": 1}, "one": 1, "a": 1, "b": None, "c": 2}
    assert not environment.sound


def test_a_refusal_that_nobody_foresaw_is_passed_on_in_the_words_of_reclass(monkeypatch, merged) -> None:

    monkeypatch.setattr(merge, "_REFUSALS", ())
    environment, loaded = merged("a: 1", "a: {x: 1}")
    (finding,) = loaded.findings
    assert (finding.rule, str(finding.place)) == ("merge", "environments/prod.yml:1:1")
    assert "Can't merge Value::Mapping over Value::Number" in finding.message
    assert environment.parameters is None
