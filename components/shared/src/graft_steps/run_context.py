"""The context of a run, from the variables of its environment: where records and models go, and what is running."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from graft_steps import sqlite_file
from graft_steps.checks import StepError

if TYPE_CHECKING:
    from collections.abc import Mapping

VARIABLES = {
    "MLFLOW_TRACKING_URI": "the database URL of MLflow, such as sqlite:///.graft/mlflow.db",
    "STORAGE_URI": "where models and plots go, such as .graft/store or s3://bucket/prefix",
    "GRAFT_PIPELINE": "the name of the pipeline",
    "GRAFT_ENVIRONMENT": "the name of the environment",
    "GRAFT_DEFINITION": "the hash of the pipeline's definition",
    "GRAFT_IMAGE": "the image that the steps run in",
}
CONTINUED = "MLFLOW_RUN_ID"  # of a run that is there already, such as one that KFP has begun


@dataclass(frozen=True)
class RunContext:
    """Where a run happens; `storage` is a URI with a scheme or an absolute path, without a slash at its end.

    `run_id` is that of an MLflow run to be continued, "" where a run is still to be made.
    """

    tracking: str
    storage: str
    pipeline: str
    environment: str
    definition: str
    image: str
    run_id: str = ""

    @classmethod
    def from_variables(cls, variables: Mapping[str, str]) -> RunContext:
        """Read the environment variables; name all that are missing at once."""
        missing = [f"{name} ({meaning})" for name, meaning in VARIABLES.items() if not variables.get(name)]
        if missing:
            raise StepError(
                f"environment variables are not set: {'; '.join(missing)}. The overlay of the environment sets them."
            )
        tracking, storage, *rest = (variables[name] for name in VARIABLES)
        return cls(_with_driver(_with_folder(tracking)), _absolute(storage), *rest, variables.get(CONTINUED, ""))

    def models(self, name: str) -> str:
        """The folder under which all versions of a model stand."""
        return f"{self.storage}/models/{name}"

    def tags(self) -> dict[str, str]:
        """What a record says of where a run came from."""
        return {
            "graft.pipeline": self.pipeline,
            "graft.environment": self.environment,
            "graft.definition": self.definition,
            "graft.image": self.image,
        }


def _absolute(storage: str) -> str:
    return (storage if urlsplit(storage).scheme else str(Path(storage).absolute())).rstrip("/")


def _with_folder(tracking: str) -> str:
    """Make the folder of an SQLite file, which SQLite itself does not do."""
    if sqlite_file.is_file(tracking):
        Path(tracking.partition(":///")[2]).absolute().parent.mkdir(parents=True, exist_ok=True)
    return tracking


def _with_driver(tracking: str) -> str:
    """Name the PostgreSQL driver that the image has: by itself, SQLAlchemy 2.1 looks for another one, psycopg 3."""
    scheme, _, rest = tracking.partition("://")
    return f"postgresql+psycopg2://{rest}" if scheme == "postgresql" else tracking


def display_path(uri: str) -> str:
    """A path or URI as it is shown to people: relative to the working directory where it is below it."""
    path = Path(uri.removeprefix("file://"))
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else uri
