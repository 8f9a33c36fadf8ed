"""Questions to several places at once, each with an end, and why one went without an answer.

A thread that does not come back, as a credential plugin that waits for somebody, is left behind: it ends with graft.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable, Mapping
from typing import TypeVar

import httpx2
from lightkube import ApiError, SingleConfig
from lightkube.core.exceptions import ConfigError

from generators.errors import Unreached
from generators.live.kubeconfig import Kubeconfig
from generators.model import Cluster, Environment

Key = TypeVar("Key", bound=Hashable)
Answer = TypeVar("Answer")

REQUEST = 10.0  # seconds that one request may take
WHOLE = 30.0  # and all requests to one place
_TIMEOUT = f"it did not answer within {REQUEST:.0f} s"


def all_at_once(questions: Mapping[Key, Callable[[], Answer]], seconds: float = WHOLE) -> dict[Key, Answer | Unreached]:
    """The answer to each question, or why there is none; whatever else is raised is raised here."""
    answers: dict[Key, Answer | Unreached] = {}
    failures: list[BaseException] = []

    def ask(key: Key, question: Callable[[], Answer]) -> None:
        try:
            answers[key] = question()
        except Unreached as unreached:
            answers[key] = unreached
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=ask, args=item, daemon=True) for item in questions.items()]
    deadline = time.monotonic() + seconds
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))
    if failures:
        raise failures[0]
    late = Unreached(f"it did not answer within {seconds:.0f} s", "log in to it: a credential plugin may be waiting")
    return {key: answers.get(key, late) for key in questions}


def within(question: Callable[[], Answer], seconds: float = WHOLE) -> Answer:
    """The answer to one question; Unreached where there is none."""
    answer = all_at_once({"": question}, seconds)[""]
    if isinstance(answer, Unreached):
        raise answer
    return answer


def of_error(error: Exception, server: str, context: str) -> Unreached:
    """Why an API server gave no answer, and what to do, from what lightkube raised."""
    if isinstance(error, ApiError):
        return _refused(error, context)
    if isinstance(error, httpx2.TimeoutException):
        return Unreached(_TIMEOUT, f"is {server} reachable from here, by a VPN or a tunnel?")
    if isinstance(error, httpx2.HTTPStatusError):
        return Unreached(f"it answered {error.response.status_code}, not as an API server does", f"look at {server}")
    if isinstance(error, ConfigError | OSError | KeyError | ValueError):
        return Unreached(f"context {context}: {error}", "log in again, or mend the context's user in the kubeconfig")
    return Unreached(f"{server}: {error}", "is it up, and reachable from here?")


def context_of(known: Kubeconfig, environment: Environment, cluster: Cluster) -> SingleConfig:
    """The context of a declared cluster; Unreached where there is none."""
    if context := known.of_server(cluster.server, environment.namespace):
        return context
    reason = f"no context in {known.place} has the server {cluster.server}"
    raise Unreached(reason, "log in to it, or name another kubeconfig in KUBECONFIG")


ERRORS = (httpx2.HTTPError, httpx2.InvalidURL, ConfigError, OSError, KeyError, ValueError)


def _refused(error: ApiError, context: str) -> Unreached:
    message = error.status.message or "it answered with an error"
    if error.status.code == 401:
        return Unreached(f"it does not know the user of context {context}", "log in to the cluster again")
    if error.status.code == 403:
        return Unreached(message, f"ask for this right, or use a context of another user than {context}'s")
    return Unreached(message, "")
