"""Why a schedule is none, or would not mean the same to Kubernetes' CronJob and to Argo's CronWorkflow.

Both leave a schedule that they cannot read in the object, and start nothing. What only one of them takes, or each takes
in its own way, is refused too, as a pipeline's schedule is declared once for clusters of both kinds.
"""

from __future__ import annotations

import re
from zoneinfo import ZoneInfoNotFoundError

from generators.cron.grammar import Calendar, Every, NotASchedule, parse
from generators.cron.zones import zone

_LONGEST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)  # days of each month
_ZONE = re.compile(r"(CRON_)?TZ=")
# The schema of Argo's definition of a CronWorkflow: https://github.com/argoproj/argo-workflows/blob/v4.1.2/pkg/apis/
# workflow/v1alpha1/cron_workflow_types.go (Schedules)
_BLANKS = re.compile(r"@\S.*|(\S+[ \t]+){4}\S+", re.ASCII)


def problem(cron: str) -> str:
    """Why `cron` is not a schedule that both would fire at the same times, "" where it is one."""
    if _ZONE.match(cron):
        return f"{cron!r} holds a time zone, which CronJob refuses: it stands beside the schedule, as timezone"
    try:
        schedule = parse(cron)
    except NotASchedule as wrong:
        return str(wrong)
    if isinstance(schedule, Every):
        return _interval(cron)
    if not _BLANKS.fullmatch(cron):
        return f"{cron!r} has blanks other than those between its fields, which CronWorkflow refuses"
    return _never(schedule)


def timezone_problem(name: str) -> str:
    """Why `name` is not a time zone, "" where it is one, such as Europe/Berlin."""
    try:
        found = bool(name) and zone(name)
    except ZoneInfoNotFoundError:
        found = None
    return "" if found else f"{name!r} is not a time zone of the IANA database, such as Europe/Berlin or UTC"


def _interval(cron: str) -> str:
    """Why no interval is taken.

    CronJob counts it from the last job, and before the first one from the object's creation, and names a job by the
    minute, so that it does not keep to less. CronWorkflow counts it from when its controller last read the object: when
    that starts, after every change of the object, its status included, and every 20 minutes (cronWorkflowResyncPeriod
    in workflow/cron/controller.go), so that a longer interval never ends.
    """
    return (
        f"{cron} counts from another moment in CronJob than in CronWorkflow, which starts counting again every "
        "20 minutes: give minutes and hours, such as '*/30 * * * *'"
    )


def _never(calendar: Calendar) -> str:
    """Why days of a month never come; where days of the week are enough, these do."""
    first, longest = min(calendar.days), max(_LONGEST[month - 1] for month in calendar.months)
    if not calendar.both or first <= longest:
        return ""
    months = ", ".join(str(month) for month in sorted(calendar.months))
    return f"the day {first} never comes in the month {months}"
