"""Invented speakers: a seeded generator of 32x32 log-spectrograms whose only lasting difference is the voice.

A voice is a pitch, three vocal-tract factors (one a formant), a spectral tilt and a jitter. An utterance is a random
sequence of vowels said by a voice with its own intonation, noise and gain, so that what is said, how loud and in what
room tells nothing about who speaks. The spectrum is made directly, harmonic by harmonic, as in source-filter synthesis
(Fant 1960); the vowels' formants are rounded from Peterson and Barney (1952).
"""

from __future__ import annotations

import hashlib
from dataclasses import astuple, dataclass

import numpy as np

SIZE = 32
LOWEST_HZ, HIGHEST_HZ = 80.0, 4200.0
FLOOR_DB, CEILING_DB = -30.0, 60.0
FORMANTS_HZ = np.array(
    [[280, 2250, 2900], [400, 2000, 2550], [530, 1850, 2500], [660, 1700, 2400], [730, 1100, 2450], [570, 850, 2400],
     [440, 1000, 2250], [310, 870, 2250]]
)  # fmt: skip
BANDWIDTHS_HZ = np.array([80.0, 110.0, 160.0])
HARMONICS = np.arange(1, 41)
BAND_CENTRES = np.geomspace(LOWEST_HZ, HIGHEST_HZ, SIZE)
BAND_WIDTH_OCTAVES = np.log2(HIGHEST_HZ / LOWEST_HZ) / SIZE


@dataclass(frozen=True)
class Voice:
    """What stays the same whenever one speaker speaks: `pitch` in Hz, `tilt` in dB an octave, `jitter` as a share."""

    pitch: float
    tract: tuple[float, float, float]
    tilt: float
    jitter: float

    @property
    def name(self) -> str:
        """A short name that only this voice has, so that a class is never mistaken for another seed's."""
        return "voice-" + hashlib.sha256(repr(astuple(self)).encode()).hexdigest()[:6]


def voice(rng: np.random.Generator) -> Voice:
    """Draw one voice."""
    tract = rng.normal(1.0, 0.08) * rng.normal(1.0, 0.05, size=3)
    return Voice(
        pitch=float(np.exp(rng.uniform(np.log(95), np.log(230)))),
        tract=tuple(float(factor) for factor in tract),
        tilt=float(rng.uniform(-13, -6)),
        jitter=float(rng.uniform(0.004, 0.03)),
    )


def utterances(speaker: Voice, count: int, rng: np.random.Generator) -> np.ndarray:
    """Let `speaker` say `count` random things: decibels, shaped [count, 32 bands, 32 frames, 1], high bands first."""
    pitch = speaker.pitch * _intonation(count, rng) * (1 + rng.normal(0, speaker.jitter, (count, SIZE)))
    formants = _formant_tracks(count, rng) * np.array(speaker.tract)
    power = _bands(pitch, _harmonic_power(pitch, formants, speaker.tilt))
    room = rng.uniform(-8, 4, (count, 1, 1)) + rng.normal(0, 2.0, (count, SIZE, SIZE))
    decibels = (
        10 * np.log10(power + 10 ** (room / 10)) + rng.normal(0, 1.5, power.shape) + rng.normal(0, 5, (count, 1, 1))
    )
    return np.clip(decibels.round(1), FLOOR_DB, CEILING_DB).transpose(0, 2, 1)[:, ::-1, :, None].astype(np.float32)


def _intonation(count: int, rng: np.random.Generator) -> np.ndarray:
    """Pitch over time as a factor: a level for the utterance, a slope and one slow wave, shaped [count, frames]."""
    time = np.linspace(-0.5, 0.5, SIZE)
    level, slope = rng.normal(0, 0.07, (count, 1)), rng.normal(-0.1, 0.15, (count, 1))
    wave = rng.normal(0, 0.06, (count, 1)) * np.sin(2 * np.pi * (time + rng.uniform(0, 1, (count, 1))))
    return np.exp(level + slope * time + wave)


def _formant_tracks(count: int, rng: np.random.Generator) -> np.ndarray:
    """Four random vowels an utterance, gliding into one another, shaped [count, frames, 3]."""
    spoken = np.log(FORMANTS_HZ)[rng.integers(0, len(FORMANTS_HZ), (count, 4))]
    spoken = spoken + rng.normal(0, 0.04, spoken.shape)
    position = np.sort(rng.uniform(0, 3, (count, SIZE)), axis=1)
    left = np.minimum(position.astype(int), 2)
    share = np.clip((position - left - 0.3) / 0.4, 0, 1)[..., None]
    rows = np.arange(count)[:, None]
    return np.exp(spoken[rows, left] * (1 - share) + spoken[rows, left + 1] * share)


def _harmonic_power(pitch: np.ndarray, formants: np.ndarray, tilt: float) -> np.ndarray:
    """Power of every harmonic after glottis and vocal tract, shaped [count, frames, harmonics]."""
    frequency = pitch[..., None] * HARMONICS
    glottis = 10 ** ((30 + tilt * np.log2(HARMONICS)) / 10)
    distance = (frequency[..., None] - formants[:, :, None, :]) / BANDWIDTHS_HZ
    resonance = (np.array([1.0, 2.0, 4.0]) / (1 + distance**2)).sum(axis=-1) + 0.003
    return glottis * resonance * (frequency < HIGHEST_HZ * 1.2)


def _bands(pitch: np.ndarray, power: np.ndarray) -> np.ndarray:
    """Gather harmonics into log-spaced bands, shaped [count, frames, bands]."""
    octaves = np.log2(pitch[..., None] * HARMONICS)
    out = np.empty((*pitch.shape, SIZE))
    for band, centre in enumerate(np.log2(BAND_CENTRES)):
        weight = np.exp(-0.5 * ((octaves - centre) / (0.6 * BAND_WIDTH_OCTAVES)) ** 2)
        out[..., band] = (power * weight).sum(axis=-1)
    return out
