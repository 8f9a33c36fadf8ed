"""What Jobs, CronJobs and Deployments must hold beside a pod that is right."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from generators.checks.kubernetes.pods import pod
from generators.checks.kubernetes.selectors import matches, selector
from generators.cron.problems import problem as cron_problem
from generators.cron.problems import timezone_problem
from generators.inventory.paths import KeyPath
from generators.inventory.problem import Problem

Object = dict[str, Any]


def cron_job(spec: Object, path: KeyPath) -> Iterator[Problem]:
    """When it fires, and the Job that it makes."""
    schedule = spec.get("schedule", "")
    if "TZ" in schedule:
        message = "a time zone does not belong into the schedule"
        yield Problem((*path, "schedule"), "schedule", message, schedule, fix="write it as timeZone")
    elif problem := cron_problem(schedule):
        yield Problem((*path, "schedule"), "schedule", problem, schedule, fix="for example 0 4 * * 1, Mondays at four")
    zone = spec.get("timeZone")
    if zone is not None and (problem := "is empty" if not zone else timezone_problem(zone)):
        yield Problem((*path, "timeZone"), "timezone", problem, zone, fix="for example Europe/Berlin")
    template = spec.get("jobTemplate") or {}
    inner = template.get("spec") or {}
    for field in ("selector", "manualSelector"):
        if inner.get(field) and (field == "manualSelector" or "selector" in inner):
            message = "is made by Kubernetes for each Job, so a template may not have it"
            yield Problem((*path, "jobTemplate", "spec", field), "selector", message, fix="remove it")
    yield from _job(inner, (*path, "jobTemplate", "spec"))


def job(spec: Object, path: KeyPath) -> Iterator[Problem]:
    """A Job of its own."""
    if spec.get("selector") and not spec.get("manualSelector"):
        message = "is made by Kubernetes; with one of its own a Job needs manualSelector: true"
        yield Problem((*path, "selector"), "selector", message, fix="remove it")
    yield from _job(spec, path)


def _job(spec: Object, path: KeyPath) -> Iterator[Problem]:
    template = spec.get("template") or {}
    restart = (template.get("spec") or {}).get("restartPolicy") or "Always"
    if restart not in ("OnFailure", "Never"):
        where = (*path, "template", "spec", "restartPolicy")
        message = "a Job's pods end, so they are not always restarted"
        yield Problem(where, "restart-policy", message, restart, "OnFailure, Never", "write restartPolicy: Never")
    if spec.get("completionMode") == "Indexed" and spec.get("completions") is None:
        yield Problem(path, "completions", "an indexed Job says how many completions it has", fix="add completions: 1")
    if spec.get("podFailurePolicy") and restart != "Never":
        where = (*path, "template", "spec", "restartPolicy")
        yield Problem(where, "restart-policy", "podFailurePolicy wants pods that are not restarted", restart, "Never")
    yield from _failure_policy(spec.get("podFailurePolicy") or {}, (*path, "podFailurePolicy"))
    yield from pod(template.get("spec") or {}, (*path, "template", "spec"))


def _failure_policy(policy: Object, path: KeyPath) -> Iterator[Problem]:
    """What a Job makes of pods that fail: by the status that they exit with, or by their conditions."""
    for at, rule in enumerate(policy.get("rules") or ()):
        where, codes = (*path, "rules", at), rule.get("onExitCodes")
        if bool(codes) == bool(rule.get("onPodConditions")):
            message = "a rule is about exit codes or about conditions of pods, and about one of them"
            yield Problem(where, "several", message, fix="keep onExitCodes or onPodConditions")
        if codes and codes.get("operator") not in ("In", "NotIn"):
            said = (str(codes.get("operator")), "In, NotIn")
            yield Problem((*where, "onExitCodes", "operator"), "enum", "not one of the values that are allowed", *said)
        elif codes and codes["operator"] == "In" and 0 in (codes.get("values") or ()):
            yield Problem((*where, "onExitCodes", "values"), "codes", "0 is no failure, so In does not take it", "0")
        if codes and not codes.get("values"):
            yield Problem((*where, "onExitCodes"), "codes", "no status that it is about", fix="add values: [1]")


def deployment(spec: Object, path: KeyPath) -> Iterator[Problem]:
    """Its selector must be that of its pods, which are always restarted."""
    template, wanted = spec.get("template") or {}, spec.get("selector") or {}
    yield from selector(wanted, (*path, "selector"))
    if not wanted.get("matchLabels") and not wanted.get("matchExpressions"):
        yield Problem((*path, "selector"), "selector", "an empty selector is that of every pod", fix="add matchLabels")
    elif not matches(wanted, (template.get("metadata") or {}).get("labels") or {}):
        labels = (template.get("metadata") or {}).get("labels") or {}
        message = "the selector does not select the pods of the template"
        found = ", ".join(f"{key}: {value}" for key, value in labels.items()) or "no label"
        allowed = ", ".join(f"{key}: {value}" for key, value in (wanted.get("matchLabels") or {}).items())
        where = (*path, "template", "metadata", "labels")
        yield Problem(where, "selector", message, found, allowed, "give the template the labels of the selector")
    inner = template.get("spec") or {}
    if (inner.get("restartPolicy") or "Always") != "Always":
        where = (*path, "template", "spec", "restartPolicy")
        yield Problem(where, "restart-policy", "a Deployment's pods run for ever", inner["restartPolicy"], "Always")
    if inner.get("activeDeadlineSeconds") is not None:
        where = (*path, "template", "spec", "activeDeadlineSeconds")
        yield Problem(where, "deadline", "a Deployment's pods run for ever, without a deadline", fix="remove it")
    yield from pod(inner, (*path, "template", "spec"))
