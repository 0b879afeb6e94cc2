/* The dictionary's entries on a word: `Lexicon.entries` of reader/lexicon/lexicon.py. */

#include "core.h"

PyObject *field_string(Field field)
{
    return PyUnicode_DecodeUTF8(field.start, field.end - field.start, "strict");
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
