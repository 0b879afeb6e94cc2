"""Weights packed into the file that ships."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TypeAlias
from zlib import compress

import numpy as np

from reader.annotation.classifier import MAGIC
from training.cases import WordShares
from training.model import BIAS, Key, Priors

Calibration: TypeAlias = tuple[Sequence[float], Sequence[float]]


def pack(
    weights: Mapping[Key, float],
    priors: Priors,
    calibration: Calibration,
    words: WordShares,
    alone: tuple[Mapping[str, tuple[str, float]], str],
    classes: Sequence[Sequence[str]],
    threshold: float,
) -> bytes:
    """The bytes of `readings.bin`; weights smaller than `threshold` are left out."""
    by_character: dict[str, dict[str, dict[str, float]]] = defaultdict(dict)
    for key, weight in weights.items():
        if not isinstance(key, str):
            by_character[key[0]].setdefault(key[2], {})[key[1]] = weight
    blocks: list[bytes] = []
    index = {}
    start = 0
    for character in sorted(priors.features):
        features = by_character.get(character, {})
        order, bias = _order(character, features.pop(BIAS + "1", {}), weights, priors)
        features = {name: rows for name, rows in features.items() if not name.startswith(BIAS)}
        block, scale = _block(features, order, threshold)
        index[character] = [start, len(block), " ".join(order), bias, scale]
        blocks.append(block)
        start += len(block)
    head = {
        "shared": _shared(weights),
        "calibration": [list(part) for part in calibration],
        "words": {word: words[word] for word in sorted(words)},
        "alone": alone[0],
        "open": alone[1],
        "classes": classes,
        "characters": index,
    }
    text = json.dumps(head, ensure_ascii=False, separators=(",", ":"))
    packed = compress(text.encode(), 9)
    return b"".join([MAGIC, len(packed).to_bytes(4, "little"), packed, *blocks])


def _order(
    character: str, biases: Mapping[str, float], weights: Mapping[Key, float], priors: Priors
) -> tuple[list[str], list[float]]:
    """The readings, usual ones first, with their biases (all that does not hang on context)."""
    sums = {
        syllable: biases.get(syllable, 0.0) + sum(weights.get(name, 0.0) for name in names)
        for syllable, names in priors.features[character].items()
    }
    order = sorted(sums, key=lambda syllable: (-sums[syllable], syllable))
    return order, [round(sums[syllable] - sums[order[0]], 3) for syllable in order]


def _block(
    features: Mapping[str, Mapping[str, float]], order: Sequence[str], threshold: float
) -> tuple[bytes, float]:
    """The features that matter and their weights relative to the first reading, as bytes."""
    relative = {
        name: [values.get(other, 0.0) - values.get(order[0], 0.0) for other in order[1:]]
        for name, values in features.items()
    }
    kept = sorted(n for n, row in relative.items() if row and max(map(abs, row)) >= threshold)
    if not kept:
        return compress(b"\0", 9), 1.0
    table = np.array([relative[name] for name in kept])
    scale = round(float(np.abs(table).max()) / 127, 5) or 1e-5
    rounded = np.clip(np.rint(table / scale), -127, 127).astype(np.int8)
    return compress("\n".join(kept).encode() + b"\0" + rounded.tobytes(), 9), scale


def _shared(weights: Mapping[Key, float]) -> list[tuple[str, float, float]]:
    """The kinds of evidence, with what they say for a reading and against it."""
    names = {k for k in weights if isinstance(k, str) and k[0] in "+-" and k[-1] != "~"}
    kinds = sorted({name[1:] for name in names})
    return [
        (kind, round(weights.get("+" + kind, 0.0), 3), round(weights.get("-" + kind, 0.0), 3))
        for kind in kinds
    ]
