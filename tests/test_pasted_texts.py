"""Texts as they are pasted: lines broken by hand, page numbers, poems, chats, lists."""

from __future__ import annotations

import re
import sys
from itertools import count
from pathlib import Path
from random import Random

import pytest
from hypothesis import assume, given, strategies as st

from reader import sources
from reader.errors import SourceError
from reader.model import Block, BlockKind
from reader.sources.losses import count_of
from reader.sources.text import base_text
from tests.laws import examples

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))
import structure

NO_START = "，。！？；：、）」”"
CHARACTERS = "他們在湖邊走了很久也沒有說話山上的雨下到半夜才停"
SEEDS = st.integers(0, 1 << 30)
WIDTHS = st.integers(16, 40)


def prose(seed: int) -> list[str]:
    """Paragraphs with clauses and sentences as long as they mostly are.

    That lines were broken is told by how they end, so the worst case may always be taken for verse:
    the texts are drawn by chance, and not made ever odder.
    """
    dice = Random(seed)

    def clause() -> str:
        return "".join(dice.choices(CHARACTERS, k=dice.randint(5, 16)))

    def sentence() -> str:
        return "，".join(clause() for _ in range(dice.randint(1, 4))) + "。"

    return [
        "".join(sentence() for _ in range(dice.randint(5, 9))) for _ in range(dice.randint(2, 5))
    ]


def wrapped(paragraph: str, width: int) -> list[str]:
    """The paragraph in lines, none of which begins with a mark that may not stand there."""
    lines = [""]
    for character in paragraph:
        if len(lines[-1]) >= width and character not in NO_START:
            lines.append("")
        lines[-1] += character
    return lines


def ends_inside(lines: list[str]) -> bool:
    """Whether most lines end inside sentences: then it is seen that they were broken."""
    return 10 * sum(line[-1] in NO_START for line in lines) <= 3 * len(lines)


def kinds(text: str) -> list[str]:
    return [block.kind.value for block in sources.read_text(text).blocks]


@examples(25)
@given(SEEDS, WIDTHS)
def test_lines_broken_by_hand_are_the_paragraphs_again(seed: int, width: int) -> None:
    paragraphs = prose(seed)
    indented = ["　　" + text for text in paragraphs]
    for texts, gap in ((paragraphs, "\n\n"), (indented, "\n")):
        broken = gap.join("\n".join(wrapped(text, width)) for text in texts)
        assume(ends_inside([line for text in texts for line in wrapped(text, width)[:-1]]))
        document = sources.read_text(broken)
        assert [block.text for block in document.blocks] == texts
        assert {block.kind for block in document.blocks} == {BlockKind.PARAGRAPH}
        assert [warning.code for warning in document.warnings] == ["unwrapped"]
        assert document.text == base_text(broken)
        assert sources.read_text(broken, unwrap=False).text == base_text(broken, unwrap=False)
        assert base_text(broken, unwrap=False).split("\n") == [
            line for text in texts for line in wrapped(text, width)
        ]


@given(SEEDS, WIDTHS, st.integers(1, 900), st.sampled_from(["{}", "- {} -", "第 {} 页"]))
def test_page_numbers_and_running_heads_go_and_are_counted(
    seed: int, width: int, first: int, number: str
) -> None:
    paragraphs = prose(seed)
    lines = [line for text in paragraphs for line in wrapped("　　" + text, width)]
    pages = [lines[at : at + 9] for at in range(0, len(lines), 9)]
    assume(len(pages) > 2 and ends_inside(lines))
    broken = "\n".join(
        "\n".join(["湖邊的人", *page, number.format(at)]) for at, page in enumerate(pages, first)
    )
    document = sources.read_text(broken)
    assert [block.text.strip() for block in document.blocks] == ["湖邊的人", *paragraphs]
    left = [w.message for w in document.warnings if w.code == "left-out"]
    assert any(f"page numbers: {len(pages)} parts" in message for message in left)
    assert any(f"running heads: {len(pages) - 1} part" in message for message in left)


@given(st.text(st.sampled_from("他說好ab 。，：1-—\n　第页"), max_size=300))
def test_nothing_but_white_space_and_page_numbers_is_lost(content: str) -> None:
    for unwrap in (None, True, False):
        try:
            document = sources.read_text(content, unwrap=unwrap)
        except SourceError:
            return
        kept = "".join(document.text.split())
        lost = sum(map(count_of, document.warnings))
        hyphens = len(re.findall(r"-\s*\n", content)) if unwrap is not False else 0
        whole = len("".join(content.split()))
        assert whole - hyphens <= len(kept) + lost <= whole


def test_a_word_at_the_end_of_a_line_is_whole() -> None:
    text = "我们在学校里学习汉语已经有两年了，现在可以看懂一般的电影，也可以跟人谈天。"
    lines = [text[at : at + 14] for at in range(0, len(text), 14)]
    assert [block.text for block in sources.read_text("\n".join(lines)).blocks] == [text]


def test_latin_words_keep_a_space_and_lose_their_hyphen() -> None:
    text = (
        "The library was closed on Monday because the roof had to be re-\n"
        "paired, and nobody knew when it would open again. The old people\n"
        "who read their newspapers there every morning stood in front of\n"
        "the door and talked about the weather.\n"
    )
    (block,) = sources.read_text(text, language="en").blocks
    assert "to be repaired, and" in block.text
    assert "old people who read" in block.text


@pytest.mark.parametrize(
    "text",
    [
        "床前明月光\n疑是地上霜\n舉頭望明月\n低頭思故鄉",
        "今天天氣很好。\n我們去公園走一走。\n那裡的人真多。",
        "春眠不觉晓，处处闻啼鸟。\n夜来风雨声，花落知多少。",
        "第一行沒有句號的字\n\n第二行也沒有句號的字\n\n第三行也是",
    ],
)
def test_other_lines_stay(text: str) -> None:
    assert sources.read_text(text).text == base_text(text, unwrap=False)


def test_the_caller_may_have_lines_joined_that_look_otherwise() -> None:
    text = "短的一行没有完\n还没有完\n完了。\n又一行。"
    document = sources.read_text(text, unwrap=True)
    assert document.text == "短的一行没有完还没有完完了。\n又一行。"


@pytest.mark.parametrize("path", structure.halves()["all"], ids=lambda path: path.stem)
def test_the_kinds_of_pasted_texts(path: Path) -> None:
    faults, blocks = structure.wrong(path)
    assert len(faults) <= blocks / 4, faults


def test_nearly_every_block_of_them_is_of_the_right_kind() -> None:
    scores = [structure.wrong(path) for path in structure.halves()["all"]]
    assert sum(len(faults) for faults, _ in scores) <= 0.05 * sum(blocks for _, blocks in scores)


def test_light_markup_overrules_all_of_it() -> None:
    assert kinds("王芳 10:32\n\\ 你到了吗\n| 一行诗\n李明 10:33\n# 到了") == [
        *("byline", "paragraph", "verse", "byline", "heading")
    ]


def test_who_writes_in_a_chat_is_no_author() -> None:
    chat = "王芳 10:32\n你到了吗\n李明 10:33\n到了\n王芳 10:35\n好"
    assert sources.read_text(chat).metadata.authors == ()
    poems = "春晓\n孟浩然\n春眠不觉晓，\n处处闻啼鸟。\n夜来风雨声，\n花落知多少。\n\n江雪\n柳宗元\n"
    poems += "千山鸟飞绝，\n万径人踪灭。\n孤舟蓑笠翁，\n独钓寒江雪。\n"
    document = sources.read_text(poems)
    assert document.metadata.authors == ("孟浩然",)
    assert Block("江雪", BlockKind.HEADING) in document.blocks


def test_a_letter_opens_with_whom_it_is_for() -> None:
    letter = (
        "王经理：\n\n　　您好！三月二日的来信已经收到，谢谢您的信任。\n\n　　此致\n敬礼\n\n李明\n"
    )
    assert set(kinds(letter)) == {"paragraph"}


def test_lines_that_come_again_over_something_else_are_headings() -> None:
    about = "这里一年四季都有很多游客，春天最漂亮，秋天最凉快，大家都喜欢来这里走走。\n"
    text = "我们的城市\n\n"
    for place, where in (("东湖公园", "东湖路二号"), ("老城博物馆", "人民路五号")):
        text += f"{place}\n景点特色\n{about}景点地址\n{where}\n"
    blocks = sources.read_text(text).blocks
    headings = [(b.text, b.level) for b in blocks if b.kind is BlockKind.HEADING]
    assert headings[:3] == [("东湖公园", 1), ("景点特色", 2), ("景点地址", 2)]
    assert len(headings) == 6


def test_days_of_a_journey_and_decimal_numbers_are_headings() -> None:
    walk = "早上从家里出发，中午在山上吃饭，晚上回来。\n"
    days = f"去山里玩\n\nDay 1：家 - 山\n{walk}\nDay 2：山 - 湖\n{walk}"
    assert kinds(days) == ["title", "heading", "paragraph", "heading", "paragraph"]
    parts = f"去山里玩\n1.1 出发之前\n{walk}别忘了：带水（两瓶）\n1.2 到了以后\n{walk}"
    assert kinds(parts) == ["title", "heading", "paragraph", "paragraph", "heading", "paragraph"]


def test_a_ci_poem_in_two_lines_is_verse() -> None:
    halves = "春花秋月何时了？往事知多少。小楼昨夜又东风，故国不堪回首月明中。\n" * 2
    assert kinds(f"虞美人\n李煜\n{halves}")[2:] == ["verse", "verse"]
    prose = "他是什么时候来的？我们都不知道。昨天晚上又下了雨，街上已经没有人走路了。\n" * 2
    assert "verse" not in kinds(f"故事\n王芳\n{prose}")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2011年2月18日 晨报\n今天天气很冷，但是花已经开了。\n", ["byline", "paragraph"]),
        ("今天真好。我们走吗？\n他说完就走了，没有回头。\n", ["paragraph", "paragraph"]),
        ("（以下内容仅供参考。）\n他说完就走了，没有回头。\n", ["paragraph", "paragraph"]),
        (
            "首页 | 新闻 | 体育 | 科教 | 少儿\n\n小熊\n\n小熊睡了。\n",
            ["paragraph", "title", "paragraph"],
        ),
        ("首页 > 故事\n\n小熊\n\n小熊睡了。\n", ["paragraph", "title", "paragraph"]),
        ("静夜\n\n——李白\n\n他说完就走了。\n", ["title", "byline", "paragraph"]),
    ],
    ids=["dated", "sentences", "remark", "parts", "site", "signed"],
)
def test_what_stands_over_a_text(text: str, expected: list[str]) -> None:
    assert kinds(text) == expected


def test_each_line_of_a_poem_may_stand_alone() -> None:
    lines = ["假如我是一条小河，", "我要流过你的窗前：", "那里有开花的树，", "还有唱歌的鸟，"]
    lines += ["后来冬天来了。", "我就睡在雪里。", "你还记得我吗？"]
    text = "诗两首\n\n他写的诗我都喜欢，今天读给大家听听，请大家安静一点。\n\n" + "\n\n".join(lines)
    assert kinds(text)[2:] == ["verse"] * 7
    prose = "他说要走。\n\n我没有说话。\n\n天黑了。\n\n外面下着雨。\n\n我们都累了。\n\n"
    assert "verse" not in kinds(f"夜里\n\n{prose}{prose}")


def test_numbered_headings_are_within_one_without_a_number() -> None:
    text = "做一个灯笼\n\n制作步骤\n\n1. 选择彩纸\n\n先选几张大小一样的彩纸，颜色要亮一点。\n\n"
    text += "2. 剪好彩纸\n\n再用剪刀把彩纸剪开，不要剪断了。\n"
    blocks = sources.read_text(text).blocks
    assert [block.level for block in blocks if block.kind is BlockKind.HEADING] == [1, 2, 2]


def test_who_made_a_song_stands_over_its_words() -> None:
    song = "我们都喜欢这首歌，因为它很好听。\n词：林一\n曲：王二\n"
    song += "风吹过山\n雨落在河\n我在远方\n想起了你\n"
    assert kinds(song)[1:] == ["byline"] * 2 + ["verse"] * 4


def test_what_was_before_and_comes_after_a_page_is_no_row() -> None:
    page = "他说完就走了，没有回头。\n上一篇：山|水\n下一篇：花|鸟\n"
    assert "row" not in kinds(page)


def test_parts_with_numerals_are_of_one_kind() -> None:
    exercises = "一、填空\n他____北京。\n\n二、回答问题\n你每天几点睡觉？\n"
    parts = [block for block in sources.read_text(exercises).blocks if block.text[1] == "、"]
    assert [(block.kind, block.level) for block in parts] == [(BlockKind.HEADING, 1)] * 2


@pytest.mark.parametrize(
    "text",
    [
        "小王：你到了吗\n小李：到了\n小王：好的\n小李：等你\n",
        "番茄炒蛋\n\n鸡蛋 3个\n番茄 2个\n盐 适量\n糖 一小勺\n葱花 少许\n",
        "苹果 píngguǒ 水果\n香蕉 xiāngjiāo 水果\n学校 xuéxiào 地方\n",
    ],
    ids=["chat", "ingredients", "vocabulary"],
)
def test_short_lines_are_no_verse(text: str) -> None:
    assert "verse" not in kinds(text)


@given(SEEDS, WIDTHS)
def test_the_first_line_of_a_broken_paragraph_is_no_title(seed: int, width: int) -> None:
    wraps = ([wrapped(text, width) for text in prose(seed + more)] for more in count())
    lines = next(lines for lines in wraps if all(map(ends_inside, lines)))
    assert "title" not in kinds("\n\n".join(map("\n".join, lines)))
