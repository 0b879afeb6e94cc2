"""Makes the pictures of docs/learners.md and docs/teachers.md: real output of the sample texts.

    python docs/images/make.py

Needs Chromium and Pillow.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

from reader.pack.folder import find_browser

HERE = Path(__file__).resolve().parent
TEXTS = HERE.parent.parent / "texts"
SHEETS = ("before", "text-key", "cloze", "match")


def run(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "reader", *arguments], check=True)


def shot(page: Path, width: int, height: int) -> Image.Image:
    """The top of a page as a browser of this size shows it."""
    browser = find_browser()
    if browser is None:
        raise SystemExit("needs Chromium")
    out = page.with_suffix(".png")
    options = ["--headless", "--no-sandbox", "--hide-scrollbars", "--disable-gpu"]
    size = f"--window-size={width},{height}"
    command = [browser, *options, size, f"--screenshot={out}", page.as_uri()]
    subprocess.run(command, check=True, capture_output=True)
    return Image.open(out).convert("RGB")


def save(picture: Image.Image, name: str) -> None:
    """Few colours: pages are black on white."""
    picture.quantize(16).save(HERE / name, optimize=True)


def beside(pictures: list[Image.Image], columns: int, gap: int = 12) -> Image.Image:
    width, height = pictures[0].size
    rows = -(-len(pictures) // columns)
    size = columns * (width + gap) + gap, rows * (height + gap) + gap
    sheet = Image.new("RGB", size, (150, 150, 150))
    for at, picture in enumerate(pictures):
        place = gap + (at % columns) * (width + gap), gap + (at // columns) * (height + gap)
        sheet.paste(picture, place)
    return sheet


def main() -> None:
    with TemporaryDirectory() as folder:
        place = Path(folder)
        page = place / "page.html"
        text = str(TEXTS / "umbrella.txt")
        learner = ["--level", "3", "--static", "--no-translation"]
        for gloss in ("ruby", "inline"):
            run("build", text, "-o", str(page), *learner, "--gloss", gloss)
            save(shot(page, 620, 430), f"gloss-{gloss}.png")
        run("pack", str(TEXTS / "market.txt"), "-o", str(place / "pack"), "--level", "4")
        shots = [shot(place / "pack" / f"{name}.html", 760, 1060) for name in SHEETS]
        small = [each.resize((456, 636), Image.Resampling.LANCZOS) for each in shots]
        save(beside(small, 2), "pack.png")


if __name__ == "__main__":
    main()
