#include "reading_index.h"

#define MOST_SYLLABLES 64

int reading_index_open(ReadingIndex *self, const Table *table)
{
    self->table = table;
    self->after.record = sizeof(After);
    self->syllables = PyList_New(0);
    return self->syllables ? 0 : -1;
}

static void drop_after(void *record)
{
    followers_free(&((After *)record)->followers);
}

void reading_index_close(ReadingIndex *self)
{
    pages_free(&self->after, drop_after);
    map_clear(&self->numbers, NULL);
    map_clear(&self->set_numbers, NULL);
    for (uint32_t number = 0; number < self->set_count; number++) {
        PyMem_Free(self->sets[number].syllables);
        text_free(&self->sets[number].joined);
    }
    PyMem_Free(self->sets);
    Py_CLEAR(self->syllables);
}

/* ---- syllables and sets of them ---------------------------------------------------------------- */

/* The number of a syllable, which stands at that place in `syllables`. */
int syllable_number(ReadingIndex *self, const char *letters, size_t size, uint32_t *number)
{
    Char key[32];
    uintptr_t known;
    if (size > sizeof key / sizeof *key) {
        PyErr_SetString(PyExc_ValueError, "a syllable of too many letters");
        return -1;
    }
    for (size_t at = 0; at < size; at++)
        key[at] = (unsigned char)letters[at];
    if (!map_get(&self->numbers, key, size, &known)) {
        PyObject *syllable = PyUnicode_DecodeUTF8(letters, (Py_ssize_t)size, "strict");
        if (!syllable)
            return -1;
        PyUnicode_InternInPlace(&syllable);
        known = (uintptr_t)PyList_GET_SIZE(self->syllables);
        int done = PyList_Append(self->syllables, syllable);
        Py_DECREF(syllable);
        if (done < 0 || map_put(&self->numbers, key, size, known) < 0)
            return -1;
    }
    *number = (uint32_t)known;
    return 0;
}

static int append(Text *text, PyObject *syllable, size_t room)
{
    Py_ssize_t size = PyUnicode_GET_LENGTH(syllable);
    if ((size_t)(text->size + size + 1) > room)
        return -1;
    if (text->size)
        text->chars[text->size++] = '|';
    for (Py_ssize_t at = 0; at < size; at++)
        text->chars[text->size++] = PyUnicode_READ_CHAR(syllable, at);
    return 0;
}

/* The syllables of a set as Python's `"|".join(sorted(…))` writes them. */
static int join_syllables(const ReadingIndex *self, Set *set)
{
    PyObject *sorted = PyList_New(0);
    int done = sorted ? 0 : -1;
    size_t room = 1;
    for (uint32_t at = 0; done == 0 && at < set->count; at++) {
        PyObject *syllable = PyList_GET_ITEM(self->syllables, set->syllables[at]);
        room += (size_t)PyUnicode_GET_LENGTH(syllable) + 1;
        done = PyList_Append(sorted, syllable);
    }
    if (done == 0)
        done = PyList_Sort(sorted);
    set->joined = (Text){PyMem_Malloc(room * sizeof(Char)), 0};
    if (!set->joined.chars)
        PyErr_NoMemory();
    for (uint32_t at = 0; done == 0 && set->joined.chars && at < set->count; at++)
        done = append(&set->joined, PyList_GET_ITEM(sorted, at), room);
    Py_XDECREF(sorted);
    return set->joined.chars ? done : -1;
}

static int new_set(ReadingIndex *self, const uint32_t *syllables, uint32_t count)
{
    if (self->set_count == self->set_room) {
        uint32_t room = 2 * self->set_room + 256;
        Set *sets = PyMem_Realloc(self->sets, room * sizeof(Set));
        if (!sets) {
            PyErr_NoMemory();
            return -1;
        }
        self->sets = sets;
        self->set_room = room;
    }
    Set *set = &self->sets[self->set_count];
    *set = (Set){.count = count, .syllables = PyMem_Malloc((count + 1) * sizeof(uint32_t))};
    if (!set->syllables) {
        PyErr_NoMemory();
        return -1;
    }
    memcpy(set->syllables, syllables, count * sizeof(uint32_t));
    self->set_count++;
    return join_syllables(self, set);
}

/* The number of a set of syllables, which are put in order, each once. */
int set_of(ReadingIndex *self, uint32_t *syllables, uint32_t count, uint32_t *number)
{
    uint32_t kept = 0;
    uintptr_t known;
    sort_chars(syllables, count);
    for (uint32_t at = 0; at < count; at++)
        if (!kept || syllables[kept - 1] != syllables[at])
            syllables[kept++] = syllables[at];
    if (!map_get(&self->set_numbers, syllables, kept, &known)) {
        known = self->set_count;
        if (new_set(self, syllables, kept) < 0 ||
            map_put(&self->set_numbers, syllables, kept, known) < 0)
            return -1;
    }
    *number = (uint32_t)known;
    return 0;
}

int set_union(ReadingIndex *self, uint32_t one, uint32_t other, uint32_t *number)
{
    uint32_t all[2 * MOST_SYLLABLES], count = 0;
    const Set *sets[] = {&self->sets[one], &self->sets[other]};
    if (one == other) {
        *number = one;
        return 0;
    }
    for (int which = 0; which < 2; which++)
        for (uint32_t at = 0; at < sets[which]->count && count < 2 * MOST_SYLLABLES; at++)
            all[count++] = sets[which]->syllables[at];
    return set_of(self, all, count, number);
}

/* ---- the words of a pair ------------------------------------------------------------------------- */

/* Read the readings of a word, of `length` characters, up to the end of its line. A word some of
   whose characters have none is not plain. */
static int read_sets(ReadingIndex *self, WordReadings *word, int32_t length, const char *at,
                     const char *end)
{
    uint32_t found[LONGEST][MOST_SYLLABLES], counts[LONGEST] = {0};
    int32_t place = 0;
    for (const char *start = at; at <= end; at++) {
        if (at < end && *at != ',' && *at != '\t')
            continue;
        if (place < length && counts[place] < MOST_SYLLABLES &&
            syllable_number(self, start, (size_t)(at - start), &found[place][counts[place]++]) < 0)
            return -1;
        place = at < end && *at == ',' ? place + 1 : 0;
        start = at + 1;
    }
    for (place = 0; place < length; place++) {
        if (set_of(self, found[place], counts[place], &word->sets[place]) < 0)
            return -1;
        word->plain = word->plain && counts[place];
    }
    return 0;
}

static int read_line(ReadingIndex *self, WordReadings *word, const char *at, const char *end)
{
    for (; at < end && *at != '\t'; word->rest_size++) {
        Char character;
        at = get_utf8(at, end, &character);
        if (word->rest_size < LONGEST - 2)
            word->rest[word->rest_size] = character;
    }
    const char *flags = ++at;
    while (at < end && *at != '\t')
        at++;
    word->kind = flags < at ? *flags : 'c';
    word->plain = at - flags == 1;
    /* One that is too long for the index is never found. */
    return read_sets(self, word, Py_MIN(2 + word->rest_size, LONGEST), at + 1, end);
}

static PairReadings *read_pair(ReadingIndex *self, const char *at, const char *end)
{
    int32_t count = 0;
    for (const char *line = at; line < end; line++)
        count += *line == '\n';
    PairReadings *pair =
        PyMem_Calloc(1, sizeof(PairReadings) + (size_t)count * sizeof(WordReadings));
    if (!pair)
        PyErr_NoMemory();
    while (pair && at < end && pair->count < count) {
        const char *stop = ++at;
        while (stop < end && *stop != '\n')
            stop++;
        if (read_line(self, &pair->words[pair->count++], at, stop) < 0) {
            PyMem_Free(pair);
            pair = NULL;
        }
        at = stop;
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
static const PairReadings *pair_of(ReadingIndex *self, Char one, Char other)
{
    const After *after = after_of(self, one);
    void **known = after ? follower(&after->followers, other) : NULL;
    if (!known)
        return NULL;
    if (!*known) {
        const char *end, *at = table_get(self->table, 'd', PAIR(one, other), 2, &end);
        *known = at ? read_pair(self, at, end) : NULL;
    }
    return *known;
}

static const WordReadings *find(const PairReadings *pair, const Char *rest, int32_t size)
{
    for (int32_t at = 0; pair && at < pair->count; at++) {
        const WordReadings *word = &pair->words[at];
        if (word->rest_size == size &&
            memcmp(word->rest, rest, (size_t)size * sizeof(Char)) == 0)
            return word;
    }
    return NULL;
}

/* What is said of a word of two to four characters; NULL for one that is in no dictionary. */
int word_readings(ReadingIndex *self, const Char *word, Py_ssize_t size, const WordReadings **found)
{
    const PairReadings *pair = pair_of(self, word[0], word[1]);
    *found = find(pair, word + 2, (int32_t)size - 2);
    return !pair && PyErr_Occurred() ? -1 : 0;
}

static int before(const OverlappingWord *one, const OverlappingWord *other)
{
    return one->length != other->length ? one->length > other->length
                                        : one->offset > other->offset;
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
        const PairReadings *pair = pair_of(self, at[0], at[1]);
        if (!pair && PyErr_Occurred())
            return -1;
        for (int32_t length = 2; pair && length <= LONGEST; length++) {
            if (index >= start + length || start + length > shadow->size)
                continue;
            const WordReadings *readings = find(pair, at + 2, length - 2);
            if (!readings)
                continue;
            OverlappingWord word = {length, (int32_t)(index - start), readings};
            int to = count++;
            for (; to > 0 && before(&word, &overlapping[to - 1]); to--)
                overlapping[to] = overlapping[to - 1];
            overlapping[to] = word;
        }
    }
    return count;
}
