"""The forms that services give their keys, as they publish them, so that a scanner finds them anywhere.

Sources: GitHub's and GitLab's lists of secret-scanning patterns, and the documentation of each service.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass

from generators.credentials.values import entropy


@dataclass(frozen=True)
class Form:
    """A service's key: what it is called, and what it looks like.

    The pattern is tried only where one of the `anchors` is in the text, which costs next to nothing.
    """

    rule: str
    what: str
    anchors: tuple[str, ...]
    pattern: re.Pattern[str]


def _form(rule: str, what: str, anchors: str, pattern: str) -> Form:
    return Form(rule, what, tuple(anchors.split()), re.compile(rf"(?<![A-Za-z0-9_]){pattern}"))


_BOUND = r"(?![A-Za-z0-9])"
_OF_A_KEY = r"[A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----"
_BETWEEN = r"(?:\\{1,4}[nr]|[\s\"'>|,#])"  # the lines of a key: of a file, or in one text
_HEADERS = rf"(?:{_BETWEEN}{{1,64}}[A-Za-z-]{{1,24}}: [^\n\\]{{1,80}}){{0,4}}"
_LINES = (
    rf"(?:{_BETWEEN}{{1,64}}[A-Za-z0-9+/=]{{16,8192}}){{0,512}}"
    rf"(?:{_BETWEEN}{{1,64}}[A-Za-z0-9+/=]{{1,15}}(?={_BETWEEN}{{1,64}}-----END))?"
    rf"(?:{_BETWEEN}{{0,64}}-----END{_OF_A_KEY})?"
)
FORMS = (
    _form("aws", "an access key id of AWS", "AKIA ASIA ABIA ACCA", rf"(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{{16}}{_BOUND}"),
    _form("github", "a token of GitHub", "ghp_ gho_ ghu_ ghs_ ghr_", rf"gh[pousr]_[A-Za-z0-9]{{36,251}}{_BOUND}"),
    _form("github", "a token of GitHub", "github_pat_", r"github_pat_[A-Za-z0-9_]{50,}"),
    _form("gitlab", "a token of GitLab", "glpat- gldt- glrt- glptt- glcbt- glsoat- glft- glimt- glagent- gloas-",
          r"gl(?:pat|dt|rt|ptt|cbt|soat|ft|imt|agent|oas)-[A-Za-z0-9_.-]{20,}"),
    _form("hugging-face", "a token of Hugging Face", "hf_", rf"hf_[A-Za-z0-9]{{30,}}{_BOUND}"),
    _form("hugging-face", "a token of Hugging Face", "api_org_", rf"api_org_[A-Za-z0-9]{{30,}}{_BOUND}"),
    _form("google", "an API key of Google", "AIza", r"AIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])"),
    _form("google", "an access token of Google", "ya29.", r"ya29\.[A-Za-z0-9_-]{20,}"),
    _form("google", "a refresh token of Google", "1//0", r"1//0[A-Za-z0-9_-]{40,}"),
    _form("google", "a client secret of Google", "GOCSPX-", r"GOCSPX-[A-Za-z0-9_-]{24,}"),
    _form("azure", "a key of Azure", "AccountKey= SharedAccessKey=",
          r"(?:AccountKey|SharedAccessKey)=[A-Za-z0-9+/%]{40,}={0,2}"),
    _form("azure", "a client secret of Azure", "8Q~", r"[A-Za-z0-9_~.-]{3}8Q~[A-Za-z0-9_~.-]{31,34}"),
    _form("private-key", "a private key", "PRIVATE", rf"-----BEGIN{_OF_A_KEY}{_HEADERS}{_LINES}"),
    _form("private-key", "a private key", "PuTTY-User-Key-File", r"PuTTY-User-Key-File-\d"),
    _form("private-key", "a private key of age", "AGE-SECRET-KEY-1", r"AGE-SECRET-KEY-1[A-Z0-9]{50,}"),
    _form("slack", "a token of Slack", "xox xapp-", r"(?:xox[a-z]|xapp)-[A-Za-z0-9-]{10,}"),
    _form("slack", "a webhook of Slack", "hooks.slack.com", r"hooks\.slack\.com/services/T\w+/B\w+/\w{16,}"),
    _form("discord", "a webhook of Discord", "/api/webhooks/", r"discord(?:app)?\.com/api/webhooks/\d+/[\w-]{32,}"),
    _form("teams", "a webhook of Microsoft Teams", "office.com/webhook",
          r"(?:[\w-]+\.webhook|outlook)\.office\.com/webhook[^\s\"'<>`]{32,512}"),
    _form("stripe", "a key of Stripe", "sk_live_ rk_live_ sk_test_ rk_test_", r"[sr]k_(?:live|test)_[A-Za-z0-9]{16,}"),
    _form("openai", "a key of OpenAI", "T3BlbkFJ", r"sk-[A-Za-z0-9_-]{0,100}T3BlbkFJ[A-Za-z0-9_-]{16,}"),
    _form("openai", "a key of OpenAI", "sk-proj- sk-svcacct-", r"sk-(?:proj|svcacct)-[A-Za-z0-9_-]{32,}"),
    _form("openai", "a key of OpenAI", "sk-", rf"sk-[A-Za-z0-9]{{40,}}{_BOUND}"),
    _form("anthropic", "a key of Anthropic", "sk-ant-", r"sk-ant-[a-z0-9]+-[A-Za-z0-9_-]{32,}"),
    _form("npm", "a token of npm", "npm_", rf"npm_[A-Za-z0-9]{{36}}{_BOUND}"),
    _form("pypi", "a token of PyPI", "pypi-AgE", r"pypi-AgE[A-Za-z0-9_-]{50,}"),
    _form("docker", "a token of Docker Hub", "dckr_", r"dckr_(?:pat|oat)_[A-Za-z0-9_-]{20,}"),
    _form("databricks", "a token of Databricks", "dapi", rf"dapi[0-9a-f]{{32}}(?:-\d)?{_BOUND}"),
    _form("grafana", "a token of Grafana", "glsa_ glc_", r"gl(?:sa|c)_[A-Za-z0-9+/=_]{32,}"),
    _form("vault", "a token of Vault", "hvs. hvb.", r"hv[sb]\.[A-Za-z0-9_-]{24,}"),
    _form("sendgrid", "a key of SendGrid", "SG.", r"SG\.[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{32,64}"),
    _form("digitalocean", "a token of DigitalOcean", "dop_v1_ doo_v1_", r"do[op]_v1_[0-9a-f]{64}"),
    _form("wandb", "a key of Weights & Biases", "wandb_v1_", r"wandb_v1_[A-Za-z0-9_]{40,}"),
    _form("jwt", "a signed token (JWT)", "eyJ", r"eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{16,}"),
    _form("sentry", "a token of Sentry", "sntrys_ sntryu_", r"sntry[su]_[A-Za-z0-9+/=_]{32,}"),
    _form("terraform", "a token of Terraform", ".atlasv1.", r"[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{40,}"),
    _form("newrelic", "a key of New Relic", "NRAK- NRII- NRIQ-", rf"NR(?:AK|II|IQ)-[A-Za-z0-9_-]{{24,}}{_BOUND}"),
    _form("mailgun", "a key of Mailgun", "key-", rf"key-[0-9a-f]{{32}}{_BOUND}"),
    _form("artifactory", "a token of Artifactory", "AKCp cmVmdGtuOj",
          rf"(?:AKCp|cmVmdGtuOj)[A-Za-z0-9]{{50,}}{_BOUND}"),
    _form("replicate", "a token of Replicate", "r8_", rf"r8_[A-Za-z0-9]{{30,}}{_BOUND}"),
    _form("pinecone", "a key of Pinecone", "pcsk_", r"pcsk_[A-Za-z0-9]{4,8}_[A-Za-z0-9]{40,}"),
    _form("langsmith", "a key of LangSmith", "lsv2_", rf"lsv2_(?:pt|sk)_[0-9a-f]{{32}}_[0-9a-f]{{10}}{_BOUND}"),
    _form("doppler", "a token of Doppler", "dp.", r"dp\.(?:st|pt|ct|sa|scim)\.(?:[a-z0-9_-]{2,35}\.)?[A-Za-z0-9]{40,}"),
    _form("pulumi", "a token of Pulumi", "pul-", rf"pul-[0-9a-f]{{40}}{_BOUND}"),
    _form("planetscale", "a credential of PlanetScale", "pscale_", r"pscale_(?:tkn|pw|oauth)_[A-Za-z0-9=._-]{32,}"),
    _form("heroku", "a key of Heroku", "HRKU-", r"HRKU-[A-Za-z0-9_-]{30,}"),
    _form("shopify", "a token of Shopify", "shpat_ shpca_ shppa_ shpss_",
          rf"shp(?:at|ca|pa|ss)_[0-9a-fA-F]{{32}}{_BOUND}"),
    _form("atlassian", "a token of Atlassian", "ATATT3 ATCTT3", r"AT[AC]TT3[A-Za-z0-9_=-]{60,}"),
    _form("airtable", "a token of Airtable", "pat", rf"pat[A-Za-z0-9]{{14}}\.[0-9a-f]{{64}}{_BOUND}"),
    _form("alibaba", "an access key id of Alibaba Cloud", "LTAI", rf"LTAI[A-Za-z0-9]{{16,24}}{_BOUND}"),
    _form("dynatrace", "a token of Dynatrace", "dt0c01.", r"dt0c01\.[A-Z0-9]{24}\.[A-Z0-9]{64}"),
    _form("telegram", "a token of Telegram", ":AA", r"\d{8,10}:AA[A-Za-z0-9_-]{32,}"),
)  # fmt: skip
_ENCODED_START = "LS0tLS1CRUdJTi"  # "-----BEGIN " in base64
_ENCODED = re.compile(rf"(?<![A-Za-z0-9+/]){_ENCODED_START}[A-Za-z0-9+/]{{20,65536}}={{0,2}}")
_LABEL = 88  # characters of base64, within which a key says what it is
# Most services write who they are, and then what is random: so is found what the list above does not know yet.
_PREFIXED = re.compile(
    r"(?<![A-Za-z0-9_+/=.:%@-])(?!sha\d|md5|ssh[-_])[a-z][a-z0-9]{1,9}(?P<separator>[_-])"
    r"(?:[a-z0-9]{1,8}(?P=separator)){0,2}(?P<random>[A-Za-z0-9_-]{32,200})(?![A-Za-z0-9+/=_.-])"
)
_RUN = re.compile(r"[A-Za-z0-9]+")
_RANDOM_RUN, _RANDOM_BITS = 12, 4.0
_EXAMPLE = "EXAMPLE"  # the key of AWS' documentation
_AWS_SECRET = re.compile(r"(?<![A-Za-z0-9+/=_.-])[A-Za-z0-9+/]{40}(?![A-Za-z0-9+/=_-])")
_AWS = re.compile(r"AKIA|ASIA|\baws|aws\b|secret.?access.?key", re.IGNORECASE)
_OF_AWS = ("aws", "Aws", "AWS", "AKIA", "ASIA", "ccess", "CCESS")  # one of these is in whatever `_AWS` finds
_NEAR = 300  # characters within which something must speak of AWS: its secret keys have no form of their own


def formed(text: str) -> Iterator[tuple[str, str, int, int]]:
    """(rule, what it is, start, end) of everything in a text that has the form of a key."""
    for form in FORMS:
        if any(anchor in text for anchor in form.anchors):
            for found in form.pattern.finditer(text):
                if not found[0].endswith(_EXAMPLE):
                    yield form.rule, form.what, found.start(), found.end()
    yield from _encoded_keys(text)
    yield from _prefixed(text)
    if any(word in text for word in _OF_AWS):
        yield from _aws_secrets(text)


def _encoded_keys(text: str) -> Iterator[tuple[str, str, int, int]]:
    for found in _ENCODED.finditer(text) if _ENCODED_START in text else ():
        label = found[0].rstrip("=")[:_LABEL]
        with_whole_groups = label[: len(label) // 4 * 4]
        try:
            decoded = base64.b64decode(with_whole_groups)
        except binascii.Error:
            continue
        if b"PRIVATE KEY" in decoded:
            yield "private-key", "a private key in base64", found.start(), found.end()


def _prefixed(text: str) -> Iterator[tuple[str, str, int, int]]:
    """A prefix, and at least 32 random characters after it: no name, no digest, no words."""
    for found in _PREFIXED.finditer(text):
        longest = max(_RUN.findall(found["random"]), key=len)
        if len(longest) >= _RANDOM_RUN and _is_mixed(longest) and entropy(found["random"]) >= _RANDOM_BITS:
            yield "service-key", "what has the form of a service's key", found.start(), found.end()


def _is_mixed(value: str) -> bool:
    return any(c.isdigit() for c in value) and any(c.islower() for c in value) and any(c.isupper() for c in value)


def _aws_secrets(text: str) -> Iterator[tuple[str, str, int, int]]:
    """Forty characters of base64 with everything in them, near to something that speaks of AWS."""
    for found in _AWS_SECRET.finditer(text):
        around = max(0, found.start() - _NEAR), found.end() + _NEAR
        if _is_mixed(found[0]) and len(set(found[0])) > 18 and _AWS.search(text, *around):
            yield "aws", "a secret access key of AWS", found.start(), found.end()
