"""The invented speakers: seeded, plausible, and told apart by voice only."""

from __future__ import annotations

import numpy as np
from transfer_learning import voices


def test_the_same_seed_gives_the_same_voice_and_the_same_words() -> None:
    made = [np.random.default_rng(5) for _ in range(2)]
    first, second = (voices.voice(rng) for rng in made)
    assert first == second
    np.testing.assert_array_equal(*(voices.utterances(first, 3, rng) for rng in made))


def test_voices_have_names_of_their_own() -> None:
    rng = np.random.default_rng(5)
    assert len({voices.voice(rng).name for _ in range(500)}) == 500


def test_an_utterance_is_a_spectrogram_in_the_range_that_is_declared() -> None:
    rng = np.random.default_rng(5)
    made = voices.utterances(voices.voice(rng), 20, rng)
    assert made.shape == (20, voices.SIZE, voices.SIZE, 1)
    assert made.min() >= voices.FLOOR_DB and made.max() <= voices.CEILING_DB
    assert made.std() > 5


def test_two_utterances_of_one_voice_differ() -> None:
    rng = np.random.default_rng(5)
    one, other = voices.utterances(voices.voice(rng), 2, rng)
    assert np.abs(one - other).mean() > 3


def test_a_high_voice_has_its_lowest_band_of_power_above_that_of_a_low_one() -> None:
    """The first rows are high bands, so the strongest row of a high voice is nearer to the first."""
    voice = voices.voice(np.random.default_rng(5))
    strongest = []
    for pitch in (100.0, 220.0):
        speaker = voices.Voice(pitch, voice.tract, -13.0, voice.jitter)
        made = voices.utterances(speaker, 40, np.random.default_rng(6))
        strongest.append(made.mean(axis=(0, 2, 3)).argmax())
    assert strongest[1] < strongest[0]
