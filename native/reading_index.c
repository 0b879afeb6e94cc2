/* What dictionaries say of the words in a text: `OverlappingWords` of reader/annotation/features.py,
   over the records of reader/lexicon/records.py. */

#include "classifier.h"

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

/* Read the readings of a word, a line: what follows its first character, flags, syllables with commas
   between, a tab before each reading. Where the next word's are to stand; NULL with an exception. */
static PyObject **read_line(ReadingIndex *self, WordReadings *word, PyObject **syllables, Field line)
{
    Field written = next_part(&line.start, line.end, '\t');
    Field flags = next_part(&line.start, line.end, '\t');
    Char second;
    const char *at = written.start;
    if (at < written.end)
        at = get_utf8(at, written.end, &second);
    for (; at < written.end && word->rest_size < LONGEST - 2; word->rest_size++)
        at = get_utf8(at, written.end, &word->rest[word->rest_size]);
    word->syllables = syllables;
    word->kind = flags.start < flags.end ? *flags.start : 'c';
    word->plain = flags.end - flags.start == 1;
    while (line.start) {
        Field reading = next_part(&line.start, line.end, '\t');
        while (reading.start) {
            Field syllable = next_part(&reading.start, reading.end, ',');
            *syllables = one_syllable(self, field_string(syllable));
            if (!*syllables++)
                return NULL;
        }
    }
    word->count = (int32_t)(syllables - word->syllables);
    return syllables;
}

/* What is joined of the words that begin with a pair. */
static PairReadings *read_pair(ReadingIndex *self, Field lines)
{
    size_t words = count_of(lines, '\n') + 1;
    size_t syllables = count_of(lines, '\t') + count_of(lines, ',');
    PairReadings *pair = PyMem_Calloc(1, sizeof(PairReadings) + words * sizeof(WordReadings) +
                                             syllables * sizeof(PyObject *));
    PyObject **next = pair ? (PyObject **)(pair->words + words) : NULL;
    if (!pair)
        PyErr_NoMemory();
    for (const char *at = lines.start; next && at && pair->count < words;)
        next = read_line(self, &pair->words[pair->count++], next, next_part(&at, lines.end, '\n'));
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
    const char *end = NULL, *record = table_get(self->table, 'd', &character, 1, &end);
    if (followers_open(&after->followers, record, end) < 0)
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
    if (!*known)
        *known = read_pair(self, lines_of(&after->followers, known));
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
