"""Labels that the other texts speak against: confident learning (Northcutt, Jiang and Chuang 2021).

A text is suspicious where a classifier that has not seen it gives another class a probability that is as high as that
of texts which bear that class. The classifier is naive Bayes on words, as fast as counting; it makes mistakes of its
own, so the share of suspicious labels is never 0, and what counts is whether it is high.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.naive_bayes import MultinomialNB
from sklearn.pipeline import make_pipeline

from text_classifier.tokenizer import words_of

if TYPE_CHECKING:
    from text_classifier.dataset import Part

FOLDS = 5


@dataclass(frozen=True)
class Suspicions:
    """The share of the labels that other texts speak against, and the places of these, the clearest first."""

    share: float
    places: list[int]
    others: list[int]  # the class that the others speak for, one a place


def suspicious(part: Part, seed: int) -> Suspicions:
    """Judge each label of a part by a classifier of the other folds' texts."""
    labels = np.asarray(part.labels)
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=seed)
    judge = make_pipeline(CountVectorizer(analyzer=words_of), MultinomialNB())
    probabilities = cross_val_predict(judge, list(part.texts), labels, cv=folds, method="predict_proba")
    own = np.array([probabilities[labels == label, label].mean() for label in range(probabilities.shape[1])])
    confident = np.where(probabilities >= own, probabilities, 0)
    best = confident.argmax(axis=1)
    places = np.flatnonzero((confident.max(axis=1) > 0) & (best != labels))
    ordered = places[np.argsort(-probabilities[places, best[places]], kind="stable")]
    return Suspicions(len(places) / len(labels), ordered.tolist(), best[ordered].tolist())
