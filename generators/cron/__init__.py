"""Schedules: what an expression means, when it fires, what a change of the clocks does to it.

Kubernetes' CronJob and Argo's CronWorkflow both read expressions by https://github.com/robfig/cron v3.0.1, and a
declared schedule is to mean the same in both. This package is a port of that library's reading and reckoning:

    grammar       an expression as sets of minutes, hours, days and months
    problems      why a schedule is none, or not the same in both
    fire_times    when it fires
    clock_changes what a change of the clocks drops, doubles or adds, and which hours are safe
    warnings      that in words
    words         an expression in words

How the controllers call the library (Kubernetes v1.36.3, pkg/controller/cronjob; Argo Workflows v4.1.2, workflow/cron):

- Both write the zone before the expression: CronJob's `.spec.timeZone` as TZ=, CronWorkflow's `.spec.timezone` as
  CRON_TZ=, which are the same to the library. Without one each takes its own process's local time, which is UTC in
  their images and elsewhere on a controller that runs on a host; an object that says UTC depends on neither.
- CronWorkflow has a list, `.spec.schedules`; each is its own clock, and a Workflow is named by the second that it is
  for, so that two of them that agree start one. CronJob has one expression: a list takes a CronJob each.
- CronJob asks for the time after the last one for which it started a job. CronWorkflow asks for the time after now, and
  asks again whenever its object changes and every 20 minutes. That makes no difference but where the library errs,
  after a gap of the clocks: see `clock_changes`.
- A time that a controller missed: CronJob starts the newest one late, whatever its age, unless
  `.spec.startingDeadlineSeconds` has passed; CronWorkflow starts it only where `.spec.startingDeadlineSeconds` is given
  and has not passed. Times for which the clocks changed are none: nobody makes up for them.
"""
