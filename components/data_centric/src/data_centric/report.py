"""What a person reads at the end: pages with pictures, and a summary short enough for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graft_steps import reports

from data_centric import history
from data_centric.numerals import CLASSES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from graft_steps.gate import Decision

    from data_centric.evaluation import Evaluation
    from data_centric.history import Entry
    from data_centric.verdicts import Verdict

CLASS_HEADING = ("class", "right", "n", "95 % interval")


def class_rows(found: Evaluation) -> list[tuple[str, ...]]:
    """Accuracy of each class, in the columns of `CLASS_HEADING`."""
    return [
        (name, f"{each.value:.2f}", str(each.n), f"{each.low:.2f}-{each.high:.2f}")
        for name, each in found.by_class.items()
    ]


def suspicion(found: Evaluation) -> str:
    """How many labels are suspected, in a sentence."""
    suspected = found.suspected
    return (
        f"{suspected.right} of {suspected.n} training and validation images ({suspected.value:.1%}) are suspected of a "
        "wrong label: the network names another class"
    )


def page(found: Evaluation, drawn: Mapping[str, Path]) -> str:
    """The page of an evaluation; it needs no other file."""
    body = (
        reports.paragraph(f"Accuracy {found.accuracy} on the test; always the same class: {found.majority:.2f}."),
        reports.paragraph(f"{suspicion(found)}. They stand in errors.csv, whose category column is to be filled."),
        reports.paragraph(f"{reports.REPEATABLE}."),
        reports.table(CLASS_HEADING, class_rows(found)),
        *reports.figures(drawn),
        *reports.used(found.used),
    )
    return reports.page(f"Data version {found.used['data_version']}", body)


def history_page(entries: Sequence[Entry], drawn: Mapping[str, Path]) -> str:
    """The page of all runs."""
    body = (reports.table(history.HEADING, [entry.cells for entry in entries]), *reports.figures(drawn))
    return reports.page("Data versions", body)


def profile_page(version: str, profile: Mapping[str, Any], drawn: Mapping[str, Path]) -> str:
    """The page of a version's statistics, its anomalies and its drift."""
    statistics, before = profile["statistics"], profile["before"]
    counts = [(label, *(str(of["labels"].get(label, 0)) for of in statistics.values())) for label in CLASSES]
    features = [
        (
            name,
            *(
                f"{of['features'][name]['mean']:.3f} ± {of['features'][name]['deviation']:.3f}"
                for of in statistics.values()
            ),
        )
        for name in next(iter(statistics.values()))["features"]
    ]
    against = f"against data version {before}, the last good one" if before else "there is no good version before"
    issues = [(name, str(len(images)), ", ".join(images[:8])) for name, images in profile["issues"].items()]
    body = (
        reports.paragraph(f"Schema, anomalies and drift: {against}."),
        *[reports.paragraph(f"Anomaly: {text}.") for text in profile["anomalies"]],
        reports.table(("label", *statistics), counts),
        reports.table(("mean and deviation of", *statistics), features),
        reports.table(("issue that cleanvision sees", "images", ""), issues) if issues else "",
        *reports.figures(drawn),
    )
    return reports.page(f"Data version {version}: statistics", body)


def summary(
    found: Evaluation,
    verdicts: Mapping[str, Verdict],
    decision: Decision,
    entries: Sequence[Entry],
    places: Mapping[str, str],
) -> str:
    """Markdown for the end of a run; `places` says where things were put."""
    blocks = (
        f"**Accuracy {found.accuracy}** on the test; always the same class: {found.majority:.2f}.",
        "\n".join(f"- {name}: {verdict}" for name, verdict in verdicts.items()),
        f"Decision: {decision.reason}.",
        f"{suspicion(found)}.",
        history.table(entries),
        f"{reports.REPEATABLE}.",
        reports.places(places),
        "What to try next: fill the category column of errors.csv, and make the next version by "
        "`python -m data_centric.next_version`.",
    )
    accepted = "accepted" if decision.accepted else "not accepted"
    return reports.markdown(f"Data version {found.used['data_version']}: {accepted}", blocks)
