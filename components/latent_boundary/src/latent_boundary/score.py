"""The command line of the classifier: `python -m latent_boundary.score --pictures FOLDER --attributes '["smile"]'`."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from graft_steps import say
from graft_steps.checks import StepError

from latent_boundary import classifiers, samples, scores, settings


def main(arguments: list[str] | None = None) -> None:
    """Score one shard; ends with status 1 and one message where it cannot."""
    parser = argparse.ArgumentParser(prog="python -m latent_boundary.score", description="Score pictures")
    parser.add_argument("--pictures", required=True, type=Path, help="a folder that the sampler wrote")
    parser.add_argument("--attributes", required=True, type=json.loads, help="a JSON list of names")
    parser.add_argument("--classifier", required=True, help="templates, or the URI of a folder with a Keras network")
    parser.add_argument("--scores", required=True, type=Path, help="the folder to write")
    given = parser.parse_args(arguments)
    try:
        names, shard = settings.attributes(given.attributes), samples.read_pictures(given.pictures)
        with classifiers.opened(given.classifier, shard.images.shape[1], names) as classifier:
            invalid = scores.write(shard, classifier, given.classifier, names, given.scores)
    except StepError as problem:
        sys.exit(f"error: {problem}")
    say(f"{len(shard.seeds)} pictures scored for {', '.join(names)}; {invalid} invalid scores")


if __name__ == "__main__":
    main()
