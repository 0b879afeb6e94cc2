/* The lexicon's table: reader/lexicon/table.py has its layout, makes it, and checks it when it is
   opened. The file may change afterwards: here and where records are read nothing is believed that
   could lead out of the buffer, or out of an array, or round and round. */

#include "core.h"

#define HEADER 24
#define RECORD 6

static uint32_t crc_of(const unsigned char *bytes, size_t size)
{
    static uint32_t steps[256];
    if (!steps[1]) {
        for (uint32_t at = 0; at < 256; at++) {
            uint32_t step = at;
            for (int bit = 0; bit < 8; bit++)
                step = step & 1 ? 0xEDB88320u ^ step >> 1 : step >> 1;
            steps[at] = step;
        }
    }
    uint32_t crc = 0xFFFFFFFFu;
    while (size--)
        crc = steps[(crc ^ *bytes++) & 0xFF] ^ crc >> 8;
    return ~crc;
}

/* -1 with an exception for a buffer that is no table, or not a whole one. */
int table_open(Table *table, PyObject *buffer)
{
    if (PyObject_GetBuffer(buffer, &table->buffer, PyBUF_SIMPLE) < 0)
        return -1;
    const char *bytes = table->buffer.buf;
    uint64_t size = 0;
    if (table->buffer.len >= HEADER) {
        memcpy(&table->slots, bytes + 8, 4);
        memcpy(&size, bytes + 16, 8);
    }
    if (size != (uint64_t)table->buffer.len || memcmp(bytes, "RDRTAB02", 8) != 0 ||
        table->slots == 0 || (size - HEADER) / 4 < table->slots) {
        table_close(table);
        PyErr_SetString(PyExc_ValueError, "not a table, or one that was cut off");
        return -1;
    }
    return 0;
}

void table_close(Table *table)
{
    if (table->buffer.obj)
        PyBuffer_Release(&table->buffer);
}

static const char *get(const Table *table, const char *key, size_t size, const char **end)
{
    const char *bytes = table->buffer.buf;
    size_t whole = (size_t)table->buffer.len;
    uint32_t slot = crc_of((const unsigned char *)key, size) % table->slots;
    for (uint32_t tries = 0; tries < table->slots; tries++) {
        uint32_t offset, value_size;
        uint16_t key_size;
        memcpy(&offset, bytes + HEADER + 4 * (size_t)slot, 4);
        if (!offset || (size_t)offset + RECORD > whole)
            return NULL;
        memcpy(&key_size, bytes + offset, 2);
        memcpy(&value_size, bytes + offset + 2, 4);
        const char *stored = bytes + offset + RECORD;
        if ((size_t)offset + RECORD + key_size + value_size > whole)
            return NULL;
        if (key_size == size && memcmp(stored, key, size) == 0) {
            *end = stored + size + value_size;
            return stored + size;
        }
        slot = (slot + 1) % table->slots;
    }
    return NULL;
}

/* The record of a letter and a word, up to `end`; NULL where there is none. No word of the
   lexicon has more than 64 characters. */
const char *table_get(const Table *table, char letter, const Char *word, size_t size,
                      const char **end)
{
    char key[1 + 4 * 64];
    if (size > 64)
        return NULL;
    key[0] = letter;
    return get(table, key, 1 + put_utf8(key + 1, word, size), end);
}

enum { FREQUENCY, TAG, LEVELS };

/* A field of the first line of a word's record; an empty one for a word that has no record. */
static Field head_field(const Table *table, const Char *word, size_t size, int field)
{
    const char *end = "", *at = table_get(table, 'w', word, size, &end);
    Field line = next_part(&at, end, '\n'), found = line;
    for (int number = 0; number <= field; number++)
        found = next_part(&line.start, line.end, '\t');
    return found;
}

/* The usual part of speech of a word; the number of its letters, 0 for none. */
size_t table_tag(const Table *table, const Char *word, size_t size, char *tag, size_t room)
{
    Field field = head_field(table, word, size, TAG);
    size_t length = Py_MIN((size_t)(field.end - field.start), room);
    memcpy(tag, field.start, length);
    return length;
}

/* The levels of a word by syllabus, as reader/lexicon/levels.py writes them. */
Field table_levels(const Table *table, const Char *word, size_t size)
{
    return head_field(table, word, size, LEVELS);
}

/* How often a word occurs; 0 for unknown ones. */
long table_frequency(const Table *table, const Char *word, size_t size)
{
    Field frequency = head_field(table, word, size, FREQUENCY);
    return whole_number(frequency.start, frequency.end);
}

/* ---- the dictionary's entries on a word: `Lexicon.entries` -------------------------------------- */

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
