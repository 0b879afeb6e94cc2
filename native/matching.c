/* Where glossary terms stand in a text: reader/glossary/matching.py. */

#include "core.h"

enum { WRITTEN, CONVERTED };

typedef struct {
    PyObject_HEAD
    Map forms;    /* Which kind of form, and its characters: the entry. */
    Map begin;    /* Which kind of form, and its first two characters: the lengths of such forms,
                     as bits; the highest for all from MANY on. */
    Py_ssize_t longest;
    bool singles; /* Some form has one character. */
    PyObject *match;
} Matcher;

#define MANY 63

typedef struct {
    Text text, shadow;
    bool same; /* The text is its shadow. */
    Char *key;
} Search;

static int add_length(Matcher *self, Char kind, const Char *chars, Py_ssize_t length)
{
    const Char key[] = {kind, chars[0], chars[1]};
    const uintptr_t bit = (uintptr_t)1 << Py_MIN(length, MANY);
    uintptr_t lengths = 0;
    self->longest = Py_MAX(self->longest, length);
    map_get(&self->begin, key, 3, &lengths);
    return map_put(&self->begin, key, 3, lengths | bit);
}

static int add_form(Matcher *self, Char kind, PyObject *form, PyObject *entry)
{
    Text text;
    if (text_of(&text, form) < 0)
        return -1;
    Char *key = PyMem_Malloc((size_t)(text.size + 1) * sizeof(Char));
    int done = key ? 0 : -1;
    if (!key)
        PyErr_NoMemory();
    if (key && text.size) {
        key[0] = kind;
        memcpy(key + 1, text.chars, (size_t)text.size * sizeof(Char));
        done = map_put(&self->forms, key, (size_t)text.size + 1, (uintptr_t)entry);
        if (done == 0)
            Py_INCREF(entry);
        if (text.size == 1)
            self->singles = true;
        else if (done == 0)
            done = add_length(self, kind, text.chars, text.size);
    }
    PyMem_Free(key);
    text_free(&text);
    return done;
}

static int add_forms(Matcher *self, Char kind, PyObject *forms)
{
    PyObject *form, *entry;
    Py_ssize_t at = 0;
    while (PyDict_Next(forms, &at, &form, &entry))
        if (add_form(self, kind, form, entry) < 0)
            return -1;
    return 0;
}

/* ---- looking for them --------------------------------------------------------------------------- */

static bool is_wide(Char c)
{
    return (c >= 0xFF10 && c <= 0xFF19) || (c >= 0xFF21 && c <= 0xFF3A) ||
           (c >= 0xFF41 && c <= 0xFF5A) || c == 0xFF0B || c == 0xFF0E || c == 0xFF06 ||
           c == 0xFF0D;
}

/* Full-width Latin letters and digits as the usual ones, if there are any. */
static void narrow(Text *text)
{
    Py_ssize_t at = 0;
    while (at < text->size && !is_wide(text->chars[at]))
        at++;
    if (at == text->size)
        return;
    for (at = 0; at < text->size; at++)
        if (text->chars[at] >= 0xFF01 && text->chars[at] <= 0xFF5E)
            text->chars[at] -= 0xFEE0;
}

static bool is_latin(Char c)
{
    return c < 0x300 && Py_UNICODE_ISALNUM(c);
}

static bool inside_latin(const Text *text, Py_ssize_t start, Py_ssize_t end)
{
    const Char *c = text->chars;
    return (start > 0 && is_latin(c[start]) && is_latin(c[start - 1])) ||
           (end < text->size && is_latin(c[end - 1]) && is_latin(c[end]));
}

/* The entry that has the form at a place with so many characters: borrowed, or NULL. */
static PyObject *form_at(const Matcher *self, const Search *search, Char kind, Py_ssize_t start,
                         Py_ssize_t length)
{
    const Text *text = kind == WRITTEN ? &search->text : &search->shadow;
    uintptr_t entry;
    search->key[0] = kind;
    memcpy(search->key + 1, text->chars + start, (size_t)length * sizeof(Char));
    return map_get(&self->forms, search->key, (size_t)length + 1, &entry) ? (PyObject *)entry
                                                                         : NULL;
}

static PyObject *entry_at(const Matcher *self, const Search *search, Py_ssize_t start,
                          Py_ssize_t length)
{
    PyObject *entry = form_at(self, search, WRITTEN, start, length);
    /* One character alone must be the one written: 后 in a row is not every 後. */
    if (!entry && (length > 1 || search->same))
        entry = form_at(self, search, CONVERTED, start, length);
    return entry && inside_latin(&search->text, start, start + length) ? NULL : entry;
}

static uintptr_t lengths_at(const Matcher *self, Char kind, const Char *chars)
{
    const Char key[] = {kind, chars[0], chars[1]};
    uintptr_t lengths = 0;
    map_get(&self->begin, key, 3, &lengths);
    return lengths;
}

/* The longest entry that stands at a place, and its length: borrowed, or NULL. */
static PyObject *longest_at(const Matcher *self, const Search *search, Py_ssize_t start,
                            Py_ssize_t *length)
{
    uintptr_t lengths = 0;
    if (start + 1 < search->text.size)
        lengths = lengths_at(self, WRITTEN, search->text.chars + start) |
                  lengths_at(self, CONVERTED, search->shadow.chars + start);
    *length = lengths ? Py_MIN(self->longest, search->text.size - start) : 1;
    for (; *length > 1; --*length) {
        PyObject *entry = NULL;
        if (lengths >> Py_MIN(*length, MANY) & 1)
            entry = entry_at(self, search, start, *length);
        if (entry)
            return entry;
    }
    return self->singles ? entry_at(self, search, start, 1) : NULL;
}

static int add_match(const Matcher *self, PyObject *matches, Py_ssize_t start, Py_ssize_t end,
                     PyObject *entry)
{
    PyObject *match = PyObject_CallFunction(self->match, "nnO", start, end, entry);
    int done = match ? PyList_Append(matches, match) : -1;
    Py_XDECREF(match);
    return done;
}

static PyObject *matches_in(const Matcher *self, Search *search)
{
    narrow(&search->text);
    narrow(&search->shadow);
    search->same = memcmp(search->text.chars, search->shadow.chars,
                          (size_t)search->text.size * sizeof(Char)) == 0;
    search->key = PyMem_Malloc((size_t)(search->text.size + 1) * sizeof(Char));
    if (!search->key)
        return PyErr_NoMemory();
    PyObject *matches = PyList_New(0);
    for (Py_ssize_t start = 0; matches && start < search->text.size;) {
        Py_ssize_t length = 1;
        PyObject *entry = longest_at(self, search, start, &length);
        if (entry && add_match(self, matches, start, start + length, entry) < 0)
            Py_CLEAR(matches);
        start += entry ? length : 1;
    }
    return matches;
}

static PyObject *find_terms(Matcher *self, PyObject *args)
{
    PyObject *written, *simplified, *matches = NULL;
    Search search = {.same = false};
    if (!PyArg_ParseTuple(args, "UU", &written, &simplified))
        return NULL;
    if (text_of(&search.text, written) == 0 && text_of(&search.shadow, simplified) == 0) {
        if (search.text.size == search.shadow.size)
            matches = matches_in(self, &search);
        else
            PyErr_SetString(PyExc_ValueError, "a text and its shadow differ in length");
    }
    text_free(&search.text);
    text_free(&search.shadow);
    PyMem_Free(search.key);
    return matches;
}

/* ---- making one --------------------------------------------------------------------------------- */

static void matcher_free(Matcher *self)
{
    map_clear(&self->forms, drop_object);
    map_clear(&self->begin, NULL);
    Py_XDECREF(self->match);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

static PyObject *matcher_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"written", "simplified", "match", NULL};
    PyObject *written, *simplified, *match;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O!O!O", names, &PyDict_Type, &written,
                                     &PyDict_Type, &simplified, &match))
        return NULL;
    Matcher *self = (Matcher *)type->tp_alloc(type, 0);
    if (self)
        self->match = Py_NewRef(match);
    if (self && (add_forms(self, WRITTEN, written) < 0 ||
                 add_forms(self, CONVERTED, simplified) < 0))
        Py_CLEAR(self);
    return (PyObject *)self;
}

static PyMethodDef methods[] = {
    {"find", (PyCFunction)find_terms, METH_VARARGS,
     "find(text, shadow): a match for each term, leftmost and longest."},
    {NULL, NULL, 0, NULL},
};

CORE_TYPE(Matcher, 0, matcher_new, matcher_free,
          "Finds the entries that forms stand for, written or in Simplified.",
          .tp_methods = methods);
