/* What dictionaries say of the words in a text: `OverlappingWords` of
   reader/annotation/features.py, over the records of reader/lexicon/records.py. */

#ifndef READER_READING_INDEX_H
#define READER_READING_INDEX_H

#include "core.h"

#define LONGEST 4
#define MOST_OVERLAPPING 9

typedef struct {
    Char rest[LONGEST - 2];
    int32_t rest_size;
    char kind;              /* `c` for the dictionary of words, `p` for phrases. */
    bool plain;             /* One reading, and no name of several words. */
    uint32_t sets[LONGEST]; /* For each character the set of its syllables. */
} WordReadings;

typedef struct {
    int32_t count;
    WordReadings words[];
} PairReadings;

typedef struct {
    int32_t length, offset;
    const WordReadings *readings;
} OverlappingWord;

typedef struct {
    uint32_t count;
    uint32_t *syllables; /* In the order of their numbers. */
    Text joined;         /* In the order of their letters, with | between. */
} Set;

typedef struct {
    bool known;
    Followers followers; /* With what is joined of the words that begin so, a `PairReadings`. */
} After;

typedef struct {
    const Table *table;
    Pages after;
    Map numbers; /* Of syllables, by their letters. */
    PyObject *syllables;
    Map set_numbers;
    Set *sets;
    uint32_t set_count, set_room;
} ReadingIndex;

int reading_index_open(ReadingIndex *self, const Table *table);
void reading_index_close(ReadingIndex *self);
int syllable_number(ReadingIndex *self, const char *letters, size_t size, uint32_t *number);
int set_of(ReadingIndex *self, uint32_t *syllables, uint32_t count, uint32_t *number);
int set_union(ReadingIndex *self, uint32_t one, uint32_t other, uint32_t *number);
int word_readings(ReadingIndex *self, const Char *word, Py_ssize_t size,
                  const WordReadings **found);
int overlapping_words(ReadingIndex *self, const Text *shadow, Py_ssize_t index,
                      OverlappingWord *overlapping);

#endif
