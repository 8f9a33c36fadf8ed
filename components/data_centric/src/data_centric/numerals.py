"""Roman numerals i to x as people write them: drawn with Pillow in several hands, each image from its own seed.

A hand is a person's way of writing: slant, pen, size, gaps, serifs, paper and ink. Every numeral is drawn anew in it,
with wobbling strokes, a place and a tilt of its own, blur and the noise of a camera.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

CLASSES = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")
SIDE = 64  # pixels of width and height
_FINE = 4  # strokes are drawn so many times larger, and made small again
_STROKES = {
    "i": (((0.5, 0.0), (0.5, 1.0)),),
    "v": (((0.0, 0.0), (0.5, 1.0)), ((0.5, 1.0), (1.0, 0.0))),
    "x": (((0.0, 0.0), (1.0, 1.0)), ((1.0, 0.0), (0.0, 1.0))),
}
_WIDTHS = {"i": 0.16, "v": 0.7, "x": 0.66}  # of a letter, as a share of its height
_POINTS = 6  # of a stroke, each of which wobbles


@dataclass(frozen=True)
class Hand:
    """One person's writing; lengths are shares of the image's side, `paper` and `ink` brightnesses up to 255."""

    height: float
    pen: float
    slant: float
    gap: float
    wobble: float
    serifs: bool
    paper: float
    ink: float
    blur: float
    noise: float

    @classmethod
    def drawn(cls, rng: np.random.Generator) -> Hand:
        """A hand by chance, within what can be read."""
        return cls(
            height=rng.uniform(0.36, 0.58),
            pen=rng.uniform(0.035, 0.085),
            slant=rng.uniform(-0.25, 0.35),
            gap=rng.uniform(0.08, 0.16),
            wobble=rng.uniform(0.006, 0.02),
            serifs=bool(rng.random() < 0.4),
            paper=rng.uniform(165, 245),
            ink=rng.uniform(15, 90),
            blur=rng.uniform(0.3, 1.1),
            noise=rng.uniform(4, 16),
        )


def hand(number: int) -> Hand:
    """The hand of a number, always the same."""
    return Hand.drawn(np.random.default_rng([17, number]))


def write(label: str, by: Hand, seed: int) -> np.ndarray:
    """One numeral by a hand, uint8 [64, 64]; the same seed gives the same image."""
    rng = np.random.default_rng([29, seed])
    strokes = _placed(_strokes(label, by, rng), rng)
    image = Image.new("L", (SIDE * _FINE, SIDE * _FINE), int(by.paper))
    pen = max(2, round(by.pen * rng.uniform(0.8, 1.2) * SIDE * _FINE))
    draw = ImageDraw.Draw(image)
    for stroke in strokes:
        points = [tuple(point) for point in stroke * SIDE * _FINE]
        draw.line(points, fill=int(by.ink), width=pen, joint="curve")
        for x, y in (points[0], points[-1]):
            draw.ellipse((x - pen / 2, y - pen / 2, x + pen / 2, y + pen / 2), fill=int(by.ink))
    small = image.resize((SIDE, SIDE), Image.Resampling.LANCZOS).filter(ImageFilter.GaussianBlur(by.blur))
    light = np.linspace(-1, 1, SIDE) * rng.uniform(-18, 18)  # a shadow from one side
    noisy = np.asarray(small, np.float64) + light[None, :] + rng.normal(0, by.noise, (SIDE, SIDE))
    return np.clip(noisy, 0, 255).astype(np.uint8)


def _strokes(label: str, by: Hand, rng: np.random.Generator) -> list[np.ndarray]:
    """The strokes of a numeral from its left end, [points, 2] each, in units of the image's side."""
    strokes, left = [], 0.0
    for letter in label:
        width = _WIDTHS[letter] * by.height * rng.uniform(0.85, 1.15)
        height = by.height * rng.uniform(0.88, 1.12)
        for start, end in _STROKES[letter]:
            strokes.append(_stroke(start, end, by, rng) * [width, height] + [left, by.height - height])
        if by.serifs and letter == "i":
            for level in (0.0, 1.0):
                strokes.append(
                    _stroke((0.0, level), (1.0, level), by, rng) * [width, height] + [left, by.height - height]
                )
        left += width + by.gap * rng.uniform(0.6, 1.4) * by.height * 1.6
    return [stroke + (by.height - stroke[:, 1:]) * [by.slant, 0.0] for stroke in strokes]


def _stroke(start: tuple[float, float], end: tuple[float, float], by: Hand, rng: np.random.Generator) -> np.ndarray:
    along = np.linspace(0, 1, _POINTS)[:, None]
    bow = np.sin(np.pi * along) * rng.normal(0, by.wobble * 2, 2)
    return np.asarray(start) * (1 - along) + np.asarray(end) * along + bow + rng.normal(0, by.wobble, (_POINTS, 2))


def _placed(strokes: list[np.ndarray], rng: np.random.Generator) -> list[np.ndarray]:
    """Strokes tilted a little and put somewhere near the middle, made smaller where they would not fit."""
    points = np.concatenate(strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    scale = min(1.0, 0.84 / (high - low).max())
    tilt = rng.normal(0, 0.07)
    turn = np.array([[np.cos(tilt), -np.sin(tilt)], [np.sin(tilt), np.cos(tilt)]])
    room = np.maximum(0.0, 0.9 - (high - low) * scale) / 2
    middle = 0.5 + rng.uniform(-1, 1, 2) * room * 0.6
    return [(stroke - (low + high) / 2) @ turn.T * scale + middle for stroke in strokes]
