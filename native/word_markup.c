/* What is made of tokens, strung together: the cache of reader/writers/word_markup.py. */

#include "word_markup.h"

#define REMEMBERED 30000 /* Before they count as old. */

typedef struct {
    PyObject *token, *markup;
    bool opens, closes; /* It begins, or ends, with what a gap stands between. */
} Cached;

typedef struct {
    PyObject_HEAD
    Memory known; /* Identity of a token: a `Cached`, which keeps the token and so its identity. */
    PyObject *make, *opening, *closing, *gap;
    Ruby ruby;
} MarkupCache;

typedef struct {
    Py_ssize_t first, after; /* Which tokens it stands around. */
    PyObject *open, *close;
} Around;

typedef struct {
    PyObject *tokens;
    Py_ssize_t token, offset; /* The token that begins at the offset. */
} Position;

static void drop_cached(uintptr_t value)
{
    Cached *cached = (Cached *)value;
    Py_DECREF(cached->token);
    Py_DECREF(cached->markup);
    PyMem_Free(cached);
}

static Cached *rendered(MarkupCache *self, PyObject *token)
{
    PyObject *markup = ruby_of(&self->ruby, token);
    if (!markup && !PyErr_Occurred())
        markup = PyObject_CallOneArg(self->make, token);
    if (markup && !PyUnicode_Check(markup)) {
        PyErr_SetString(PyExc_TypeError, "what is made of a token is a string");
        Py_CLEAR(markup);
    }
    Cached *cached = markup ? PyMem_Malloc(sizeof(Cached)) : NULL;
    if (!cached) {
        Py_XDECREF(markup);
        return markup ? (Cached *)PyErr_NoMemory() : NULL;
    }
    Py_ssize_t size = PyUnicode_GET_LENGTH(markup);
    *cached = (Cached){
        .token = Py_NewRef(token),
        .markup = markup,
        .opens = PyUnicode_GET_LENGTH(self->opening) &&
                 PyUnicode_Tailmatch(markup, self->opening, 0, size, -1) > 0,
        .closes = PyUnicode_GET_LENGTH(self->closing) &&
                  PyUnicode_Tailmatch(markup, self->closing, 0, size, 1) > 0,
    };
    return cached;
}

/* What is cached of a token: it stays until the memory is turned. */
static const Cached *cached_of(MarkupCache *self, PyObject *token)
{
    uint64_t identity = (uint64_t)(uintptr_t)token;
    const Char *key = PAIR((Char)identity, (Char)(identity >> 32));
    uintptr_t value;
    if (memory_get(&self->known, key, 2, &value))
        return (const Cached *)value;
    Cached *cached = rendered(self, token);
    if (cached && memory_put(&self->known, key, 2, (uintptr_t)cached) < 0) {
        drop_cached((uintptr_t)cached);
        return NULL;
    }
    return cached;
}

static PyObject *each(MarkupCache *self, PyObject *sequence)
{
    PyObject *tokens = PySequence_Fast(sequence, "tokens are a sequence");
    PyObject *markup = tokens ? PyList_New(PySequence_Fast_GET_SIZE(tokens)) : NULL;
    memory_turn(&self->known);
    for (Py_ssize_t at = 0; markup && at < PySequence_Fast_GET_SIZE(tokens); at++) {
        const Cached *cached = cached_of(self, PySequence_Fast_GET_ITEM(tokens, at));
        if (cached)
            PyList_SET_ITEM(markup, at, Py_NewRef(cached->markup));
        else
            Py_CLEAR(markup);
    }
    Py_XDECREF(tokens);
    return markup;
}

/* Go on to the token that ends, or begins, at an offset; whether one does, -1 with an exception. */
static int reach(Position *position, Py_ssize_t offset)
{
    for (;
         position->offset < offset && position->token < PySequence_Fast_GET_SIZE(position->tokens);
         position->token++) {
        PyObject *text = token_text(PySequence_Fast_GET_ITEM(position->tokens, position->token));
        if (!text)
            return -1;
        position->offset += PyUnicode_GET_LENGTH(text);
    }
    return position->offset == offset;
}

static int find_around(Around *around, Py_ssize_t count, PyObject *spans, PyObject *tokens)
{
    Position position = {.tokens = tokens};
    for (Py_ssize_t number = 0; number < count; number++) {
        Py_ssize_t start, end;
        if (!PyArg_ParseTuple(PySequence_Fast_GET_ITEM(spans, number), "nnUU", &start, &end,
                              &around[number].open, &around[number].close))
            return -1;
        int whole = reach(&position, start);
        around[number].first = position.token;
        if (whole > 0)
            whole = reach(&position, end);
        around[number].after = position.token;
        if (whole == 0 || around[number].first == around[number].after) {
            PyErr_SetString(PyExc_ValueError, "a span does not cover whole tokens");
            return -1;
        }
        if (whole < 0)
            return -1;
    }
    return 0;
}

static int string_together(MarkupCache *self, PyObject *tokens, const Around *around,
                           Py_ssize_t count, Parts *parts)
{
    const Around *end = around + count;
    bool closed = false;
    for (Py_ssize_t at = 0; at < PySequence_Fast_GET_SIZE(tokens); at++) {
        const Cached *cached = cached_of(self, PySequence_Fast_GET_ITEM(tokens, at));
        if (!cached)
            return -1;
        /* The gap stands with the word before it, inside what ends there. */
        if (closed && cached->opens && add_part(parts, self->gap) < 0)
            return -1;
        if (around < end && around->after == at && add_part(parts, (around++)->close) < 0)
            return -1;
        if (around < end && around->first == at && add_part(parts, around->open) < 0)
            return -1;
        if (add_part(parts, cached->markup) < 0)
            return -1;
        closed = cached->closes;
    }
    return around < end ? add_part(parts, around->close) : 0;
}

static PyObject *join(MarkupCache *self, PyObject *args)
{
    PyObject *token_sequence, *span_sequence, *markup = NULL;
    if (!PyArg_ParseTuple(args, "OO", &token_sequence, &span_sequence))
        return NULL;
    PyObject *tokens = PySequence_Fast(token_sequence, "tokens are a sequence");
    PyObject *spans = PySequence_Fast(span_sequence, "spans are a sequence");
    Py_ssize_t count = spans ? PySequence_Fast_GET_SIZE(spans) : 0;
    Around *around = PyMem_Calloc((size_t)count + 1, sizeof(Around));
    Parts parts = {0};
    if (!around)
        PyErr_NoMemory();
    memory_turn(&self->known);
    if (tokens && spans && around && find_around(around, count, spans, tokens) == 0 &&
        string_together(self, tokens, around, count, &parts) == 0)
        markup = joined(&parts);
    PyMem_Free(parts.parts);
    PyMem_Free(around);
    Py_XDECREF(tokens);
    Py_XDECREF(spans);
    return markup;
}

static int markup_traverse(MarkupCache *self, visitproc visit, void *arg)
{
    Py_VISIT(self->make);
    Py_VISIT(self->ruby.write);
    return 0;
}

static int markup_clear(MarkupCache *self)
{
    Py_CLEAR(self->make);
    return 0;
}

static void markup_free(MarkupCache *self)
{
    PyObject_GC_UnTrack(self);
    markup_clear(self);
    memory_clear(&self->known);
    ruby_close(&self->ruby);
    Py_XDECREF(self->opening);
    Py_XDECREF(self->closing);
    Py_XDECREF(self->gap);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

static PyObject *markup_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"make", "opening", "closing", "gap", "ruby", NULL};
    PyObject *make, *opening, *closing, *gap, *ruby;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "OUUUO", names, &make, &opening, &closing, &gap,
                                     &ruby))
        return NULL;
    MarkupCache *self = (MarkupCache *)type->tp_alloc(type, 0);
    if (!self)
        return NULL;
    self->known = (Memory){.room = REMEMBERED, .drop = drop_cached};
    self->make = Py_NewRef(make);
    self->opening = Py_NewRef(opening);
    self->closing = Py_NewRef(closing);
    self->gap = Py_NewRef(gap);
    if (ruby_open(&self->ruby, ruby) < 0)
        Py_CLEAR(self);
    return (PyObject *)self;
}

static PyMethodDef methods[] = {
    {"each", (PyCFunction)each, METH_O, "each(tokens): what is made of each of them, a list."},
    {"join", (PyCFunction)join, METH_VARARGS,
     "join(tokens, spans): all of it, with a gap between words, and strings around the tokens "
     "that each span (start, end, open, close) covers."},
    {NULL, NULL, 0, NULL},
};

CORE_TYPE(MarkupCache, Py_TPFLAGS_HAVE_GC, markup_new, markup_free,
          "Remembers what is made of tokens, the usual ruby or what `make` makes, and strings it "
          "together.",
          .tp_traverse = (traverseproc)markup_traverse, .tp_clear = (inquiry)markup_clear,
          .tp_methods = methods);
