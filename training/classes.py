"""Classes of characters that stand in like contexts: `python training/classes.py DATA`.

Writes `training/classes.txt`: a line for each class, its characters the most frequent first, the
first of which is its name; the few wide classes, then, after an empty line, the narrow ones.

What stands next to a character in the sentences of CPP and g2pL that train (their text; labels are
not used) and in the words of jieba's list is weighed by pointwise mutual information, made
short by singular value decomposition, and clustered by k-means.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from math import log
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent.parent))

import numpy as np
import scipy.sparse as sparse
from scipy.sparse.linalg import svds
from sklearn.cluster import KMeans

from reader.lexicon.lexicon import data_files
from training.data import read_sentences

OUT = Path(__file__).with_name("classes.txt")
WIDE, NARROW = 32, 256
"""How many classes there are of each kind."""
DIMENSIONS = 64
WINDOW = (-2, -1, 1, 2)
"""The places around a character that count as its context."""
LEAST = 10
"""Characters and neighbours that occur less often are left out."""
START, END = "^$"


def read_classes(path: Path = OUT) -> list[list[str]]:
    """The wide classes and the narrow ones: the characters of each, its name first."""
    return [part.splitlines() for part in path.read_text(encoding="utf-8").split("\n\n")]


def learn_classes(texts: Iterable[tuple[str, float]]) -> list[list[str]]:
    """The wide and the narrow classes of the characters in `texts`, each with its weight."""
    neighbours, frequency = _contexts(texts)
    usual = sorted(frequency, key=lambda character: -frequency[character])
    characters = [character for character in usual if frequency[character] >= LEAST]
    vectors = _vectors(neighbours, characters)
    return [_clustered(characters, vectors, count) for count in (WIDE, NARROW)]


def _clustered(characters: Sequence[str], vectors: np.ndarray, count: int) -> list[str]:
    fitted = KMeans(count, n_init=1, max_iter=50, random_state=0).fit(vectors)
    classes = [""] * count
    for character, number in zip(characters, fitted.labels_, strict=True):
        classes[number] += character
    return sorted(filter(None, classes))


def _contexts(
    texts: Iterable[tuple[str, float]],
) -> tuple[dict[tuple[str, str], float], dict[str, float]]:
    """How often a character has another at one of the places of `WINDOW`, and occurs at all."""
    neighbours: dict[tuple[str, str], float] = defaultdict(float)
    frequency: dict[str, float] = defaultdict(float)
    for text, weight in texts:
        for index, character in enumerate(text):
            if character not in (START, END):
                frequency[character] += weight
                for place in WINDOW:
                    if 0 <= index + place < len(text):
                        neighbours[character, f"{place}{text[index + place]}"] += weight
    return neighbours, frequency


def _vectors(neighbours: Mapping[tuple[str, str], float], characters: Sequence[str]) -> np.ndarray:
    """Positive pointwise mutual information with the neighbours, in a few dimensions."""
    rows = {character: row for row, character in enumerate(characters)}
    totals: dict[str, float] = defaultdict(float)
    occurrences: dict[str, float] = defaultdict(float)
    for (character, neighbour), count in neighbours.items():
        occurrences[character] += count
        totals[neighbour] += count
    columns = {name: n for n, name in enumerate(n for n, c in totals.items() if c >= LEAST)}
    all_ = sum(totals.values())
    matrix = sparse.lil_matrix((len(rows), len(columns)))
    for (character, neighbour), count in neighbours.items():
        if character in rows and neighbour in columns:
            information = log(count * all_ / (occurrences[character] * totals[neighbour]))
            if information > 0:
                matrix[rows[character], columns[neighbour]] = information
    # A fixed start makes the decomposition the same each time.
    start = np.ones(min(matrix.shape))
    left, values, _ = svds(matrix.tocsr(), k=DIMENSIONS, v0=start)
    vectors = left * np.sqrt(values)
    return np.asarray(vectors / (np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9))


def material(folder: Path) -> Iterable[tuple[str, float]]:
    """The text that classes are learnt from, with what each piece counts."""
    for name in ("cpp-dev", "g2pl-train"):
        for example in read_sentences(folder / "polyphones", name):
            yield START + example.text + END, 1.0
    for line in data_files()["frequencies"].read_text(encoding="utf-8").splitlines():
        word, count, *_ = line.split(" ")
        if len(word) > 1:
            yield word, 1.0 + log(int(count) + 1)


if __name__ == "__main__":
    learnt = learn_classes(material(Path(sys.argv[1])))
    OUT.write_text("\n\n".join("\n".join(part) for part in learnt) + "\n", encoding="utf-8")
