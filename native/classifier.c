#include "classifier.h"

#include <math.h>

#define TAGS_REMEMBERED 50000
#define TAG_ROOM 7

/* ---- names of features ---------------------------------------------------------------------------- */

static inline uint64_t begin(Char kind)
{
    return hash_more(HASH_SEED, &kind, 1);
}

static inline uint64_t with_chars(uint64_t hash, const Char *chars, Py_ssize_t size)
{
    return hash_more(hash, chars, (size_t)size);
}

static inline uint64_t with(uint64_t hash, Char character)
{
    return with_chars(hash, &character, 1);
}

static uint64_t with_number(uint64_t hash, Py_ssize_t number)
{
    return with(number > 9 ? with_number(hash, number / 10) : hash, (Char)('0' + number % 10));
}

/* ---- scorers ----------------------------------------------------------------------------------------- */

static void scorer_free(Scorer *scorer)
{
    if (!scorer)
        return;
    PyMem_Free(scorer->syllables);
    PyMem_Free(scorer->rank);
    PyMem_Free(scorer->bias);
    PyMem_Free(scorer->features);
    PyMem_Free(scorer->filter);
    PyMem_Free(scorer->weights);
    PyMem_Free(scorer);
}

/* The word of the filter that a feature's bit is in, and the bit: eight bits for each slot. */
static uint64_t *filter_word(const Scorer *scorer, uint64_t hash)
{
    return &scorer->filter[(hash >> 38) & (scorer->slots / 8 - 1)];
}

static uint64_t filter_bit(uint64_t hash)
{
    return (uint64_t)1 << (hash >> 32 & 63);
}

static const int8_t *row_of(const Scorer *scorer, uint64_t hash)
{
    size_t mask = scorer->slots - 1;
    if (!(*filter_word(scorer, hash) & filter_bit(hash)))
        return NULL;
    for (size_t slot = hash & mask; scorer->features[slot].hash; slot = (slot + 1) & mask)
        if (scorer->features[slot].hash == hash)
            return scorer->weights + scorer->features[slot].row;
    return NULL;
}

/* Features are known by 64-bit hashes of their names: that two of a text's are taken for one
   another is not to be expected in the lifetime of anybody. */
static void add_feature(Scorer *scorer, uint64_t hash, size_t row)
{
    size_t mask = scorer->slots - 1, slot = hash & mask;
    while (scorer->features[slot].hash)
        slot = (slot + 1) & mask;
    scorer->features[slot] = (Feature){hash, row};
    *filter_word(scorer, hash) |= filter_bit(hash);
}

static uint64_t feature_hash(const char *at, const char *end)
{
    Char character;
    at = get_utf8(at, end, &character);
    uint64_t hash = begin(character);
    while (at < end) {
        at = get_utf8(at, end, &character);
        hash = with(hash, character);
    }
    return hash;
}

/* Features, a line each, and their rows: a signed byte for each reading but the first. */
static int read_features(Scorer *scorer, const char *names, Py_ssize_t size, const char *weights,
                         Py_ssize_t weights_size)
{
    size_t others = (size_t)scorer->readings - 1, row = 0;
    const char *end = names + size;
    scorer->slots = 8;
    while (scorer->slots * others < 2 * (size_t)weights_size)
        scorer->slots *= 2;
    scorer->features = PyMem_Calloc(scorer->slots, sizeof(Feature));
    scorer->filter = PyMem_Calloc(scorer->slots / 8, sizeof(uint64_t));
    scorer->weights = PyMem_Malloc((size_t)weights_size + 1);
    if (!scorer->features || !scorer->filter || !scorer->weights) {
        PyErr_NoMemory();
        return -1;
    }
    memcpy(scorer->weights, weights, (size_t)weights_size);
    for (const char *at = names; at < end && (row + 1) * others <= (size_t)weights_size; row++) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        stop = stop ? stop : end;
        add_feature(scorer, feature_hash(at, stop), row * others);
        at = stop + 1;
    }
    return 0;
}

static int read_readings(Classifier *self, Scorer *scorer, PyObject *syllables, PyObject *bias)
{
    Py_ssize_t count = scorer->readings = (int32_t)PyTuple_GET_SIZE(syllables);
    if (count < 1 || count > MOST_READINGS || PyTuple_GET_SIZE(bias) != count) {
        PyErr_SetString(PyExc_ValueError, "a character has too many readings, or none");
        return -1;
    }
    scorer->syllables = PyMem_Calloc((size_t)count, sizeof(uint32_t));
    scorer->rank = PyMem_Calloc((size_t)count, sizeof(int32_t));
    scorer->bias = PyMem_Calloc((size_t)count, sizeof(double));
    if (!scorer->syllables || !scorer->rank || !scorer->bias) {
        PyErr_NoMemory();
        return -1;
    }
    for (Py_ssize_t at = 0; at < count; at++) {
        Py_ssize_t size;
        const char *letters = PyUnicode_AsUTF8AndSize(PyTuple_GET_ITEM(syllables, at), &size);
        if (!letters ||
            syllable_number(self->reading_index, letters, (size_t)size, &scorer->syllables[at]) < 0)
            return -1;
        scorer->bias[at] = PyFloat_AsDouble(PyTuple_GET_ITEM(bias, at));
        for (Py_ssize_t other = 0; other < count; other++)
            scorer->rank[at] += PyUnicode_Compare(PyTuple_GET_ITEM(syllables, other),
                                                  PyTuple_GET_ITEM(syllables, at)) < 0;
    }
    return PyErr_Occurred() ? -1 : 0;
}

static Scorer *unpacked(Classifier *self, PyObject *packed)
{
    PyObject *syllables, *bias;
    const char *names, *weights;
    Py_ssize_t names_size, weights_size;
    Scorer *scorer = PyMem_Calloc(1, sizeof(Scorer));
    if (!scorer) {
        PyErr_NoMemory();
        return NULL;
    }
    if (!PyArg_ParseTuple(packed, "O!O!dy#y#", &PyTuple_Type, &syllables, &PyTuple_Type, &bias,
                          &scorer->scale, &names, &names_size, &weights, &weights_size) ||
        read_readings(self, scorer, syllables, bias) < 0 ||
        read_features(scorer, names, names_size, weights, weights_size) < 0) {
        scorer_free(scorer);
        return NULL;
    }
    return scorer;
}

/* The scorer of a character, NULL for one that the classifier does not know. */
int scorer_of(Classifier *self, Char character, const Scorer **scorer)
{
    Scored *scored = page_record(&self->scorers, character);
    if (scored && !scored->known) {
        PyObject *string = text_slice(&(Text){&character, 1}, 0, 1), *packed = NULL;
        if (string)
            packed = PyObject_CallOneArg(self->unpack, string);
        Py_XDECREF(string);
        if (packed && packed != Py_None)
            scored->scorer = unpacked(self, packed);
        Py_XDECREF(packed);
        if (PyErr_Occurred())
            return -1;
        scored->known = true;
    }
    if (!scored)
        return -1;
    *scorer = scored->scorer;
    return 0;
}

/* ---- what stands around a place ---------------------------------------------------------------------- */

/* A part of speech in one number: its letters, the first lowest; or, for what is none, the
   highest bit and a character. */
#define NO_TAG ((uint64_t)1 << 63)

static int tag_of(Classifier *self, const Char *word, Py_ssize_t size, uint64_t *tag)
{
    uintptr_t known;
    if (map_get(&self->tags, word, (size_t)size, &known)) {
        *tag = known;
        return 0;
    }
    char letters[TAG_ROOM];
    size_t length = table_tag(self->reading_index->table, word, (size_t)size, letters, TAG_ROOM);
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

static void add_row(const Scorer *scorer, Weights *weights, uint64_t hash)
{
    const int8_t *row = row_of(scorer, hash);
    for (int32_t other = 0; row && other < scorer->readings - 1; other++)
        weights->sums[other] += row[other];
}

static Char char_at(const Text *shadow, Py_ssize_t index)
{
    return index < 0 ? '^' : index >= shadow->size ? '$' : shadow->chars[index];
}

/* The name of the class of a character; itself, if it has none. */
static Char class_of(const Classifier *self, Char character, bool narrow)
{
    const char *page = self->scorers.pages[character >> 8];
    const Scored *known = page ? (const Scored *)page + (character & 0xFF) : NULL;
    Char name = known ? (narrow ? known->narrow : known->wide) : 0;
    return name ? name : character;
}

/* The characters beside a place and their classes, by where they stand, and those nearby, each once. */
static void add_around(const Classifier *self, const Scorer *scorer, const Text *shadow,
                       Py_ssize_t index, Weights *weights)
{
    Char beside[] = {char_at(shadow, index - 2), char_at(shadow, index - 1),
                     char_at(shadow, index + 1), char_at(shadow, index + 2)};
    static const Char kinds[] = {'1', '2', '3', '4'};
    for (int at = 0; at < 4; at++)
        add_row(scorer, weights, with(begin(kinds[at]), beside[at]));
    add_row(scorer, weights, with_chars(begin('6'), beside, 2));
    add_row(scorer, weights, with_chars(begin('7'), beside + 2, 2));
    add_row(scorer, weights, with_chars(begin('8'), beside + 1, 2));
    add_row(scorer, weights, with(begin('a'), class_of(self, beside[1], false)));
    add_row(scorer, weights, with(begin('b'), class_of(self, beside[2], false)));
    add_row(scorer, weights, with(begin('x'), class_of(self, beside[1], true)));
    add_row(scorer, weights, with(begin('y'), class_of(self, beside[2], true)));
    Py_ssize_t first = Py_MAX(0, index - self->nearby);
    Py_ssize_t last = Py_MIN(shadow->size, index + 1 + self->nearby);
    uint64_t present = begin('B');
    for (Py_ssize_t at = first; at < last; at++) {
        bool again = at == index;
        for (Py_ssize_t before = first; before < at && !again; before++)
            again = before != index && shadow->chars[before] == shadow->chars[at];
        if (!again)
            add_row(scorer, weights, with(present, shadow->chars[at]));
    }
}

/* A word beside a place, or the edge beyond the first and the last, and its part of speech. */
static int neighbour(Classifier *self, const Place *place, Py_ssize_t at, const Char *edge,
                     Text *word, uint64_t *tag)
{
    *word = (Text){(Char *)edge, 1};
    if (at >= 0 && at < place->count && place->words[at].end > place->words[at].start)
        *word = (Text){place->shadow->chars + place->words[at].start,
                       place->words[at].end - place->words[at].start};
    return tag_of(self, word->chars, word->size, tag);
}

/* The words to either side, their parts of speech, and those of two to either side. */
static int add_neighbours(Classifier *self, const Scorer *scorer, const Place *place,
                          Weights *weights)
{
    static const Char begins = '^', ends = '$';
    Text before, after, beyond;
    uint64_t tags[4];
    if (neighbour(self, place, place->at - 2, &begins, &beyond, &tags[0]) < 0 ||
        neighbour(self, place, place->at - 1, &begins, &before, &tags[1]) < 0 ||
        neighbour(self, place, place->at + 1, &ends, &after, &tags[2]) < 0 ||
        neighbour(self, place, place->at + 2, &ends, &beyond, &tags[3]) < 0)
        return -1;
    add_row(scorer, weights, with_chars(begin('p'), before.chars, before.size));
    add_row(scorer, weights, with_chars(begin('n'), after.chars, after.size));
    add_row(scorer, weights, with_tag(begin('P'), tags[1]));
    add_row(scorer, weights, with_tag(begin('N'), tags[2]));
    add_row(scorer, weights, with_tag(with(with_tag(begin('e'), tags[0]), '|'), tags[1]));
    add_row(scorer, weights, with_tag(with(with_tag(begin('f'), tags[2]), '|'), tags[3]));
    return 0;
}

static void add_evidence(Weights *weights, uint32_t kind, uint32_t set)
{
    weights->evidence[weights->pieces++] = (Evidence){kind, set};
}

static uint32_t cover_kind(int32_t length, char kind, bool several, bool longest)
{
    return 2 + (uint32_t)(((length - 2) * 2 + (kind == 'p')) * 4 + several * 2 + longest);
}

/* The set of the syllables of a tuple. */
static int set_of_strings(Classifier *self, PyObject *strings, uint32_t *set)
{
    uint32_t found[64], count = 0;
    for (Py_ssize_t at = 0; at < PyTuple_GET_SIZE(strings) && count < 64; at++) {
        Py_ssize_t size;
        const char *letters = PyUnicode_AsUTF8AndSize(PyTuple_GET_ITEM(strings, at), &size);
        if (!letters ||
            syllable_number(self->reading_index, letters, (size_t)size, &found[count++]) < 0)
            return -1;
    }
    return set_of(self->reading_index, found, count, set);
}

/* What Python says of a word that is longer than those of the dictionary here. */
static int add_long(Classifier *self, const Place *place, const Word *word, Py_ssize_t offset,
                    Weights *weights)
{
    PyObject *string = text_slice(place->shadow, word->start, word->end), *evidence = NULL;
    PyObject *kind, *syllables;
    uint32_t set;
    int done = -1;
    if (string)
        evidence = PyObject_CallFunction(self->long_word, "On", string, offset);
    if (evidence == Py_None) {
        done = 0;
    } else if (evidence && PyArg_ParseTuple(evidence, "UO!", &kind, &PyTuple_Type, &syllables) &&
               (done = set_of_strings(self, syllables, &set)) == 0) {
        add_evidence(weights, PyUnicode_READ_CHAR(kind, 0) == 'p', set);
    }
    Py_XDECREF(string);
    Py_XDECREF(evidence);
    return done;
}

/* What dictionaries know of the word itself, where it has several characters. */
static int add_whole(Classifier *self, const Place *place, Py_ssize_t index, Weights *weights)
{
    const Word *word = &place->words[place->at];
    Py_ssize_t size = word->end - word->start, offset = index - word->start;
    const WordReadings *known;
    if (size > LONGEST)
        return add_long(self, place, word, offset, weights);
    if (size < 2)
        return 0;
    if (word_readings(self->reading_index, place->shadow->chars + word->start, size, &known) < 0)
        return -1;
    if (known)
        add_evidence(weights, known->kind == 'p', known->sets[offset]);
    return 0;
}

/* What the words across a place say, by length and kind of dictionary, in the order in which
   they are met; `best` becomes what the longest say. */
static int add_overlapping(Classifier *self, const OverlappingWord *overlapping, int count,
                           Weights *weights, uint32_t *best)
{
    struct {
        int32_t length;
        char kind;
        uint32_t set;
    } groups[MOST_OVERLAPPING];
    int found = 0;
    *best = overlapping[0].readings->sets[overlapping[0].offset];
    for (int at = 0; at < count; at++) {
        const OverlappingWord *word = &overlapping[at];
        uint32_t set = word->readings->sets[word->offset];
        int group = 0;
        while (group < found &&
               (groups[group].length != word->length || groups[group].kind != word->readings->kind))
            group++;
        if (group == found) {
            groups[found].length = word->length;
            groups[found].kind = word->readings->kind;
            groups[found++].set = set;
        } else if (set_union(self->reading_index, groups[group].set, set, &groups[group].set) < 0) {
            return -1;
        }
        if (word->length == overlapping[0].length &&
            set_union(self->reading_index, *best, set, best) < 0)
            return -1;
    }
    for (int group = 0; group < found; group++)
        add_evidence(weights,
                     cover_kind(groups[group].length, groups[group].kind,
                                self->reading_index->sets[groups[group].set].count > 1,
                                groups[group].length == overlapping[0].length),
                     groups[group].set);
    return 0;
}

/* The word itself, and dictionary words across the place: `Features._inside`. */
static int add_inside(Classifier *self, const Scorer *scorer, const Place *place, Py_ssize_t index,
                      Weights *weights)
{
    const Text *shadow = place->shadow;
    const Word *word = &place->words[place->at];
    const Char *chars = shadow->chars + word->start;
    Py_ssize_t size = word->end - word->start, offset = index - word->start;
    OverlappingWord overlapping[MOST_OVERLAPPING];
    uint64_t tag;
    if (add_whole(self, place, index, weights) < 0 || tag_of(self, chars, size, &tag) < 0)
        return -1;
    int count = overlapping_words(self->reading_index, shadow, index, overlapping);
    if (count < 0)
        return -1;
    add_row(scorer, weights, with_chars(with_number(begin('w'), offset), chars, size));
    add_row(scorer, weights, with_number(with(with_number(begin('l'), offset), '/'), size));
    add_row(scorer, weights, with_tag(begin('W'), tag));
    for (int at = 0; at < count; at++)
        add_row(scorer, weights,
                with_chars(with_number(begin('d'), overlapping[at].offset),
                           shadow->chars + index - overlapping[at].offset, overlapping[at].length));
    if (!count) {
        add_row(scorer, weights, with(begin('R'), '-'));
        return 0;
    }
    uint32_t best;
    if (add_overlapping(self, overlapping, count, weights, &best) < 0)
        return -1;
    const Text *syllables = &self->reading_index->sets[best].joined;
    add_row(scorer, weights, with_chars(begin('R'), syllables->chars, syllables->size));
    return 0;
}

/* What speaks for the readings of the character at `index`: `Classifier.weigh`. */
int weigh(Classifier *self, const Scorer *scorer, const Place *place, Py_ssize_t index,
          Weights *weights)
{
    memset(weights->sums, 0, sizeof weights->sums);
    weights->pieces = 0;
    add_around(self, scorer, place->shadow, index, weights);
    if (add_inside(self, scorer, place, index, weights) < 0)
        return -1;
    return add_neighbours(self, scorer, place, weights);
}

/* ---- judgement ------------------------------------------------------------------------------------------ */

static bool in_set(const Set *set, uint32_t syllable)
{
    for (uint32_t at = 0; at < set->count; at++)
        if (set->syllables[at] == syllable)
            return true;
    return false;
}

static double interpolated(const Classifier *self, double value)
{
    Py_ssize_t place = 0;
    while (place < self->knot_count && self->knots[place] <= value)
        place++;
    if (place == 0)
        return self->values[0];
    if (place == self->knot_count)
        return self->values[place - 1];
    double left = self->knots[place - 1], right = self->knots[place];
    double part = (value - left) / (right - left);
    return self->values[place - 1] + part * (self->values[place] - self->values[place - 1]);
}

static void score(const Classifier *self, const Scorer *scorer, const Weights *weights,
                  double *scores)
{
    for (int32_t place = 0; place < scorer->readings; place++) {
        scores[place] = scorer->bias[place];
        if (place)
            scores[place] += weights->sums[place - 1] * scorer->scale;
    }
    for (int32_t at = 0; at < weights->pieces; at++) {
        const Evidence *piece = &weights->evidence[at];
        const Set *set = &self->reading_index->sets[piece->set];
        for (int32_t place = 0; self->shared[piece->kind] && place < scorer->readings; place++)
            scores[place] += in_set(set, scorer->syllables[place]) ? self->present[piece->kind]
                                                                   : self->missing[piece->kind];
    }
}

/* The readings on offer, `among` as bits (0: all), with their shares, best first; how many:
   `Classifier.classifier`. */
int32_t answers_of(const Classifier *self, const Scorer *scorer, const Weights *weights,
                   uint32_t among, Answer *answers)
{
    double scores[MOST_READINGS], sum = 0.0;
    int32_t count = 0;
    score(self, scorer, weights, scores);
    for (int32_t place = 0; place < scorer->readings; place++) {
        if (among && !(among >> place & 1))
            continue;
        int32_t to = count++;
        for (; to > 0; to--) {
            const Answer *other = &answers[to - 1];
            if (other->share > scores[place] ||
                (other->share == scores[place] &&
                 scorer->rank[other->reading] > scorer->rank[place]))
                break;
            answers[to] = *other;
        }
        answers[to] = (Answer){scores[place], place};
    }
    if (count == 1) {
        answers[0].share = 1.0;
        return 1;
    }
    double highest = answers[0].share;
    for (int32_t at = 0; at < count; at++)
        sum += answers[at].share = exp(answers[at].share - highest);
    double raw = 1.0 / sum;
    if (raw >= 1.0) {
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

static double *doubles(PyObject *classifier, const char *name, Py_ssize_t *count)
{
    PyObject *given = PyObject_GetAttrString(classifier, name);
    PyObject *list = given ? PySequence_Fast(given, "a list of numbers") : NULL;
    double *found = NULL;
    if (list) {
        *count = PySequence_Fast_GET_SIZE(list);
        found = PyMem_Malloc((size_t)(*count + 1) * sizeof(double));
        if (!found)
            PyErr_NoMemory();
        for (Py_ssize_t at = 0; found && at < *count; at++)
            found[at] = PyFloat_AsDouble(PySequence_Fast_GET_ITEM(list, at));
    }
    Py_XDECREF(given);
    Py_XDECREF(list);
    return found;
}

static int read_shared(Classifier *self, PyObject *classifier)
{
    PyObject *shared = PyObject_GetAttrString(classifier, "shared");
    for (uint32_t kind = 0; shared && kind < EVIDENCE_KINDS; kind++) {
        char name[8];
        uint32_t word = kind - 2;
        if (kind < 2)
            snprintf(name, sizeof name, "S%c", kind ? 'p' : 'c');
        else
            snprintf(name, sizeof name, "C%u%c%u%s", 2 + word / 8, word / 4 % 2 ? 'p' : 'c',
                     word / 2 % 2, word % 2 ? "!" : "");
        PyObject *found = PyMapping_GetItemString(shared, name);
        if (found && PyArg_ParseTuple(found, "dd", &self->present[kind], &self->missing[kind]))
            self->shared[kind] = true;
        else if (!found && PyErr_ExceptionMatches(PyExc_KeyError))
            PyErr_Clear();
        Py_XDECREF(found);
    }
    Py_XDECREF(shared);
    return PyErr_Occurred() ? -1 : 0;
}

/* Name the class of each character of a group by the first of them. Only what has a narrow class has
   a wide one. */
static int name_group(Classifier *self, const Text *group, bool narrow)
{
    for (Py_ssize_t at = 0; at < group->size; at++) {
        Scored *scored = page_record(&self->scorers, group->chars[at]);
        if (!scored)
            return -1;
        if (narrow)
            scored->narrow = group->chars[0];
        else if (scored->narrow)
            scored->wide = group->chars[0];
    }
    return 0;
}

static int read_groups(Classifier *self, PyObject *groups, bool narrow)
{
    for (Py_ssize_t at = 0; at < PyList_GET_SIZE(groups); at++) {
        Text group;
        if (text_of(&group, PyList_GET_ITEM(groups, at)) < 0)
            return -1;
        int done = name_group(self, &group, narrow);
        text_free(&group);
        if (done < 0)
            return -1;
    }
    return 0;
}

/* The classes of characters: a pair of lists, of the characters of each wide one and narrow one. */
static int read_classes(Classifier *self, PyObject *classifier)
{
    PyObject *groups = PyObject_GetAttrString(classifier, "groups"), *wide, *narrow;
    int done = -1;
    if (groups && PyArg_ParseTuple(groups, "O!O!", &PyList_Type, &wide, &PyList_Type, &narrow) &&
        read_groups(self, narrow, true) == 0)
        done = read_groups(self, wide, false);
    Py_XDECREF(groups);
    return done;
}

int classifier_open(Classifier *self, ReadingIndex *reading_index, PyObject *classifier,
                    long nearby)
{
    Py_ssize_t values = 0;
    self->reading_index = reading_index;
    self->nearby = nearby;
    self->scorers.record = sizeof(Scored);
    if (!(self->unpack = PyObject_GetAttrString(classifier, "packed")) ||
        !(self->knots = doubles(classifier, "knots", &self->knot_count)) ||
        !(self->values = doubles(classifier, "values", &values)))
        return -1;
    if (!self->knot_count || values != self->knot_count) {
        PyErr_SetString(PyExc_ValueError, "a calibration without knots");
        return -1;
    }
    return read_shared(self, classifier) < 0 ? -1 : read_classes(self, classifier);
}

static void drop_scored(void *record)
{
    scorer_free(((Scored *)record)->scorer);
}

void classifier_close(Classifier *self)
{
    pages_free(&self->scorers, drop_scored);
    map_clear(&self->tags, NULL);
    PyMem_Free(self->knots);
    PyMem_Free(self->values);
    Py_CLEAR(self->unpack);
    Py_CLEAR(self->long_word);
}
