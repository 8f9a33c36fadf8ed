"""One process of a distributed training: `python -m text_classifier.worker FOLDER`, its place in TF_CONFIG.

The folder holds what `workfolder` wrote; of all processes the master, or the first worker where there is none, writes
the result. https://www.tensorflow.org/tutorials/distribute/multi_worker_with_keras#multi-worker_configuration
"""

from __future__ import annotations

import sys
from pathlib import Path

from graft_steps import say

from text_classifier import workfolder
from text_classifier.cluster import Place


def main(folder: Path) -> None:
    """Take the part that TF_CONFIG gives this process."""
    place = Place.from_variable()
    if not place.trains:
        say(f"{place}: a mirrored strategy needs none, so it waits until the master has written the result")
        workfolder.wait(folder)
        return
    work = workfolder.read(folder)
    # The strategy must be there before TensorFlow does anything else.
    from graft_steps.tensorflow_runtime import tf

    strategy = tf.distribute.MultiWorkerMirroredStrategy()

    from text_classifier import mirrored

    made, fitted = mirrored.fit(work, strategy, place, say)
    if place.writes:
        workfolder.write_result(made, fitted, strategy.num_replicas_in_sync, folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
