/* The dictionary's articles on a word: `Lexicon.entries` of reader/lexicon/lexicon.py. */

#include "core.h"

#define FIELDS 7

enum { TRADITIONAL, SIMPLIFIED, SYLLABLES, TAIWAN, FLAGS, BREAKS, SENSES };

typedef struct {
    PyObject_HEAD
    Table table;
    PyTypeObject *entry; /* A named tuple: `LexEntry`. */
} Articles;

typedef struct {
    const char *start, *end;
} Field;

static PyObject *string_of(Field field)
{
    return PyUnicode_DecodeUTF8(field.start, field.end - field.start, "strict");
}

/* The parts of a field, a tuple of strings; empty for an empty field. */
static PyObject *parts_of(Field field, char between)
{
    Py_ssize_t count = field.start < field.end, at = 0;
    for (const char *c = field.start; c < field.end; c++)
        count += *c == between;
    PyObject *parts = PyTuple_New(count);
    for (const char *c = field.start; parts && at < count; at++) {
        const char *stop = memchr(c, between, (size_t)(field.end - c));
        stop = stop ? stop : field.end;
        PyObject *part = string_of((Field){c, stop});
        if (part)
            PyTuple_SET_ITEM(parts, at, part);
        else
            Py_CLEAR(parts);
        c = stop + 1;
    }
    return parts;
}

static PyObject *numbers_of(Field field)
{
    PyObject *numbers = parts_of(field, ',');
    for (Py_ssize_t at = 0; numbers && at < PyTuple_GET_SIZE(numbers); at++) {
        PyObject *number = PyLong_FromUnicodeObject(PyTuple_GET_ITEM(numbers, at), 10);
        if (!number || PyTuple_SetItem(numbers, at, number) < 0)
            Py_CLEAR(numbers);
    }
    return numbers;
}

static PyObject *has(Field flags, char flag)
{
    return PyBool_FromLong(memchr(flags.start, flag, (size_t)(flags.end - flags.start)) != NULL);
}

/* An article out of its line: a new `LexEntry`. */
static PyObject *entry_of(PyTypeObject *type, const Field *fields)
{
    PyObject *values[] = {
        string_of(fields[TRADITIONAL]),    string_of(fields[SIMPLIFIED]),
        parts_of(fields[SYLLABLES], ','),  parts_of(fields[SENSES], '/'),
        parts_of(fields[TAIWAN], ','),     has(fields[FLAGS], 'p'),
        numbers_of(fields[BREAKS]),        has(fields[FLAGS], 'r'),
    };
    const Py_ssize_t count = sizeof values / sizeof *values;
    PyObject *entry = PyErr_Occurred() ? NULL : type->tp_alloc(type, count);
    for (Py_ssize_t at = 0; at < count; at++) {
        if (entry)
            PyTuple_SET_ITEM(entry, at, values[at]);
        else
            Py_XDECREF(values[at]);
    }
    return entry;
}

/* Cut a line into its fields; whether it has as many as it should. */
static bool cut(const char *line, const char *end, Field *fields)
{
    int count = 0;
    for (const char *at = line; count < FIELDS; at = fields[count - 1].end + 1) {
        const char *stop = at <= end ? memchr(at, '\t', (size_t)(end - at)) : NULL;
        if (at > end || (!stop && count < FIELDS - 1))
            return false;
        fields[count++] = (Field){at, stop ? stop : end};
    }
    return true;
}

/* Add the articles of a Simplified word, those written `only` so, if that is given. */
static int add_articles(Articles *self, PyObject *found, const char *record, const char *end,
                        const Field *only)
{
    const char *line = record ? memchr(record, '\n', (size_t)(end - record)) : NULL;
    while (line) {
        line++;
        const char *stop = memchr(line, '\n', (size_t)(end - line));
        Field fields[FIELDS];
        if (!cut(line, stop ? stop : end, fields)) {
            PyErr_SetString(PyExc_ValueError, "an article of the lexicon is broken");
            return -1;
        }
        const Field *written = &fields[TRADITIONAL];
        if (!only || (written->end - written->start == only->end - only->start &&
                      memcmp(written->start, only->start,
                             (size_t)(only->end - only->start)) == 0)) {
            PyObject *entry = entry_of(self->entry, fields);
            int done = entry ? PyList_Append(found, entry) : -1;
            Py_XDECREF(entry);
            if (done < 0)
                return -1;
        }
        line = stop;
    }
    return 0;
}

static int add_simplified(Articles *self, PyObject *found, const Text *word)
{
    const char *end, *record = table_get(&self->table, 'w', word->chars, (size_t)word->size, &end);
    return add_articles(self, found, record, end, NULL);
}

/* Add the articles of the Simplified words that a Traditional one may stand for. */
static int add_traditional(Articles *self, PyObject *found, const Text *word)
{
    const char *end, *at = table_get(&self->table, 't', word->chars, (size_t)word->size, &end);
    char bytes[4 * 64];
    Field only = {bytes, at ? bytes + put_utf8(bytes, word->chars, (size_t)word->size) : bytes};
    while (at) {
        const char *stop = memchr(at, '\t', (size_t)(end - at)), *record, *record_end;
        Char chars[64];
        size_t size = 0;
        for (const char *c = at; c < (stop ? stop : end) && size < 64; size++)
            c = get_utf8(c, stop ? stop : end, &chars[size]);
        record = table_get(&self->table, 'w', chars, size, &record_end);
        if (add_articles(self, found, record, record_end, &only) < 0)
            return -1;
        at = stop ? stop + 1 : NULL;
    }
    return 0;
}

static PyObject *entries(Articles *self, PyObject *args)
{
    PyObject *word, *shadow, *articles = NULL;
    Text text, other = {0};
    if (!PyArg_ParseTuple(args, "UU", &word, &shadow) || text_of(&text, word) < 0)
        return NULL;
    PyObject *found = PyList_New(0);
    int done = found ? add_simplified(self, found, &text) : -1;
    if (done == 0)
        done = add_traditional(self, found, &text);
    if (done == 0 && PyList_GET_SIZE(found) == 0 && PyUnicode_Compare(word, shadow) != 0) {
        done = text_of(&other, shadow);
        if (done == 0)
            done = add_simplified(self, found, &other);
    }
    if (done == 0)
        articles = PyList_AsTuple(found);
    text_free(&text);
    text_free(&other);
    Py_XDECREF(found);
    return articles;
}

static void articles_free(Articles *self)
{
    table_close(&self->table);
    Py_XDECREF(self->entry);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

static PyObject *articles_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"table", "entry", NULL};
    PyObject *table, *entry;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "OO!", names, &table, &PyType_Type, &entry))
        return NULL;
    if (!PyType_IsSubtype((PyTypeObject *)entry, &PyTuple_Type)) {
        PyErr_SetString(PyExc_TypeError, "articles are tuples");
        return NULL;
    }
    Articles *self = (Articles *)type->tp_alloc(type, 0);
    if (!self)
        return NULL;
    self->entry = (PyTypeObject *)Py_NewRef(entry);
    if (table_open(&self->table, table) < 0)
        Py_CLEAR(self);
    return (PyObject *)self;
}

static PyMethodDef methods[] = {
    {"entries", (PyCFunction)entries, METH_VARARGS,
     "entries(word, shadow): the articles on a word, or on its Simplified form."},
    {NULL, NULL, 0, NULL},
};

PyTypeObject ArticlesType = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "reader._core.Articles",
    .tp_basicsize = sizeof(Articles),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_doc = "Looks articles up in the bytes of a table.",
    .tp_new = articles_new,
    .tp_dealloc = (destructor)articles_free,
    .tp_methods = methods,
};
