"""Expressions of every function and operator, over objects of a kind that is made for them.

A Probe holds values of every sort under names that say which; half of the time they are of another sort, so that most
expressions fail in some object, which is where two evaluators part first.
"""

from __future__ import annotations

from random import Random
from typing import Any

GROUP, KIND = "tests.example.org", "Probe"
DEFINITION = {
    "apiVersion": "apiextensions.k8s.io/v1",
    "kind": "CustomResourceDefinition",
    "metadata": {"name": f"probes.{GROUP}"},
    "spec": {
        "group": GROUP,
        "names": {"kind": KIND, "plural": "probes", "singular": "probe", "listKind": "ProbeList"},
        "scope": "Namespaced",
        "versions": [
            {
                "name": "v1",
                "served": True,
                "storage": True,
                "schema": {
                    "openAPIV3Schema": {
                        "type": "object",
                        "properties": {"spec": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}},
                    }
                },
            }
        ],
    },
}
VALUES: dict[str, tuple[Any, ...]] = {
    "integer": (0, 1, 7, -5, 99, 255, 2**53 + 1, 2**63 - 1, -(2**63), 2**63, 10**20),
    "double": (0.0, 0.5, -1.5, 99.99, 1e21, 123456789.25, 1e-7, 3.0),
    "text": ("", "x", "abc", "tacocat", "Hello, World", "ta©o©αT", "a/b/c", " trimmed ", "line\nbreak", "nul\0inside", "42"),
    "flag": (True, False),
    "texts": ([], ["a"], ["b", "a", "c"], ["a", "b", "b"], ["abcd", "efgh", "x"], ["x", 1], [None]),
    "numbers": ([], [1], [1, 2, 3], [3, 1, 2, 2], [1.5, 2.5], [1, 2.0], [True], ["1"], [[1], [2, 3]]),
    "map": ({}, {"k": "v"}, {"a": 1, "b": {"c": [1, 2]}}, {"k": None}, {"1": 1}),
    "quantity": ("1", "100m", "1Gi", "1.5Gi", "512Mi", "1e3", "0", "-5", "+5", "12E", "1.0001n", "1 Gi", "Gi", "", "12345678901234567890"),
    "url": ("https://example.com:8443/a/b?x=1&y=2&x=3#f", "http://[::1]:80/", "/only/path", "e.com", "https://a b/", "mailto:x@y",
            "https://u:p@e.com/%2f", "https://e.com:port/", "s3://bucket/key", ""),
    "address": ("10.0.0.1", "127.0.0.1", "::1", "fe80::1", "224.0.0.5", "255.255.255.255", "1.2.3", "01.2.3.4", "::ffff:1.2.3.4", "x", "2001:DB8::1"),
    "network": ("10.0.0.0/8", "10.0.0.1/8", "192.168.0.0/24", "::/0", "10.0.0.0/33", "10.0.0.0", "fe80::/10", "x/1"),
    "version": ("1.2.3", "1.2.3-rc.1", "v1.2", "1.2", "01.2.3", "1.2.3+build", "1.x.3", "", "2.0.0-alpha"),
    "time": ("2024-02-29T12:34:56.789Z", "2020-01-01T00:00:00+02:00", "2020-13-01T00:00:00Z", "yesterday", "0001-01-01T00:00:00Z"),
    "span": ("1h30m", "90s", "1.5s", "-3ms", "0", "1d", "", "300000h"),
    "pattern": ("^[a-z]+$", "a", "", "(", "[z-a]", "(?i)HELLO", "a{2,1}", "\\", "*"),
}  # fmt: skip

# By what they are of; each is one validation, which holds for some objects, fails for some, and has no value for some.
EXPRESSIONS: dict[str, tuple[str, ...]] = {
    "operators": (
        "object.spec.integer + 1 > 5", "object.spec.integer * object.spec.integer < 100", "object.spec.integer % 2 == 0",
        "-object.spec.integer < 0", "object.spec.integer / (object.spec.integer - 7) == 1", "object.spec.double * 2.0 > 1.0",
        "object.spec.integer < object.spec.double", "object.spec.integer == object.spec.double", "!object.spec.flag",
        "object.spec.flag ? object.spec.integer > 0 : object.spec.double > 0.0", "object.spec.text + 'x' != 'xx'",
        "object.spec.texts + ['z'] == ['z']", "object.spec.text in object.spec.texts", "'k' in object.spec.map",
        "object.spec.flag || object.spec.integer > 3", "object.spec.integer > 3 || object.spec.flag",
        "object.spec.flag && object.spec.double > 0.0", "object.spec.text < object.spec.quantity", "object.spec.integer != null",
        "object.spec.map == {'k': 'v'}", "object.spec.numbers == [1.0, 2.0, 3.0]", "object.spec.texts[0] == 'a'",
        "object.spec.texts[object.spec.integer] != 'a'", "object.spec.map['k'] == 'v'", "object.spec.map[object.spec.text] == 'v'",
        "object.spec.map.b.c[1] == 2", "object.spec.numbers[0] >= 1", "object['spec'].flag == object.spec['flag']",
        "object.spec.integer - object.spec.double == 0", "dyn(object.spec.integer) <= dyn(object.spec.text)",
    ),
    "presence": (
        "has(object.spec.integer)", "has(object.spec.map.k)", "has(object.spec.text.x)", "has(object.spec.texts.x)",
        "!has(object.spec.map.b.c)", "has(object.spec.missing) || has(object.spec.flag)", "has(object.spec.missing.more)",
        "object.spec.?missing.?more.orValue('none') == 'none'", "object.spec.?map.?k.hasValue()", "object.spec.?text.x.hasValue()",
        "object.spec.?texts[?0].orValue('') != 'a'", "object.spec.?map.k.value() == 'v'", "object.spec.?map['k'] == optional.of('v')",
        "optional.ofNonZeroValue(object.spec.integer).hasValue()", "[?object.spec.?text, ?object.spec.?missing].size() == 1",
        "{?'a': object.spec.?integer, 'b': dyn(1)}.size() == 2", "object.spec.?integer.optMap(i, i + 1).orValue(0) > 1",
        "object.spec.?map.optFlatMap(m, m.?k).hasValue()", "object.spec.?missing.or(object.spec.?flag).orValue(true) == true",
        "object.spec.texts.first().orValue('') == 'a'", "object.spec.numbers.last().hasValue()",
    ),
    "macros": (
        "object.spec.texts.all(t, t.size() < 4)", "object.spec.texts.exists(t, t == 'b')", "object.spec.numbers.exists_one(n, n > 1)",
        "object.spec.numbers.filter(n, n > 1).size() == 2", "object.spec.numbers.map(n, n * 2).size() > 0",
        "object.spec.numbers.map(n, n > 1, n * 2)[0] == 4", "object.spec.map.all(k, k.size() == 1)", "object.spec.map.exists(k, object.spec.map[k] == 'v')",
        "object.spec.texts.all(i, t, i < 2 || t == 'c')", "object.spec.numbers.exists(i, n, i == n)", "object.spec.numbers.existsOne(i, n, i + 1 == n)",
        "object.spec.numbers.transformList(i, n, i * n).sum() > 0", "object.spec.map.transformMap(k, v, k + 'x').size() == 1",
        "object.spec.numbers.transformMapEntry(i, n, {string(n): i}).size() < 3", "object.spec.integer.all(x, true)", "object.spec.text.exists(x, true)",
        "object.spec.numbers.all(n, n > object.spec.integer || n < object.spec.double)",
        "object.spec.numbers.filter(n, n == 2 ? object.spec.missing : true).size() == 0",
    ),
    "strings": (
        "object.spec.text.charAt(1) == 'b'", "object.spec.text.indexOf('a') > 0", "object.spec.text.lastIndexOf('a', 3) == 1",
        "object.spec.text.lowerAscii() == object.spec.text", "object.spec.text.upperAscii() != 'ABC'", "object.spec.text.replace('a', 'b') != 'bbc'",
        "object.spec.text.replace('a', '', 1).size() > 2", "object.spec.text.split('/').size() == 3", "object.spec.text.split('').join('-') != 'a-b-c'",
        "object.spec.text.substring(1, 3) == 'bc'", "object.spec.text.substring(2) != 'c'", "object.spec.text.trim() == object.spec.text",
        "object.spec.texts.join(',') == 'a'", "strings.quote(object.spec.text) == '\"x\"'", "object.spec.text.startsWith('ta')",
        "object.spec.text.endsWith('t') || object.spec.text.contains('l')", "object.spec.text.size() <= 5", "size(object.spec.text) == size(object.spec.texts)",
        "'%s'.format([object.spec.map]) == '{}'", "'%d'.format([object.spec.integer]) == '7'", "'%s|%s'.format([object.spec.texts, object.spec.double]) != ''",
        "'%x %o %b'.format([object.spec.integer, object.spec.integer, object.spec.integer]) == '7 7 111'", "'%.2f'.format([object.spec.double]) == '0.50'",
        "'%e'.format([object.spec.double]) != '5'", "'%s'.format([object.spec.numbers]) == '[1, 2, 3]'",
    ),
    "conversions": (
        "int(object.spec.text) == 42", "double(object.spec.text) > 1.0", "string(object.spec.integer) == '7'", "string(object.spec.double) != '0.5'",
        "bool(object.spec.text)", "int(object.spec.double) == 0", "uint(object.spec.integer) < 100u", "bytes(object.spec.text).size() == 3",
        "type(object.spec.integer) == int", "type(object.spec.map) == map", "string(object.spec.flag) == 'true'", "double(object.spec.integer) > 0.5",
        "string(bytes(object.spec.text)) == object.spec.text", "object.spec.integer == int(object.spec.double)",
    ),
    "times": (
        "timestamp(object.spec.time).getFullYear() == 2024", "timestamp(object.spec.time).getMonth() + timestamp(object.spec.time).getDate() > 5",
        "timestamp(object.spec.time).getDayOfWeek() == 4", "timestamp(object.spec.time).getDayOfYear() < 100", "timestamp(object.spec.time).getHours('Europe/Berlin') < 20",
        "timestamp(object.spec.time).getMinutes('+05:30') >= 4", "timestamp(object.spec.time).getMilliseconds() == 789", "string(timestamp(object.spec.time)) == object.spec.time",
        "timestamp(object.spec.time) > timestamp('2021-01-01T00:00:00Z')", "timestamp(object.spec.time) - duration(object.spec.span) < timestamp('2024-01-01T00:00:00Z')",
        "duration(object.spec.span) >= duration('90s')", "duration(object.spec.span).getMinutes() == 90", "string(duration(object.spec.span)) != '90s'",
        "int(timestamp(object.spec.time)) > 0", "duration(object.spec.span) + duration('1h') > duration('2h')", "duration(object.spec.span).getMilliseconds() > 0",
        "timestamp(object.spec.integer) > timestamp(0)", "int(duration(object.spec.span)) > 0",
    ),
    "lists": (
        "object.spec.numbers.sum() > 3", "object.spec.numbers.min() == 1", "object.spec.numbers.max() < 3", "object.spec.numbers.isSorted()",
        "object.spec.texts.isSorted()", "object.spec.texts.min() == 'a'", "object.spec.texts.indexOf('b') == 1", "object.spec.numbers.indexOf(2) >= 0",
        "object.spec.texts.lastIndexOf('b') != 2", "object.spec.numbers.slice(0, 2).size() == 2", "object.spec.numbers.flatten().size() != 3",
        "object.spec.numbers.sort() == [1, 2, 3]", "object.spec.texts.sort()[0] == 'a'", "object.spec.texts.reverse()[0] != 'b'",
        "object.spec.texts.distinct().size() == object.spec.texts.size()", "lists.range(3).map(i, i * i) == [0, 1, 4] && lists.range(object.spec.texts.size()).size() < 3",
        "object.spec.numbers.sortBy(n, -n)[0] == 3", "object.spec.texts.sortBy(t, t).size() > 1",
        "sets.contains(object.spec.texts, ['a'])", "sets.equivalent(object.spec.texts, ['a', 'b'])", "sets.intersects(object.spec.numbers, [2, 7])",
    ),
    "regex": (
        "object.spec.text.matches('^[a-z]+$')", "object.spec.text.matches(object.spec.pattern)", "object.spec.text.find('[0-9]+') == ''",
        "object.spec.text.find(object.spec.pattern) != ''", "object.spec.text.findAll('[a-c]').size() > 1", "object.spec.text.findAll('a', 1).size() == 1",
        "object.spec.text.findAll(object.spec.pattern).size() < 3", "object.spec.text.findAll('[a-z]*').size() < 4",
    ),
    "urls": (
        "isURL(object.spec.url)", "url(object.spec.url).getScheme() == 'https'", "url(object.spec.url).getHost() == 'example.com:8443'",
        "url(object.spec.url).getHostname() == 'example.com'", "url(object.spec.url).getPort() != ''", "url(object.spec.url).getEscapedPath() == '/a/b'",
        "url(object.spec.url).getQuery()['x'].size() == 2", "url(object.spec.url) == url('https://e.com')",
    ),
    "quantities": (
        "isQuantity(object.spec.quantity)", "quantity(object.spec.quantity).isGreaterThan(quantity('100Mi'))", "quantity(object.spec.quantity).isLessThan(quantity('1'))",
        "quantity(object.spec.quantity).compareTo(quantity('1Gi')) == 0", "quantity(object.spec.quantity).isInteger()", "quantity(object.spec.quantity).asInteger() == 1",
        "quantity(object.spec.quantity).asApproximateFloat() < 1.0", "sign(quantity(object.spec.quantity)) == 1", "quantity(object.spec.quantity).add(quantity('1')).asInteger() > 1",
        "quantity(object.spec.quantity).sub(1).isLessThan(quantity('0'))", "quantity(object.spec.quantity) == quantity('1000m')",
        "quantity(object.spec.quantity).add(object.spec.integer).isGreaterThan(quantity('1k'))",
    ),
    "addresses": (
        "isIP(object.spec.address)", "ip(object.spec.address).family() == 4", "ip.isCanonical(object.spec.address)", "string(ip(object.spec.address)) == object.spec.address",
        "ip(object.spec.address).isLoopback()", "ip(object.spec.address).isGlobalUnicast() || ip(object.spec.address).isLinkLocalUnicast()",
        "ip(object.spec.address).isLinkLocalMulticast() || ip(object.spec.address).isUnspecified()", "isCIDR(object.spec.network)",
        "cidr(object.spec.network).containsIP(object.spec.address)", "cidr(object.spec.network).containsIP(ip(object.spec.address))",
        "cidr('10.0.0.0/7').containsCIDR(object.spec.network)", "cidr(object.spec.network).prefixLength() > 8", "cidr(object.spec.network).masked() == cidr(object.spec.network)",
        "string(cidr(object.spec.network).ip()) == '10.0.0.0'",
    ),
    "formats": (
        "!format.dns1123Label().validate(object.spec.text).hasValue()", "!format.dns1123Subdomain().validate(object.spec.text).hasValue()",
        "!format.dns1035Label().validate(object.spec.version).hasValue()", "!format.qualifiedName().validate(object.spec.text).hasValue()",
        "format.labelValue().validate(object.spec.text).orValue([]).size() == 0", "!format.uri().validate(object.spec.url).hasValue()",
        "!format.date().validate(object.spec.time).hasValue()", "!format.datetime().validate(object.spec.time).hasValue()",
        "format.byte().validate(object.spec.text).hasValue()", "format.named(object.spec.text).hasValue()",
        "!format.dns1123LabelPrefix().validate(object.spec.text + '-').hasValue()",
    ),
    "versions": (
        "isSemver(object.spec.version)", "isSemver(object.spec.version, true)", "semver(object.spec.version).major() == 1", "semver(object.spec.version, true).minor() == 2",
        "semver(object.spec.version).isGreaterThan(semver('1.2.3-rc.0'))", "semver(object.spec.version).compareTo(semver('1.2.3')) == 0",
        "semver(object.spec.version, object.spec.flag).patch() < 3",
    ),
}  # fmt: skip
# How a message says what was found, by the field.
MESSAGES = (
    "'text ' + object.spec.text",
    "'%s'.format([object.spec.map])",
    "object.spec.texts.join('; ')",
    "string(object.spec.double) + ' of ' + string(object.spec.integer)",
    "format.dns1123Label().validate(object.spec.text).orValue(['fine']).join(', ')",
    "'  spaces  '",
)


def policies() -> list[dict[str, Any]]:
    """A policy for each list of expressions, with its binding; it is about the probes that are labelled with its name."""
    return [document for name, expressions in EXPRESSIONS.items() for document in _policy(name, expressions)]


def _policy(name: str, expressions: tuple[str, ...]) -> list[dict[str, Any]]:
    rule = {"apiGroups": [GROUP], "apiVersions": ["v1"], "resources": ["probes"], "operations": ["CREATE"]}
    validations: list[dict[str, Any]] = [{"expression": expression} for expression in expressions]
    for place, validation in enumerate(validations):
        if place % 3 == 0:
            validation["messageExpression"] = MESSAGES[place % len(MESSAGES)]
    common = {"apiVersion": "admissionregistration.k8s.io/v1", "metadata": {"name": f"probe-{name}"}}
    selector = {"matchLabels": {"probe": name}}
    spec = {"matchConstraints": {"resourceRules": [rule], "objectSelector": selector}, "validations": validations}
    bound = {"policyName": f"probe-{name}", "validationActions": ["Deny", "Warn"]}
    return [
        {**common, "kind": "ValidatingAdmissionPolicy", "spec": spec},
        {**common, "kind": "ValidatingAdmissionPolicyBinding", "spec": bound},
    ]


def probe(random: Random) -> dict[str, Any]:
    """An object of random values; now and then one has the value of another field, or is missing."""
    every = [value for values in VALUES.values() for value in values]
    spec = {}
    for name, values in VALUES.items():
        chance = random.random()
        if chance < 0.9:
            spec[name] = random.choice(values) if chance < 0.75 else random.choice(every)
        elif chance < 0.93:
            spec[name] = None
    labels = random.choice(({}, {}, {}, {"skip": "yes"}, {"params": "required"}))
    metadata = {"name": f"probe-{random.randint(0, 9)}", "namespace": random.choice(("default", "ml-learning"))}
    if random.random() < 0.95:
        metadata["labels"] = {"probe": random.choice(tuple(EXPRESSIONS)), **labels}
    return {"apiVersion": f"{GROUP}/v1", "kind": KIND, "metadata": metadata, "spec": spec}
