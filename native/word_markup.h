/* Strings put together of parts, and the ruby of a word. */

#ifndef READER_WORD_MARKUP_H
#define READER_WORD_MARKUP_H

#include "core.h"

/* A string that grows by parts, which are joined at the end. They are borrowed. */
typedef struct {
    PyObject **parts;
    Py_ssize_t count, room, size;
    Py_UCS4 highest;
} Parts;

int add_part(Parts *parts, PyObject *part);
PyObject *joined(const Parts *parts);

/* How a word with its pinyin above it is marked up. */
typedef struct {
    DataClass token, reading;
    PyObject *around[2], *above[2]; /* The tags of the whole, and of its reading. */
    PyObject *space;
    PyObject *write;   /* Gives the three ways to write a syllable, or None. */
    PyObject *written; /* What it gave. */
} Ruby;

int ruby_open(Ruby *self, PyObject *usual);
void ruby_close(Ruby *self);
PyObject *ruby_of(Ruby *self, PyObject *token);

#endif
