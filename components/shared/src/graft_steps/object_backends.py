"""What an object store is made of: one file by key, in a folder of this machine or in a bucket that speaks S3.

An object's SHA-256 is kept as its metadata; S3 is also sent it as `x-amz-checksum-sha256`, and refuses a body that does
not match. https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
"""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import unquote, urlsplit

from graft_steps.checks import StepError

if TYPE_CHECKING:
    from collections.abc import Iterator

ATTEMPTS = 5  # of one request, with twice the wait before each, by botocore: on 5xx, throttling and lost connections
LARGEST = 5 * 1024**3  # bytes that S3 takes in one request
_MISSING = {"404", "NoSuchKey", "NotFound"}
_REFUSED = {"403", "401", "AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "Forbidden", "InvalidToken"}


class NotStored(KeyError):
    """There is nothing under a key."""


@dataclass(frozen=True)
class Stored:
    """What a store says of a file: its size in bytes and its SHA-256 in hexadecimal."""

    size: int
    sha256: str


def described(file: Path) -> Stored:
    """Size and checksum of a file."""
    with file.open("rb") as opened:
        return Stored(file.stat().st_size, hashlib.file_digest(opened, "sha256").hexdigest())


class Store(Protocol):
    """One file by key; NotStored where there is none, StepError where the store cannot be used."""

    def put(self, file: Path, key: str, sent: Stored) -> None:
        """Store a file with its checksum."""

    def get(self, key: str, file: Path) -> None:
        """Write what is stored to `file`."""

    def stat(self, key: str) -> Stored:
        """What is stored."""

    def folders(self, prefix: str) -> list[str]:
        """The names directly below a prefix, the first of them where there are many."""


def open_store(root: str) -> Store:
    """The store at a path, file:///path or s3://bucket/prefix."""
    parts = urlsplit(root)
    if parts.scheme == "s3" and parts.netloc:
        return S3Store(parts.netloc, parts.path.strip("/"))
    if parts.scheme in ("", "file"):
        return FileStore(Path(unquote(parts.path)))
    raise StepError(f"storage: {root!r} cannot be used; it must be a path, file:///path or s3://bucket/prefix")


class FileStore:
    """A folder of this machine."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, file: Path, key: str, sent: Stored) -> None:
        """Copy whole or not at all, so that nobody reads half a file."""
        target = self._root / key
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_name(f".{target.name}.{os.getpid()}")
        shutil.copyfile(file, partial)
        partial.replace(target)

    def get(self, key: str, file: Path) -> None:
        """Copy it out."""
        try:
            shutil.copyfile(self._root / key, file)
        except FileNotFoundError as missing:
            raise NotStored(key) from missing

    def stat(self, key: str) -> Stored:
        """Size and checksum of the file, read again."""
        if not (self._root / key).is_file():
            raise NotStored(key)
        return described(self._root / key)

    def folders(self, prefix: str) -> list[str]:
        """The folders below a prefix."""
        return sorted(path.name for path in (self._root / prefix).glob("*") if path.is_dir())[:20]


class S3Store:
    """A bucket. boto3 takes keys and endpoint from the usual AWS variables, and tries again by itself."""

    def __init__(self, bucket: str, prefix: str) -> None:
        import boto3  # a third of a second, which a store of files need not spend
        from botocore.config import Config

        self._bucket, self._prefix = bucket, f"{prefix}/" if prefix else ""
        how = Config(
            retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
            s3={"addressing_style": "path"},  # a store at host and port has no host name for each bucket
            connect_timeout=10,
            read_timeout=60,
        )
        region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or "us-east-1"
        self._client = boto3.Session().client("s3", config=how, region_name=region)

    def put(self, file: Path, key: str, sent: Stored) -> None:
        """One request for a file, whose body S3 checks itself."""
        if sent.size > LARGEST:
            raise StepError(f"{key}: {sent.size} bytes are more than the {LARGEST} of one upload: split the file")
        checksum = base64.b64encode(bytes.fromhex(sent.sha256)).decode()
        with file.open("rb") as body, self._explained(key):
            self._client.put_object(
                **self._at(key), Body=body, ChecksumSHA256=checksum, Metadata={"sha256": sent.sha256}
            )

    def get(self, key: str, file: Path) -> None:
        """Fetch it into a file; boto3 asks again where a connection ends early."""
        with self._explained(key):
            self._client.download_file(self._bucket, self._prefix + key, str(file))

    def stat(self, key: str) -> Stored:
        """Size and metadata."""
        with self._explained(key):
            found = self._client.head_object(**self._at(key))
            return Stored(found["ContentLength"], found["Metadata"].get("sha256", ""))

    def folders(self, prefix: str) -> list[str]:
        """The common prefixes below a prefix."""
        whole = self._prefix + prefix
        with self._explained(prefix):
            found = self._client.list_objects_v2(Bucket=self._bucket, Prefix=whole, Delimiter="/", MaxKeys=20)
            return [each["Prefix"].removeprefix(whole).rstrip("/") for each in found.get("CommonPrefixes", ())]

    def _at(self, key: str) -> dict[str, str]:
        return {"Bucket": self._bucket, "Key": self._prefix + key}

    @contextmanager
    def _explained(self, key: str) -> Iterator[None]:
        """Turn what botocore and urllib3 raise into what a person can act on."""
        from boto3.exceptions import RetriesExceededError
        from botocore import exceptions

        host = self._client.meta.endpoint_url
        try:
            yield
        except exceptions.ClientError as error:
            raise self._meaning(error.response["Error"]["Code"], error, key) from error
        except exceptions.NoCredentialsError as error:
            raise StepError(
                f"{host}: no keys: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set; name their Secret under "
                "storage.credentials of the environment"
            ) from error
        except (exceptions.HTTPClientError, exceptions.ConnectionError, RetriesExceededError) as error:
            raise StepError(
                f"{host}: no answer after {ATTEMPTS} attempts: {error}; AWS_ENDPOINT_URL says host and port"
            ) from error
        except exceptions.BotoCoreError as error:
            raise StepError(f"{host}: {key}: {error}") from error

    def _meaning(self, code: str, error: Exception, key: str) -> Exception:
        where = f"{self._client.meta.endpoint_url}/{self._bucket}"
        if code in _MISSING:
            return NotStored(key)
        if code == "NoSuchBucket":
            return StepError(f"{where}: there is no such bucket; storage.uri of the environment names it")
        if code in _REFUSED:
            return StepError(
                f"{where}: access refused ({code}): AWS_ACCESS_KEY_ID or AWS_SECRET_ACCESS_KEY is wrong, or may not do "
                f"this; both come from the Secret under storage.credentials of the environment"
            )
        return StepError(f"{where}: {key}: {error}, after {ATTEMPTS} attempts at the most; look at the store's log")
