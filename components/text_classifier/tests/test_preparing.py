"""What is learnt from: dropped texts, the split, the tokenizer, and data that cannot be right."""

from __future__ import annotations

from pathlib import Path

import pytest
from graft_steps.checks import StepError
from text_classifier import dataset, language, tokenizer
from text_classifier.steps import preparing
from text_classifier_rows import TEST, TRAINING, Rows, prepare
from text_classifier_small import PREPARE


def test_empty_and_repeated_texts_are_dropped_and_counted(tmp_path: Path) -> None:
    repeated = (TRAINING[0][0].upper() + " !", TRAINING[0][1])
    data, numbers = prepare(tmp_path, [*TRAINING[:400], ("  ", "harbour"), ("?!", "harbour"), repeated])
    assert (numbers["empty_texts"], numbers["repeated_texts"]) == (2, 1)
    assert len(data.training.texts) + len(data.validation.texts) == 400
    assert len(data.validation.texts) == 80 and not set(data.validation.texts) & set(data.training.texts)


def test_the_tokenizer_knows_the_training_part_alone(tmp_path: Path) -> None:
    data, _ = prepare(tmp_path)
    words = {word for text in data.training.texts for word in tokenizer.words_of(text)}
    assert set(data.tokenizer.words) == words
    unknown = {word for text in data.validation.texts for word in tokenizer.words_of(text)} - words
    assert unknown and (data.numbers("validation")[0] == tokenizer.UNKNOWN).any()


def test_a_tokenizer_of_another_run_is_taken(tmp_path: Path) -> None:
    file = tmp_path / "tokenizer.json"
    file.write_text(tokenizer.Tokenizer(("b", "a", "c"), 9).as_text())
    data, _ = prepare(tmp_path, tokenizer_path=str(file), words=2)
    assert data.tokenizer == tokenizer.Tokenizer(("b", "a"), 9)
    for text in ("{", "{}", '{"words": ["Upper"], "length": 3}', '{"words": ["a", "a"], "length": 3}'):
        file.write_text(text)
        with pytest.raises(StepError, match="tokenizer_path: "):
            prepare(tmp_path, tokenizer_path=str(file))


def relabelled(label: str) -> Rows:
    return [(text, label) for text, _ in TRAINING]


@pytest.mark.parametrize(
    ("training", "test", "said"),
    [
        (
            TRAINING,
            [*TEST, TRAINING[5]],
            r"1 of 601 test texts stand in the training file too.* lines 602 \(training 7\)",
        ),
        ([], TEST, "the file has no rows"),
        ([("", "harbour")] * 6 + TRAINING[:5], TEST, "6 of 11 texts are empty: is text the column of the texts"),
        ([("same text", "harbour")] * 9, TEST, "all texts of the column text are the same"),
        ([(text, str(at)) for at, (text, _) in enumerate(TRAINING)], TEST, "fewer than 5 texts to learn from"),
        (relabelled("harbour"), TEST, "all texts of the training part are labelled 'harbour'"),
        (TRAINING, [*TEST, ("new words", "volcano")], "the label 'volcano' is not among the labels"),
        ([*TRAINING, (TRAINING[3][0], "other")], TEST, "this text is labelled 'other', and on line 5 '"),
        ([*TRAINING, ("words without a label", "")], TEST, "1 texts have no label in label"),
    ],
    ids=[
        "leak",
        "empty",
        "empty-texts",
        "constant",
        "wrong-column",
        "one-label",
        "unknown-label",
        "two-labels",
        "no-label",
    ],
)
def test_data_that_cannot_be_right_stop_the_run(training: Rows, test: Rows, said: str, tmp_path: Path) -> None:
    with pytest.raises(StepError, match=said):
        prepare(tmp_path, training, test)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "column: 'text' is not known"),
        (b"text,label\nwords", r"train.csv:2: 1 cells, but 2 columns: the file is truncated"),
        (b"words,label\na,b\n", "column: 'text' is not known"),
        (b"text,label\n\xff\xfe,b\n", "is no CSV in UTF-8"),
        (b'text,label\n"never closed,b\n', "is no CSV in UTF-8"),
    ],
)
def test_a_file_that_is_no_whole_table_stops_the_run(content: bytes, said: str, tmp_path: Path) -> None:
    file = tmp_path / "train.csv"
    file.write_bytes(content)
    with pytest.raises(StepError, match=said):
        preparing.prepare(**{**PREPARE, "train_path": str(file)}, out=tmp_path / "out")


def test_a_missing_file_and_a_share_that_leaves_nothing_are_said(tmp_path: Path) -> None:
    with pytest.raises(StepError, match=r"train_path: 'nowhere.csv': .*nowhere.csv does not exist"):
        preparing.prepare(**{**PREPARE, "train_path": "nowhere.csv"}, out=tmp_path / "out")
    with pytest.raises(StepError, match="leaves 0 for validation"):
        prepare(tmp_path, TRAINING[:40], validation_share=0.01)


def test_prepared_data_that_were_changed_are_found(tmp_path: Path) -> None:
    prepare(tmp_path)
    file = tmp_path / "out" / "test.json"
    file.write_text(file.read_text().replace('"labels": [0', '"labels": [1').replace('"labels": [2', '"labels": [1'))
    with pytest.raises(StepError, match="their digest differs"):
        dataset.read(tmp_path / "out")
    file.write_text(file.read_text()[:-20])
    with pytest.raises(StepError, match="holds no prepared data"):
        dataset.read(tmp_path / "out")


def test_the_fixture_is_that_of_its_seed_and_its_classes_share_words() -> None:
    assert language.training_texts(7) == TRAINING and language.training_texts(8) != TRAINING
    spoken = [
        {word for text, label in TRAINING if label == topic for word in text.split()} for topic in language.TOPICS
    ]
    assert len(set.intersection(*spoken)) > 50
    assert not {text for text, _ in TEST} & {text for text, _ in TRAINING}
