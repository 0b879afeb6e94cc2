/* The classifier of readings: reader/annotation/features.py and classifier.py. */

#ifndef READER_CLASSIFIER_H
#define READER_CLASSIFIER_H

#include "reading_index.h"

#define MOST_READINGS 32

typedef struct {
    int32_t count, others; /* Of the readings; of those but the first. */
    double scale;
    uint64_t *features, *filter; /* Slots for the hashes of their names; bits of those there are. */
    size_t slots;
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
