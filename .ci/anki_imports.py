"""Import word lists with Anki itself, in a collection that is looked at after each time.

    python .ci/anki_imports.py FOLDER       with first and mended .apkg and .tsv in it

Runs in an environment of its own that has Anki, and nothing of this library.
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from anki.collection import Collection, ImportAnkiPackageRequest, ImportCsvRequest

MENDED = "a train under &lt;streets&gt; &amp; rivers"


def main() -> None:
    folder = Path(sys.argv[1])
    for suffix in (".apkg", ".tsv"):
        with TemporaryDirectory() as work:
            collection = Collection(f"{work}/collection.anki2")
            if suffix == ".tsv":
                # Text names a kind of note, which only a deck brings with it.
                imported(collection, folder / "first.apkg")
                collection.remove_notes(collection.find_notes(""))
            check(collection, folder, suffix)
            collection.close()


def check(collection: Collection, folder: Path, suffix: str) -> None:
    """Three imports: all new; nothing new; one gloss mended in place, its schedule kept."""
    first = imported(collection, folder / f"first{suffix}")
    notes = contents(collection)
    assert first == len(notes) == 30, (first, len(notes))
    assert len({fields["Simplified"] for fields in notes.values()}) == 30
    assert all(len(collection.get_note(note).cards()) == 1 for note in collection.find_notes(""))
    (subway,) = (guid for guid, fields in notes.items() if fields["Word"] == "捷運")
    assert notes[subway]["Meaning"] == "subway"
    assert "<b>捷運</b>" in notes[subway]["Sentence"]
    assert all("CC BY-SA 4.0" in fields["Source"] for fields in notes.values())
    assert [deck.name for deck in collection.decks.all_names_and_ids()][-1] == "一把借來的雨傘"
    learn(collection, subway)

    assert imported(collection, folder / f"first{suffix}") == 0
    assert contents(collection) == notes

    assert imported(collection, folder / f"mended{suffix}") == 0
    mended = contents(collection)
    changed = {guid for guid in notes if notes[guid] != mended[guid]}
    assert mended.keys() == notes.keys()
    assert changed == {subway}, [notes[guid]["Word"] for guid in changed]
    assert mended[subway]["Meaning"] == MENDED
    assert note_of(collection, subway).cards()[0].ivl == 30
    print(f"{suffix}: {first} new; 0 new; 1 mended in place, its schedule kept")


def imported(collection: Collection, path: Path) -> int:
    """Import a file with what Anki offers by default; how many notes are new."""
    before = len(collection.find_notes(""))
    if path.suffix == ".apkg":
        collection.import_anki_package(ImportAnkiPackageRequest(package_path=str(path)))
    else:
        metadata = collection.get_csv_metadata(path=str(path), delimiter=None)
        collection.import_csv(ImportCsvRequest(path=str(path), metadata=metadata))
    return len(collection.find_notes("")) - before


def contents(collection: Collection) -> dict[str, dict[str, str]]:
    """The fields of each note, by GUID."""
    notes = (collection.get_note(note) for note in collection.find_notes(""))
    return {note.guid: dict(note.items()) for note in notes}


def note_of(collection: Collection, guid: str):
    notes = (collection.get_note(note) for note in collection.find_notes(""))
    return next(note for note in notes if note.guid == guid)


def learn(collection: Collection, guid: str) -> None:
    """The card of a note as one that is known for a month."""
    card = note_of(collection, guid).cards()[0]
    card.type = card.queue = 2
    card.ivl = 30
    collection.update_card(card)


main()
