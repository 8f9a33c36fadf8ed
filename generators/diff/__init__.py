"""What a change does to every cluster, from two states of a repository: for a person who has to decide on it.

    model       the change as frozen values, which `text`, `markdown`, `json` and pages show
    state       one of two states: its objects, what its inputs say, its definitions
    loading     both states of a checkout
    comparison  from two sides to the change; no file is read
    leaves      where two trees differ, leaf by leaf
    objects     what is created, updated, replaced, deleted
    pipelines   one pipeline on one cluster: versions, values, steps
    tasks       what becomes of each step in the next run
    told        which leaves a line already speaks of; every other one has a line of its own
    runs        pipelines run on this machine before and after, and `measures` of the two
    sentence    the whole in one sentence

Whatever a render changes is named by some line: a false alarm is better than silence.
"""

from generators.diff.comparison import compare
from generators.diff.loading import changes

__all__ = ["changes", "compare"]
