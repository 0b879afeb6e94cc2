"""The last word on the kind of a line: nothing is lost, damage is said."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, strategies as st

from reader.errors import LexiconError
from reader.sources.line_decision import DATA, Trees, Weights, decided
from reader.sources.line_structure import Line, recognise_blocks, rule_answers
from reader.sources.text import lines_and_facts

LINES = st.sampled_from(
    [
        "春天来了",
        "作者：王芳",
        "一、填空",
        "1. 他去了北京。",
        "他说要走，我没有说话，天就黑了，外面下着雨。",
        "床前明月光，",
        "甲 | 乙 | 丙",
        "# 标题",
        "“好。”",
        "2024年5月1日",
        "番茄 2个",
    ]
)
TEXTS = st.lists(LINES, min_size=1, max_size=40)
AT_MOST = 20
"""Lines that may be held back."""


@given(TEXTS, st.sampled_from(["\n", "\n\n"]))
def test_each_line_is_a_block(texts: list[str], between: str) -> None:
    lines, facts = lines_and_facts(between.join(texts), unwrap=False)
    answers = list(rule_answers(lines, facts))
    blocks = list(decided(answers, facts))
    assert [block.text for block in blocks] == [answer.block.text for answer in answers]
    sure = [place for place, answer in enumerate(answers) if answer.sure]
    assert all(blocks[place].kind is answers[place].block.kind for place in sure)


@given(TEXTS)
def test_what_comes_much_later_changes_nothing(texts: list[str]) -> None:
    lines, facts = lines_and_facts("\n".join(texts), unwrap=False)
    more = [*lines, *(Line("他走进店里，坐下来要了一碗面。", gap=False) for _ in range(AT_MOST))]
    known = max(0, len(lines) - AT_MOST)
    assert (
        list(recognise_blocks(more, facts))[:known] == list(recognise_blocks(lines, facts))[:known]
    )


def test_blocks_come_as_lines_are_read() -> None:
    taken = 0

    def lines() -> Iterator[Line]:
        nonlocal taken
        for number in range(1000):
            taken += 1
            yield Line(f"第{number}天，他走进店里，坐下来要了一碗面。", gap=False)

    _, facts = lines_and_facts("他走进店里。\n坐下来要了一碗面。")
    for number, _ in enumerate(recognise_blocks(lines(), facts)):
        assert taken <= number + AT_MOST


def test_a_text_that_is_hardly_chinese_is_left_to_the_rules() -> None:
    _, facts = lines_and_facts("The old street\n\nThere were shops on both sides.\n")
    assert facts.shape is None


@pytest.mark.parametrize("data", [b"", b"RDRLNK00", b"RDRLNK01damaged", DATA.read_bytes()[:-9]])
def test_damaged_weights_are_said(data: bytes) -> None:
    with pytest.raises(LexiconError):
        Weights(data)


@given(st.lists(st.sampled_from(["len=3", "date", "end=.", "unknown=9"]), max_size=4))
def test_a_tree_parts_lines_at_the_code_of_a_name(features: list[str]) -> None:
    parts = {
        "names": ["len", "date"],
        "values": [["1", "3"], [""]],
        "roots": [0, 3],
        "asks": [0, -1, -1, 1, -1, -1],
        "limits": [1, 0, 0, 0, 0, 0],
        "other": [2, 0, 1, 5, 2, 3],
    }
    trees = Trees(parts, [1, 10, 100, 1000].__getitem__)
    expected = (10 if "len=3" in features else 1) + (1000 if "date" in features else 100)
    assert trees.total(features) == expected


NAMES = {"len": ["1", "3", "9"], "end": [".", "?"], "date": [""]}
Tree = int | tuple[int, int, "Tree", "Tree"]
"""A leaf, or name, limit and two trees."""
TREES: st.SearchStrategy[Tree] = st.recursive(
    st.integers(0, 1000),
    lambda tree: st.tuples(st.integers(0, 2), st.integers(0, 2), tree, tree),
    max_leaves=8,
)


def _kept(trees: list[Tree]) -> tuple[dict[str, list[object]], list[int]]:
    parts: dict[str, list[object]] = {"names": [*NAMES], "values": [*NAMES.values()]}
    roots, asks, limits, other = [
        parts.setdefault(n, []) for n in ("roots", "asks", "limits", "other")
    ]
    leaves: list[int] = []

    def put(tree: Tree) -> None:
        if isinstance(tree, int):
            for kept, value in zip((asks, limits, other), (-1, 0, len(leaves)), strict=True):
                kept.append(value)
            leaves.append(tree)
            return
        place = len(asks)
        for kept, value in zip((asks, limits, other), (tree[0], tree[1], -1), strict=True):
            kept.append(value)
        put(tree[2])
        other[place] = len(asks)
        put(tree[3])

    for tree in trees:
        roots.append(len(asks))
        put(tree)
    return parts, leaves


def _walked(tree: Tree, codes: list[int]) -> int:
    while not isinstance(tree, int):
        tree = tree[2] if codes[tree[0]] <= tree[1] else tree[3]
    return tree


@given(st.lists(TREES, min_size=1, max_size=4), st.tuples(*(st.integers(0, 3),) * 3))
def test_all_trees_at_once_say_what_each_says(trees: list[Tree], wanted: tuple[int, ...]) -> None:
    codes = [min(code, len(values)) for code, values in zip(wanted, NAMES.values(), strict=True)]
    features = [
        f"{name}={values[code - 1]}".rstrip("=")
        for code, (name, values) in zip(codes, NAMES.items(), strict=True)
        if code
    ]
    parts, leaves = _kept(trees)
    assert Trees(parts, leaves.__getitem__).total(features) == sum(
        _walked(tree, codes) for tree in trees
    )


def test_a_tree_with_too_many_leaves_is_said() -> None:
    tree: Tree = 0
    for _ in range(32):
        tree = (0, 1, tree, 1)
    with pytest.raises(ValueError, match="33 leaves"):
        Trees(_kept([tree])[0], int)


def test_long_lines_of_prose_are_not_asked() -> None:
    long = "他走进店里，坐下来要了一碗面，外面下着雨，没有人说话" * 2 + "。"
    lines, facts = lines_and_facts("\n".join(["雨天", "王芳", *[long] * 5]), unwrap=False)
    assert [answer.sure for answer in rule_answers(lines, facts)][3:] == [True] * 4
