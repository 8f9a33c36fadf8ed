"""Whether a name says that what it names is a credential: `DB_PASSWORD` and `apiKey` do, `max_tokens` does not."""

from __future__ import annotations

import re
from functools import lru_cache

_PARTS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")
_PASSWORDS = {
    "password", "passwd", "passphrase", "passcode", "pwd", "pass", "pw", "pswd", "psswd", "passwort", "kennwort",
}  # fmt: skip
_CREDENTIALS = _PASSWORDS | {
    "secret", "token", "credential", "credentials", "creds", "apikey", "accesskey", "secretkey", "privatekey", "pat",
    "apitoken", "accesstoken", "authtoken", "authkey", "authorization", "bearer", "dbpass", "userpass", "clientsecret",
    "webhook",
}  # fmt: skip
_KINDS_OF_KEYS = {
    "api", "access", "private", "secret", "signing", "encryption", "account", "auth", "master", "storage", "shared",
    "license", "service", "deploy", "ssh", "webhook", "hmac", "aes", "session", "subscription", "wandb", "openai",
    "app", "admin", "write", "sas", "crypt", "ingestion",
}  # fmt: skip
_SAYS_SOMETHING_ABOUT_IT = {
    "file", "files", "filename", "path", "dir", "folder", "url", "uri", "endpoint", "host", "name", "names", "ref",
    "reference", "id", "ids", "type", "kind", "length", "len", "count", "limit", "ttl", "seconds", "minutes", "days",
    "expiration", "expiry", "expires", "hash", "digest", "sha", "md", "checksum", "fingerprint", "policy", "version",
    "store", "provider", "manager", "mount", "volume", "class", "env", "variable", "field", "audience", "format",
    "prefix", "suffix", "header", "regex", "pattern", "schema", "rotation", "required", "enabled", "index", "embedding",
    "embeddings", "dim", "dims", "size", "vocab", "budget", "usage", "template", "namespace", "role", "scope", "scopes",
    "issuer", "algorithm", "method", "mode", "level", "source", "location", "request", "review", "controller", "syntax",
    "created", "updated", "set", "keys", "classes", "types", "reset", "rules", "hint", "label", "column", "ring",
    "threshold", "rate", "ratio", "score", "fraction", "percent", "through", "band", "criteria",
}  # fmt: skip
_NOT_OF_A_CREDENTIAL = {
    "public", "max", "min", "num", "n", "total", "next", "pad", "eos", "bos", "unk", "sep", "cls", "mask", "special",
    "stop", "page", "oov", "per", "automount", "first", "last", "image", "continuation", "padding", "separator", "of",
}  # fmt: skip
_KEYS_OF_DATA = {
    "cache", "primary", "foreign", "sort", "partition", "gpg", "kms", "host", "group", "row", "object", "shard",
    "state", "feature", "lookup", "dedup", "deduplication", "idempotency", "map", "config", "item", "join", "dict",
    "json", "yaml", "registry", "routing", "merge", "order", "natural", "surrogate", "composite", "unique", "run", "s",
    "file", "known", "hot", "arrow", "search", "translation", "i", "message", "event", "metric", "trace", "span",
    "commit", "image", "for", "parameter", "artifact", "output", "input",
}  # fmt: skip


@lru_cache(maxsize=4096)
def names_credential(name: str) -> bool:
    """Whether a name is that of a credential itself, and not of something about it."""
    parts = [part.lower() for part in _PARTS.findall(name) if not part.isdigit()]
    ends = [end for end in range(1, len(parts) + 1) if _is_credential(parts, end)]
    if not ends:
        return False
    after, before = parts[ends[-1] :], parts[: ends[-1]]
    return not (_SAYS_SOMETHING_ABOUT_IT & {*after} or _NOT_OF_A_CREDENTIAL & {*before})


@lru_cache(maxsize=4096)
def may_name_credential(name: str) -> bool:
    """Whether a name is that of some key, as KAGGLE_KEY is, or `auth`: of a credential where the value looks random."""
    parts = [part.lower() for part in _PARTS.findall(name) if not part.isdigit()]
    if not parts or (_NOT_OF_A_CREDENTIAL | _KEYS_OF_DATA) & {*parts[:-1]}:
        return False
    return parts[-1] == "auth" or (parts[-1] == "key" and len(parts) > 1)


@lru_cache(maxsize=4096)
def names_password(name: str) -> bool:
    """Whether a name is that of a password, which people choose: any word may be one."""
    parts = [part.lower() for part in _PARTS.findall(name)]
    return any(part in _PASSWORDS or part.endswith(("password", "passwd")) for part in parts)


def _is_credential(parts: list[str], end: int) -> bool:
    """Whether the part before `end`, or it with the one before, is a word for a credential."""
    last = parts[end - 1]
    if last == "key":
        return end > 1 and parts[end - 2] in _KINDS_OF_KEYS
    return last in _CREDENTIALS or last.endswith(("password", "passwd"))
