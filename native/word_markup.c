/* The markup of words, strung together: the cache of reader/writers/word_markup.py. Of most words,
   whose syllables are joined above their text, only text and pinyin are kept. */

#include "core.h"

#define REMEMBERED 30000           /* Before they count as old. */
#define SYLLABLES_REMEMBERED 4096  /* There are some 1,500 in pinyin. */
#define MOST 256

enum { TEXT, READ, PROPER };              /* Fields of a token. */
enum { SPOKEN, AT_BREAKS, CAPITALS };     /* Fields of a reading. */
enum { BEGINNING, INSIDE, CAPITAL, WAYS }; /* Ways to write a syllable. */
enum { BEFORE, BETWEEN, BEHIND, TAGS };   /* The text, the pinyin. */

typedef struct {
    Py_UCS2 chars[MOST];
    int32_t size;
} Piece;

typedef struct {
    PyObject *token, *markup; /* Markup that Python made, or NULL. */
    bool opens, closes;       /* It begins, or ends, with what a gap stands between. */
    Py_UCS4 bits;             /* Of all its characters: they tell how wide a string they need. */
    int32_t whole;            /* Characters of the markup; of the text; with the pinyin. */
    int32_t text, size;
    Py_UCS2 chars[];
} Cached;

typedef struct {
    PyObject_HEAD
    Memory known; /* Identity of a token: a `Cached`, which keeps the token and so its identity. */
    PyObject *opening, *closing, *gap;
    DataClass token, reading;
    PyObject *write, *written; /* Gives the ways to write a syllable, or None; what it gave. */
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
    Py_DECREF(cached->token);
    Py_XDECREF(cached->markup);
    PyMem_Free(cached);
}

/* ---- the usual ruby ------------------------------------------------------------------------------ */

/* Add a string to a piece; whether there is room for it. */
static bool put(Piece *piece, PyObject *string)
{
    int kind = PyUnicode_KIND(string);
    const void *data = PyUnicode_DATA(string);
    Py_ssize_t size = PyUnicode_GET_LENGTH(string);
    if (kind == PyUnicode_4BYTE_KIND || piece->size + size > MOST)
        return false;
    for (Py_ssize_t at = 0; at < size; at++)
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

/* The ways to write a syllable, or None: borrowed. */
static PyObject *ways_of(MarkupCache *self, PyObject *syllable)
{
    PyObject *ways = PyDict_GetItemWithError(self->written, syllable);
    if (ways || PyErr_Occurred())
        return ways;
    if (PyDict_GET_SIZE(self->written) > SYLLABLES_REMEMBERED)
        PyDict_Clear(self->written);
    PyObject *way;
    ways = PyObject_CallOneArg(self->write, syllable);
    if (ways && ways != Py_None && !PyArg_ParseTuple(ways, "UUU", &way, &way, &way))
        Py_CLEAR(ways);
    if (ways && PyDict_SetItem(self->written, syllable, ways) < 0)
        Py_CLEAR(ways);
    Py_XDECREF(ways);
    return ways;
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
        PyObject *ways = ways_of(self, PyTuple_GET_ITEM(syllables, at));
        int way = !first ? INSIDE : proper ? CAPITAL : BEGINNING;
        if (!ways || ways == Py_None || !put(piece, PyTuple_GET_ITEM(ways, way)))
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
    int32_t text = piece.size;
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
        cached->whole += self->tags[tag].size;
    return cached;
}

/* ---- what is known of tokens --------------------------------------------------------------------- */

static Cached *made(MarkupCache *self, PyObject *token, PyObject *make)
{
    PyObject *markup = PyObject_CallOneArg(make, token);
    if (markup && !PyUnicode_Check(markup)) {
        PyErr_SetString(PyExc_TypeError, "what is made of a token is a string");
        Py_CLEAR(markup);
    }
    Cached *cached = markup ? PyMem_Calloc(1, sizeof(Cached)) : NULL;
    if (!cached) {
        Py_XDECREF(markup);
        return markup ? (Cached *)PyErr_NoMemory() : NULL;
    }
    Py_ssize_t size = PyUnicode_GET_LENGTH(markup);
    bool any = PyUnicode_GET_LENGTH(self->opening) > 0;
    *cached = (Cached){
        .markup = markup,
        .opens = any && PyUnicode_Tailmatch(markup, self->opening, 0, size, -1) > 0,
        .closes = any && PyUnicode_Tailmatch(markup, self->closing, 0, size, 1) > 0,
    };
    return cached;
}

/* What is cached of a token: it stays until the memory is turned. */
static const Cached *cached_of(MarkupCache *self, PyObject *token, PyObject *make)
{
    const uint64_t identity = (uint64_t)(uintptr_t)token;
    const Char key[] = {(Char)identity, (Char)(identity >> 32)};
    uintptr_t value;
    if (memory_get(&self->known, key, 2, &value))
        return (const Cached *)value;
    Cached *cached = usual(self, token);
    if (!cached && !PyErr_Occurred())
        cached = made(self, token, make);
    if (!cached)
        return NULL;
    cached->token = Py_NewRef(token);
    if (map_put(&self->known.young, key, 2, (uintptr_t)cached) == 0)
        return cached;
    drop_cached((uintptr_t)cached);
    return NULL;
}

/* ---- strings ------------------------------------------------------------------------------------- */

static void put_out(Out *out, int kind, const void *from, Py_ssize_t size)
{
    if (kind == out->kind)
        memcpy(out->to + out->size * kind, from, (size_t)(size * kind));
    else
        for (Py_ssize_t at = 0; at < size; at++)
            PyUnicode_WRITE(out->kind, out->to, out->size + at, PyUnicode_READ(kind, from, at));
    out->size += size;
}

static void add(Out *out, PyObject *string)
{
    Py_ssize_t size = PyUnicode_GET_LENGTH(string);
    if (out->to) {
        put_out(out, PyUnicode_KIND(string), PyUnicode_DATA(string), size);
    } else {
        out->bits |= PyUnicode_MAX_CHAR_VALUE(string);
        out->size += size;
    }
}

static void add_cached(const MarkupCache *self, Out *out, const Cached *cached)
{
    const int kind = PyUnicode_2BYTE_KIND;
    if (cached->markup) {
        add(out, cached->markup);
    } else if (!out->to) {
        out->bits |= cached->bits;
        out->size += cached->whole;
    } else if (!cached->closes) {
        put_out(out, kind, cached->chars, cached->size);
    } else {
        put_out(out, kind, self->tags[BEFORE].chars, self->tags[BEFORE].size);
        put_out(out, kind, cached->chars, cached->text);
        put_out(out, kind, self->tags[BETWEEN].chars, self->tags[BETWEEN].size);
        put_out(out, kind, cached->chars + cached->text, cached->size - cached->text);
        put_out(out, kind, self->tags[BEHIND].chars, self->tags[BEHIND].size);
    }
}

static void add_all(const MarkupCache *self, Out *out, const Cached *const *all, Py_ssize_t count)
{
    for (Py_ssize_t at = 0; at < count; at++) {
        if (at && all[at - 1]->closes && all[at]->opens)
            add(out, self->gap);
        add_cached(self, out, all[at]);
    }
}

static PyObject *joined(const MarkupCache *self, const Cached *const *all, Py_ssize_t count)
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

static PyObject *each(MarkupCache *self, PyObject *args)
{
    PyObject *sequence, *make;
    if (!PyArg_ParseTuple(args, "OO", &sequence, &make))
        return NULL;
    PyObject *tokens = PySequence_Fast(sequence, "tokens are a sequence");
    PyObject *markup = tokens ? PyList_New(PySequence_Fast_GET_SIZE(tokens)) : NULL;
    memory_turn(&self->known);
    for (Py_ssize_t at = 0; markup && at < PySequence_Fast_GET_SIZE(tokens); at++) {
        const Cached *cached = cached_of(self, PySequence_Fast_GET_ITEM(tokens, at), make);
        PyObject *one = cached ? Py_XNewRef(cached->markup) : NULL;
        if (cached && !one)
            one = joined(self, &cached, 1);
        if (one)
            PyList_SET_ITEM(markup, at, one);
        else
            Py_CLEAR(markup);
    }
    Py_XDECREF(tokens);
    return markup;
}

static PyObject *join(MarkupCache *self, PyObject *args)
{
    PyObject *sequence, *make, *markup = NULL;
    if (!PyArg_ParseTuple(args, "OO", &sequence, &make))
        return NULL;
    PyObject *tokens = PySequence_Fast(sequence, "tokens are a sequence");
    Py_ssize_t count = tokens ? PySequence_Fast_GET_SIZE(tokens) : 0, at = 0;
    const Cached **all = PyMem_Malloc((size_t)(count + 1) * sizeof(Cached *));
    if (!all)
        PyErr_NoMemory();
    memory_turn(&self->known);
    while (all && at < count &&
           (all[at] = cached_of(self, PySequence_Fast_GET_ITEM(tokens, at), make)))
        at++;
    if (all && tokens && at == count)
        markup = joined(self, all, count);
    PyMem_Free(all);
    Py_XDECREF(tokens);
    return markup;
}

static void markup_free(MarkupCache *self)
{
    memory_clear(&self->known);
    dataclass_close(&self->token);
    dataclass_close(&self->reading);
    Py_XDECREF(self->write);
    Py_XDECREF(self->written);
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
    bool fits = true;
    for (int tag = 0; tag < TAGS; tag++)
        fits = fits && PyUnicode_IS_ASCII(tags[tag]) && put(&self->tags[tag], tags[tag]);
    self->write = fits ? Py_NewRef(write) : NULL;
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
    self->written = PyDict_New();
    if (!self->written || (usual != Py_None && read_usual(self, usual) < 0))
        Py_CLEAR(self);
    return (PyObject *)self;
}

static PyMethodDef methods[] = {
    {"each", (PyCFunction)each, METH_VARARGS,
     "each(tokens, make): what is made of each of them, a list."},
    {"join", (PyCFunction)join, METH_VARARGS,
     "join(tokens, make): all of it, with a gap between words."},
    {NULL, NULL, 0, NULL},
};

CORE_TYPE(MarkupCache, 0, markup_new, markup_free,
          "Remembers what is made of tokens, the usual ruby or what `make` makes, and strings it "
          "together.",
          .tp_methods = methods);
