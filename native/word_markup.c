/* The markup of words, strung together: the cache of reader/writers/word_markup.py. Of most words,
   whose syllables are joined above their text, only text and pinyin are kept. */

#include "core.h"

#define REMEMBERED 30000 /* Before they count as old. */
#define MOST 256

enum { TEXT, READ, PROPER };              /* Fields of a token. */
enum { SPOKEN, AT_BREAKS, CAPITALS };     /* Fields of a reading. */
enum { BEGINNING, INSIDE, CAPITAL }; /* Ways to write a syllable. */
enum { BEFORE, BETWEEN, BEHIND, TAGS };   /* The text, the pinyin. */

typedef struct {
    Py_UCS2 chars[MOST];
    int16_t size;
} Piece;

typedef struct {
    PyObject *token, *markup; /* NULL for one of a place alone; markup that Python made, or NULL. */
    PyObject *first;          /* What to ask of at its first use in a chapter, or what is around it. */
    int chapter;              /* In which that was asked last. */
    Py_UCS4 bits;             /* Of all its characters: they tell how wide a string they need. */
    int16_t whole;            /* Characters of the markup; of the text; with the pinyin. */
    int16_t text, size;
    bool opens, closes; /* It begins, or ends, with what a gap stands between. */
    Py_UCS2 chars[];
} Cached;

typedef struct {
    PyObject_HEAD
    Memory known; /* Identity of a token: a `Cached`, which keeps the token and so its identity. */
    PyObject *opening, *closing, *gap;
    DataClass token, reading;
    PyObject *write; /* By syllables the ways to write them, or None; NULL without a usual ruby. */
    Piece tags[TAGS];
} MarkupCache;

/* A string that is measured first, then written. */
typedef struct {
    char *to;
    int kind;
    Py_ssize_t size; /* Characters measured, or written. */
    Py_UCS4 bits;
} Out;

static void drop_cached(uintptr_t value)
{
    Cached *cached = (Cached *)value;
    Py_XDECREF(cached->token);
    Py_XDECREF(cached->markup);
    Py_XDECREF(cached->first);
    PyMem_Free(cached);
}

/* ---- the usual ruby ------------------------------------------------------------------------------ */

/* Add a string to a piece; whether there is room for it. */
static bool put(Piece *piece, PyObject *string)
{
    if (!PyUnicode_Check(string) || PyUnicode_KIND(string) == PyUnicode_4BYTE_KIND ||
        piece->size + PyUnicode_GET_LENGTH(string) > MOST)
        return false;
    int kind = PyUnicode_KIND(string);
    const void *data = PyUnicode_DATA(string);
    for (Py_ssize_t at = 0; at < PyUnicode_GET_LENGTH(string); at++)
        piece->chars[piece->size++] = (Py_UCS2)PyUnicode_READ(kind, data, at);
    return true;
}

/* Whether it is the same as markup: `escape` of markup.py changes, or refuses, any other. */
static bool is_plain(const Piece *text)
{
    for (Py_ssize_t at = 0; at < text->size; at++) {
        Py_UCS2 c = text->chars[at];
        if (c == '&' || c == '<' || c == '>' || (c < 0x20 && c != '\t' && c != '\n') ||
            is_surrogate(c) || c >= 0xFFFE)
            return false;
    }
    return true;
}

/* Add the pinyin of a reading; false, with or without an exception, where that takes more than
   joining its syllables. */
static bool put_pinyin(MarkupCache *self, Piece *piece, PyObject *reading, bool proper)
{
    PyObject *syllables = dataclass_field(&self->reading, reading, SPOKEN);
    PyObject *breaks = dataclass_field(&self->reading, reading, AT_BREAKS);
    Py_ssize_t next = 0;
    if (PyTuple_GET_SIZE(dataclass_field(&self->reading, reading, CAPITALS)))
        return false;
    for (Py_ssize_t at = 0; at < PyTuple_GET_SIZE(syllables); at++) {
        bool first = at == 0;
        if (at && next < PyTuple_GET_SIZE(breaks) && piece->size < MOST &&
            PyLong_AsSsize_t(PyTuple_GET_ITEM(breaks, next)) == at) {
            first = true;
            next++;
            piece->chars[piece->size++] = ' ';
        }
        PyObject *ways = PyObject_GetItem(self->write, PyTuple_GET_ITEM(syllables, at));
        int way = !first ? INSIDE : proper ? CAPITAL : BEGINNING;
        bool written = ways && PyTuple_Check(ways) && way < PyTuple_GET_SIZE(ways) &&
                       put(piece, PyTuple_GET_ITEM(ways, way));
        Py_XDECREF(ways);
        if (!written)
            return false;
    }
    return next == PyTuple_GET_SIZE(breaks);
}

/* What is kept of a token whose markup is the usual; NULL, with or without an exception, for one
   that takes more. */
static Cached *usual(MarkupCache *self, PyObject *token)
{
    Piece piece;
    piece.size = 0;
    if (!self->write || Py_TYPE(token) != self->token.type ||
        !put(&piece, dataclass_field(&self->token, token, TEXT)) || !is_plain(&piece))
        return NULL;
    int16_t text = piece.size;
    PyObject *reading = dataclass_field(&self->token, token, READ);
    bool proper = dataclass_field(&self->token, token, PROPER) == Py_True;
    if (reading != Py_None && (Py_TYPE(reading) != self->reading.type ||
                               !put_pinyin(self, &piece, reading, proper)))
        return NULL;
    Cached *cached = PyMem_Malloc(sizeof(Cached) + (size_t)piece.size * sizeof(Py_UCS2));
    if (!cached)
        return (Cached *)PyErr_NoMemory();
    bool read = reading != Py_None;
    *cached = (Cached){.opens = read, .closes = read, .bits = 0x7F, .text = text, .size = piece.size};
    for (Py_ssize_t at = 0; at < piece.size; at++)
        cached->bits |= cached->chars[at] = piece.chars[at];
    cached->whole = piece.size;
    for (int tag = 0; read && tag < TAGS; tag++)
        cached->whole = (int16_t)(cached->whole + self->tags[tag].size);
    return cached;
}

/* ---- what is known of tokens --------------------------------------------------------------------- */

/* Of markup that Python made: taken over; NULL with an exception for what is none. */
static Cached *made(MarkupCache *self, PyObject *markup)
{
    Cached *cached = NULL;
    if (markup && !PyUnicode_Check(markup))
        PyErr_SetString(PyExc_TypeError, "what is made of a token is a string");
    else if (markup && !(cached = PyMem_Calloc(1, sizeof(Cached))))
        PyErr_NoMemory();
    if (!cached) {
        Py_XDECREF(markup);
        return NULL;
    }
    Py_ssize_t size = PyUnicode_GET_LENGTH(markup);
    bool any = PyUnicode_GET_LENGTH(self->opening) > 0;
    cached->markup = markup;
    cached->opens = any && PyUnicode_Tailmatch(markup, self->opening, 0, size, -1) > 0;
    cached->closes = any && PyUnicode_Tailmatch(markup, self->closing, 0, size, 1) > 0;
    return cached;
}

/* Of a token that is met for the first time. `ask` gives its markup, with or without what is to be
   asked of in each chapter, or None for what it usually is. */
static Cached *asked(MarkupCache *self, PyObject *token, PyObject *make, PyObject *ask)
{
    PyObject *answer = ask ? PyObject_CallOneArg(ask, token) : Py_NewRef(Py_None);
    PyObject *markup = answer, *first = NULL;
    Cached *cached = NULL;
    if (answer && (!PyTuple_Check(answer) || PyArg_ParseTuple(answer, "OO", &markup, &first)))
        cached = markup == Py_None ? usual(self, token) : made(self, Py_NewRef(markup));
    if (!cached && !PyErr_Occurred())
        cached = made(self, PyObject_CallOneArg(make, token));
    if (cached) {
        cached->token = Py_NewRef(token);
        cached->first = Py_XNewRef(first);
    }
    Py_XDECREF(answer);
    return cached;
}

/* What is cached of a token: it stays until the memory is turned. */
static Cached *cached_of(MarkupCache *self, PyObject *token, PyObject *make, PyObject *ask)
{
    const uint64_t identity = (uint64_t)(uintptr_t)token;
    const Char key[] = {(Char)identity, (Char)(identity >> 32)};
    uintptr_t value;
    if (memory_get(&self->known, key, 2, &value))
        return (Cached *)value;
    Cached *cached = asked(self, token, make, ask);
    if (!cached || map_put(&self->known.young, key, 2, (uintptr_t)cached) == 0)
        return cached;
    drop_cached((uintptr_t)cached);
    return NULL;
}

/* What stands for a token at this place: what is cached of it, or what `first` says at its first use in
   a chapter, or `take` of the parts of a tuple; that is dropped with the other places. */
static Cached *cached_here(MarkupCache *self, Cached *cached, PyObject *first, PyObject *take, int chapter)
{
    PyObject *before, *behind;
    if (!cached || !cached->first || cached->chapter == chapter)
        return cached;
    cached->chapter = chapter;
    const bool is_tuple = PyTuple_Check(cached->first);
    PyObject *answer = PyObject_CallFunction(is_tuple ? take : first, "O", cached->first); /* Or of parts. */
    if (!answer || !PyTuple_Check(answer)) {
        if (answer != Py_None && !(answer && is_tuple))
            return made(self, answer);
        Py_DECREF(answer);
        return cached;
    }
    size_t size = sizeof(Cached) + (size_t)cached->size * sizeof(Py_UCS2);
    Cached *here = PyArg_ParseTuple(answer, "UU", &before, &behind) ? PyMem_Malloc(size) : NULL;
    if (here) {
        memcpy(here, cached, size);
        here->token = NULL;
        here->first = Py_NewRef(answer);
        Py_XINCREF(here->markup);
    } else if (!PyErr_Occurred()) {
        PyErr_NoMemory();
    }
    Py_DECREF(answer);
    return here;
}

static Cached **all_freed(Cached **all, Py_ssize_t count)
{
    for (Py_ssize_t at = 0; all && at < count; at++)
        if (!all[at]->token)
            drop_cached((uintptr_t)all[at]);
    PyMem_Free(all);
    return NULL;
}

/* ---- strings ------------------------------------------------------------------------------------- */

static void put_out(Out *out, int kind, const void *from, Py_ssize_t size)
{
    if (out->to && kind == out->kind)
        memcpy(out->to + out->size * kind, from, (size_t)(size * kind));
    else
        for (Py_ssize_t at = 0; out->to && at < size; at++)
            PyUnicode_WRITE(out->kind, out->to, out->size + at, PyUnicode_READ(kind, from, at));
    out->size += size;
}

static void add(Out *out, PyObject *string)
{
    out->bits |= PyUnicode_MAX_CHAR_VALUE(string);
    put_out(out, PyUnicode_KIND(string), PyUnicode_DATA(string), PyUnicode_GET_LENGTH(string));
}

static void add_cached(const MarkupCache *self, Out *out, const Cached *cached)
{
    if (cached->markup) {
        add(out, cached->markup);
    } else if (!out->to) {
        out->bits |= cached->bits;
        out->size += cached->whole;
    } else if (!cached->closes) {
        put_out(out, PyUnicode_2BYTE_KIND, cached->chars, cached->size);
    } else {
        put_out(out, PyUnicode_2BYTE_KIND, self->tags[BEFORE].chars, self->tags[BEFORE].size);
        put_out(out, PyUnicode_2BYTE_KIND, cached->chars, cached->text);
        put_out(out, PyUnicode_2BYTE_KIND, self->tags[BETWEEN].chars, self->tags[BETWEEN].size);
        put_out(out, PyUnicode_2BYTE_KIND, cached->chars + cached->text, cached->size - cached->text);
        put_out(out, PyUnicode_2BYTE_KIND, self->tags[BEHIND].chars, self->tags[BEHIND].size);
    }
}

static void add_all(const MarkupCache *self, Out *out, Cached *const *all, Py_ssize_t count)
{
    for (Py_ssize_t at = 0; at < count; at++) {
        PyObject *around = all[at]->token ? NULL : all[at]->first;
        if (around)
            add(out, PyTuple_GET_ITEM(around, 0));
        add_cached(self, out, all[at]);
        /* The gap stands with the word before it, inside what ends there. */
        if (at + 1 < count && all[at]->closes && all[at + 1]->opens)
            add(out, self->gap);
        if (around)
            add(out, PyTuple_GET_ITEM(around, 1));
    }
}

static PyObject *joined(const MarkupCache *self, Cached *const *all, Py_ssize_t count)
{
    Out out = {.to = NULL};
    add_all(self, &out, all, count);
    PyObject *whole = PyUnicode_New(out.size, Py_MIN(out.bits, 0x10FFFF));
    if (whole) {
        out = (Out){PyUnicode_DATA(whole), PyUnicode_KIND(whole), 0, 0};
        add_all(self, &out, all, count);
    }
    return whole;
}

/* ---- the type ------------------------------------------------------------------------------------ */

/* What stands for each of the tokens of `args`, which are as `join` takes them. */
static Cached **all_of(MarkupCache *self, PyObject *args, Py_ssize_t *count)
{
    PyObject *sequence, *make, *ask = NULL, *first = NULL, *take = NULL, *tokens;
    int chapter = 0;
    if (!PyArg_ParseTuple(args, "OO|(OOOi)", &sequence, &make, &ask, &first, &take, &chapter) ||
        !(tokens = PySequence_Fast(sequence, "tokens are a sequence")))
        return NULL;
    *count = PySequence_Fast_GET_SIZE(tokens);
    Cached **all = PyMem_Malloc((size_t)(*count + 1) * sizeof(Cached *));
    if (!all)
        PyErr_NoMemory();
    memory_turn(&self->known);
    for (Py_ssize_t at = 0; all && at < *count; at++) {
        all[at] = cached_of(self, PySequence_Fast_GET_ITEM(tokens, at), make, ask);
        if (!(all[at] = cached_here(self, all[at], first, take, chapter)))
            all = all_freed(all, at);
    }
    Py_DECREF(tokens);
    return all;
}

static PyObject *each(MarkupCache *self, PyObject *args)
{
    Py_ssize_t count = 0;
    Cached **all = all_of(self, args, &count);
    PyObject *markup = all ? PyList_New(count) : NULL;
    for (Py_ssize_t at = 0; markup && at < count; at++) {
        PyObject *one = all[at]->markup ? Py_NewRef(all[at]->markup) : joined(self, &all[at], 1);
        if (!one || PyList_SetItem(markup, at, one) < 0)
            Py_CLEAR(markup);
    }
    all_freed(all, count);
    return markup;
}

static PyObject *join(MarkupCache *self, PyObject *args)
{
    Py_ssize_t count = 0;
    Cached **all = all_of(self, args, &count);
    PyObject *markup = all ? joined(self, all, count) : NULL;
    all_freed(all, count);
    return markup;
}

static void markup_free(MarkupCache *self)
{
    memory_clear(&self->known);
    dataclass_close(&self->token);
    dataclass_close(&self->reading);
    Py_XDECREF(self->write);
    Py_XDECREF(self->opening);
    Py_XDECREF(self->closing);
    Py_XDECREF(self->gap);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

/* Read what the usual ruby is made of: the types of tokens and readings, the field that holds the
   text shown, the tags before, between and behind, and what gives the ways to write a syllable. */
static int read_usual(MarkupCache *self, PyObject *usual)
{
    PyObject *token, *reading, *tags[TAGS], *write;
    const char *text;
    if (!PyArg_ParseTuple(usual, "OOsUUUO", &token, &reading, &text, &tags[BEFORE], &tags[BETWEEN],
                          &tags[BEHIND], &write))
        return -1;
    self->write = Py_NewRef(write);
    for (int tag = 0; tag < TAGS; tag++)
        if (!PyUnicode_IS_ASCII(tags[tag]) || !put(&self->tags[tag], tags[tag]))
            Py_CLEAR(self->write);
    const char *const token_fields[] = {text, "reading", "proper"};
    const char *const reading_fields[] = {"syllables", "breaks", "capitals"};
    if (dataclass_open(&self->reading, reading, reading_fields, 3) < 0)
        return -1;
    return dataclass_open(&self->token, token, token_fields, 3);
}

static PyObject *markup_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"opening", "closing", "gap", "usual", NULL};
    PyObject *opening, *closing, *gap, *usual;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "UUUO", names, &opening, &closing, &gap, &usual))
        return NULL;
    MarkupCache *self = (MarkupCache *)type->tp_alloc(type, 0);
    if (!self)
        return NULL;
    self->known = (Memory){.room = REMEMBERED, .drop = drop_cached};
    self->opening = Py_NewRef(opening);
    self->closing = Py_NewRef(closing);
    self->gap = Py_NewRef(gap);
    if (usual != Py_None && read_usual(self, usual) < 0)
        Py_CLEAR(self);
    return (PyObject *)self;
}

static PyMethodDef methods[] = {
    {"each", (PyCFunction)each, METH_VARARGS,
     "each(tokens, make): what is made of each of them, a list."},
    {"join", (PyCFunction)join, METH_VARARGS,
     "join(tokens, make, (ask, first, take, chapter)): all of it, with a gap between words. `ask` says how "
     "a token is shown, `first` or, of a tuple, `take` what its first use in the chapter has around it."},
    {NULL, NULL, 0, NULL},
};

CORE_TYPE(MarkupCache, 0, markup_new, markup_free,
          "Remembers what is made of tokens, the usual ruby or what `make` makes, and strings it "
          "together.",
          .tp_methods = methods);
