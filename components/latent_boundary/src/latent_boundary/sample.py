"""The command line of the sampler: `python -m latent_boundary.sample --seeds 0-999 --generator linear ...`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from graft_steps import say
from graft_steps.checks import StepError, integer

from latent_boundary import generators, samples, seeds, settings


def main(arguments: list[str] | None = None) -> None:
    """Sample one shard; ends with status 1 and one message where it cannot."""
    parser = argparse.ArgumentParser(prog="python -m latent_boundary.sample", description="Sample pictures")
    parser.add_argument("--seeds", required=True, help="a range of seeds, both ends included: 350000-350999")
    parser.add_argument("--generator", required=True, help="linear, or the URI of a pickled StyleGAN3")
    parser.add_argument("--image-size", required=True, type=int, help="width and height in pixels")
    parser.add_argument("--pictures", required=True, type=Path, help="the folder to write pictures into")
    parser.add_argument("--latents", required=True, type=Path, help="the folder to write their latent codes into")
    given = parser.parse_args(arguments)
    try:
        wanted, size = seeds.parsed(given.seeds), settings.image_size(given.image_size)
        integer("seeds", len(wanted), 1, settings.MOST_IMAGES)
        with generators.opened(given.generator, size) as generator:
            different = samples.write(generator, wanted, size, given.pictures, given.latents)
    except StepError as problem:
        sys.exit(f"error: {problem}")
    say(f"{len(wanted)} pictures of {size} pixels, {different} of them different, seeds {given.seeds}")


if __name__ == "__main__":
    main()
