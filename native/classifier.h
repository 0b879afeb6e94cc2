/* The classifier of readings: reader/annotation/features.py and classifier.py. */

#ifndef READER_CLASSIFIER_H
#define READER_CLASSIFIER_H

#include "core.h"

/* ---- reading_index.c: what dictionaries say of the words in a text (`OverlappingWords`) -------- */

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

/* ---- classifier.c -------------------------------------------------------------------------------- */

#define MOST_READINGS 32

typedef struct {
    int32_t count, others; /* Of the readings; of those but the first. */
    double scale;
    Hashes features; /* Of their names: the number of a row, or its weights. */
    const int8_t *weights; /* A row for each feature, of a weight for each reading but the first. */
    struct {
        PyObject *syllable; /* Borrowed from the reading index. */
        double bias;
    } readings[];
} Scorer;

typedef struct {
    double share;
    int32_t reading;
} Answer;

/* What `Classifier.evidence` has numbers for: the word itself in either kind of dictionary, and
   dictionary words across the place by length, kind, whether they differ, and are the longest. */
#define EVIDENCE_KINDS 26

typedef struct {
    ReadingIndex *reading_index;
    Pages characters; /* Their scorers and classes. */
    Map tags;
    PyObject *python;
    double *evidence, *knots, *values;
    Py_ssize_t knot_count;
    long nearby;
} Classifier;

typedef struct {
    const Text *shadow;
    const Word *words;
    Py_ssize_t count, at; /* How many words, and which one it is about. */
} Place;

int classifier_open(Classifier *self, ReadingIndex *reading_index, PyObject *python, long nearby);
void classifier_close(Classifier *self);
int scorer_of(Classifier *self, Char character, const Scorer **scorer);
int32_t judge(Classifier *self, const Scorer *scorer, const Place *place, Py_ssize_t index,
              uint32_t among, Answer *answers);

#endif
