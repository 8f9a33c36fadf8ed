"""What goes wrong, by what to do about it.

OperationsError       said as it is, exit status 2
  Refused             trying again changes nothing: the request itself is wrong
  Unreachable         tried again and again, in vain
  Conflict            somebody else was quicker: look again
CouldNotCheck         what would have to be known before anything is deleted
"""

from __future__ import annotations


class OperationsError(Exception):
    """Its text is what a person reads: the place, the problem, the next step."""


class Refused(OperationsError):
    """An engine will not start this run, however often it is asked."""


class Unreachable(OperationsError):
    """An API did not answer for as long as there was patience."""


class Conflict(OperationsError):
    """A record has changed since it was read."""


class CouldNotCheck(OperationsError):
    """What names a version cannot be read, so that none may be deleted."""


class Unanswered(Exception):
    """KFP's API has not done what it was asked; `status` is HTTP's, 0 where nothing has answered."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
