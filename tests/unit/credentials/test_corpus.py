"""Of invented credentials nearly all are found, and of what looks like one nearly nothing."""

from __future__ import annotations

import base64
import time

from generators.credentials import credentials, masked
from tests.unit.credentials.corpus import Maker, Sample, benign, secrets

SECRETS, BENIGN = 600, 2400
RECALL, PRECISION = 0.98, 0.95


def found(sample: Sample) -> list[str]:
    return [sample.text[each.start : each.end] for each in credentials(sample.text, sample.code)]


def test_nearly_all_credentials_are_found_and_nearly_nothing_else() -> None:
    samples = [*secrets(SECRETS), *benign(BENIGN)]
    missed = [each for each in samples if each.value and not any(_same(value, each.value) for value in found(each))]
    false = [each for each in samples if not each.value and found(each)]

    right = SECRETS - len(missed)
    told = [f"{each.kind}: {each.text!r}" for each in (*missed, *false)][:20]
    assert len(samples) == SECRETS + BENIGN
    assert right / SECRETS >= RECALL, told
    assert right / (right + len(false)) >= PRECISION, told


def test_no_value_is_left_in_a_masked_text() -> None:
    for each in secrets(300, seed=16):
        if found(each) and not each.code:
            assert each.value[-12:] not in masked(each.text), each.kind


def test_time_is_linear_in_the_size() -> None:
    for text in (
        "password",
        "https://",
        "a=b&",
        "token: ",
        "-" * 8,
        '"key": "',
        "\\" * 8,
        "AKIA",
        "x" * 8,
        "secret\n",
        "curl ",
        "curl -u ",
        "curl -u a:",
        "echo a|",
        "login('a', ",
        "auth=('a', ",
        "name: token\n",
        "value: a, name: token\n",
        "value: a, ",
        "-----BEGIN PRIVATE KEY-----\n",
        "-----BEGIN PRIVATE KEY-----" + "a" * 40 + "\n",
        "a-b_",
        "aa-",
        "LS0tLS1CRUdJTi",
        "'password=a ",
        "://@",
    ):
        took = [_seconds(text * (size // len(text))) for size in (1 << 17, 1 << 20)]
        assert took[1] < max(2.0, 30 * took[0]), text


def test_a_private_key_is_hidden_whole() -> None:
    made = Maker(1)
    for key in ("\n".join(made.base64(48) for _ in range(9)), "\\n".join(made.base64(48) for _ in range(9))):
        for text in (f"k: |\n  -----BEGIN RSA PRIVATE KEY-----\n{key}\n-----END RSA PRIVATE KEY-----\nb: 1\n",
                     f"k: '-----BEGIN PRIVATE KEY-----\\n{key}"):  # fmt: skip
            shown = masked(text)
            assert not any(line in shown for line in key.replace("\\n", "\n").split("\n"))
            assert shown.endswith(")\nb: 1\n") or shown.endswith(")")
    encoded = base64.b64encode(f"-----BEGIN PRIVATE KEY-----\n{key}".encode()).decode()
    assert masked(f"k: {encoded}") == "k: (not shown)"


def _seconds(text: str) -> float:
    began = time.process_time()
    credentials(text)
    return time.process_time() - began


def _same(one: str, other: str) -> bool:
    """Whether what was found is the credential, or so much of it that the rest is none."""
    return one in other or other in one


def test_an_option_after_the_name_of_a_secret_is_no_value_of_it() -> None:
    command = "# kubectl create secret generic my-s3-credentials --from-literal=accessKey="

    assert found(Sample("comment", f"{command}<YOUR-ACCESS-KEY>", "")) == []
    assert found(Sample("comment", f"{command}kD93jfQw8sLm2xPz7Rt4", "")) == ["kD93jfQw8sLm2xPz7Rt4"]
