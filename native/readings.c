/* How the words of a text are read: the loop of reader/annotation/readings.py. */

#include "classifier.h"

#define KNOWN_REMEMBERED 30000 /* Before they count as old. */
#define PLACES_REMEMBERED 10000
#define OPEN 1 /* The lowest bit of what is known of a word: it points at an `Open`. */
#define MOST_OPEN 8
#define MOST_VARIANTS 8

enum { ORDINARY, SURNAME, GIVEN };
enum { READINGS, SOURCE, PROBABILITY, OPEN_PLACES, AT_BREAKS }; /* Fields of candidates. */

typedef struct {
    const Scorer *scorer;
    int32_t offset;
    uint32_t among; /* The readings on offer there, as bits; 0 for all. */
} OpenPlace;

typedef struct {
    PyObject *candidates;
    uint64_t number; /* Unlike an address, given but once. */
    int32_t count;   /* 0 for a word that is left to Python. */
    OpenPlace places[MOST_OPEN];
} Open;

typedef struct {
    PyObject_HEAD
    Table table;
    ReadingIndex reading_index;
    Classifier classifier;
    Memory known;   /* How it is used, and both forms of a word: a reading, or an `Open`. */
    Memory decided; /* An open word, and what the classifier says: a reading. */
    PyObject *open_words, *candidates_type, *dictionary, *model, *name, *surely[2];
    DataClass reading;
    Text ambiguous; /* Characters that have several readings, in order. */
    double offered;
    long most;       /* Alternatives that a reading may have. */
    int numbers;     /* Whether numbers are read. */
    uint64_t opened; /* How many choices there have been. */
} ReadingResolver;

typedef struct {
    ReadingResolver *resolver;
    PyObject *python;               /* Its twin, that is asked. */
    PyObject *written, *simplified; /* As they were given. */
    Text text, shadow;
    Words *words;
} Block;

/* ---- what is known of words -------------------------------------------------------------------- */

static void drop_known(uintptr_t value)
{
    if (value & OPEN) {
        Py_DECREF(((Open *)(value & ~(uintptr_t)OPEN))->candidates);
        PyMem_Free((void *)(value & ~(uintptr_t)OPEN));
    } else {
        Py_DECREF((PyObject *)value);
    }
}

static int read_place(ReadingResolver *self, OpenPlace *place, PyObject *pair, const Text *word)
{
    PyObject *offered;
    if (!PyArg_ParseTuple(pair, "iO!", &place->offset, &PyTuple_Type, &offered))
        return -1;
    if (place->offset < 0 || place->offset >= word->size) {
        PyErr_SetString(PyExc_ValueError, "an open character is not in its word");
        return -1;
    }
    if (scorer_of(&self->classifier, word->chars[place->offset], &place->scorer) < 0)
        return -1;
    if (!place->scorer) {
        PyErr_SetString(PyExc_KeyError, "an open character that the classifier does not know");
        return -1;
    }
    for (int32_t reading = 0; reading < place->scorer->count; reading++)
        if (PySequence_Contains(offered, place->scorer->readings[reading].syllable) > 0)
            place->among |= (uint32_t)1 << reading;
    return PyErr_Occurred() ? -1 : 0;
}

/* Candidates as they are kept; NULL with an exception. */
static Open *open_of(ReadingResolver *self, PyObject *candidates, const Text *word)
{
    PyObject *places = PyTuple_GET_ITEM(candidates, OPEN_PLACES);
    Open *open = PyMem_Calloc(1, sizeof(Open));
    if (!open)
        return (Open *)PyErr_NoMemory();
    Py_ssize_t count = PyTuple_Check(places) ? PyTuple_GET_SIZE(places) : 0;
    if (count > MOST_OPEN || word->size > LONGEST)
        count = 0;
    for (; open->count < count; open->count++)
        if (read_place(self, &open->places[open->count], PyTuple_GET_ITEM(places, open->count),
                       word) < 0) {
            PyMem_Free(open);
            return NULL;
        }
    open->candidates = Py_NewRef(candidates);
    open->number = ++self->opened;
    return open;
}

static bool is_unambiguous(const ReadingResolver *self, const Text *word)
{
    const Text *known = &self->ambiguous;
    bool any = false;
    for (Py_ssize_t at = 0; at < word->size && known->size; at++)
        any |= known->chars[place_in_order(known->chars, (size_t)known->size, word->chars[at])] ==
               word->chars[at];
    return !any;
}

/* A new reading of these syllables, probability, alternatives and breaks, which are taken over. */
static PyObject *new_reading(const ReadingResolver *self, PyObject *syllables, PyObject *source,
                             PyObject *probability, PyObject *others, PyObject *breaks)
{
    PyObject *values[] = {
        syllables, Py_NewRef(source), probability, others, breaks, PyTuple_New(0),
    };
    return dataclass_new(&self->reading, values);
}

/* The reading of a word that has one reading in dictionaries and no other: `ReadingResolver._plain`.
   NULL, with or without an exception, for other words. */
static PyObject *plain_reading(ReadingResolver *self, const Text *text, const Text *shadow)
{
    const WordReadings *known = NULL;
    if (text->size > 1 && text->size <= LONGEST)
        known = word_readings(&self->reading_index, text->chars, text->size);
    if (!known || !known->plain || known->count != text->size)
        return NULL;
    PyObject *string = text_slice(shadow, 0, shadow->size);
    int open = string ? PyDict_Contains(self->open_words, string) : -1;
    Py_XDECREF(string);
    if (open)
        return NULL;
    PyObject *syllables = PyTuple_New(text->size);
    for (Py_ssize_t at = 0; syllables && at < text->size; at++)
        PyTuple_SET_ITEM(syllables, at, Py_NewRef(known->syllables[at]));
    PyObject *sure = Py_NewRef(self->surely[is_unambiguous(self, shadow)]);
    return new_reading(self, syllables, self->dictionary, sure, PyTuple_New(0), PyTuple_New(0));
}

/* Learn of a word that is met for the first time, of Python if need be: a reading, None or
   candidates; a new reference. */
static PyObject *learnt(const Block *block, const Text *text, const Text *shadow, Char use)
{
    PyObject *plain = use == ORDINARY ? plain_reading(block->resolver, text, shadow) : NULL;
    if (plain || PyErr_Occurred())
        return plain;
    PyObject *word = text_slice(text, 0, text->size);
    PyObject *simplified = text_slice(shadow, 0, shadow->size);
    if (use == ORDINARY)
        return PyObject_CallMethod(block->python, "_learn_not_plain", "NN", word, simplified);
    return PyObject_CallMethod(block->python, "_learn_person", "NNO", word, simplified,
                               use == GIVEN ? Py_True : Py_False);
}

#define FEW 16

/* What is known of a word: 0 with an exception. */
static uintptr_t known_of(const Block *block, const Word *word, Char use)
{
    ReadingResolver *self = block->resolver;
    const Text text = {block->text.chars + word->start, word->end - word->start};
    const Text shadow = {block->shadow.chars + word->start, text.size};
    Char few[1 + 2 * FEW], *key = few;
    uintptr_t known = 0;
    if (text.size > FEW && !(key = PyMem_Malloc((size_t)(2 * text.size + 1) * sizeof(Char)))) {
        PyErr_NoMemory();
        return 0;
    }
    size_t length = (size_t)text.size, size = 2 * length + 1;
    key[0] = use;
    memcpy(key + 1, text.chars, length * sizeof(Char));
    memcpy(key + 1 + length, shadow.chars, length * sizeof(Char));
    if (!memory_get(&self->known, key, size, &known)) {
        PyObject *found = learnt(block, &text, &shadow, use);
        bool open = found && Py_TYPE(found) == (PyTypeObject *)self->candidates_type;
        known = (uintptr_t)(open ? (void *)open_of(self, found, &shadow) : (void *)found);
        if (open) {
            known |= known ? OPEN : 0;
            Py_DECREF(found);
        }
        if (known && map_put(&self->known.young, key, size, known) < 0) {
            drop_known(known);
            known = 0;
        }
    }
    if (key != few)
        PyMem_Free(key);
    return known;
}

/* ---- open words ---------------------------------------------------------------------------------- */

/* One way to read an open word: the best with another answer at one of its places; or, where it is
   one of several whole readings, the number of that. */
typedef struct {
    double likely;
    int32_t place, reading;
} Variant;

typedef struct {
    const Open *open;
    Answer answers[MOST_OPEN][MOST_READINGS]; /* Of each place, best first. */
    int32_t counts[MOST_OPEN];
    Variant variants[MOST_VARIANTS]; /* Likelier ones first. */
    int32_t count, room;
} Choice;

static void offer(Choice *choice, Variant variant)
{
    int32_t to = choice->count < choice->room ? choice->count++ : choice->room;
    for (; to > 0 && choice->variants[to - 1].likely < variant.likely; to--)
        if (to < choice->room)
            choice->variants[to] = choice->variants[to - 1];
    if (to < choice->room)
        choice->variants[to] = variant;
}

/* How likely an open place is read as in a whole reading. */
static double share_of(const Choice *choice, int32_t place, PyObject *syllables)
{
    const OpenPlace *open = &choice->open->places[place];
    PyObject *wanted = PyTuple_GET_ITEM(syllables, open->offset);
    for (int32_t at = 0; at < choice->counts[place]; at++) {
        const Answer *answer = &choice->answers[place][at];
        if (PyUnicode_Compare(open->scorer->readings[answer->reading].syllable, wanted) == 0)
            return answer->share;
    }
    return 0.0;
}

/* Weigh several whole readings: `ReadingResolver._among`. How sure the best is; 0 where nothing
   speaks for any, -1 with an exception. */
static double choose_among(Choice *choice, PyObject *readings)
{
    double total = 0.0;
    for (Py_ssize_t at = 0; at < PyTuple_GET_SIZE(readings); at++) {
        PyObject *syllables;
        double share, product = 1.0;
        if (!PyArg_ParseTuple(PyTuple_GET_ITEM(readings, at), "O!d", &PyTuple_Type, &syllables,
                              &share))
            return -1.0;
        for (int32_t place = 0; place < choice->open->count; place++)
            product *= share_of(choice, place, syllables);
        total += share * product;
        offer(choice, (Variant){share * product, 0, (int32_t)at});
    }
    return total > 0.0 ? choice->variants[0].likely / total : 0.0;
}

/* Take the best answer at each place: `ReadingResolver._character_by_character`. How sure that is. */
static double choose_answers(Choice *choice, double offered)
{
    double sure = 1.0;
    for (int32_t place = 0; place < choice->open->count; place++) {
        sure *= choice->answers[place][0].share;
        for (int32_t at = 1; at < choice->counts[place]; at++)
            if (choice->answers[place][at].share >= offered)
                offer(choice, (Variant){choice->answers[place][at].share, place, at});
    }
    return sure;
}

/* The syllables of the best answers, but for those of a variant: a new reference. */
static PyObject *syllables_of(const Choice *choice, const Variant *variant)
{
    PyObject *readings = PyTuple_GET_ITEM(choice->open->candidates, READINGS);
    PyObject *first = PyTuple_GET_ITEM(PyTuple_GET_ITEM(readings, 0), 0);
    PyObject *syllables = PyTuple_New(PyTuple_GET_SIZE(first));
    for (Py_ssize_t at = 0; syllables && at < PyTuple_GET_SIZE(first); at++)
        PyTuple_SET_ITEM(syllables, at, Py_NewRef(PyTuple_GET_ITEM(first, at)));
    for (int32_t place = 0; syllables && place < choice->open->count; place++) {
        const OpenPlace *open = &choice->open->places[place];
        bool other = variant && variant->place == place;
        const Answer *answer = &choice->answers[place][other ? variant->reading : 0];
        PyObject *syllable = open->scorer->readings[answer->reading].syllable;
        PyTuple_SetItem(syllables, open->offset, Py_NewRef(syllable));
    }
    return syllables;
}

/* A whole reading, or a variant of the best answers: a new reference. */
static PyObject *variant_of(const Choice *choice, const Variant *variant)
{
    PyObject *readings = PyTuple_GET_ITEM(choice->open->candidates, READINGS);
    if (PyTuple_GET_SIZE(readings) == 1)
        return syllables_of(choice, variant);
    return Py_NewRef(PyTuple_GET_ITEM(PyTuple_GET_ITEM(readings, variant->reading), 0));
}

/* The reading that was chosen, for the first time: a new reference. */
static PyObject *chosen(const ReadingResolver *self, const Choice *choice, bool whole, Char sure)
{
    PyObject *candidates = choice->open->candidates;
    bool name = PyTuple_GET_ITEM(candidates, SOURCE) == self->name;
    PyObject *others = PyTuple_New(choice->count - whole);
    for (int32_t at = 0; others && at < choice->count - whole; at++) {
        PyObject *other = variant_of(choice, &choice->variants[at + whole]);
        if (other)
            PyTuple_SET_ITEM(others, at, other);
        else
            Py_CLEAR(others);
    }
    PyObject *best = whole ? variant_of(choice, choice->variants) : syllables_of(choice, NULL);
    PyObject *breaks = whole ? Py_NewRef(PyTuple_GET_ITEM(candidates, AT_BREAKS)) : PyTuple_New(0);
    return new_reading(self, best, !whole && name ? self->name : self->model,
                       PyFloat_FromDouble(sure / 1000.0), others, breaks);
}

/* A probability as it is given, in thousandths: `_rounded` of readings.py. */
static Char thousandths(double probability)
{
    double sure = Py_MIN(Py_MAX(probability, 0.0), 0.999);
    return sure < 0.99 ? (Char)(sure * 100.0 + 0.5) * 10 : (Char)(sure * 1000.0 + 0.5);
}

/* The reading of an open word in its place: a new reference. */
static PyObject *decide(const Block *block, const Open *open, Py_ssize_t at)
{
    ReadingResolver *self = block->resolver;
    const Place place = {&block->shadow, block->words->words, Py_SIZE(block->words), at};
    PyObject *readings = PyTuple_GET_ITEM(open->candidates, READINGS), *reading;
    bool whole = PyTuple_GET_SIZE(readings) > 1;
    Choice choice;
    choice.open = open;
    choice.count = 0;
    choice.room = (int32_t)self->most + whole;
    if (!open->count)
        return PyObject_CallMethod(block->python, "_decide", "OOOn", open->candidates,
                                   block->simplified, block->words, at);
    for (int32_t each = 0; each < open->count; each++) {
        const OpenPlace *there = &open->places[each];
        choice.counts[each] =
            judge(&self->classifier, there->scorer, &place,
                  block->words->words[at].start + there->offset, there->among,
                  choice.answers[each]);
        if (choice.counts[each] < 0)
            return NULL;
    }
    double sure = whole ? choose_among(&choice, readings) : choose_answers(&choice, self->offered);
    if (PyErr_Occurred())
        return NULL;
    if (!sure)
        return PyObject_CallMethod(block->python, "_settled", "O", open->candidates);
    Char key[3 + MOST_OPEN + MOST_VARIANTS] = {(Char)open->number, (Char)(open->number >> 32),
                                               thousandths(sure)};
    size_t size = 3;
    for (int32_t each = 0; each < open->count && !whole; each++)
        key[size++] = (Char)choice.answers[each][0].reading;
    for (int32_t each = 0; each < choice.count; each++) {
        const Variant *variant = &choice.variants[each];
        int32_t reading_number = variant->reading;
        if (!whole)
            reading_number = choice.answers[variant->place][variant->reading].reading;
        key[size++] = (Char)(variant->place << 8 | reading_number);
    }
    uintptr_t known;
    if (memory_get(&self->decided, key, size, &known))
        return Py_NewRef((PyObject *)known);
    reading = chosen(self, &choice, whole, key[2]);
    if (reading && map_put(&self->decided.young, key, size, (uintptr_t)reading) < 0)
        Py_CLEAR(reading);
    return Py_XNewRef(reading);
}

/* ---- the words of a text --------------------------------------------------------------------------- */

/* The reading of a word, or None: a new reference. */
static PyObject *read_word(const Block *block, Py_ssize_t at)
{
    const Word *word = &block->words->words[at];
    if (word->kind == NUMBER && block->resolver->numbers)
        return PyObject_CallMethod(block->python, "_number", "OnOO", block->words, at,
                                   block->written, block->simplified);
    if (word->kind >= NUMBER)
        Py_RETURN_NONE;
    Char use = word->kind == PERSON ? SURNAME : ORDINARY;
    if (use == SURNAME && at > 0 && word[-1].end == word->start && word[-1].kind == PERSON)
        use = GIVEN;
    uintptr_t known = known_of(block, word, use);
    if (known & OPEN)
        return decide(block, (const Open *)(known & ~(uintptr_t)OPEN), at);
    return Py_XNewRef((PyObject *)known);
}

static PyObject *readings_of(const Block *block)
{
    if (block->text.size != block->shadow.size)
        return PyErr_Format(PyExc_ValueError, "a text and its shadow differ in length");
    memory_turn(&block->resolver->known);
    memory_turn(&block->resolver->decided);
    Py_ssize_t count = Py_SIZE(block->words);
    PyObject *readings = PyList_New(count);
    for (Py_ssize_t at = 0; readings && at < count; at++) {
        PyObject *found = read_word(block, at);
        if (found)
            PyList_SET_ITEM(readings, at, found);
        else
            Py_CLEAR(readings);
    }
    return readings;
}

static PyObject *read_text(ReadingResolver *self, PyObject *args)
{
    Block block = {.resolver = self};
    PyObject *given, *readings = NULL;
    if (!PyArg_ParseTuple(args, "OUUO", &given, &block.written, &block.simplified, &block.python))
        return NULL;
    block.words = words_in(given, PyUnicode_GET_LENGTH(block.written));
    if (block.words && text_of(&block.text, block.written) == 0 &&
        text_of(&block.shadow, block.simplified) == 0)
        readings = readings_of(&block);
    text_free(&block.text);
    text_free(&block.shadow);
    Py_XDECREF(block.words);
    return readings;
}

static void resolver_free(ReadingResolver *self)
{
    PyObject *const held[] = {self->open_words, self->candidates_type, self->dictionary,
                              self->model,      self->name,            self->surely[0],
                              self->surely[1]};
    for (size_t at = 0; at < sizeof held / sizeof *held; at++)
        Py_XDECREF(held[at]);
    memory_clear(&self->decided);
    memory_clear(&self->known);
    dataclass_close(&self->reading);
    classifier_close(&self->classifier);
    reading_index_close(&self->reading_index);
    table_close(&self->table);
    text_free(&self->ambiguous);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

/* The ambiguous characters, and the words that are not plain though a dictionary has them so. */
static int read_classifier(ReadingResolver *self, PyObject *classifier)
{
    PyObject *characters = PyObject_GetAttrString(classifier, "characters");
    self->open_words = PyObject_GetAttrString(classifier, "words");
    int done = characters && self->open_words ? text_of(&self->ambiguous, characters) : -1;
    Py_XDECREF(characters);
    return done;
}

static PyObject *resolver_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static const char *const fields[] = {
        "syllables", "source", "probability", "alternatives", "breaks", "capitals",
    };
    PyObject *table, *classifier, *candidates, *reading, *sources[3], *surely[2];
    long nearby, most;
    int numbers;
    double offered;
    if (!PyArg_ParseTuple(args, "OOldlpOO(OOO)(OO)", &table, &classifier, &nearby, &offered, &most,
                          &numbers, &candidates, &reading, &sources[0], &sources[1], &sources[2],
                          &surely[0], &surely[1]))
        return NULL;
    ReadingResolver *self = (ReadingResolver *)type->tp_alloc(type, 0);
    if (!self)
        return NULL;
    self->offered = offered;
    self->numbers = numbers;
    self->most = Py_MIN(most, MOST_VARIANTS - 1);
    self->known = (Memory){.room = KNOWN_REMEMBERED, .drop = drop_known};
    self->decided = (Memory){.room = PLACES_REMEMBERED, .drop = drop_object};
    self->candidates_type = Py_NewRef(candidates);
    self->dictionary = Py_NewRef(sources[0]);
    self->model = Py_NewRef(sources[1]);
    self->name = Py_NewRef(sources[2]);
    self->surely[0] = Py_NewRef(surely[0]);
    self->surely[1] = Py_NewRef(surely[1]);
    if (table_open(&self->table, table) < 0 ||
        reading_index_open(&self->reading_index, &self->table) < 0 ||
        classifier_open(&self->classifier, &self->reading_index, classifier, nearby) < 0 ||
        read_classifier(self, classifier) < 0 ||
        dataclass_open(&self->reading, reading, fields, 6) < 0)
        Py_CLEAR(self);
    return (PyObject *)self;
}

static PyMethodDef methods[] = {
    {"read", (PyCFunction)read_text, METH_VARARGS,
     "read(words, text, shadow, twin): a list, a reading or None for each word; asks the twin in "
     "Python about words that it has not met."},
    {NULL, NULL, 0, NULL},
};

CORE_TYPE(ReadingResolver, 0, resolver_new, resolver_free, "Reads words.", .tp_methods = methods);
