/* Sentences of Chinese whose stops are full-width: the plain cases of reader/sentences.py. */

#include "core.h"

static bool is_line_end(Char c)
{
    return (c >= 0x0A && c <= 0x0D) || c == 0x85 || c == 0x2028 || c == 0x2029;
}

static bool among(Char c, const Char *set)
{
    while (*set && *set != c)
        set++;
    return *set != 0;
}

static const Char FULL[] = {0x3002, 0xFF01, 0xFF1F, 0xFF61, 0};
static const Char HARD[] = {'.',    '!',    '?',    0x2026, 0xFF0E, 0x203C, 0x2047, 0x2048, 0x2049,
                            0x0964, 0x0965, 0x061F, 0x06D4, 0x1362, 0x104B, 0};
/* Stops that mean other things too, or belong to other languages. */
static const Char CLOSERS[] = {0x300D, 0x300F, 0x201D, 0x2019, 0xFF09, 0x3011, 0x3015, 0xFF3D,
                               0xFF5D, 0x300B, 0x3009, 0x3017, 0xFF63, 0xBB,   0x203A, ')',
                               ']',    '}',    '\'',   0xFF5E, '~',    0};
static const Char GOES_ON[] = {0xFF0C, 0x3001, 0xFF1B, 0xFF1A, ',',    ';',    ':',
                               0xB7,   0x7684, 0x2014, 0x2013, 0x300D, 0x300F, 0x201D,
                               0x2019, 0xFF09, 0x3011, 0x3015, 0xFF3D, 0xFF5D, 0x300B,
                               0x3009, 0x3017, 0xFF63, 0};
static const Char TITLE_CLOSERS[] = {0x300B, 0x3009, 0};
static const Char QUOTE_CLOSERS[] = {0x300D, 0x300F, 0x201D, 0x2019, 0};
static const Char BRACKETS[] = {0xFF08, '(', 0};
static const Char CLOSED[] = {0xFF09, ')', 0};

enum { GOES, ENDS, UNSURE };

/* Where the stops and closers that begin at `stop` end; -1 where they are not plain. */
static Py_ssize_t stops_end(const Text *text, Py_ssize_t stop)
{
    const Char *c = text->chars;
    Py_ssize_t at = stop;
    while (at < text->size && (among(c[at], FULL) || among(c[at], CLOSERS)))
        at++;
    return at < text->size && (among(c[at], HARD) || c[at] == '"' || c[at] == '[') ? -1 : at;
}

/* Whether a sentence begun at `start` ends with the stops at `stop`: `_Splitter._ends`. */
static int ends(const Text *text, Py_ssize_t start, Py_ssize_t stop, Py_ssize_t end)
{
    const Char *c = text->chars;
    Char last = c[end - 1];
    if (end >= text->size || is_line_end(c[end]))
        return ENDS;
    if (among(c[end], GOES_ON) || among(last, TITLE_CLOSERS))
        return GOES;
    if (among(last, QUOTE_CLOSERS) && among(c[end], BRACKETS))
        return UNSURE;
    if (among(last, CLOSED) && (c[stop] == FULL[1] || c[stop] == FULL[2]) &&
        !among(c[start], BRACKETS))
        return GOES;
    return ENDS;
}

static bool is_letter_or_digit(Char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

typedef struct {
    const Text *text;
    const DataClass *span;
    PyObject *spans;
    Py_ssize_t start;
} Splitting;

static bool is_space_at(const Text *text, Py_ssize_t at)
{
    return Py_UNICODE_ISSPACE(text->chars[at]);
}

/* End a sentence at `end`, and begin the next after white space; -1 with an exception. */
static int split(Splitting *self, Py_ssize_t end)
{
    const Text *text = self->text;
    Py_ssize_t before = end;
    if (end <= self->start)
        return 0;
    while (before > self->start && is_space_at(text, before - 1))
        before--;
    PyObject *values[] = {PyLong_FromSsize_t(self->start), PyLong_FromSsize_t(before)};
    PyObject *span = dataclass_new(self->span, values);
    int done = span ? PyList_Append(self->spans, span) : -1;
    Py_XDECREF(span);
    for (self->start = end; self->start < text->size && is_space_at(text, self->start);)
        self->start++;
    return done;
}

/* Split the text: 1 when done, 0 where it is not plain, -1 with an exception. */
static int split_all(Splitting *self)
{
    const Text *text = self->text;
    const Char *c = text->chars;
    while (self->start < text->size && is_space_at(text, self->start))
        self->start++;
    for (Py_ssize_t at = self->start; at < text->size;) {
        Py_ssize_t end = at + 1;
        int kind = GOES;
        if (is_line_end(c[at])) {
            kind = ENDS;
            end = at;
        } else if (among(c[at], FULL)) {
            if ((end = stops_end(text, at)) < 0)
                return 0;
            kind = ends(text, self->start, at, end);
        } else if (among(c[at], HARD)) {
            /* A full stop inside a number or a name ends nothing. */
            kind = c[at] == '.' && end < text->size && is_letter_or_digit(c[end]) ? GOES : UNSURE;
        }
        if (kind == UNSURE)
            return 0;
        if (kind == ENDS && split(self, end) < 0)
            return -1;
        at = end > at ? end : at + 1;
    }
    return split(self, text->size) < 0 ? -1 : 1;
}

PyObject *sentences(PyObject *module, PyObject *args)
{
    static DataClass span;
    PyObject *string, *type, *spans = NULL;
    if (!PyArg_ParseTuple(args, "UO!", &string, &PyType_Type, &type))
        return NULL;
    if (dataclass_turn(&span, (PyTypeObject *)type, (const char *const[]){"start", "end"}, 2) < 0)
        return NULL;
    Text text;
    if (text_of(&text, string) == 0) {
        Splitting splitting = {&text, &span, PyList_New(0), 0};
        int done = splitting.spans ? split_all(&splitting) : -1;
        if (done > 0)
            spans = PyList_AsTuple(splitting.spans);
        else if (done == 0)
            spans = Py_NewRef(Py_None);
        Py_XDECREF(splitting.spans);
    }
    text_free(&text);
    return spans;
}
