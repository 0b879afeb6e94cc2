#include "classifier.h"

#include <math.h>

#define TAGS_REMEMBERED 50000
#define TAG_ROOM 7
#define MOST_FEATURES 64
#define MOST_SYLLABLES 16
#define MOST_HELD 3 /* So many weights of a feature are held in the place of the number of its row. */
enum { CLAUSAL = 0x4E3A /* 为 */, CLAUSE = 8, VERB_NEAR = 5 };

typedef struct {
    bool known;
    Scorer *scorer;
    Char classes[2]; /* The names of its narrow and its wide one; 0 for none. */
} Known;

/* What is gathered of one place. */
typedef struct {
    const Scorer *scorer;
    int32_t features, sums[MOST_READINGS];
    uint64_t hashes[MOST_FEATURES];
    double scores[MOST_READINGS];
} Weighing;

/* Syllables in the order of their letters, each once. */
typedef struct {
    int32_t count;
    PyObject *syllables[MOST_SYLLABLES];
} Set;

/* ---- names of features ---------------------------------------------------------------------------- */

static inline uint64_t begin(Char kind)
{
    return hash_more(HASH_SEED, &kind, 1);
}

static inline uint64_t with(uint64_t hash, Char character)
{
    return hash_more(hash, &character, 1);
}

static uint64_t with_number(uint64_t hash, Py_ssize_t number)
{
    return with(number > 9 ? with_number(hash, number / 10) : hash, (Char)('0' + number % 10));
}

static void note(Weighing *weighing, uint64_t hash)
{
    if (weighing->features < MOST_FEATURES)
        weighing->hashes[weighing->features++] = hash;
}

/* ---- scorers ----------------------------------------------------------------------------------------- */

static void add_feature(Scorer *scorer, uint64_t hash, size_t row)
{
    size_t held = row;
    for (int32_t other = 0; other < scorer->others && scorer->others <= MOST_HELD; other++) {
        held = other ? held : 0;
        held |= (size_t)(uint8_t)scorer->weights[row * scorer->others + other] << 8 * other;
    }
    hashes_put(&scorer->features, hash, held);
}

/* Add the rows of those features that there are. */
static void add_rows(Weighing *weighing)
{
    const Scorer *scorer = weighing->scorer;
    for (int32_t at = 0; at < weighing->features; at++) {
        uint64_t hash = weighing->hashes[at], slot = 0;
        if (hashes_may_have(&scorer->features, hash))
            slot = *hashes_slot(&scorer->features, hash);
        uint64_t held = slot & (((uint64_t)1 << HELD) - 1);
        const int8_t *row = scorer->weights + held * scorer->others;
        for (int32_t other = 0; slot && other < scorer->others; other++)
            weighing->sums[other] +=
                scorer->others > MOST_HELD ? row[other] : (int8_t)(held >> 8 * other);
    }
}

/* Features, a line each. */
static void read_features(Scorer *scorer, const char *names, Py_ssize_t size)
{
    const char *end = names + size;
    for (size_t row = 0; size && names; row++) {
        Field name = next_part(&names, end, '\n');
        uint64_t hash = HASH_SEED;
        while (name.start < name.end) {
            Char character;
            name.start = get_utf8(name.start, name.end, &character);
            hash = with(hash, character);
        }
        add_feature(scorer, hash, row);
    }
}

static void scorer_free(Scorer *scorer)
{
    if (scorer)
        PyMem_Free(scorer->features.slots);
    PyMem_Free(scorer);
}

/* What `Classifier.packed` gives; NULL with an exception. */
static Scorer *unpacked(Classifier *self, PyObject *packed)
{
    PyObject *syllables, *bias;
    const char *names, *weights;
    Py_ssize_t names_size, size;
    double scale;
    if (!PyArg_ParseTuple(packed, "O!O!dy#y#", &PyTuple_Type, &syllables, &PyTuple_Type, &bias,
                          &scale, &names, &names_size, &weights, &size))
        return NULL;
    Py_ssize_t count = PyTuple_GET_SIZE(syllables), lines = names_size > 0;
    lines += (Py_ssize_t)count_of((Field){names, names + names_size}, '\n');
    if (count < 1 || count > MOST_READINGS || PyTuple_GET_SIZE(bias) != count ||
        size != lines * (count - 1) || lines >= 1 << HELD) {
        PyErr_SetString(PyExc_ValueError, "what is known of a character is no table");
        return NULL;
    }
    size_t head = sizeof(Scorer) + (size_t)count * sizeof(((Scorer *)0)->readings[0]);
    Scorer *scorer = PyMem_Calloc(1, head + (size_t)size);
    if (!scorer || hashes_open(&scorer->features, (size_t)lines) < 0) {
        PyMem_Free(scorer);
        return (Scorer *)PyErr_NoMemory();
    }
    scorer->count = (int32_t)count;
    scorer->others = (int32_t)count - 1;
    scorer->scale = scale;
    scorer->weights = memcpy((char *)scorer + head, weights, (size_t)size);
    for (Py_ssize_t at = 0; at < count; at++) {
        PyObject *syllable = Py_NewRef(PyTuple_GET_ITEM(syllables, at));
        scorer->readings[at].syllable = one_syllable(self->reading_index, syllable);
        scorer->readings[at].bias = PyFloat_AsDouble(PyTuple_GET_ITEM(bias, at));
    }
    read_features(scorer, names, names_size);
    if (!PyErr_Occurred())
        return scorer;
    scorer_free(scorer);
    return NULL;
}

/* The scorer of a character, NULL for one that the classifier does not know. */
int scorer_of(Classifier *self, Char character, const Scorer **scorer)
{
    Known *known = page_record(&self->characters, character);
    if (known && !known->known) {
        PyObject *string = text_slice(&(Text){&character, 1}, 0, 1), *packed = NULL;
        if (string)
            packed = PyObject_CallMethod(self->python, "packed", "N", string);
        if (packed && packed != Py_None)
            known->scorer = unpacked(self, packed);
        Py_XDECREF(packed);
        if (PyErr_Occurred())
            return -1;
        known->known = true;
    }
    *scorer = known ? known->scorer : NULL;
    return known ? 0 : -1;
}

/* ---- what stands around a place ---------------------------------------------------------------------- */

/* A part of speech in one number: its letters, the first lowest; or, for what is none, the
   highest bit and a character. */
#define NO_TAG ((uint64_t)1 << 63)

/* Whether a word is of the kind AA, ABB, AABB or ABAB. */
static bool is_doubled(const Char *w, Py_ssize_t size)
{
    bool two = w[0] == w[1 % size], three = size == 3 && w[1] == w[2];
    bool four = size == 4 && ((two && w[2] == w[3]) || (w[0] == w[2] && w[1] == w[3]));
    return w[0] >= 0x4E00 && ((size == 2 && two) || three || four);
}

static int tag_of(Classifier *self, const Char *word, Py_ssize_t size, uint64_t *tag)
{
    uintptr_t known;
    if (map_get(&self->tags, word, (size_t)size, &known)) {
        *tag = known;
        return 0;
    }
    char letters[TAG_ROOM];
    size_t length = table_tag(self->reading_index->table, word, (size_t)size, letters, TAG_ROOM);
    if (is_doubled(word, size) && (size > 2 || !length || !strchr("nrm", letters[0])))
        letters[0] = '~', length = 1;
    *tag = length ? 0 : NO_TAG | (word[0] >= 0x4E00 ? '?' : word[0]);
    while (length--)
        *tag = *tag << 8 | (unsigned char)letters[length];
    if (self->tags.count > TAGS_REMEMBERED)
        map_clear(&self->tags, NULL);
    return size > 64 ? 0 : map_put(&self->tags, word, (size_t)size, (uintptr_t)*tag);
}

static uint64_t with_tag(uint64_t hash, uint64_t tag)
{
    if (tag & NO_TAG)
        return with(hash, (Char)tag);
    for (; tag; tag >>= 8)
        hash = with(hash, (Char)(tag & 0xFF));
    return hash;
}

static Char char_at(const Text *shadow, Py_ssize_t index)
{
    return index < 0 ? '^' : index >= shadow->size ? '$' : shadow->chars[index];
}

/* The name of a class of a character; itself, if it has none. */
static Char class_of(const Classifier *self, Char character, bool wide)
{
    const char *page = self->characters.pages[character >> 8];
    Char name = page ? ((const Known *)page + (character & 0xFF))->classes[wide] : 0;
    return name ? name : character;
}

/* The characters beside a place and their classes, by where they stand, and those nearby, each once. */
static void note_around(const Classifier *self, Weighing *weighing, const Text *shadow,
                        Py_ssize_t index)
{
    const Char beside[] = {char_at(shadow, index - 2), char_at(shadow, index - 1),
                           char_at(shadow, index + 1), char_at(shadow, index + 2)};
    for (Char at = 0; at < 4; at++)
        note(weighing, with(begin('1' + at), beside[at]));
    note(weighing, hash_more(begin('6'), beside, 2));
    note(weighing, hash_more(begin('7'), beside + 2, 2));
    note(weighing, hash_more(begin('8'), beside + 1, 2));
    note(weighing, with(begin('a'), class_of(self, beside[1], true)));
    note(weighing, with(begin('b'), class_of(self, beside[2], true)));
    note(weighing, with(begin('x'), class_of(self, beside[1], false)));
    note(weighing, with(begin('y'), class_of(self, beside[2], false)));
    Py_ssize_t first = Py_MAX(0, index - self->nearby);
    Py_ssize_t last = Py_MIN(shadow->size, index + 1 + self->nearby);
    uint64_t present = begin('B');
    for (Py_ssize_t at = first; at < last; at++) {
        bool again = at == index;
        for (Py_ssize_t before = first; before < at && !again; before++)
            again = before != index && shadow->chars[before] == shadow->chars[at];
        if (!again)
            note(weighing, with(present, shadow->chars[at]));
    }
}

/* The words to either side, their parts of speech, and those of two to either side. */
static int note_neighbours(Classifier *self, Weighing *weighing, const Place *place)
{
    static Char edges[] = {'^', '$'};
    static const Py_ssize_t steps[] = {-2, -1, 1, 2};
    Text words[4];
    uint64_t tags[4];
    for (int each = 0; each < 4; each++) {
        Py_ssize_t at = place->at + steps[each];
        words[each] = (Text){&edges[at >= 0], 1};
        if (at >= 0 && at < place->count && place->words[at].end > place->words[at].start)
            words[each] = (Text){place->shadow->chars + place->words[at].start,
                                 place->words[at].end - place->words[at].start};
        if (tag_of(self, words[each].chars, words[each].size, &tags[each]) < 0)
            return -1;
    }
    note(weighing, hash_more(begin('p'), words[1].chars, (size_t)words[1].size));
    note(weighing, hash_more(begin('n'), words[2].chars, (size_t)words[2].size));
    note(weighing, with_tag(begin('P'), tags[1]));
    note(weighing, with_tag(begin('N'), tags[2]));
    note(weighing, with_tag(with(with_tag(begin('e'), tags[0]), '|'), tags[1]));
    note(weighing, with_tag(with(with_tag(begin('f'), tags[2]), '|'), tags[3]));
    note(weighing, with_tag(with(with_tag(begin('k'), tags[1]), '|'), tags[2]));
    note(weighing, with(with(with_tag(begin('m'), tags[1]), '|'), words[2].chars[0]));
    return 0;
}

/* How far behind the first verb of the clause and its end are: `Features._clause`. */
static int note_clause(Classifier *self, Weighing *weighing, const Place *place)
{
    const Word *word = place->words + place->at + 1;
    const Word *last = Py_MIN(place->words + place->count, word + CLAUSE);
    Py_ssize_t count = 0, verb = -1;
    for (uint64_t tag; word < last && word->kind != PUNCTUATION && word->kind != SPACE; word++, count++)
        if (tag_of(self, place->shadow->chars + word->start, word->end - word->start, &tag) < 0)
            return -1;
        else if (verb < 0 && (tag & 0xFF) == 'v' && !(tag & NO_TAG))
            verb = Py_MIN(count, VERB_NEAR);
    note(weighing, verb < 0 ? with(begin('g'), '-') : with_number(begin('g'), verb));
    note(weighing, with_number(begin('h'), count));
    return 0;
}

/* ---- what dictionaries say --------------------------------------------------------------------------- */

/* Add the syllables of a word at a place. */
static void set_add(Set *set, const OverlappingWord *word)
{
    for (int32_t at = word->offset; at < word->readings->count; at += word->length) {
        PyObject *syllable = word->readings->syllables[at];
        int32_t to = 0;
        while (to < set->count && PyUnicode_Compare(set->syllables[to], syllable) < 0)
            to++;
        if ((to < set->count && set->syllables[to] == syllable) || set->count == MOST_SYLLABLES)
            continue;
        memmove(set->syllables + to + 1, set->syllables + to,
                (size_t)(set->count++ - to) * sizeof(PyObject *));
        set->syllables[to] = syllable;
    }
}

/* Add what evidence of a kind adds to the readings that a set speaks for, and to the others. */
static void add_evidence(const Classifier *self, Weighing *weighing, int32_t kind, const Set *set)
{
    for (int32_t reading = 0; reading < weighing->scorer->count; reading++) {
        bool spoken = false;
        for (int32_t at = 0; at < set->count && !spoken; at++)
            spoken = set->syllables[at] == weighing->scorer->readings[reading].syllable;
        weighing->scores[reading] += self->evidence[2 * kind + !spoken];
    }
}

/* What the words across a place say, by length and kind of dictionary, in the order in which they
   are met. */
static void add_overlapping(const Classifier *self, Weighing *weighing,
                            const OverlappingWord *words, int count)
{
    for (int at = 0; at < count; at++) {
        Set set = {0};
        bool met = false, phrase = words[at].readings->kind == 'p';
        for (int other = 0; other < count && !met; other++)
            if (words[other].length == words[at].length &&
                (words[other].readings->kind == 'p') == phrase) {
                met = other < at;
                set_add(&set, &words[other]);
            }
        int32_t group = (words[at].length - 2) * 2 + phrase;
        int32_t kind = 2 + group * 4 + (set.count > 1) * 2 + (words[at].length == words[0].length);
        if (!met)
            add_evidence(self, weighing, kind, &set);
    }
}

/* What dictionaries say of the word itself, and of those across the place. */
static void add_dictionaries(Classifier *self, Weighing *weighing, const Place *place,
                             Py_ssize_t index, const OverlappingWord *words, int count)
{
    const Word *word = &place->words[place->at];
    int32_t size = (int32_t)(word->end - word->start);
    const WordReadings *known = NULL;
    if (size > 1 && size <= LONGEST)
        known = word_readings(self->reading_index, place->shadow->chars + word->start, size);
    if (known) {
        Set set = {0};
        set_add(&set, &(OverlappingWord){size, (int32_t)(index - word->start), known});
        add_evidence(self, weighing, known->kind == 'p', &set);
    }
    add_overlapping(self, weighing, words, count);
}

/* The word itself, and dictionary words across the place, which are given back: `Features._inside`. */
static int note_inside(Classifier *self, Weighing *weighing, const Place *place, Py_ssize_t index,
                       OverlappingWord *words)
{
    const Word *word = &place->words[place->at];
    const Char *chars = place->shadow->chars + word->start;
    Py_ssize_t size = word->end - word->start, offset = index - word->start;
    Set longest = {0};
    uint64_t tag, spoken = begin('R');
    int count = overlapping_words(self->reading_index, place->shadow, index, words);
    if (count < 0 || tag_of(self, chars, size, &tag) < 0)
        return -1;
    note(weighing, hash_more(with_number(begin('w'), offset), chars, (size_t)size));
    note(weighing, with_number(with(with_number(begin('l'), offset), '/'), size));
    note(weighing, with_tag(begin('W'), tag));
    for (int at = 0; at < count; at++) {
        const Char *across = place->shadow->chars + index - words[at].offset;
        uint64_t name = with_number(begin('d'), words[at].offset);
        note(weighing, hash_more(name, across, (size_t)words[at].length));
        if (words[at].length == words[0].length)
            set_add(&longest, &words[at]);
    }
    for (int32_t at = 0; at < longest.count; at++) {
        PyObject *syllable = longest.syllables[at];
        spoken = at ? with(spoken, '|') : spoken;
        for (Py_ssize_t letter = 0; letter < PyUnicode_GET_LENGTH(syllable); letter++)
            spoken = with(spoken, PyUnicode_READ_CHAR(syllable, letter));
    }
    note(weighing, count ? spoken : with(spoken, '-'));
    return count;
}

/* Score the readings of the character at `index`: `Classifier.weigh`. */
static int weigh(Classifier *self, Weighing *weighing, const Place *place, Py_ssize_t index)
{
    const Scorer *scorer = weighing->scorer;
    OverlappingWord words[MOST_OVERLAPPING];
    note_around(self, weighing, place->shadow, index);
    int count = note_inside(self, weighing, place, index, words);
    if (count < 0 || note_neighbours(self, weighing, place) < 0 ||
        (place->shadow->chars[index] == CLAUSAL && note_clause(self, weighing, place) < 0))
        return -1;
    add_rows(weighing);
    for (int32_t reading = 0; reading < scorer->count; reading++) {
        weighing->scores[reading] = scorer->readings[reading].bias;
        if (reading)
            weighing->scores[reading] += weighing->sums[reading - 1] * scorer->scale;
    }
    add_dictionaries(self, weighing, place, index, words, count);
    return PyErr_Occurred() ? -1 : 0;
}

/* ---- judgement ------------------------------------------------------------------------------------------ */

static double interpolated(const Classifier *self, double value)
{
    Py_ssize_t place = 0;
    while (place < self->knot_count && self->knots[place] <= value)
        place++;
    if (place == 0 || place == self->knot_count)
        return self->values[place ? place - 1 : 0];
    double left = self->knots[place - 1], right = self->knots[place];
    double part = (value - left) / (right - left);
    return self->values[place - 1] + part * (self->values[place] - self->values[place - 1]);
}

/* Whether a reading comes before another that has a score: of equals the one with later letters. */
static bool beats(const Scorer *scorer, int32_t reading, double score, const Answer *other)
{
    if (score != other->share)
        return score > other->share;
    return PyUnicode_Compare(scorer->readings[reading].syllable,
                             scorer->readings[other->reading].syllable) > 0;
}

/* The readings on offer at `index`, `among` as bits (0: all), with their shares, best first; how
   many, -1 with an exception: `Classifier.judge`. */
int32_t judge(Classifier *self, const Scorer *scorer, const Place *place, Py_ssize_t index,
              uint32_t among, Answer *answers)
{
    Weighing weighing;
    weighing.scorer = scorer;
    weighing.features = 0;
    memset(weighing.sums, 0, (size_t)scorer->count * sizeof *weighing.sums);
    if (weigh(self, &weighing, place, index) < 0)
        return -1;
    int32_t count = 0;
    for (int32_t reading = 0; reading < scorer->count; reading++) {
        if (among && !(among >> reading & 1))
            continue;
        int32_t to = count++;
        for (; to > 0 && beats(scorer, reading, weighing.scores[reading], &answers[to - 1]); to--)
            answers[to] = answers[to - 1];
        answers[to] = (Answer){weighing.scores[reading], reading};
    }
    double highest = answers[0].share, sum = 0.0;
    for (int32_t at = 0; at < count; at++)
        sum += answers[at].share = exp(answers[at].share - highest);
    double raw = 1.0 / sum;
    if (count == 1 || raw >= 1.0) {
        answers[0].share = 1.0;
        return 1;
    }
    double sure = interpolated(self, raw), left = raw * (1.0 - sure) / (1.0 - raw);
    for (int32_t at = 0; at < count; at++)
        answers[at].share *= left;
    answers[0].share = sure;
    return count;
}

/* ---- making one ------------------------------------------------------------------------------------------ */

static double *numbers(PyObject *python, const char *name, Py_ssize_t *count)
{
    PyObject *given = PyObject_GetAttrString(python, name);
    PyObject *list = given ? PySequence_Fast(given, "a list of numbers") : NULL;
    *count = list ? PySequence_Fast_GET_SIZE(list) : 0;
    double *found = list ? PyMem_Malloc((size_t)(*count + 1) * sizeof(double)) : NULL;
    if (list && !found)
        PyErr_NoMemory();
    for (Py_ssize_t at = 0; found && at < *count; at++)
        found[at] = PyFloat_AsDouble(PySequence_Fast_GET_ITEM(list, at));
    Py_XDECREF(given);
    Py_XDECREF(list);
    return found;
}

/* The characters of the narrow classes and the names of these, then of the wide ones: only what has
   a narrow class has a wide one. */
static int read_classes(Classifier *self, PyObject *python)
{
    PyObject *given = PyObject_GetAttrString(python, "class_names"), *characters[2], *names[2];
    int done = given && PyArg_ParseTuple(given, "UUUU", &characters[0], &names[0], &characters[1],
                                         &names[1])
                   ? 0
                   : -1;
    for (int wide = 0; done == 0 && wide < 2; wide++)
        for (Py_ssize_t at = 0; done == 0 && at < PyUnicode_GET_LENGTH(characters[wide]); at++) {
            Known *known =
                page_record(&self->characters, PyUnicode_READ_CHAR(characters[wide], at));
            done = known ? 0 : -1;
            if (known && (!wide || known->classes[0]))
                known->classes[wide] = PyUnicode_ReadChar(names[wide], at);
        }
    Py_XDECREF(given);
    return PyErr_Occurred() ? -1 : done;
}

int classifier_open(Classifier *self, ReadingIndex *reading_index, PyObject *python, long nearby)
{
    Py_ssize_t values, evidence;
    self->reading_index = reading_index;
    self->nearby = nearby;
    self->characters.record = sizeof(Known);
    self->python = Py_NewRef(python);
    self->knots = numbers(python, "knots", &self->knot_count);
    self->values = numbers(python, "values", &values);
    self->evidence = numbers(python, "evidence", &evidence);
    if (!PyErr_Occurred() &&
        (!values || values != self->knot_count || evidence != 2 * EVIDENCE_KINDS))
        PyErr_SetString(PyExc_ValueError, "a calibration without knots, or evidence that is none");
    return PyErr_Occurred() ? -1 : read_classes(self, python);
}

static void drop_known(void *record)
{
    scorer_free(((Known *)record)->scorer);
}

void classifier_close(Classifier *self)
{
    pages_free(&self->characters, drop_known);
    map_clear(&self->tags, NULL);
    PyMem_Free(self->knots);
    PyMem_Free(self->values);
    PyMem_Free(self->evidence);
    Py_CLEAR(self->python);
}
