"""What the network sees: ink on nothing, whatever paper and camera; and other views that stay readable."""

from __future__ import annotations

import numpy as np
from data_centric import examples, numerals
from data_centric.augmenting import ROTATION, ZOOM, Views, augmented
from data_centric.preprocessing import ink, median, prepared, reshaped
from graft_steps.tensorflow_runtime import tf

RAW = np.stack([numerals.write(label, numerals.hand(3), 900 + i) for i, label in enumerate(numerals.CLASSES)])[
    ..., None
]


def test_the_median_is_that_of_nine_neighbours() -> None:
    noise = np.random.default_rng(1).uniform(0, 255, (2, 64, 64, 1)).astype(np.float32)
    edged = np.pad(noise, ((0, 0), (1, 1), (1, 1), (0, 0)), "symmetric")
    around = [edged[:, down : down + 64, right : right + 64] for down in range(3) for right in range(3)]
    np.testing.assert_array_equal(median(tf.constant(noise)).numpy(), np.median(around, axis=0))


def test_single_specks_vanish() -> None:
    plain = np.full((1, 64, 64, 1), 200, np.float32)
    plain[0, 20, 20] = plain[0, 40, 11] = 0
    assert np.ptp(prepared(tf.constant(plain)).numpy()) == 0


def test_ink_is_what_is_darker_than_the_paper_around_it() -> None:
    for paper, pen in ((240, 30), (160, 60)):
        image = np.full((1, 64, 64, 1), paper, np.float32)
        image[0, 10:50, 30:33] = pen
        found = ink(tf.constant(image)).numpy()[0, ..., 0]
        assert found[30, 31] == 1 and found[30, 10] == 0


def test_a_shadow_and_another_brightness_change_little() -> None:
    plain = prepared(tf.constant(RAW, tf.float32)).numpy()
    shaded = RAW * 0.8 + np.linspace(0, 40, 64)[None, None, :, None]
    assert np.abs(prepared(tf.constant(shaded, tf.float32)).numpy() - plain).mean() < 0.02
    assert plain.shape == (10, 32, 32, 3) and 0.01 < plain.mean() < 0.3


def test_sizes_and_colours_are_made_one() -> None:
    colour = np.repeat(np.repeat(np.repeat(RAW[:1], 2, axis=1), 2, axis=2), 3, axis=3)
    found = prepared(tf.constant(colour, tf.float32)).numpy()
    np.testing.assert_allclose(found, prepared(tf.constant(RAW[:1], tf.float32)).numpy(), atol=0.6)
    assert np.abs(found - prepared(tf.constant(RAW[:1], tf.float32)).numpy()).mean() < 0.02


def test_dilation_adds_ink_and_erosion_takes_it() -> None:
    strokes = ink(median(tf.constant(RAW, tf.float32)))
    thick, plain, thin = (reshaped(strokes, tf.fill([10], how)).numpy() for how in (1.0, 0.0, -1.0))
    np.testing.assert_array_equal(plain, strokes.numpy())
    assert (thick >= plain).all() and (thin <= plain).all() and thick.sum() > 1.3 * plain.sum() > 1.3 * thin.sum()


def test_the_same_seed_gives_the_same_views_and_another_others() -> None:
    first, again, other = augmented(RAW, 5), augmented(RAW, 5), augmented(RAW, 6)
    np.testing.assert_array_equal(first, again)
    assert all(np.abs(one - two).max() > 0.2 for one, two in zip(first, other, strict=True))


def test_views_are_within_their_limits_and_use_them() -> None:
    views = Views.drawn(2000, 1)
    assert np.abs(np.rad2deg(views.angles)).max() <= ROTATION and np.abs(np.rad2deg(views.angles)).max() > 19
    assert views.zooms.min() >= ZOOM[0] and views.zooms.max() <= ZOOM[1]
    assert set(views.bolder) == {-1.0, 0.0, 1.0}
    assert np.abs(views.shifts).max() > 5.5 and np.ptp(views.lights) > 70


def test_a_turn_is_a_turn_around_the_middle() -> None:
    turned = Views(np.array([np.pi / 2]), np.ones(1), np.zeros((1, 2)), np.zeros(1), np.zeros(1)).transforms()[0]
    middle = np.array([31.5, 31.5])
    mapped = [turned[0] * 31.5 + turned[1] * 31.5 + turned[2], turned[3] * 31.5 + turned[4] * 31.5 + turned[5]]
    np.testing.assert_allclose(mapped, middle, atol=1e-4)


def test_examples_are_the_images_and_their_views() -> None:
    labels = np.arange(10)
    made = examples.make(list(RAW), labels, 2, 7)
    assert made.images.shape == (30, 32, 32, 1) and made.labels.tolist() == [*range(10)] * 3
    np.testing.assert_array_equal(made.images[:10], prepared(tf.constant(RAW, tf.float32)).numpy()[..., :1])
