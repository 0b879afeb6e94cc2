/* What dictionaries say of the words in a text: reader/annotation/features.py, lexicon/records.py. */

#ifndef READER_READING_INDEX_H
#define READER_READING_INDEX_H

#include "core.h"

#define LONGEST 4
#define MOST_COVERS 9

typedef struct {
    Char rest[LONGEST - 2];
    int32_t rest_size;
    char kind;              /* `c` for the dictionary of words, `p` for phrases. */
    bool plain;             /* One reading, and no name of several words. */
    uint32_t sets[LONGEST]; /* For each character the set of its syllables. */
} Spoken;

typedef struct {
    int32_t count;
    Spoken words[];
} SpokenPair;

typedef struct {
    int32_t length, offset;
    const Spoken *spoken;
} Cover;

typedef struct {
    uint32_t count;
    uint32_t *syllables; /* In the order of their numbers. */
    Text said;           /* In the order of their letters, with | between. */
} Set;

typedef struct {
    bool known;
    Followers followers; /* With what is said of the words that begin so, a `SpokenPair`. */
} After;

typedef struct {
    const Table *table;
    Pages after;
    Map numbers; /* Of syllables, by their letters. */
    PyObject *syllables;
    Map set_numbers;
    Set *sets;
    uint32_t set_count, set_room;
} Dictionary;

int dictionary_open(Dictionary *self, const Table *table);
void dictionary_close(Dictionary *self);
int syllable_number(Dictionary *self, const char *letters, size_t size, uint32_t *number);
int set_of(Dictionary *self, uint32_t *syllables, uint32_t count, uint32_t *number);
int set_union(Dictionary *self, uint32_t one, uint32_t other, uint32_t *number);
int spoken_word(Dictionary *self, const Char *word, Py_ssize_t size, const Spoken **found);
int covers_of(Dictionary *self, const Text *shadow, Py_ssize_t index, Cover *covers);

#endif
