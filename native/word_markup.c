/* What is made of tokens, strung together: the memory of reader/writers/word_markup.py. */

#include "word_markup.h"

#define REMEMBERED 30000 /* Before they count as old. */

typedef struct {
    PyObject *token, *made;
    bool opens, closes; /* It begins, or ends, with what a gap stands between. */
} Known;

typedef struct {
    PyObject_HEAD
    Memory known; /* Identity of a token: a `Known`, which keeps the token and so its identity. */
    PyObject *make, *opening, *closing, *gap;
    Ruby ruby;
} Markup;

typedef struct {
    Py_ssize_t first, after; /* Which tokens it stands around. */
    PyObject *open, *close;
} Around;

typedef struct {
    PyObject *tokens;
    Py_ssize_t token, offset; /* The token that begins at the offset. */
} Along;

static PyObject *start_name, *end_name;

static void drop_known(uintptr_t value)
{
    Known *known = (Known *)value;
    Py_DECREF(known->token);
    Py_DECREF(known->made);
    PyMem_Free(known);
}

static Known *learnt(Markup *self, PyObject *token)
{
    PyObject *made = ruby_of(&self->ruby, token);
    if (!made && !PyErr_Occurred())
        made = PyObject_CallOneArg(self->make, token);
    if (made && !PyUnicode_Check(made)) {
        PyErr_SetString(PyExc_TypeError, "what is made of a token is a string");
        Py_CLEAR(made);
    }
    Known *known = made ? PyMem_Malloc(sizeof(Known)) : NULL;
    if (!known) {
        Py_XDECREF(made);
        return made ? (Known *)PyErr_NoMemory() : NULL;
    }
    Py_ssize_t size = PyUnicode_GET_LENGTH(made);
    *known = (Known){
        .token = Py_NewRef(token),
        .made = made,
        .opens = PyUnicode_GET_LENGTH(self->opening) &&
                 PyUnicode_Tailmatch(made, self->opening, 0, size, -1) > 0,
        .closes = PyUnicode_GET_LENGTH(self->closing) &&
                  PyUnicode_Tailmatch(made, self->closing, 0, size, 1) > 0,
    };
    return known;
}

/* What is known of a token: it stays until the memory is turned. */
static const Known *known_of(Markup *self, PyObject *token)
{
    uint64_t identity = (uint64_t)(uintptr_t)token;
    const Char *key = PAIR((Char)identity, (Char)(identity >> 32));
    uintptr_t found;
    if (memory_get(&self->known, key, 2, &found))
        return (const Known *)found;
    Known *known = learnt(self, token);
    if (known && memory_put(&self->known, key, 2, (uintptr_t)known) < 0) {
        drop_known((uintptr_t)known);
        return NULL;
    }
    return known;
}

static PyObject *each(Markup *self, PyObject *given)
{
    PyObject *tokens = PySequence_Fast(given, "tokens are a sequence");
    PyObject *found = tokens ? PyList_New(PySequence_Fast_GET_SIZE(tokens)) : NULL;
    memory_turn(&self->known);
    for (Py_ssize_t at = 0; found && at < PySequence_Fast_GET_SIZE(tokens); at++) {
        const Known *known = known_of(self, PySequence_Fast_GET_ITEM(tokens, at));
        if (known)
            PyList_SET_ITEM(found, at, Py_NewRef(known->made));
        else
            Py_CLEAR(found);
    }
    Py_XDECREF(tokens);
    return found;
}

/* Go on to the token that ends, or begins, at an offset; whether one does, -1 with an exception. */
static int reach(Along *along, Py_ssize_t offset)
{
    for (; along->offset < offset && along->token < PySequence_Fast_GET_SIZE(along->tokens);
         along->token++) {
        PyObject *text = token_text(PySequence_Fast_GET_ITEM(along->tokens, along->token));
        if (!text)
            return -1;
        along->offset += PyUnicode_GET_LENGTH(text);
    }
    return along->offset == offset;
}

static Py_ssize_t offset_of(PyObject *span, PyObject *name)
{
    PyObject *value = PyObject_GetAttr(span, name);
    Py_ssize_t offset = value ? PyLong_AsSsize_t(value) : -1;
    Py_XDECREF(value);
    return offset;
}

static PyObject *covers(Markup *self, PyObject *args)
{
    PyObject *given, *wanted;
    if (!PyArg_ParseTuple(args, "OO", &given, &wanted))
        return NULL;
    PyObject *tokens = PySequence_Fast(given, "tokens are a sequence");
    PyObject *spans = PySequence_Fast(wanted, "spans are a sequence");
    Along along = {.tokens = tokens};
    int whole = tokens && spans ? 1 : -1;
    for (Py_ssize_t at = 0; whole > 0 && at < PySequence_Fast_GET_SIZE(spans); at++) {
        PyObject *span = PySequence_Fast_GET_ITEM(spans, at);
        Py_ssize_t start = offset_of(span, start_name), end = offset_of(span, end_name);
        whole = PyErr_Occurred() ? -1 : start < end ? reach(&along, start) : 0;
        if (whole > 0)
            whole = reach(&along, end);
    }
    Py_XDECREF(tokens);
    Py_XDECREF(spans);
    return whole < 0 ? NULL : PyBool_FromLong(whole);
}

static int find_around(Around *around, Py_ssize_t count, PyObject *spans, PyObject *tokens)
{
    Along along = {.tokens = tokens};
    for (Py_ssize_t number = 0; number < count; number++) {
        Py_ssize_t start, end;
        if (!PyArg_ParseTuple(PySequence_Fast_GET_ITEM(spans, number), "nnUU", &start, &end,
                              &around[number].open, &around[number].close))
            return -1;
        int whole = reach(&along, start);
        around[number].first = along.token;
        if (whole > 0)
            whole = reach(&along, end);
        around[number].after = along.token;
        if (whole == 0 || around[number].first == around[number].after) {
            PyErr_SetString(PyExc_ValueError, "a span does not cover whole tokens");
            return -1;
        }
        if (whole < 0)
            return -1;
    }
    return 0;
}

static int string_together(Markup *self, PyObject *tokens, const Around *around, Py_ssize_t count,
                           Parts *parts)
{
    const Around *end = around + count;
    bool closed = false;
    for (Py_ssize_t at = 0; at < PySequence_Fast_GET_SIZE(tokens); at++) {
        const Known *known = known_of(self, PySequence_Fast_GET_ITEM(tokens, at));
        if (!known)
            return -1;
        /* The gap stands with the word before it, inside what ends there. */
        if (closed && known->opens && add_part(parts, self->gap) < 0)
            return -1;
        if (around < end && around->after == at && add_part(parts, (around++)->close) < 0)
            return -1;
        if (around < end && around->first == at && add_part(parts, around->open) < 0)
            return -1;
        if (add_part(parts, known->made) < 0)
            return -1;
        closed = known->closes;
    }
    return around < end ? add_part(parts, around->close) : 0;
}

static PyObject *join(Markup *self, PyObject *args)
{
    PyObject *given, *wanted, *found = NULL;
    if (!PyArg_ParseTuple(args, "OO", &given, &wanted))
        return NULL;
    PyObject *tokens = PySequence_Fast(given, "tokens are a sequence");
    PyObject *spans = PySequence_Fast(wanted, "spans are a sequence");
    Py_ssize_t count = spans ? PySequence_Fast_GET_SIZE(spans) : 0;
    Around *around = PyMem_Calloc((size_t)count + 1, sizeof(Around));
    Parts parts = {0};
    if (!around)
        PyErr_NoMemory();
    memory_turn(&self->known);
    if (tokens && spans && around && find_around(around, count, spans, tokens) == 0 &&
        string_together(self, tokens, around, count, &parts) == 0)
        found = joined(&parts);
    PyMem_Free(parts.parts);
    PyMem_Free(around);
    Py_XDECREF(tokens);
    Py_XDECREF(spans);
    return found;
}

static int markup_traverse(Markup *self, visitproc visit, void *arg)
{
    Py_VISIT(self->make);
    Py_VISIT(self->ruby.write);
    return 0;
}

static int markup_clear(Markup *self)
{
    Py_CLEAR(self->make);
    return 0;
}

static void markup_free(Markup *self)
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
    if ((!start_name && !(start_name = PyUnicode_InternFromString("start"))) ||
        (!end_name && !(end_name = PyUnicode_InternFromString("end"))))
        return NULL;
    Markup *self = (Markup *)type->tp_alloc(type, 0);
    if (!self)
        return NULL;
    self->known = (Memory){.room = REMEMBERED, .drop = drop_known};
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
    {"covers", (PyCFunction)covers, METH_VARARGS,
     "covers(tokens, spans): whether each of the spans covers whole tokens, and one at least."},
    {"join", (PyCFunction)join, METH_VARARGS,
     "join(tokens, spans): all of it, with a gap between words, and strings around the tokens "
     "that each span (start, end, open, close) covers."},
    {NULL, NULL, 0, NULL},
};

CORE_TYPE(Markup, Py_TPFLAGS_HAVE_GC, markup_new, markup_free,
          "Remembers what is made of tokens, the usual ruby or what `make` makes, and strings it "
          "together.",
          .tp_traverse = (traverseproc)markup_traverse, .tp_clear = (inquiry)markup_clear,
          .tp_methods = methods);
