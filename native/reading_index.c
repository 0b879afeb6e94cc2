#include "reading_index.h"

typedef struct {
    size_t count;
    WordReadings words[]; /* Their syllables stand behind them. */
} PairReadings;

int reading_index_open(ReadingIndex *self, const Table *table)
{
    self->table = table;
    self->after.record = sizeof(After);
    self->syllables = PyDict_New();
    return self->syllables ? 0 : -1;
}

static void drop_after(void *record)
{
    followers_free(&((After *)record)->followers);
}

void reading_index_close(ReadingIndex *self)
{
    pages_free(&self->after, drop_after);
    Py_CLEAR(self->syllables);
}

/* The one object for a syllable, which is taken over: borrowed. NULL with an exception. */
PyObject *one_syllable(ReadingIndex *self, PyObject *syllable)
{
    PyObject *one = syllable ? PyDict_SetDefault(self->syllables, syllable, syllable) : NULL;
    Py_XDECREF(syllable);
    return one;
}

/* Read the readings of a word, a line without its beginning: its rest, flags, syllables with commas
   between, a tab before each reading. Where the next word's are to stand; NULL with an exception. */
static PyObject **read_line(ReadingIndex *self, WordReadings *word, PyObject **syllables,
                            const char *at, const char *end)
{
    for (; at < end && *at != '\t'; word->rest_size++) {
        Char character;
        at = get_utf8(at, end, &character);
        if (word->rest_size < LONGEST - 2)
            word->rest[word->rest_size] = character;
    }
    word->syllables = syllables;
    word->kind = at + 1 < end ? at[1] : 'c';
    word->plain = at + 2 < end && at[2] == '\t';
    for (at++; at < end && *at != '\t'; at++)
        ;
    while (at < end) {
        const char *start = ++at;
        while (at < end && *at != ',' && *at != '\t')
            at++;
        *syllables = one_syllable(self, PyUnicode_DecodeUTF8(start, at - start, "strict"));
        if (!*syllables++)
            return NULL;
    }
    word->count = (int32_t)(syllables - word->syllables);
    return syllables;
}

static PairReadings *read_pair(ReadingIndex *self, const char *at, const char *end)
{
    size_t words = 0, syllables = 0;
    for (const char *c = at; c < end; c++) {
        words += *c == '\n';
        syllables += *c == '\t' || *c == ',';
    }
    PairReadings *pair = PyMem_Calloc(1, sizeof(PairReadings) + words * sizeof(WordReadings) +
                                             syllables * sizeof(PyObject *));
    PyObject **next = pair ? (PyObject **)(pair->words + words) : NULL;
    if (!pair)
        PyErr_NoMemory();
    while (next && pair->count < words) {
        const char *stop = memchr(at + 1, '\n', (size_t)(end - at - 1));
        stop = stop ? stop : end;
        next = read_line(self, &pair->words[pair->count++], next, at + 1, stop);
        at = stop;
    }
    if (!next) {
        PyMem_Free(pair);
        return NULL;
    }
    return pair;
}

static After *after_of(ReadingIndex *self, Char character)
{
    After *after = page_record(&self->after, character);
    if (!after || after->known)
        return after;
    const char *end, *at = table_get(self->table, 'h', &character, 1, &end);
    Text seconds = {PyMem_Malloc((size_t)(at ? end - at : 0) * sizeof(Char) + 1), 0};
    if (!seconds.chars) {
        PyErr_NoMemory();
        return NULL;
    }
    while (at && at < end)
        at = get_utf8(at, end, &seconds.chars[seconds.size++]);
    if (followers_take(&after->followers, &seconds) < 0)
        return NULL;
    after->known = true;
    return after;
}

/* The words that begin with two characters; NULL, with or without an exception, for none. */
static const PairReadings *pair_of(ReadingIndex *self, const Char *pair)
{
    const After *after = after_of(self, pair[0]);
    void **known = after ? follower(&after->followers, pair[1]) : NULL;
    if (!known)
        return NULL;
    if (!*known) {
        const char *end, *at = table_get(self->table, 'd', pair, 2, &end);
        *known = at ? read_pair(self, at, end) : NULL;
    }
    return *known;
}

static const WordReadings *find(const PairReadings *pair, const Char *rest, int32_t size)
{
    for (size_t at = 0; pair && at < pair->count; at++) {
        const WordReadings *word = &pair->words[at];
        if (word->rest_size == size && memcmp(word->rest, rest, (size_t)size * sizeof(Char)) == 0)
            return word;
    }
    return NULL;
}

/* What is said of a word of two to four characters; NULL, with or without an exception, for one
   that is in no dictionary. */
const WordReadings *word_readings(ReadingIndex *self, const Char *word, Py_ssize_t size)
{
    return find(pair_of(self, word), word + 2, (int32_t)size - 2);
}

/* The words that lie across a place, longer ones first, and of equals those that begin first; how
   many, -1 with an exception. */
int overlapping_words(ReadingIndex *self, const Text *shadow, Py_ssize_t index,
                      OverlappingWord *overlapping)
{
    int count = 0;
    Py_ssize_t last = Py_MIN(index + 1, shadow->size - 1);
    for (Py_ssize_t start = Py_MAX(0, index - LONGEST + 1); start < last; start++) {
        const Char *at = shadow->chars + start;
        const PairReadings *pair = pair_of(self, at);
        if (!pair && PyErr_Occurred())
            return -1;
        for (int32_t length = 2; pair && length <= LONGEST; length++) {
            const WordReadings *readings = NULL;
            if (index < start + length && start + length <= shadow->size)
                readings = find(pair, at + 2, length - 2);
            if (!readings)
                continue;
            int to = count++;
            for (; to > 0 && overlapping[to - 1].length < length; to--)
                overlapping[to] = overlapping[to - 1];
            overlapping[to] = (OverlappingWord){length, (int32_t)(index - start), readings};
        }
    }
    return count;
}
