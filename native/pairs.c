/* Words that only one text has: `join` of reader/annotation/recurring.py. */

#include "core.h"

typedef struct {
    PyObject_HEAD
    Map kinds;      /* Of the words that the pairs are taken for. */
    uint64_t first; /* The lowest six bits of the characters that begin them. */
} Pairs;

static uint64_t bit_of(Char character)
{
    return (uint64_t)1 << (character & 63);
}

/* Where the next pair at or after a place begins, and its kind; -1 for none. */
static Py_ssize_t next_pair(const Pairs *self, const Text *text, Py_ssize_t at, uintptr_t *kind)
{
    for (; at + 1 < text->size; at++)
        if (self->first & bit_of(text->chars[at]) && map_get(&self->kinds, text->chars + at, 2, kind))
            return at;
    return -1;
}

/* The place of the first word that begins at an offset or after it. */
static Py_ssize_t place_of(const WordList *list, Py_ssize_t offset)
{
    Py_ssize_t low = 0, high = list->count;
    while (low < high) {
        Py_ssize_t middle = low + (high - low) / 2;
        if (list->words[middle].start < offset)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool is_word(const WordList *list, Py_ssize_t at, Py_ssize_t start, Py_ssize_t end,
                    long kind)
{
    const Word *word = &list->words[at];
    return at < list->count && word->start == start && word->end == end && word->kind == kind;
}

static void take_out(WordList *list, Py_ssize_t at)
{
    list->count--;
    memmove(list->words + at, list->words + at + 1,
            (size_t)(list->count - at) * sizeof(Word));
}

/* Make the pair at `start` one word, where it is two, or the beginning of a name. */
static void join_at(WordList *list, Py_ssize_t start, long kind)
{
    Py_ssize_t at = place_of(list, start), end = start + 2;
    if (is_word(list, at, start, start + 1, HAN) && is_word(list, at + 1, start + 1, end, HAN)) {
        list->words[at] = (Word){start, end, kind};
        take_out(list, at + 1);
    } else if (is_word(list, at, start, start + 1, PERSON) && at + 1 < list->count) {
        Py_ssize_t last = list->words[at + 1].end;
        list->words[at] = (Word){start, end, NAME};
        if (last > end)
            list->words[at + 1] = (Word){end, last, HAN};
        else
            take_out(list, at + 1);
    }
}

static PyObject *joined_pairs(Pairs *self, const Words *words, const Text *text, Py_ssize_t start,
                              uintptr_t kind)
{
    WordList list = {0};
    Words *made = NULL;
    Py_ssize_t at = 0;
    while (at < Py_SIZE(words) && words_add(&list, words->words[at].start, words->words[at].end,
                                            words->words[at].kind) == 0)
        at++;
    if (at == Py_SIZE(words)) {
        for (; start >= 0; start = next_pair(self, text, start + 2, &kind))
            join_at(&list, start, (long)kind);
        made = words_made(&list);
    }
    PyMem_Free(list.words);
    return (PyObject *)made;
}

static PyObject *join(Pairs *self, PyObject *args)
{
    PyObject *given, *shadow, *found = NULL;
    if (!PyArg_ParseTuple(args, "OU", &given, &shadow))
        return NULL;
    Text text;
    uintptr_t kind = 0;
    if (text_of(&text, shadow) < 0)
        return NULL;
    Py_ssize_t start = next_pair(self, &text, 0, &kind);
    Words *words = start < 0 ? NULL : words_in(given, text.size);
    if (words)
        found = joined_pairs(self, words, &text, start, kind);
    else if (start < 0)
        found = Py_NewRef(given);
    Py_XDECREF(words);
    text_free(&text);
    return found;
}

static int add_pair(Pairs *self, PyObject *pair, PyObject *kind)
{
    Char chars[3];
    uintptr_t there;
    long number = PyLong_AsLong(kind);
    if (PyErr_Occurred())
        return -1;
    if (!PyUnicode_Check(pair) || PyUnicode_GET_LENGTH(pair) != 2) {
        PyErr_SetString(PyExc_ValueError, "a pair is of two characters");
        return -1;
    }
    if (!PyUnicode_AsUCS4(pair, chars, 3, 1))
        return -1;
    self->first |= bit_of(chars[0]);
    return map_get(&self->kinds, chars, 2, &there) ? 0 : map_put(&self->kinds, chars, 2,
                                                                 (uintptr_t)number);
}

static void pairs_free(Pairs *self)
{
    map_clear(&self->kinds, NULL);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

static PyObject *pairs_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"kinds", NULL};
    PyObject *kinds, *pair, *kind;
    Py_ssize_t at = 0;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O!", names, &PyDict_Type, &kinds))
        return NULL;
    Pairs *self = (Pairs *)type->tp_alloc(type, 0);
    while (self && PyDict_Next(kinds, &at, &pair, &kind))
        if (add_pair(self, pair, kind) < 0)
            Py_CLEAR(self);
    return (PyObject *)self;
}

static PyMethodDef methods[] = {
    {"join", (PyCFunction)join, METH_VARARGS,
     "join(words, shadow): the words, with each pair that is two of them made one."},
    {NULL, NULL, 0, NULL},
};

PyTypeObject PairsType = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "reader._core.Pairs",
    .tp_basicsize = sizeof(Pairs),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_doc = "Pairs of characters that are words, with their kinds.",
    .tp_new = pairs_new,
    .tp_dealloc = (destructor)pairs_free,
    .tp_methods = methods,
};

/* has_latin(text): whether there is an ASCII letter or digit in the text. */
PyObject *has_latin(PyObject *module, PyObject *string)
{
    if (!PyUnicode_Check(string)) {
        PyErr_SetString(PyExc_TypeError, "a string, not anything else");
        return NULL;
    }
    int kind = PyUnicode_KIND(string);
    const void *data = PyUnicode_DATA(string);
    for (Py_ssize_t at = 0; at < PyUnicode_GET_LENGTH(string); at++) {
        Py_UCS4 c = PyUnicode_READ(kind, data, at);
        if (c < 0x80 && Py_ISALNUM(c))
            Py_RETURN_TRUE;
    }
    Py_RETURN_FALSE;
}
