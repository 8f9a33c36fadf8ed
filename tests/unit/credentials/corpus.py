"""Invented credentials where people leave them, and what looks like one and is none; by a seed, none of them real."""

# ruff: noqa: E501 (a sample is a line)
from __future__ import annotations

import base64
import hashlib
import random
import string
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass

LOWER, UPPER, DIGITS = string.ascii_lowercase, string.ascii_uppercase, string.digits
LETTERS, HEX = LOWER + UPPER, DIGITS + "abcdef"
NAMES = ("churn", "prices", "greet", "transfer-learning", "numerals", "embeddings", "sequence", "ranking", "ml-storage")
WORDS = ("model", "data", "train", "lake", "feature", "store", "batch", "online", "night", "river", "paper", "orange")
PASSWORDS = (
    "hunter2", "Sommer2026!", "swordfish", "tr0ub4dor&3", "letmein", "P@ssw0rd", "qwerty123", "s3cr3t-Pa55", "iloveml",
    "Welcome1", "correcthorse", "zx81spectrum", "4711-koeln", "blueOcean9", "monkey.99", "N0rthW1nd", "kj34kjh2", "abcd1234",
)  # fmt: skip


@dataclass(frozen=True)
class Sample:
    """A text as a file would hold it, the value that must be found in it ("" where nothing is), and its kind."""

    kind: str
    text: str
    value: str = ""
    code: bool = False


class Maker:
    """Invents texts by a seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def chars(self, alphabet: str, size: int) -> str:
        return "".join(self.random.choice(alphabet) for _ in range(size))

    def one(self, choices: tuple[str, ...] | list[str]) -> str:
        return self.random.choice(choices)

    def hex(self, size: int) -> str:
        return self.chars(HEX, size)

    def base64(self, size: int) -> str:
        return base64.b64encode(self.random.randbytes(size)).decode()


KEYS: dict[str, Callable[[Maker], str]] = {
    "aws id": lambda m: "AKIA" + m.chars(UPPER + "234567", 16),
    "github classic": lambda m: m.one(["ghp_", "gho_", "ghs_"]) + m.chars(LETTERS + DIGITS, 36),
    "github fine": lambda m: "github_pat_" + m.chars(LETTERS + DIGITS, 22) + "_" + m.chars(LETTERS + DIGITS, 59),
    "gitlab": lambda m: "glpat-" + m.chars(LETTERS + DIGITS + "-_", 20),
    "hugging face": lambda m: "hf_" + m.chars(LETTERS, 34),
    "google": lambda m: "AIza" + m.chars(LETTERS + DIGITS + "-_", 35),
    "google client": lambda m: "GOCSPX-" + m.chars(LETTERS + DIGITS, 28),
    "azure storage": lambda m: f"DefaultEndpointsProtocol=https;AccountName=mlstore;AccountKey={m.base64(64)}",
    "azure client": lambda m: m.chars(LETTERS, 3) + "8Q~" + m.chars(LETTERS + DIGITS, 34),
    "slack": lambda m: f"xoxb-{m.chars(DIGITS, 12)}-{m.chars(DIGITS, 12)}-{m.chars(LETTERS + DIGITS, 24)}",
    "openai": lambda m: "sk-proj-" + m.chars(LETTERS + DIGITS + "_-", 74) + "T3BlbkFJ" + m.chars(LETTERS + DIGITS, 20),
    "anthropic": lambda m: "sk-ant-api03-" + m.chars(LETTERS + DIGITS + "_-", 93) + "AA",
    "npm": lambda m: "npm_" + m.chars(LETTERS + DIGITS, 36),
    "pypi": lambda m: "pypi-AgEIcHlwaS5vcmc" + m.chars(LETTERS + DIGITS + "-_", 150),
    "stripe": lambda m: "sk_live_" + m.chars(LETTERS + DIGITS, 24),
    "databricks": lambda m: "dapi" + m.hex(32),
    "jwt": lambda m: ".".join(
        ["eyJ" + m.chars(LETTERS + DIGITS, 33), "eyJ" + m.chars(LETTERS, 60), m.chars(LETTERS, 43)]
    ),
    "vault": lambda m: "hvs." + m.chars(LETTERS + DIGITS, 90),
    "docker": lambda m: "dckr_pat_" + m.chars(LETTERS + DIGITS, 27),
    "new relic": lambda m: "NRAK-" + m.chars(UPPER + DIGITS, 27),
    "terraform": lambda m: m.chars(LETTERS + DIGITS, 14) + ".atlasv1." + m.chars(LETTERS + DIGITS + "-_", 62),
    "google refresh": lambda m: "1//0" + m.chars(LETTERS + DIGITS + "-_", 60),
    "mailgun": lambda m: "key-" + m.hex(32),
    "artifactory": lambda m: "AKCp" + m.chars(LETTERS + DIGITS, 69),
    "langsmith": lambda m: f"lsv2_pt_{m.hex(32)}_{m.hex(10)}",
    "doppler": lambda m: "dp.st.prd." + m.chars(LETTERS + DIGITS, 42),
    "shopify": lambda m: "shpat_" + m.hex(32),
    "atlassian": lambda m: "ATATT3xFfGF0" + m.chars(LETTERS + DIGITS + "-_", 180),
    "discord": lambda m: f"discord.com/api/webhooks/{m.chars(DIGITS, 18)}/{m.chars(LETTERS + DIGITS + '-_', 68)}",
    "a service": lambda m: m.chars(LOWER, 4) + m.one(["_", "-", "_v1_"]) + m.chars(LETTERS + DIGITS, 44),
}
PEM = ("RSA PRIVATE KEY", "EC PRIVATE KEY", "PRIVATE KEY", "OPENSSH PRIVATE KEY", "ENCRYPTED PRIVATE KEY")
ANYWHERE: tuple[Callable[[Maker, str], str], ...] = (
    lambda m, v: f"# left from a trial: {v}\n",
    lambda m, v: f"parameters:\n  note: {v}\n",
    lambda m, v: f'    "labels": {{"team": "{v}"}},\n',
    lambda m, v: f"RUN curl -H 'X-Key: {v}' https://hub.internal/models\n",
    lambda m, v: f'CLIENT = make("{v}", retries=3)\n',
    lambda m, v: f"args: [--endpoint, https://api.internal, --with, '{v}']\n",
    lambda m, v: f"metadata:\n  annotations:\n    note: first,{v},last\n",
    lambda m, v: f"data:\n  settings.ini: |\n    [hub]\n    value = {v}\n",
    lambda m, v: f"--extra-index-url https://{v}@pypi.internal/simple\n",
)
NAMED = (
    "DB_PASSWORD", "password", "MLFLOW_TRACKING_PASSWORD", "PGPASSWORD", "dbPassword", "redis_passwd", "admin-password",
    "POSTGRES_PASSWORD", "keystore.password", "PASSPHRASE", "smtpPassword", "S3_PASS",
)  # fmt: skip
NAMED_KEYS = (
    "API_TOKEN", "apiKey", "WANDB_API_KEY", "client_secret", "AWS_SECRET_ACCESS_KEY", "accessToken", "auth_token", "SECRET_KEY",
    "private_key", "ACCOUNT_KEY", "signing_key", "COMET_API_KEY", "AZURE_CLIENT_SECRET", "hub-token", "storageAccountKey",
)  # fmt: skip
AFTER_A_NAME: tuple[tuple[Callable[[str, str], str], bool], ...] = (
    (lambda n, v: f"parameters:\n  steps:\n    train:\n      env: {{{n}: '{v}'}}\n", False),
    (lambda n, v: f"env:\n  - name: {n}\n    value: \"{v}\"\n", False),
    (lambda n, v: f"env: [{{name: {n}, value: '{v}'}}]\n", False),
    (lambda n, v: f"ENV {n}={v}\n", False),
    (lambda n, v: f"ARG {n}={v}\n", False),
    (lambda n, v: f"export {n}='{v}'\n", False),
    (lambda n, v: f'    "{n}": "{v}",\n', True),
    (lambda n, v: f'"{n}": {{"defaultValue": "{v}", "parameterType": "STRING"}}', True),
    (lambda n, v: f"args: [\"--{n.lower()}\", \"{v}\"]\n", False),
    (lambda n, v: f"args:\n  - --{n.lower()}\n  - {v}\n", False),
    (lambda n, v: f"command: run --{n.lower()}={v} --fast\n", False),
    (lambda n, v: f"parameters:\n  {n}: {v}\n", False),
    (lambda n, v: f"  labels:\n    {n}: \"{v}\"\n", False),
    (lambda n, v: f'os.environ["{n}"] = "{v}"\n', True),
    (lambda n, v: f"{n.replace('-', '_').replace('.', '_')} = '{v}'\n", True),
    (lambda n, v: f"def connect(host: str, {n.replace('-', '_').replace('.', '_')}: str = \"{v}\") -> None: ...\n", True),
    (lambda n, v: f"login(user='ml', {n.replace('-', '_').replace('.', '_')}=\"{v}\")\n", True),
    (lambda n, v: f"os.environ.setdefault('{n}', '{v}')\n", True),
    (lambda n, v: f"data:\n  app.properties: |\n    {n} = {v}\n", False),
    (lambda n, v: f"<{n}>{v}</{n}>\n", False),
    (lambda n, v: f"stringData:\n  {n}: {v}\n", False),
    (lambda n, v: f"env:\n  - value: \"{v}\"\n    name: {n}\n", False),
    (lambda n, v: f"task.set_env_variable(name='{n}', value='{v}')\n", True),
)  # fmt: skip
URLS: tuple[Callable[[str], str], ...] = (
    lambda v: f"url: postgresql://mlflow:{v}@db.internal:5432/mlflow\n",
    lambda v: f"RUN git clone https://robot:{v}@git.internal/ml/data.git\n",
    lambda v: f"tracking = 'https://ml%3A{v}@mlflow.internal/'\n",
    lambda v: f"url: postgresql://db.internal/mlflow?user=ml&PASSWORD={v}\n",
    lambda v: f"# see https://models.internal/get?id=4711&token={v}\n",
    lambda v: f"--extra-index-url https://ml:{v}@pypi.internal/simple\n",
    lambda v: f"amqp: amqps://ml:{v}@queue.internal/%2f\n",
    lambda v: f"value: redis://:{v}@cache.internal:6379/0\n",
)
COMMANDS: tuple[tuple[Callable[[str], str], bool], ...] = (
    (lambda v: f"RUN curl -sSf -u robot:{v} https://nexus.internal/models\n", False),
    (lambda v: f'command: [sh, -c, "mysql -u root -p{v} -h db"]\n', False),
    (lambda v: f'args: [docker, login, -u, robot, "-p", "{v}", hub.internal]\n', False),
    (lambda v: f"RUN echo '{v}' | docker login -u robot --password-stdin hub.internal\n", False),
    (lambda v: f"RUN echo 'root:{v}' | chpasswd\n", False),
    (lambda v: f"RUN sshpass -p '{v}' scp hub:/model .\n", False),
    (lambda v: f"requests.get(url, auth=('robot', '{v}'))\n", True),
    (lambda v: f"server.login('robot@internal', \"{v}\")\n", True),
    (lambda v: f'psycopg2.connect("host=db user=ml password={v} dbname=x")\n', True),
)


def secrets(count: int, seed: int = 14) -> Iterator[Sample]:
    """So many samples with a credential each, of every kind in turn."""
    made = Maker(seed)
    for number in range(count):
        yield (_formed, _named_password, _named_key, _in_a_url, _private_key, _given)[number % 6](made)


def _formed(m: Maker) -> Sample:
    kind = m.one(list(KEYS))
    value = KEYS[kind](m)
    return Sample(kind, m.random.choice(ANYWHERE)(m, value), value)


def _named_password(m: Maker) -> Sample:
    return _named(
        m, "password", m.one(NAMED), m.one(PASSWORDS) if m.random.random() < 0.7 else m.chars(LETTERS + DIGITS, 12)
    )


def _named_key(m: Maker) -> Sample:
    shapes = (lambda: m.hex(32), lambda: m.hex(40), lambda: m.chars(LETTERS + DIGITS, 32), lambda: m.base64(30).rstrip("="),
              lambda: str(uuid.UUID(int=m.random.getrandbits(128))), lambda: m.chars(LOWER + DIGITS, 24))  # fmt: skip
    return _named(m, "key", m.one(NAMED_KEYS), m.random.choice(shapes)())


def _named(m: Maker, kind: str, name: str, value: str) -> Sample:
    form, code = m.random.choice(AFTER_A_NAME)
    return Sample(f"{kind} after a name", form(name, value), value, code)


def _in_a_url(m: Maker) -> Sample:
    value = m.one(("hunter2", "swordfish", "Sommer2026%21", "qwerty123", m.chars(LETTERS + DIGITS, 16), m.hex(32)))
    return Sample("in a URL", m.random.choice(URLS)(value), value)


def _given(m: Maker) -> Sample:
    value = m.one(("swordfish", "qwerty123", "s3cr3t-Pa55", "Welcome1", m.chars(LETTERS + DIGITS, 16)))
    form, code = m.random.choice(COMMANDS)
    return Sample("given to a command", form(value), value, code)


def _private_key(m: Maker) -> Sample:
    head = f"-----BEGIN {m.one(PEM)}-----"
    body = "\n".join(m.base64(48) for _ in range(4))
    forms = (f"key: |\n  {head}\n  {body}\n", f"KEY = '''{head}\n{body}\n'''\n", f'"key": "{head}\\n{m.base64(48)}\\n"')
    if m.random.random() < 0.25:
        value = base64.b64encode(f"{head}\n{body}\n".encode()).decode()
        return Sample("private key in base64", f"data:\n  tls.pem: {value}\n", value[:40])
    return Sample("private key", m.one(forms), head)


def benign(count: int, seed: int = 15) -> Iterator[Sample]:
    """So many samples without one, each like something that has one."""
    made = Maker(seed)
    for number in range(count):
        make = BENIGN[number % len(BENIGN)]
        text, code = make(made)
        yield Sample(f"benign {number % len(BENIGN)}", text, code=code)


def _sha(m: Maker) -> str:
    return hashlib.sha256(m.random.randbytes(8)).hexdigest()


BENIGN: tuple[Callable[[Maker], tuple[str, bool]], ...] = (
    lambda m: (f"image: registry.internal/ml/{m.one(NAMES)}@sha256:{_sha(m)}\n", False),
    lambda m: (f"images:\n  {m.one(NAMES)}: {{{m.hex(8)}: \"sha256:{_sha(m)}\"}}\n", False),
    lambda m: (f"{m.one(WORDS)}=={m.one(DIGITS)}.{m.one(DIGITS)} \\\n    --hash=sha256:{_sha(m)}\n", False),
    lambda m: (f"definition: {m.hex(10)}\nsource: {m.hex(40)}\n", False),
    lambda m: (f"uid: {uuid.UUID(int=m.random.getrandbits(128))}\n", False),
    lambda m: (f'"integrity": "sha512-{m.base64(64)}"\n', True),
    lambda m: (f"password: {{secret: {m.one(NAMES)}-database, key: password}}\n", False),
    lambda m: (f"credentials: {{secret: {m.one(NAMES)}, key: AWS_SECRET_ACCESS_KEY}}\n", False),
    lambda m: ("env:\n  - name: DB_PASSWORD\n    valueFrom:\n      secretKeyRef:\n        name: ml-db\n        key: password\n", False),
    lambda m: (f"secretName: {m.one(NAMES)}-tls-{m.hex(5)}\n", False),
    lambda m: (f"pull_secrets: [{m.one(NAMES)}-registry]\n", False),
    lambda m: (f"max_tokens: {m.chars('123456789', 4)}\ntokenizer: {m.one(WORDS)}-base-uncased\npad_token: \"[PAD]\"\n", False),
    lambda m: (f"cache_key: {_sha(m)}\nprimary_key: id\nforeign_key: {m.one(WORDS)}_id\n", False),
    lambda m: ("automountServiceAccountToken: false\nexpirationSeconds: 3600\n", False),
    lambda m: (f"# the password is taken from the Secret {m.one(NAMES)}, and the token is made by the cluster\n", False),
    lambda m: (f"password = os.environ[\"{m.one(WORDS).upper()}_PASSWORD\"]\n", True),
    lambda m: (f"def connect(user: str, password: str, token: str | None = None) -> {m.one(WORDS).title()}: ...\n", True),
    lambda m: (f"token = client.token({m.one(WORDS)})\nsecret = read(path)\n", True),
    lambda m: (f"PASSWORD=${{{m.one(WORDS).upper()}_PASSWORD}} TOKEN=$(cat /run/token)\n", False),
    lambda m: ("token: {{workflow.parameters.token}}\npassword: ${database:password}\n", False),
    lambda m: (f"url: https://{m.one(WORDS)}.internal:8443/v1/{m.one(NAMES)}?page=2&size=50&sort=name\n", False),
    lambda m: (f"url: postgresql://mlflow@db.{m.one(WORDS)}.internal:5432/mlflow\n", False),
    lambda m: (f"git@github.com:acme/{m.one(NAMES)}.git ssh://git@git.internal/{m.one(WORDS)}\n", False),
    lambda m: (f"TOKEN_FILE: /var/run/secrets/{m.one(NAMES)}/token\nSSL_KEY_PATH=/etc/ssl/private/key.pem\n", False),
    lambda m: (f'<img src="data:image/png;base64,{m.base64(90)}">\n', False),
    lambda m: ("-----BEGIN CERTIFICATE-----\n" + m.base64(48) + "\n-----END CERTIFICATE-----\n", False),
    lambda m: (f"-----BEGIN PUBLIC KEY-----\n{m.base64(48)}\n", False),
    lambda m: (f"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI{m.chars(LETTERS + DIGITS, 43)} ml@laptop\n", False),
    lambda m: (f"commit {m.hex(40)}\nAuthor: {m.one(WORDS)} <{m.one(WORDS)}@example.org>\n", False),
    lambda m: (f"vector: [0.{m.chars(DIGITS, 16)}, -0.{m.chars(DIGITS, 16)}]\n", False),
    lambda m: (f"token_hash: {_sha(m)}\npassword_policy: {m.one(WORDS)}\nsecret_version: 4\n", False),
    lambda m: (f"secretStoreRef: {{name: {m.one(NAMES)}, kind: ClusterSecretStore}}\n", False),
    lambda m: (f"remoteRef: {{key: ml/{m.one(NAMES)}, property: password}}\nsecretKey: {m.one(WORDS)}\n", False),
    lambda m: ("password: <your password>\ntoken: xxxxxxxxxxxxxxxx\napi_key: REDACTED\n", False),
    lambda m: (f"parser.add_argument('--token', help='the {m.one(WORDS)} token', default=None)\n", True),
    lambda m: (f"if not password:\n    raise ValueError('no password for {m.one(WORDS)}')\n", True),
    lambda m: (f"loss_key: {m.one(WORDS)}\nsort_keys: true\nkey: {m.one(WORDS)}/{m.hex(8)}.tfrecord\n", False),
    lambda m: (f"version: v{m.one(DIGITS)}.{m.one(DIGITS)}.{m.one(DIGITS)}\nmd5: {m.hex(32)}\netag: {m.hex(32)}\n", False),
    lambda m: (f"name: {m.one(NAMES)}-{m.hex(10)}\nnamespace: ml-{m.one(WORDS)}\nserviceAccountName: {m.one(NAMES)}-executor\n", False),
    lambda m: (f"pass_threshold: 0.{m.chars(DIGITS, 2)}\nsession_key: {m.one(WORDS)}-2026-05-01\n", False),
    lambda m: (f"GPG_KEY={m.hex(40).upper()}\nROUTING_KEY: {m.one(NAMES)}\nauth: oidc\n", False),
    lambda m: (f"curl -u \"$USER:$PASSWORD\" https://{m.one(WORDS)}.internal; docker login -u ml -p $TOKEN\n", False),
    lambda m: ("aws_access_key_id = AKIAIOSFODNN7EXAMPLE\n", False),
    lambda m: (f"requests.get(url, auth=(user, password))\nmodel = \"{m.one(WORDS)}-base-uncased-2026-05-01\"\n", True),
    lambda m: ("passes: 3\ncompass: north\nbypass: false\nkeyboard: qwerty\ntokens_per_second: 4711\n", False),
)  # fmt: skip
