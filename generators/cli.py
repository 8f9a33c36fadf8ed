"""The command line: it finds the verb that was asked for in `verbs/`, and makes an exit status of how it ended.

0  fine    1  findings    2  bad use or unreadable input    3  a defect of graft itself
"""

from __future__ import annotations

import contextlib
import errno
import importlib
import os
import pkgutil
import signal
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException

from generators import options, verbs
from generators.errors import GraftError, Refused, RunFailed, Stale
from generators.model import Finding, Place
from generators.output.plain import printable
from generators.stages import STAGES, stage_of

_INTERRUPTED = 128 + signal.SIGINT
_WHERE = "check that it is there, and who may read and write it"
_HELP = {"help_option_names": ["-h", "--help"]}


class _Ended(SystemExit):
    """Somebody, or a terminal that is closed, has ended graft by a signal."""


class Verbs(TyperGroup):
    """The modules of `verbs/`, each with its `command`; only the one that is asked for is imported.

    What begins with `_` is a part of one.
    """

    def list_commands(self, ctx: Any) -> list[str]:
        names = (each.name for each in pkgutil.iter_modules(verbs.__path__))
        found = {name.replace("_", "-") for name in names if not name.startswith("_")}
        listed = [verb for each in STAGES.values() for verb in each if verb in found]
        return [*listed, *sorted(found - set(listed))]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in self.list_commands(ctx):
            return None
        module = importlib.import_module(f"{verbs.__name__}.{cmd_name.replace('-', '_')}")
        one = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
        panel = stage_of(cmd_name) or "more"
        one.command(cmd_name, rich_help_panel=panel, context_settings=_HELP)(module.command)
        return typer.main.get_command(one)


app = typer.Typer(cls=Verbs, no_args_is_help=True, context_settings=_HELP, pretty_exceptions_enable=False)


def _show_version(wanted: bool) -> None:
    if wanted:
        import importlib.metadata

        from generators.sandbox.held import at_hand

        print(f"graft {importlib.metadata.version('graft')}")
        print(f"pipelines' code is contained by: {at_hand().words()}")
        raise typer.Exit


@app.callback()
def graft(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and leave.")
    ] = False,
) -> None:
    """GitOps for machine-learning pipelines: one Git repository is the whole state of a fleet's pipelines.

    parameters → overlay → pipeline → manifest → validation → cluster
    """


def main() -> None:
    """Run the command line, with every error as a message and an exit status."""
    for ending in (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):  # as an exception, so that a run ends its steps
        if signal.getsignal(ending) is not signal.SIG_IGN:  # as under nohup
            signal.signal(ending, _end)
    try:
        _call()
    except Refused as refused:
        from generators.output import report

        form = options.wanted()
        stream = sys.stderr if form is options.FindingsOutput.TEXT else sys.stdout
        report.print_findings(refused.findings, stream, form, options.from_top(_root()))
        if refused.consequence:
            print(f"graft: {refused.consequence}", file=sys.stderr)
        sys.exit(refused.exit_status)
    except GraftError as error:
        _say(error)
        sys.exit(error.exit_status)
    except BrokenPipeError:  # whoever read the output has enough of it
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(128 + signal.SIGPIPE)
    except OSError as error:
        message = f"{error.filename or 'the disk'}: {error.strerror or error}"
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        _say(GraftError(message, "make room on that disk" if full else _WHERE))
        sys.exit(GraftError.exit_status)
    except KeyboardInterrupt:
        _say_interrupted()
        sys.exit(_INTERRUPTED)
    except _Ended:
        _say_interrupted()
        raise
    except Exception:
        print("graft: this is a defect of graft itself; please report it with what follows", file=sys.stderr)
        sys.excepthook(*sys.exc_info())
        sys.exit(3)


def _end(number: int, frame: object) -> None:
    raise _Ended(128 + number)


def _say_interrupted() -> None:
    with contextlib.suppress(OSError):  # of a terminal that was closed
        print("graft: interrupted; the steps that ran have been ended", file=sys.stderr, flush=True)


def _call() -> None:
    """Run the verb that was asked for; what is wrong with how it was called is a GraftError where JSON is wanted."""
    try:
        status = app(standalone_mode=False)
    except TyperException as error:
        if options.wanted() is not options.FindingsOutput.TEXT:
            raise GraftError(error.format_message(), "see --help") from None
        from typer.rich_utils import rich_format_error

        rich_format_error(error)
        sys.exit(error.exit_code)
    if status == _INTERRUPTED:  # which is all that typer leaves of a KeyboardInterrupt
        raise KeyboardInterrupt
    sys.exit(status if isinstance(status, int) else 0)


def _root() -> Path:
    """The folder that findings name files from: the repository, or where graft was called outside of any."""
    given = options.given_repository()
    try:
        return options.repository(given).root
    except GraftError:
        return given


def _say(error: GraftError) -> None:
    form = options.wanted()
    if form is not options.FindingsOutput.TEXT:
        from generators.output import report

        report.print_findings(_findings(error), sys.stdout, form, options.from_top(_root()))
    if form is options.FindingsOutput.JSON:
        return
    files = error.files if isinstance(error, Stale) else ()
    for line in (f"graft: {error.message}", *(f"  {file}" for file in files), error.fix and f"  {error.fix}"):
        if line:
            print(*map(printable, line.split("\n")), sep="\n", file=sys.stderr)


def _findings(error: GraftError) -> list[Finding]:
    """An error as programs read it: a finding for each file that is stale, for a step that failed, or for the whole."""
    if isinstance(error, Stale):
        message = "is not what its sources render"
        return [
            Finding("invalid", "rendered", "stale", Place(file), "", message, fix=error.fix) for file in error.files
        ]
    if isinstance(error, RunFailed):
        place = Place(str(error.log or ""), 0, 0)
        return [Finding("invalid", "run", "failed", place, error.step, error.reason, fix=error.fix)]
    return [Finding("invalid", "use", "refused", Place("", 0, 0), "", error.message, fix=error.fix)]


if __name__ == "__main__":
    main()
