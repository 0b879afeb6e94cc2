/* What the parts of the compiled core share: code points, a hash map, the lexicon's table.

   The core does nothing of its own: it is hot loops of the package once more, and gives the same
   words, readings, tokens and markup as the Python beside it (tests/test_core.py holds it to that).
   What is usual it makes and remembers; what takes more than that it asks Python for. All of it
   runs under the interpreter's lock. */

#ifndef READER_CORE_H
#define READER_CORE_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifndef READER_CHECK
#define READER_CHECK 0 /* Whether values that are made here pass the checks of their constructors. */
#endif

typedef uint32_t Char;

enum { HAN, PERSON, NAME, TERM, COMMON, NUMBER, LATIN, PUNCTUATION, SPACE, OTHER };
/* The kinds of words of reader/annotation/word_candidates.py. */

/* ---- map.c: a hash map from strings of 32-bit units to values -------------------------------- */

typedef struct {
    uint32_t hash, place; /* Where its record stands; 0 for a slot that is free. */
} MapSlot;

typedef struct {
    MapSlot *index;
    size_t slots, count; /* Those that were taken out are counted too. */
    Char *records;
    size_t used, room;
} Map;

#define HASH_SEED 0x9E3779B97F4A7C15u
#define HASH_FACTOR 0xD6E8FEB86659FD93u

static inline uint64_t hash_more(uint64_t hash, const Char *units, size_t size)
{
    for (size_t at = 0; at < size; at++) {
        hash = (hash ^ units[at]) * HASH_FACTOR;
        hash ^= hash >> 32;
    }
    return hash;
}

bool map_get(const Map *map, const Char *key, size_t size, uintptr_t *value);
int map_put(Map *map, const Char *key, size_t size, uintptr_t value);
void map_clear(Map *map, void (*drop)(uintptr_t));
void drop_object(uintptr_t value);

/* A map that forgets: once it has more than `room` entries and is turned, they become the old
   ones, and those that were old go, but for those that were asked for since. Values are found in
   both; a value, which is never 0, stays where it is until the second turn after it was last asked
   for. New ones are put into `young`. */
typedef struct {
    Map young, old;
    size_t room;
    void (*drop)(uintptr_t);
} Memory;

bool memory_get(Memory *memory, const Char *key, size_t size, uintptr_t *value);
void memory_turn(Memory *memory);
void memory_clear(Memory *memory);

/* ---- map.c: numbers below 2^24 by hashes that are mostly not there ------------------------------- */

#define HELD 24 /* The lowest bits of a slot hold the number. */

typedef struct {
    uint64_t *slots, *filter; /* Bits of the hashes that there are: eight for each slot. */
    size_t size;              /* Of the slots. */
} Hashes;

int hashes_open(Hashes *hashes, size_t most);
void hashes_put(Hashes *hashes, uint64_t hash, size_t number);

static inline bool hashes_may_have(const Hashes *hashes, uint64_t hash)
{
    return hashes->filter[(hash >> 38) & (hashes->size / 8 - 1)] >> (hash >> 32 & 63) & 1;
}

/* Where the number of a hash is, or a free slot. Hashes are known by their upper 40 bits and by their
   slots: that two of a text's are taken for one another is not to be expected in anybody's lifetime. */
static inline uint64_t *hashes_slot(const Hashes *hashes, uint64_t hash)
{
    size_t mask = hashes->size - 1, slot = (hash >> HELD) & mask;
    while (hashes->slots[slot] && (hashes->slots[slot] ^ hash) >> HELD)
        slot = (slot + 1) & mask;
    return &hashes->slots[slot];
}

/* ---- text.c: strings as code points ----------------------------------------------------------- */

typedef struct {
    Char *chars;
    Py_ssize_t size;
} Text;

static inline bool is_alike(const Text *one, const Text *other)
{
    return one->size == other->size &&
           memcmp(one->chars, other->chars, (size_t)one->size * sizeof(Char)) == 0;
}

int text_of(Text *text, PyObject *string);
void text_free(Text *text);
PyObject *text_slice(const Text *text, Py_ssize_t start, Py_ssize_t end);
int no_memory(void); /* -1, with that exception. */
void *grown(void *items, Py_ssize_t count, Py_ssize_t *room, size_t size);

/* The first place, of some characters in order, whose character is not below one. Asked for every
   pair of characters: it is written so that no branch depends on the answer. */
static inline size_t place_in_order(const Char *chars, size_t size, Char character)
{
    const Char *at = chars;
    while (size > 1) {
        size_t half = size / 2;
        at += at[half - 1] < character ? half : 0;
        size -= half;
    }
    return (size_t)(at - chars);
}

static inline bool is_surrogate(Char c)
{
    return c >= 0xD800 && c < 0xE000;
}

int32_t whole_number(const char *at, const char *end);
size_t put_utf8(char *out, const Char *chars, size_t size);
const char *get_utf8(const char *bytes, const char *end, Char *character);

/* ---- text.c: one record for each character met ------------------------------------------------ */

#define PAGES 0x1100

typedef struct {
    char *pages[PAGES]; /* Of 256 records each, made when one is asked for. */
    size_t record;
} Pages;

void *page_made(Pages *pages, Char character);

/* The record of a character, zeroed when it is new; NULL with an exception when memory is out. */
static inline void *page_record(Pages *pages, Char character)
{
    char *page = pages->pages[character >> 8];
    return page ? page + (character & 0xFF) * pages->record : page_made(pages, character);
}

void pages_free(Pages *pages, void (*drop)(void *record));

/* ---- text.c: parts of records ------------------------------------------------------------------- */

typedef struct {
    const char *start, *end;
} Field;

Field next_part(const char **at, const char *end, char between);
size_t count_of(Field field, char sign);

/* ---- text.c: what may stand second in words after a character --------------------------------- */

typedef struct {
    size_t count;
    Char *seconds;    /* In order. */
    void **known;     /* Of each pair; NULL for one that has not been met. */
    const char *lines; /* All words (`records.by_first`), without their first character. */
    uint32_t *starts; /* Of each pair where its lines start, and where another would. */
} Followers;

int followers_open(Followers *followers, const char *record, const char *end);
void followers_free(Followers *followers);

/* Where what is known of the pair with a character is kept; NULL for one that may not follow. */
static inline void **follower(const Followers *followers, Char character)
{
    size_t place = place_in_order(followers->seconds, followers->count, character);
    if (!followers->count || followers->seconds[place] != character)
        return NULL;
    return &followers->known[place];
}

/* The lines of the words that begin with a pair. */
static inline Field lines_of(const Followers *followers, void *const *known)
{
    const uint32_t *start = &followers->starts[known - followers->known];
    return (Field){followers->lines + start[0], followers->lines + start[1] - 1};
}

/* ---- table.c: the lexicon's table (reader/lexicon/table.py) ------------------------------------ */

typedef struct {
    Py_buffer buffer;
    uint32_t slots;
} Table;

int table_open(Table *table, PyObject *buffer);
void table_close(Table *table);
const char *table_get(const Table *table, char letter, const Char *word, size_t size,
                      const char **end);
size_t table_tag(const Table *table, const Char *word, size_t size, char *tag, size_t room);
Field table_levels(const Table *table, const Char *word, size_t size);
long table_frequency(const Table *table, const Char *word, size_t size);

enum { TRADITIONAL, SIMPLIFIED, SYLLABLES, TAIWAN, FLAGS, BREAKS, SENSES, FIELDS };

typedef struct {
    Field fields[FIELDS];
} LexEntry;

typedef struct {
    LexEntry *entries;
    Py_ssize_t count, room;
} EntryList;

int entries_on(EntryList *list, const Table *table, const Text *word, const Text *shadow);

static inline bool is_same(Field one, Field other)
{
    size_t size = (size_t)(one.end - one.start);
    return size == (size_t)(other.end - other.start) && memcmp(one.start, other.start, size) == 0;
}

static inline bool is_flagged(const LexEntry *entry, char flag)
{
    Field flags = entry->fields[FLAGS];
    return memchr(flags.start, flag, (size_t)(flags.end - flags.start)) != NULL;
}

PyObject *field_string(Field field);

/* ---- dataclasses.c: dataclasses with slots ----------------------------------------------------------- */

typedef struct {
    PyTypeObject *type;
    int count;
    Py_ssize_t places[8]; /* Of the fields that were asked for. */
} DataClass;

int dataclass_open(DataClass *dataclass, PyObject *type, const char *const *fields, int count);
void dataclass_close(DataClass *dataclass);
PyObject *dataclass_new(const DataClass *dataclass, PyObject *const *values);

/* A field of an object of the dataclass: borrowed. */
static inline PyObject *dataclass_field(const DataClass *dataclass, PyObject *object, int field)
{
    return *(PyObject **)((char *)object + dataclass->places[field]);
}

/* ---- words.c: the words of a block ------------------------------------------------------------- */

typedef struct {
    Py_ssize_t start, end;
    long kind;
} Word;

typedef struct {
    PyObject_VAR_HEAD
    Word words[];
} Words;

typedef struct {
    Word *words;
    Py_ssize_t count, room;
} WordList;

int words_add(WordList *list, Py_ssize_t start, Py_ssize_t end, long kind);
int word_of(Word *word, PyObject *tuple);
Words *words_made(const WordList *list);
Words *words_in(PyObject *sequence, Py_ssize_t size);

/* ---- the types ----------------------------------------------------------------------------------- */

/* A type of the module, but for what its methods and members are. */
#define CORE_TYPE(Name, flags, make, drop, doc, ...)                                               \
    PyTypeObject Name##Type = {                                                                    \
        PyVarObject_HEAD_INIT(NULL, 0).tp_name = "reader._core." #Name,                            \
        .tp_basicsize = sizeof(Name), .tp_flags = Py_TPFLAGS_DEFAULT | (flags),                    \
        .tp_new = make, .tp_dealloc = (destructor)drop, .tp_doc = doc, __VA_ARGS__,                \
    }

extern PyTypeObject MarkupCacheType, ReadingResolverType, TokenFactoryType, WordSegmenterType,
    WordsType;

#endif
