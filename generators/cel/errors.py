"""What goes wrong with an expression."""

from __future__ import annotations


class InvalidExpression(Exception):
    """An expression that does not compile: its syntax, its types, or a function that the release does not have.

    `line` and `column`, from 1, say where in the expression; 0 where that is not known.
    """

    def __init__(self, message: str, line: int = 0, column: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column


class NotKnown(InvalidExpression):
    """An expression whose value at the API server is not known here, which is said when it is compiled or asked."""


class EvaluationError(Exception):
    """An expression that has no value for what it was given; the message is cel-go's, as a cluster's clients see it."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Stopped(EvaluationError):
    """An expression whose evaluation ends at once, where no `||` helps it: cel-go itself fails there."""


def no_overload(function: str = "", *arguments: str) -> EvaluationError:
    """What cel-go says of arguments that a function does not take."""
    signature = f"({', '.join(arguments)})" if arguments else ""
    return EvaluationError(f"no such overload: {function}{signature}" if function else "no such overload")
