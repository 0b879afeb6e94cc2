"""Words, readings, notes and sentences, beside the text and never woven into it.

`annotator` has the whole: `annotate`, and in `Annotator._block` what is done to a block, in order.
The other modules are the steps, and stand on one another as they are listed:

    preparation         the survey of a text: its language, and the words that only it has;
                        conversion by OpenCC and repair of slips, where they are asked for
    terminology         glossary terms: words, readings and notes that their rows fix
    segmentation        the text in words, by the compiled core or its reference:
      lattice             the cheapest path through the candidates
      word_candidates     dictionary words that may begin somewhere, and the kinds of words
      numbers             numbers in Chinese characters; digits read aloud
      person_names        names of people, and transliterations
    corrections         slips of a Traditional text, found by its words; what was meant is read
    readings            the pronunciation of each word, with its certainty:
      reading_candidates  what a word may be read as, whatever stands around it
      classifier          which of them, in its context: trained weights
      features            what the context is made of, dictionary words across a place included
    tokens              words, readings, senses and levels put together
    script_forms        the forms of tokens in the other script, in the characters of a region
    doubts              afterwards: what an editor should look at, and the rows that settle it:
      certainty           how sure words and names are, by what other ways through the lattice cost

What is spoken (tone sandhi) and how it is written are renderings: `reader.pinyin`. Layers from
outside run last: `reader.layers`.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
