/* What dictionaries say of the words in a text: `OverlappingWords` of
   reader/annotation/features.py, over the records of reader/lexicon/records.py. */

#ifndef READER_READING_INDEX_H
#define READER_READING_INDEX_H

#include "core.h"

#define LONGEST 4
#define MOST_OVERLAPPING 9

typedef struct {
    Char rest[LONGEST - 2]; /* What follows the pair. */
    int32_t rest_size, count;
    char kind;            /* `c` for the dictionary of words, `p` for phrases. */
    bool plain;           /* One reading, and no name of several words. */
    PyObject **syllables; /* Those of its first reading, then of the others, `count` in all. */
} WordReadings;

typedef struct {
    int32_t length, offset;
    const WordReadings *readings;
} OverlappingWord;

typedef struct {
    bool known;
    Followers followers; /* With what is joined of the words that begin so. */
} After;

typedef struct {
    const Table *table;
    Pages after;         /* Of `After`. */
    PyObject *syllables; /* Of each its one object, by itself. */
} ReadingIndex;

int reading_index_open(ReadingIndex *self, const Table *table);
void reading_index_close(ReadingIndex *self);
PyObject *one_syllable(ReadingIndex *self, PyObject *syllable);
const WordReadings *word_readings(ReadingIndex *self, const Char *word, Py_ssize_t size);
int overlapping_words(ReadingIndex *self, const Text *shadow, Py_ssize_t index,
                      OverlappingWord *overlapping);

#endif
