"""What may be done to a compiled pipeline: a node taken away, called otherwise, or with other JSON in its place."""

import json

from hypothesis import strategies as st

GONE = object()
NAMES = ["", "a b", "É", "-x", "a/b", "x" * 70, "\0"]
TEXTS = ["", "text", "Text", "a b", "../x", "{{$}}", "{{workflow.name}}", "$(X)", "\0", "10s", "1", "x" * 70]
OTHERS = [GONE, None, True, -1, 1.5, *TEXTS, "9" * 5000, [], [1], ["text"], {}, {"a": {}}, {"say": 1}, {"": "x"}]
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
JSON = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3))


def mutated(data, *documents, most=3):
    """The documents, changed in one place or in several, `most` at the most."""
    documents = json.loads(json.dumps(documents))
    for _ in range(data.draw(st.integers(1, most))):
        *parents, last = data.draw(st.sampled_from(list(places(documents))))
        place = documents
        for key in parents:
            place = place[key]
        renamed = isinstance(place, dict) and data.draw(st.integers(0, 9)) == 0
        value = data.draw(st.sampled_from(OTHERS) | JSON)
        if renamed:
            place[data.draw(st.sampled_from(NAMES))] = place.pop(last)
        elif value is GONE and parents:
            del place[last]
        elif value is not GONE:
            place[last] = json.loads(json.dumps(value))
    return documents


def leaf_changed(data, *documents):
    """The documents with another text in place of one that has nothing below it, so that many are still sound."""
    documents = json.loads(json.dumps(documents))
    leaves = [path for path in places(documents) if not isinstance(_at(documents, path), dict | list)]
    *parents, last = data.draw(st.sampled_from(leaves))
    _at(documents, parents)[last] = data.draw(st.sampled_from(TEXTS))
    return documents


def places(value, path=()):
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield (*path, key)
        yield from places(item, (*path, key))


def _at(value, path):
    for key in path:
        value = value[key]
    return value
