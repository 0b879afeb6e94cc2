/* The classifier of readings: reader/annotation/features.py and classifier.py. */

#ifndef READER_CLASSIFIER_H
#define READER_CLASSIFIER_H

#include "reading_index.h"

#define MOST_READINGS 32
#define MOST_EVIDENCE (1 + MOST_OVERLAPPING)

typedef struct {
    uint64_t hash; /* Of its name; 0 for an empty slot. */
    size_t row;    /* Where in the weights its row begins. */
} Feature;

typedef struct {
    int32_t readings;
    uint32_t *syllables; /* Their numbers. */
    int32_t *rank;       /* Their places in the order of their letters. */
    double *bias, scale;
    Feature *features;
    size_t slots;
    uint64_t *filter; /* Bits of the features there are: most that are asked for are not. */
    int8_t *weights;
} Scorer;

typedef struct {
    uint32_t kind, set; /* What kind of evidence, and the syllables that it speaks for. */
} Evidence;

typedef struct {
    int32_t sums[MOST_READINGS]; /* For each reading but the first. */
    Evidence evidence[MOST_EVIDENCE];
    int32_t pieces;
} Weights;

typedef struct {
    double share;
    int32_t reading;
} Answer;

#define EVIDENCE_KINDS 26

typedef struct {
    bool known;
    Scorer *scorer;
    Char wide, narrow; /* The names of its classes; 0 for none. */
} Scored;

typedef struct {
    ReadingIndex *reading_index;
    Pages scorers; /* Of `Scored`. */
    Map tags;
    PyObject *unpack, *long_word;
    bool shared[EVIDENCE_KINDS];
    double present[EVIDENCE_KINDS], missing[EVIDENCE_KINDS];
    double *knots, *values;
    Py_ssize_t knot_count;
    long nearby;
} Classifier;

typedef struct {
    const Text *shadow;
    const Word *words;
    Py_ssize_t count, at; /* How many words, and which one it is about. */
} Place;

int classifier_open(Classifier *self, ReadingIndex *reading_index, PyObject *classifier,
                    long nearby);
void classifier_close(Classifier *self);
int scorer_of(Classifier *self, Char character, const Scorer **scorer);
int weigh(Classifier *self, const Scorer *scorer, const Place *place, Py_ssize_t index,
          Weights *weights);
int32_t answers_of(const Classifier *self, const Scorer *scorer, const Weights *weights,
                   uint32_t among, Answer *answers);

#endif
