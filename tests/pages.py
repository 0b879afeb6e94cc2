# ruff: noqa: E501  (pages are written as sites write them)
"""Web pages in the shapes that sites give them: what of each is its text, and what is not.

A page is a string in which every piece of text stands in marks: ⟦ ⟧ around what a reader came for,
⟪ ⟫ around what the site put beside it. Sentences are made by a counter, so that no two pieces of a
page are alike.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_KEPT = re.compile("⟦(.*?)⟧")
_LEFT = re.compile("⟪(.*?)⟫")

_SUBJECTS = "他 她 我们 老师 邻居 学生 医生 记者 父亲 船长".split()
_PLACES = "银行 车站 学校 海边 图书馆 山上 市场 医院 厨房 河边".split()
_DEEDS = "看书 等人 工作了很久 吃了一碗面 写信 唱歌 睡着了 买菜 说话 散步".split()


class _Writer:
    """Makes text that is never the same twice."""

    def __init__(self) -> None:
        self._count = 0

    def sentence(self) -> str:
        number = self._count = self._count + 1
        subject = _SUBJECTS[number % 10]
        place, deed = _PLACES[number // 10 % 10], _DEEDS[(number * 7 + number // 10) % 10]
        return f"第{number}天，{subject}在{place}{deed}。"

    def paragraph(self, sentences: int = 4) -> str:
        return "⟦" + "".join(self.sentence() for _ in range(sentences)) + "⟧"

    def paragraphs(self, number: int, *, tag: str = "p") -> str:
        return "".join(f"<{tag}>{self.paragraph()}</{tag}>\n" for _ in range(number))

    def links(self, number: int, *, tag: str = "li") -> str:
        made = ""
        for _ in range(number):
            self._count += 1
            made += f'<{tag}><a href="/n/{self._count}">⟪栏目{self._count}⟫</a></{tag}>\n'
        return made

    def headlines(self, number: int) -> str:
        made = ""
        for _ in range(number):
            made += f'<li><a href="/a/{self._count}">⟪{self.sentence()[:-1]}⟫</a></li>\n'
        return made


def _document(body: str, *, title: str = "题目", head: str = "", lang: str = "zh-CN") -> str:
    return (
        f'<!DOCTYPE html>\n<html lang="{lang}">\n<head><meta charset="utf-8"><title>{title}</title>'
        f"{head}<script>var 变量 = 1;</script></head>\n<body>\n{body}\n</body></html>"
    )


def article_and_main() -> str:
    w = _Writer()
    return _document(
        f"""<header><a href="/">⟪某某网⟫</a><nav><ul>{w.links(8)}</ul></nav></header>
<main><article><h1>⟦题目的文字⟧</h1><p>⟦短导语⟧</p>{w.paragraphs(3)}
<h2>⟦一个小标题⟧</h2><ul><li>⟦要点甲⟧</li><li>⟦要点乙⟧</li></ul>
<table><tr><th>⟦年份⟧</th><th>⟦人数⟧</th></tr><tr><td>⟦二〇二〇⟧</td><td>⟦三百⟧</td></tr></table>
{w.paragraphs(2)}</article></main>
<aside><h3>⟪相关阅读⟫</h3><ul>{w.headlines(5)}</ul></aside>
<footer><p>⟪版权所有，某某网，不得转载。⟫</p></footer>"""
    )


def article_beside_its_title() -> str:
    """The h1 stands in a header above the `article`."""
    w = _Writer()
    return _document(
        f"""<nav>{w.links(6, tag="span")}</nav>
<div class="page-header"><h1>⟦题目的文字⟧</h1></div>
<article>{w.paragraphs(5)}</article>
<section class="comments"><h2>⟪评论⟫</h2><p>⟪说得真好，我也这样想。⟫</p></section>""",
        title="题目的文字 - 某某网",
    )


def bare_paragraphs() -> str:
    """Neither `article` nor `main`, nor any other element that says what it is."""
    return _document(
        """<h1>⟦题目⟧</h1><p>⟦第一段。⟧</p><ul><li>⟦甲⟧</li><li>⟦乙⟧</li></ul>
<p>⟦短⟧</p><table><tr><td>⟦丙⟧</td><td>⟦丁⟧</td></tr></table>"""
    )


def wechat() -> str:
    """As the server sends it: the text is hidden until a script shows it."""
    w = _Writer()
    script = "<script>" + "window.__数据 = {};\n" * 40 + "</script>"
    return _document(
        f"""<div id="js_article" class="rich_media">
<div id="js_top_ad_area" class="top_banner"></div>
<div class="rich_media_inner"><div id="page-content" class="rich_media_area_primary">
<div class="rich_media_area_primary_inner"><div id="img-content" class="rich_media_wrp">
<h1 class="rich_media_title" id="activity-name">⟦题目的文字⟧</h1>
<div id="meta_content" class="rich_media_meta_list">
<span class="rich_media_meta rich_media_meta_text">⟦王芳⟧</span>
<span class="rich_media_meta rich_media_meta_nickname" id="profileBt"><a href="javascript:void(0);">⟦某某读书⟧</a></span>
<em id="publish_time" class="rich_media_meta rich_media_meta_text"></em></div>
<div class="rich_media_content js_underline_content autoTypeSetting24psection" id="js_content" style="visibility: hidden; opacity: 0; ">
<section style="font-size: 16px;"><section><p><span style="letter-spacing: 1px;">{w.paragraph()}</span></p>
<p><br></p><p><span>{w.paragraph()}</span></p></section>
<section><section><span>{w.paragraph()}</span></section></section>
<p style="text-align: center;"><img data-src="https://mmbiz.example/a.png"></p>
<ul class="list-paddingleft-1"><li><p>⟦要点甲⟧</p></li><li><p>⟦要点乙⟧</p></li></ul>
{w.paragraphs(3)}</section></div>{script}
</div></div></div></div>
<div id="js_pc_qr_code" class="qr_code_pc_outer" style="display:none;"><div class="qr_code_pc"><p>⟪微信扫一扫<br>关注该公众号⟫</p></div></div>
</div>{script}""",
        title="",
        head='<meta property="og:title" content="题目的文字"><style>.rich_media{}</style>',
        lang="",
    )


def blog() -> str:
    w = _Writer()
    return _document(
        f"""<div id="header"><div class="site-title"><a href="/">⟪一个人的博客⟫</a></div>
<div class="menu"><ul>{w.links(6)}</ul></div></div>
<div id="wrap"><div id="content"><div class="post"><h1 class="entry-title">⟦题目的文字⟧</h1>
<div class="entry-meta">⟦2025-03-01⟧</div><div class="entry"><p>⟦天晴了。⟧</p>{w.paragraphs(3)}
<ol><li>⟦先买菜⟧</li><li>⟦再做饭⟧</li></ol><blockquote><p>{w.paragraph(1)}</p></blockquote>{w.paragraphs(1)}</div>
</div><div id="comments"><h3>⟪两条评论⟫</h3><ol class="commentlist"><li>⟪写得好，谢谢你分享这些。⟫</li><li>⟪同意楼上说的话。⟫</li></ol></div></div>
<div id="sidebar"><div class="widget"><h3>⟪关于我⟫</h3><p>⟪一个写字的人，住在南方。⟫</p></div>
<div class="widget"><h3>⟪分类⟫</h3><ul>{w.links(7)}</ul></div></div></div>
<div id="footer">⟪由某某软件驱动⟫</div>""",
        title="题目的文字 | 一个人的博客",
    )


def wikipedia() -> str:
    w = _Writer()
    return _document(
        f"""<div id="mw-page-base"></div>
<div id="mw-navigation"><div role="navigation" id="p-navigation"><ul>{w.links(12)}</ul></div></div>
<div id="content" class="mw-body" role="main"><h1 id="firstHeading" class="firstHeading">⟦题目的文字⟧</h1>
<div id="bodyContent"><div id="mw-content-text"><div class="mw-parser-output">
<table class="infobox"><tr><th>⟦面积⟧</th><td>⟦三百平方公里⟧</td></tr></table>
<p><b>⟦词条⟧</b><a href="/wiki/a">⟦是一座城市⟧</a>⟦，⟧<a href="/wiki/b">⟦位于河边⟧</a>⟦。⟧<sup id="cite_ref-1"><a href="#cite_note-1">⟦[1]⟧</a></sup></p>
{w.paragraphs(2)}
<div id="toc" class="toc" role="navigation"><h2>⟪目录⟫</h2><ul><li><a href="#a">⟪1 历史⟫</a></li></ul></div>
<h2><span class="mw-headline" id="a">⟦历史⟧</span><span class="mw-editsection">[<a href="/edit">⟪编辑⟫</a>]</span></h2>{w.paragraphs(3)}
<ul><li><a href="/wiki/c">⟦参见甲⟧</a></li><li><a href="/wiki/d">⟦参见乙⟧</a></li></ul>
<ol class="references"><li id="cite_note-1"><a href="#cite_ref-1">⟪^⟫</a> <span>⟦参考的书。⟧</span></li></ol>
<div class="navbox" role="navigation"><ul>{w.links(9)}</ul></div></div></div></div></div>
<div id="footer" role="contentinfo"><ul><li>⟪本页面最后修订于昨天。⟫</li></ul></div>""",
        title="题目的文字 - 百科",
    )


def news() -> str:
    w = _Writer()
    return _document(
        f"""<div class="topbar"><ul>{w.links(14)}</ul></div>
<div class="breadcrumb"><a href="/">⟪首页⟫</a> &gt; <a href="/s">⟪社会⟫</a></div>
<div class="layout"><div class="main-col"><h1>⟦题目的文字⟧</h1>
<div class="info"><span>⟦2025年3月1日⟧</span> <span>⟦来源：某报⟧</span></div>
<div class="article-body" id="artibody"><p>⟦（本报讯）⟧</p>{w.paragraphs(4)}<p class="editor">⟦责任编辑：王芳⟧</p></div>
<div class="share">⟪分享到微信⟫</div>
<div class="related"><h3>⟪相关新闻⟫</h3><ul>{w.headlines(6)}</ul></div>
<div class="comment-list"><div class="comment">⟪第一个网友说，这是真的吗？我不太信。⟫</div><div class="comment">⟪第二个网友说，当然是真的，我就在那里。⟫</div></div></div>
<div class="side-col"><h3>⟪热点排行⟫</h3><ol>{w.headlines(10)}</ol></div></div>
<div class="footer"><p><a href="/about">⟪关于我们⟫</a> ⟪版权所有 京备案号⟫</p></div>""",
        title="题目的文字_某某新闻",
    )


def forum() -> str:
    w = _Writer()
    posts = "".join(
        f'<div class="post" id="p{n}"><div class="author"><a href="/u/{n}">⟦用户{n}号⟧</a></div>'
        f'<div class="message">{w.paragraph(3)}</div></div>\n'
        for n in range(6)
    )
    return _document(
        f"""<div id="nav"><a href="/">⟪论坛⟫</a> <a href="/b">⟪版块⟫</a> <a href="/l">⟪登录⟫</a></div>
<h1>⟦帖子的题目⟧</h1><div id="posts">{posts}</div>
<div class="pagination"><a href="?2">⟪下一页⟫</a></div><div id="footer">⟪论坛程序⟫</div>""",
        title="帖子的题目 - 论坛",
    )


def nested_divs() -> str:
    w = _Writer()
    body = "".join(f"<div><div><span>{w.paragraph()}</span></div></div>" for _ in range(5))
    return _document(
        f"""<div class="c1"><div class="c2"><div class="c3">{w.links(10, tag="div")}</div>
<div class="c4"><div class="c5"><h1 class="c6">⟦题目的文字⟧</h1><div class="c7">⟦一句短话⟧</div>
<div class="c8"><div><div>{body}<div>⟦短句⟧</div></div></div></div></div></div></div></div>"""
    )


def table_layout() -> str:
    """Old pages: tables for columns, `font`, paragraphs parted by line breaks."""
    w = _Writer()
    lines = "<br><br>\n　　".join(w.paragraph() for _ in range(5))
    return _document(
        f"""<table width="100%"><tr><td colspan="2">{w.links(8, tag="span")}</td></tr>
<tr><td width="160" valign="top">{w.links(12, tag="div")}</td>
<td valign="top"><h1>⟦题目的文字⟧</h1><font size="3">{lines}</font></td></tr></table>
<center>⟪版权所有⟫</center>"""
    )


def form_around_all() -> str:
    """ASP.NET: the whole page is one `form`."""
    w = _Writer()
    return _document(
        f"""<form method="post" action="./a.aspx"><input type="hidden" value="x">
<div id="menu"><ul>{w.links(9)}</ul></div>
<div class="content"><h1>⟦题目的文字⟧</h1>{w.paragraphs(4)}</div>
<select><option>⟪选择⟫</option></select><button>⟪提交⟫</button></form>"""
    )


def title_in_h2() -> str:
    """The site's name is the h1, the sections are h2."""
    w = _Writer()
    return _document(
        f"""<div id="header"><h1><a href="/">⟪某某网⟫</a></h1></div>
<div class="text"><h2>⟦一 早上⟧</h2>{w.paragraphs(2)}<h2>⟦二 晚上⟧</h2>{w.paragraphs(2)}</div>""",
        title="夜与日 - 某某网",
    )


def portal_with_a_short_text() -> str:
    """More links than text: the text is where the sentences are."""
    w = _Writer()
    return _document(
        f"""<div class="a1"><ul>{w.links(40)}</ul></div>
<div class="a2"><div class="a3"><h1>⟦题目的文字⟧</h1><p>⟦短导语⟧</p>{w.paragraphs(2)}<ul><li>⟦要点⟧</li></ul></div>
<div class="a4"><ul>{w.headlines(30)}</ul></div></div>
<div class="a5"><ul>{w.links(30)}</ul></div>"""
    )


def poem() -> str:
    """Hardly any text at all, and no full stop."""
    return _document(
        """<div class="nav"><a href="/">⟪首页⟫</a><a href="/p">⟪诗⟫</a><a href="/q">⟪词⟫</a></div>
<div><h1>⟦静夜思⟧</h1><div>⟦李白⟧</div><div>⟦床前明月光⟧<br>⟦疑是地上霜⟧<br>⟦举头望明月⟧<br>⟦低头思故乡⟧</div></div>""",
        title="静夜思",
    )


def questions() -> str:
    """A question and its answers, named as comments are."""
    w = _Writer()
    answers = "".join(f'<div class="comment answer"><p>{w.paragraph()}</p></div>' for _ in range(5))
    return _document(
        f"""<header role="banner"><a href="/">⟪问答网⟫</a></header>
<div class="question"><h1>⟦为什么天是蓝的？⟧</h1></div><div class="comments">{answers}</div>"""
    )


def teasers_below() -> str:
    """Other articles with their first lines, below the text."""
    w = _Writer()
    text = w.paragraphs(5)
    teasers = "".join(
        f'<div class="item"><h3><a href="/{n}">⟪{w.sentence()}⟫</a></h3><p>⟪{w.sentence()}⟫</p></div>'
        for n in range(5)
    )
    return _document(
        f"""<div class="x"><h1>⟦题目的文字⟧</h1>{text}</div>
<div class="recommend"><h2>⟪猜你喜欢⟫</h2>{teasers}</div>"""
    )


def article_with_a_box() -> str:
    """In an `article`, `aside` and `footer` are parts of it."""
    w = _Writer()
    return _document(
        f"""<header><a href="/">⟪某某网⟫</a></header>
<article><h1>⟦题目的文字⟧</h1>{w.paragraphs(2)}<aside><p>⟦木匠：用木头做东西的人。⟧</p></aside>{w.paragraphs(2)}
<details><summary>⟦看答案⟧</summary><p>⟦一只船。⟧</p></details><footer>⟦作者：王芳⟧</footer></article>
<footer>⟪联系我们⟫</footer>""",
        title="题目的文字 - 某某网",
    )


def answers() -> str:
    """A question and answers, of which the longest says in its class that it may not be copied."""
    w = _Writer()
    first = f'<span class="RichText CopyrightRichText-richText">{w.paragraphs(4)}<ol><li>⟦工资低⟧</li></ol></span>'
    return _document(
        f"""<header class="AppHeader"><a href="/">⟪某某问答⟫</a></header>
<main><h1 class="QuestionHeader-title">⟦为什么年轻人不学木匠？⟧</h1>
<div class="QuestionRichText"><span>⟦如题，想听听大家的看法。⟧</span></div>
<div class="List"><div class="List-item"><div class="AuthorInfo">⟦木匠老陈⟧</div><div class="RichContent">{first}</div>
<div class="ContentItem-time">⟦发布于 2024-04-01⟧</div><button>⟪赞同 12⟫</button></div>
<div class="List-item"><div class="RichContent">{w.paragraphs(1)}</div></div></div></main>""",
        title="为什么年轻人不学木匠？ - 某某问答",
    )


def recipe() -> str:
    """A table of which one column is links, and an author below the title."""
    w = _Writer()
    rows = "".join(
        f'<tr><td><a href="/i/{n}">⟦{name}⟧</a></td><td>⟦{much}⟧</td></tr>'
        for n, (name, much) in enumerate(
            (("嫩豆腐", "两大块"), ("小香葱", "三根"), ("老酱油", "一勺"))
        )
    )
    return _document(
        f"""<div class="recipe"><h1>⟦家常豆腐⟧</h1><p class="by"><a href="/u">⟦小厨娘⟧</a></p>
<table class="ings">{rows}</table><h2>⟦做法⟧</h2>{w.paragraphs(2)}
<p><a href="/k">⟦怎样煎豆腐⟧</a></p>{w.paragraphs(1)}</div><p><a href="/n">⟪下一道菜⟫</a></p>""",
        title="家常豆腐",
    )


def table_of_contents() -> str:
    chapters = "".join(f'<li><a href="/{n}">⟦第{n}章⟧</a></li>' for n in "一二三四五六")
    return _document(f"<h1>⟦目录⟧</h1><ul>{chapters}</ul>", title="目录")


def several_articles() -> str:
    w = _Writer()
    each = "".join(
        f'<article><h2><a href="/{name}">⟦{name}篇⟧</a></h2>{w.paragraphs(2)}</article>'
        for name in "甲乙丙"
    )
    return _document(f"<main>{each}</main>", title="文集")


def chapter() -> str:
    """A chapter of a novel on the web: line breaks in one element, and where it is in the site."""
    w = _Writer()
    lines = "<br><br>".join(f"&nbsp;&nbsp;{w.paragraph(2)}" for _ in range(5))
    turn = '<a href="/1">⟪上一章⟫</a><a href="/m">⟪章节目录⟫</a><a href="/3">⟪下一章⟫</a>'
    return _document(
        f"""<div class="con_top"><a href="/">⟪某书屋⟫</a> &gt; <a href="/b">⟪书名⟫</a> &gt; ⟪正文⟫</div>
<div class="bookname"><h1>⟦第八章　春天⟧</h1><div>{turn}</div></div><div id="content">{lines}</div><div>{turn}</div>""",
        title="第八章　春天_书名_某书屋",
    )


def encyclopedia() -> str:
    """A list of what is in the page, which leads to its places."""
    w = _Writer()
    links = "".join(f'<li><a href="#{n}">⟪{n}、沿革⟫</a></li>' for n in "一二三四")
    return _document(
        f"""<div class="main-content"><dl><dd><h1>⟦古镇⟧</h1></dd></dl><div class="para">⟦古镇位于河边，已有千年。⟧</div>
<dl><dt>⟦中文名⟧</dt><dd>⟦某古镇⟧</dd></dl><div class="lemma-catalog"><ol>{links}</ol></div>
<h2 id="一">⟦历史沿革⟧</h2>{w.paragraphs(3, tag="div")}</div>""",
        title="古镇_某百科",
    )


SHAPES: dict[str, Callable[[], str]] = {
    shape.__name__: shape
    for shape in (
        article_and_main,
        article_beside_its_title,
        bare_paragraphs,
        wechat,
        blog,
        wikipedia,
        news,
        forum,
        nested_divs,
        table_layout,
        form_around_all,
        title_in_h2,
        portal_with_a_short_text,
        poem,
        questions,
        teasers_below,
        article_with_a_box,
        answers,
        recipe,
        table_of_contents,
        several_articles,
        chapter,
        encyclopedia,
    )
}


def plain(page: str) -> str:
    """The page itself, without the marks."""
    return re.sub("[⟦⟧⟪⟫]", "", page)


def kept(page: str) -> list[str]:
    """The pieces that a reader came for, in their order."""
    return [re.sub("<.*?>", "", piece) for piece in _KEPT.findall(page)]


def left(page: str) -> list[str]:
    """The pieces that the site put beside them."""
    return [re.sub("<.*?>", "", piece) for piece in _LEFT.findall(page)]
