"""Which generator is opened, and what is said where one cannot be."""

from __future__ import annotations

import importlib.util
import pickle
from pathlib import Path
from types import SimpleNamespace

import pytest
from graft_steps.checks import StepError
from latent_boundary import generators, stylegan
from latent_boundary.linear import Linear


def test_linear_is_opened_by_its_name() -> None:
    with generators.opened("linear", 48) as generator:
        assert (type(generator), generator.size) == (Linear, 48)


@pytest.mark.parametrize(
    ("name", "message"),
    [("linar", "did you mean 'linear'"), ("/nowhere/ffhq.pkl", "does not exist"), ("file:///nowhere/x.pkl", "exist")],
)
def test_what_is_not_there_is_refused(name: str, message: str) -> None:
    with pytest.raises(StepError, match=message), generators.opened(name, 32):
        pass


@pytest.mark.skipif(importlib.util.find_spec("torch") is not None, reason="this machine has PyTorch")
def test_a_pickled_stylegan3_says_what_the_image_must_hold(tmp_path: Path) -> None:
    (tmp_path / "ffhq.pkl").write_bytes(pickle.dumps({"G_ema": None}))
    with (
        pytest.raises(StepError, match=r"lacks torch, dnnlib, torch_utils\. Build .* PyTorch .* or set generator to"),
        generators.opened(str(tmp_path / "ffhq.pkl"), 256),
    ):
        pass


@pytest.mark.parametrize("content", [b"", b"no pickle", pickle.dumps([1]), pickle.dumps({"D": 1})])
def test_a_file_that_holds_no_generator_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "ffhq.pkl").write_bytes(content)
    with pytest.raises(StepError, match="is not a pickled StyleGAN3 with a G_ema"):
        stylegan._unpickled("ffhq.pkl", tmp_path / "ffhq.pkl")


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({"img_resolution": 512}, "image_size: ffhq.pkl makes pictures of 512 pixels; set image_size to 512"),
        ({"c_dim": 10}, "takes 10 labels"),
        ({"img_channels": 1}, "makes 1 channels"),
    ],
)
def test_a_generator_of_other_pictures_is_refused(facts: dict[str, int], message: str) -> None:
    found = SimpleNamespace(**{"img_resolution": 256, "c_dim": 0, "img_channels": 3, **facts})
    with pytest.raises(StepError, match=message):
        stylegan._check_network("ffhq.pkl", found, 256)


def test_only_the_linear_generator_has_planted_directions() -> None:
    assert set(generators.planted("linear")) == {"smile", "glasses", "hair", "beard"}
    assert generators.planted("/models/ffhq.pkl") == {}
