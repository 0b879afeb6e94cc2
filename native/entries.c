/* The dictionary's entries on a word: `Lexicon.entries` of reader/lexicon/lexicon.py. */

#include "core.h"

typedef struct {
    PyObject_HEAD
    Table table;
    PyTypeObject *entry; /* A named tuple: `LexEntry`. */
    bool first;          /* Of the senses only the first is wanted. */
} Entries;

PyObject *field_string(Field field)
{
    return PyUnicode_DecodeUTF8(field.start, field.end - field.start, "strict");
}

/* The parts of a field, a tuple of strings; empty for an empty field. */
static PyObject *parts_of(Field field, char between)
{
    bool any = field.start < field.end;
    PyObject *parts = PyTuple_New(any ? (Py_ssize_t)count_of(field, between) + 1 : 0);
    for (Py_ssize_t at = 0; parts && at < PyTuple_GET_SIZE(parts); at++) {
        PyObject *part = field_string(next_part(&field.start, field.end, between));
        if (part)
            PyTuple_SET_ITEM(parts, at, part);
        else
            Py_CLEAR(parts);
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

enum { IN_TRADITIONAL, IN_SIMPLIFIED, READ_SO, SENSES_OF, IN_TAIWAN, PROPER, NAME_BREAKS, PHRASE, PARTS };

/* A part of a `LexEntry`. */
static PyObject *part_of(const Entries *self, const LexEntry *entry, int part)
{
    const Field *fields = entry->fields;
    Field senses = fields[SENSES], all = senses;
    if (self->first)
        senses = next_part(&all.start, all.end, '/');
    switch (part) {
    case IN_TRADITIONAL:
        return field_string(fields[TRADITIONAL]);
    case IN_SIMPLIFIED:
        return field_string(fields[SIMPLIFIED]);
    case READ_SO:
        return parts_of(fields[SYLLABLES], ',');
    case SENSES_OF:
        return parts_of(senses, '/');
    case IN_TAIWAN:
        return parts_of(fields[TAIWAN], ',');
    case NAME_BREAKS:
        return numbers_of(fields[BREAKS]);
    default:
        return PyBool_FromLong(is_flagged(entry, part == PROPER ? 'p' : 'r'));
    }
}

/* An entry as Python has it: a new `LexEntry`. */
static PyObject *lex_entry(const Entries *self, const LexEntry *entry)
{
    PyObject *tuple = self->entry->tp_alloc(self->entry, PARTS);
    for (int part = 0; tuple && part < PARTS; part++) {
        PyObject *value = part_of(self, entry, part);
        if (value)
            PyTuple_SET_ITEM(tuple, part, value);
        else
            Py_CLEAR(tuple);
    }
    return tuple;
}

static int add_entry(EntryList *list, const LexEntry *entry)
{
    LexEntry *entries = grown(list->entries, list->count, &list->room, sizeof(LexEntry));
    if (!entries)
        return -1;
    list->entries = entries;
    list->entries[list->count++] = *entry;
    return 0;
}

/* Add the entries of a Simplified word, those written `only` so, if that is given. */
static int add_simplified(EntryList *list, const Table *table, const Char *word, size_t size,
                          const Field *only)
{
    const char *end = NULL, *at = table_get(table, 'w', word, size, &end);
    for (next_part(&at, end, '\n'); at;) {
        Field line = next_part(&at, end, '\n');
        if (count_of(line, '\t') < FIELDS - 1) {
            PyErr_SetString(PyExc_ValueError, "an entry of the lexicon is broken");
            return -1;
        }
        LexEntry entry;
        for (int field = 0; field < FIELDS; field++)
            entry.fields[field] = next_part(&line.start, line.end, '\t');
        if ((!only || is_same(entry.fields[TRADITIONAL], *only)) && add_entry(list, &entry) < 0)
            return -1;
    }
    return 0;
}

/* Add the entries of the Simplified words that a Traditional one may stand for. */
static int add_traditional(EntryList *list, const Table *table, const Char *word, size_t size)
{
    const char *end = NULL, *at = table_get(table, 't', word, size, &end);
    char bytes[4 * 64];
    Field only = {bytes, at ? bytes + put_utf8(bytes, word, size) : bytes};
    while (at) {
        Field simplified = next_part(&at, end, '\t');
        Char chars[64];
        size_t count = 0;
        while (simplified.start < simplified.end && count < 64)
            simplified.start = get_utf8(simplified.start, simplified.end, &chars[count++]);
        if (add_simplified(list, table, chars, count, &only) < 0)
            return -1;
    }
    return 0;
}

/* The entries on a word as written, or else on its Simplified form: `Lexicon.entries`. They lie
   in the table; the list is to be freed with `PyMem_Free(list->entries)`. */
int entries_on(EntryList *list, const Table *table, const Text *word, const Text *shadow)
{
    if (add_simplified(list, table, word->chars, (size_t)word->size, NULL) < 0 ||
        add_traditional(list, table, word->chars, (size_t)word->size) < 0)
        return -1;
    if (list->count || is_alike(word, shadow))
        return 0;
    return add_simplified(list, table, shadow->chars, (size_t)shadow->size, NULL);
}

/* ---- the type ------------------------------------------------------------------------------------ */

static PyObject *entries(Entries *self, PyObject *args)
{
    PyObject *word, *shadow, *entries = NULL;
    Text text = {0}, other = {0};
    EntryList list = {0};
    if (!PyArg_ParseTuple(args, "UU", &word, &shadow))
        return NULL;
    if (text_of(&text, word) == 0 && text_of(&other, shadow) == 0 &&
        entries_on(&list, &self->table, &text, &other) == 0)
        entries = PyTuple_New(list.count);
    for (Py_ssize_t at = 0; entries && at < list.count; at++) {
        PyObject *entry = lex_entry(self, &list.entries[at]);
        if (entry)
            PyTuple_SET_ITEM(entries, at, entry);
        else
            Py_CLEAR(entries);
    }
    PyMem_Free(list.entries);
    text_free(&text);
    text_free(&other);
    return entries;
}

static void entries_free(Entries *self)
{
    table_close(&self->table);
    Py_XDECREF(self->entry);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

static PyObject *entries_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"table", "entry", "first", NULL};
    PyObject *table, *entry;
    int first;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "OO!p", names, &table, &PyType_Type, &entry,
                                     &first))
        return NULL;
    if (!PyType_IsSubtype((PyTypeObject *)entry, &PyTuple_Type)) {
        PyErr_SetString(PyExc_TypeError, "entries are tuples");
        return NULL;
    }
    Entries *self = (Entries *)type->tp_alloc(type, 0);
    if (!self)
        return NULL;
    self->entry = (PyTypeObject *)Py_NewRef(entry);
    self->first = first;
    if (table_open(&self->table, table) < 0)
        Py_CLEAR(self);
    return (PyObject *)self;
}

static PyMethodDef methods[] = {
    {"entries", (PyCFunction)entries, METH_VARARGS,
     "entries(word, shadow): the entries on a word, or on its Simplified form."},
    {NULL, NULL, 0, NULL},
};

CORE_TYPE(Entries, 0, entries_new, entries_free, "Looks entries up in the bytes of a table.",
          .tp_methods = methods);
