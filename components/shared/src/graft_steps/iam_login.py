"""Log in to a database of Cloud SQL as the service account that a step runs as, with no password kept anywhere.

The user of a service account is called as the account without `.gserviceaccount.com`, and its password is an access
token of the account, good for an hour: so each connection gets one of its own.
https://cloud.google.com/sql/docs/postgres/iam-logins
"""

from __future__ import annotations

import os
from typing import Any

from graft_steps.checks import StepError

PASSWORD = "PGPASSWORD"  # what libpq reads by itself
SCOPE = "https://www.googleapis.com/auth/sqlservice.login"
_USER = ".iam"  # how the user of a service account ends


def log_in(dialect: object, record: object, arguments: object, parameters: dict[str, Any]) -> None:
    """Give a new connection its password, where its user logs in by IAM; SQLAlchemy calls this before it connects.

    A password that is there, in the URL or for libpq, is left alone. StepError where there is no service account.
    """
    user = str(parameters.get("user") or parameters.get("username") or "")
    if user.endswith(_USER) and not parameters.get("password") and not os.environ.get(PASSWORD):
        parameters["password"] = _token(user)


def _token(user: str) -> str:
    """An access token of the account that the step runs as."""
    import google.auth
    from google.auth.exceptions import GoogleAuthError
    from google.auth.transport.requests import Request

    try:
        credentials, _ = google.auth.default(scopes=[SCOPE])
        credentials.refresh(Request())
    except GoogleAuthError as problem:
        raise StepError(
            f"the database's user {user} logs in by IAM, and there is no service account to do it as: run the step as "
            f"one on Google Cloud, or set {PASSWORD} ({problem})"
        ) from problem
    return credentials.token
