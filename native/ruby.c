/* The usual markup of a word: its text, and above it its pinyin (reader/writers/word_markup.py). */

#include "word_markup.h"

#define SYLLABLES_REMEMBERED 4096 /* There are some 1,500 in pinyin. */

enum { TEXT, READ, PROPER };      /* Fields of a token. */
enum { SPOKEN, AT_BREAKS, CAPITALS }; /* Fields of a reading. */
enum { BEGINNING, INSIDE, CAPITAL, WAYS };

/* ---- strings of parts ---------------------------------------------------------------------------- */

int add_part(Parts *parts, PyObject *part)
{
    PyObject **grow = grown(parts->parts, parts->count, &parts->room, sizeof(PyObject *));
    if (!grow)
        return -1;
    parts->parts = grow;
    parts->parts[parts->count++] = part;
    parts->size += PyUnicode_GET_LENGTH(part);
    parts->highest = Py_MAX(parts->highest, PyUnicode_MAX_CHAR_VALUE(part));
    return 0;
}

PyObject *joined(const Parts *parts)
{
    PyObject *whole = PyUnicode_New(parts->size, parts->highest);
    Py_ssize_t at = 0;
    for (Py_ssize_t number = 0; whole && number < parts->count; number++) {
        Py_ssize_t size = PyUnicode_GET_LENGTH(parts->parts[number]);
        if (PyUnicode_CopyCharacters(whole, at, parts->parts[number], 0, size) < 0)
            Py_CLEAR(whole);
        at += size;
    }
    return whole;
}

/* ---- ruby ---------------------------------------------------------------------------------------- */

/* Read what ruby is made of: the types of tokens and readings, the field that holds the text shown,
   both pairs of tags, and what gives the ways to write a syllable. None where it is made otherwise. */
int ruby_open(Ruby *self, PyObject *usual)
{
    PyObject *token, *reading, **tags[] = {&self->around[0], &self->around[1], &self->above[0],
                                           &self->above[1]};
    const char *text;
    if (usual == Py_None)
        return 0;
    if (!PyArg_ParseTuple(usual, "OOs(UU)(UU)O", &token, &reading, &text, tags[0], tags[1], tags[2],
                          tags[3], &self->write))
        return -1;
    Py_INCREF(self->write);
    for (size_t at = 0; at < sizeof tags / sizeof *tags; at++)
        Py_INCREF(*tags[at]);
    self->written = PyDict_New();
    self->space = PyUnicode_FromString(" ");
    if (!self->written || !self->space)
        return -1;
    const char *const token_fields[] = {text, "reading", "proper"};
    const char *const reading_fields[] = {"syllables", "breaks", "capitals"};
    if (dataclass_open(&self->reading, reading, reading_fields, 3) < 0)
        return -1;
    return dataclass_open(&self->token, token, token_fields, 3);
}

void ruby_close(Ruby *self)
{
    dataclass_close(&self->token);
    dataclass_close(&self->reading);
    for (int at = 0; at < 2; at++) {
        Py_CLEAR(self->around[at]);
        Py_CLEAR(self->above[at]);
    }
    Py_CLEAR(self->space);
    Py_CLEAR(self->written);
    Py_CLEAR(self->write);
}

/* Whether a text is the same as markup: `escape` of markup.py changes, or refuses, any other. */
static bool is_plain(PyObject *text)
{
    int kind = PyUnicode_KIND(text);
    const void *data = PyUnicode_DATA(text);
    for (Py_ssize_t at = 0; at < PyUnicode_GET_LENGTH(text); at++) {
        Py_UCS4 c = PyUnicode_READ(kind, data, at);
        if (c == '&' || c == '<' || c == '>' || (c < 0x20 && c != '\t' && c != '\n') ||
            (c >= 0xD800 && c < 0xE000) || c == 0xFFFE || c == 0xFFFF)
            return false;
    }
    return true;
}

/* The ways to write a syllable, or None: borrowed. */
static PyObject *ways_of(Ruby *self, PyObject *syllable)
{
    PyObject *ways = PyDict_GetItemWithError(self->written, syllable);
    if (ways || PyErr_Occurred())
        return ways;
    ways = PyObject_CallOneArg(self->write, syllable);
    bool sound = ways == Py_None ||
                 (ways && PyTuple_Check(ways) && PyTuple_GET_SIZE(ways) == WAYS);
    for (int way = 0; sound && ways != Py_None && way < WAYS; way++)
        sound = PyUnicode_Check(PyTuple_GET_ITEM(ways, way));
    if (ways && !sound)
        PyErr_SetString(PyExc_TypeError, "the ways to write a syllable are three strings");
    else if (ways)
        sound = PyDict_SetItem(self->written, syllable, ways) == 0;
    Py_XDECREF(ways);
    return sound ? ways : NULL;
}

/* Add the pinyin of a reading: 1 when done, 0 where that takes more than joining its syllables, -1
   with an exception. */
static int add_pinyin(Ruby *self, Parts *parts, PyObject *reading, bool proper)
{
    PyObject *syllables = dataclass_field(&self->reading, reading, SPOKEN);
    PyObject *breaks = dataclass_field(&self->reading, reading, AT_BREAKS);
    Py_ssize_t next = 0, size = PyTuple_GET_SIZE(syllables);
    if (PyTuple_GET_SIZE(dataclass_field(&self->reading, reading, CAPITALS)))
        return 0;
    for (Py_ssize_t at = 0; at < size; at++) {
        bool first = at == 0;
        if (at && next < PyTuple_GET_SIZE(breaks) &&
            PyLong_AsSsize_t(PyTuple_GET_ITEM(breaks, next)) == at) {
            first = true;
            next++;
            if (add_part(parts, self->space) < 0)
                return -1;
        }
        PyObject *ways = ways_of(self, PyTuple_GET_ITEM(syllables, at));
        if (!ways)
            return -1;
        if (ways == Py_None)
            return 0;
        int way = !first ? INSIDE : proper ? CAPITAL : BEGINNING;
        if (add_part(parts, PyTuple_GET_ITEM(ways, way)) < 0)
            return -1;
    }
    return next == PyTuple_GET_SIZE(breaks);
}

static int add_word(Ruby *self, Parts *parts, PyObject *token)
{
    PyObject *reading = dataclass_field(&self->token, token, READ);
    if (Py_TYPE(reading) != self->reading.type)
        return 0;
    if (add_part(parts, self->around[0]) < 0 ||
        add_part(parts, dataclass_field(&self->token, token, TEXT)) < 0 ||
        add_part(parts, self->above[0]) < 0)
        return -1;
    int done =
        add_pinyin(self, parts, reading, dataclass_field(&self->token, token, PROPER) == Py_True);
    if (done > 0 && (add_part(parts, self->above[1]) < 0 || add_part(parts, self->around[1]) < 0))
        return -1;
    return done;
}

/* The markup of a token: a new reference. NULL, with or without an exception, for one that takes
   more than this. */
PyObject *ruby_of(Ruby *self, PyObject *token)
{
    if (!self->write || Py_TYPE(token) != self->token.type)
        return NULL;
    PyObject *text = dataclass_field(&self->token, token, TEXT), *markup = NULL;
    if (!PyUnicode_Check(text) || !is_plain(text))
        return NULL;
    if (dataclass_field(&self->token, token, READ) == Py_None)
        return Py_NewRef(text);
    if (PyDict_GET_SIZE(self->written) > SYLLABLES_REMEMBERED)
        PyDict_Clear(self->written);
    Parts parts = {0};
    if (add_word(self, &parts, token) > 0)
        markup = joined(&parts);
    PyMem_Free(parts.parts);
    return markup;
}
