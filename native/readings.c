/* How the words of a text are read: the loop of reader/annotation/readings.py. */

#include "classifier.h"

#define KNOWN_REMEMBERED 30000 /* Before they count as old. */
#define PLACES_REMEMBERED 10000
#define OPEN 1 /* The lowest bit of what is known of a word: it points at an `Open`. */

enum { ORDINARY, SURNAME, GIVEN };

typedef struct {
    const Scorer *scorer;
    int32_t offset;
    uint32_t among; /* The readings on offer there, as bits; 0 for all. */
} OpenPlace;

typedef struct {
    PyObject *candidates;
    uint64_t number; /* Unlike an address, given but once. */
    int32_t count;
    OpenPlace places[];
} Open;

typedef struct {
    PyObject_HEAD
    Table table;
    ReadingIndex reading_index;
    Classifier classifier;
    Memory known;   /* How it is used, and both forms of a word: a reading, or an `Open`. */
    Memory decided; /* An open word, and what the classifier says: a reading. */
    Memory places;  /* An open word, and what bears on its characters: a reading. */
    Memory made;    /* What readings made here differ in, syllables by number: a reading. */
    PyObject *learn, *person, *number, *one, *several, *open_words, *candidates_type;
    DataClass reading;
    PyObject *source, *surely[2]; /* Of plain readings; NULL where no word is plain. */
    long most;                    /* Alternatives that a reading may have. */
    Text ambiguous; /* Characters that have several readings, in order. */
    double offered;
    uint64_t opened; /* How many choices there have been. */
} ReadingResolver;

typedef struct {
    PyObject *written, *simplified; /* As they were given. */
    Text text, shadow;
    Words *words;
} Block;

/* ---- what is known of words -------------------------------------------------------------------- */

static void drop_known(uintptr_t value)
{
    if (!(value & OPEN)) {
        Py_DECREF((PyObject *)value);
        return;
    }
    Open *open = (Open *)(value & ~(uintptr_t)OPEN);
    Py_DECREF(open->candidates);
    PyMem_Free(open);
}

static uint32_t among_of(ReadingResolver *self, const Scorer *scorer, PyObject *offered)
{
    uint32_t among = 0;
    for (int32_t reading = 0; reading < scorer->readings; reading++) {
        PyObject *syllable =
            PyList_GET_ITEM(self->reading_index.syllables, scorer->syllables[reading]);
        int on_offer = PySequence_Contains(offered, syllable);
        if (on_offer < 0)
            return 0;
        among |= (uint32_t)on_offer << reading;
    }
    return among;
}

static int read_place(ReadingResolver *self, OpenPlace *place, PyObject *pair,
                      const Char *simplified, Py_ssize_t size)
{
    PyObject *offered;
    if (!PyArg_ParseTuple(pair, "iO!", &place->offset, &PyTuple_Type, &offered))
        return -1;
    if (place->offset < 0 || place->offset >= size) {
        PyErr_SetString(PyExc_ValueError, "an open character is not in its word");
        return -1;
    }
    if (scorer_of(&self->classifier, simplified[place->offset], &place->scorer) < 0)
        return -1;
    if (!place->scorer) {
        PyErr_SetString(PyExc_KeyError, "an open character that the classifier does not know");
        return -1;
    }
    place->among = among_of(self, place->scorer, offered);
    return PyErr_Occurred() ? -1 : 0;
}

/* Candidates as they are kept; NULL with an exception. */
static Open *open_of(ReadingResolver *self, PyObject *candidates, const Char *simplified,
                     Py_ssize_t size)
{
    PyObject *places = PyObject_GetAttrString(candidates, "open");
    if (!places || !PyTuple_Check(places)) {
        Py_XDECREF(places);
        return NULL;
    }
    int32_t count = (int32_t)PyTuple_GET_SIZE(places);
    Open *open = PyMem_Calloc(1, sizeof(Open) + (size_t)count * sizeof(OpenPlace));
    if (!open)
        PyErr_NoMemory();
    for (; open && open->count < count; open->count++)
        if (read_place(self, &open->places[open->count], PyTuple_GET_ITEM(places, open->count),
                       simplified, size) < 0) {
            PyMem_Free(open);
            open = NULL;
        }
    Py_DECREF(places);
    if (open) {
        open->candidates = Py_NewRef(candidates);
        open->number = ++self->opened;
    }
    return open;
}

static bool is_unambiguous(const ReadingResolver *self, const Char *chars, Py_ssize_t size)
{
    for (Py_ssize_t at = 0; at < size; at++)
        if (in_order(self->ambiguous.chars, (size_t)self->ambiguous.size, chars[at]))
            return false;
    return true;
}

/* What dictionaries say of a word that has one reading in them and no other; NULL, with or without
   an exception, for other words. */
static const WordReadings *plain_word(ReadingResolver *self, const Block *block, const Word *word)
{
    Py_ssize_t size = word->end - word->start;
    const WordReadings *known;
    if (!self->source || size < 2 || size > LONGEST ||
        word_readings(&self->reading_index, block->text.chars + word->start, size, &known) < 0 ||
        !known || !known->plain)
        return NULL;
    PyObject *string = text_slice(&block->shadow, word->start, word->end);
    int open = string ? PyDict_Contains(self->open_words, string) : -1;
    Py_XDECREF(string);
    return open ? NULL : known;
}

/* The syllables of these numbers, in a tuple. */
static PyObject *syllables_of(const ReadingResolver *self, const uint32_t *numbers, Py_ssize_t size)
{
    PyObject *syllables = PyTuple_New(size);
    for (Py_ssize_t at = 0; syllables && at < size; at++)
        PyTuple_SET_ITEM(syllables, at,
                         Py_NewRef(PyList_GET_ITEM(self->reading_index.syllables, numbers[at])));
    return syllables;
}

/* Keep a reading that was made, if it was: a new reference. */
static PyObject *kept_made(ReadingResolver *self, const Char *key, size_t size, PyObject *reading)
{
    if (reading && memory_put(&self->made, key, size, (uintptr_t)reading) < 0)
        Py_CLEAR(reading);
    return Py_XNewRef(reading);
}

static PyObject *plainly_read(ReadingResolver *self, const uint32_t *syllables, Py_ssize_t size,
                              int sure)
{
    PyObject *values[] = {
        syllables_of(self, syllables, size), Py_NewRef(self->source),
        Py_NewRef(self->surely[sure]),       PyTuple_New(0),
        PyTuple_New(0),                      PyTuple_New(0),
    };
    return dataclass_new(&self->reading, values);
}

/* The reading of a plain word: `ReadingResolver._plain`. NULL, with or without an exception, for
   others. */
static PyObject *plain_reading(ReadingResolver *self, const Block *block, const Word *word)
{
    Py_ssize_t size = word->end - word->start;
    const WordReadings *known = plain_word(self, block, word);
    if (!known)
        return NULL;
    uint32_t key[LONGEST + 1];
    uintptr_t found;
    for (Py_ssize_t at = 0; at < size; at++)
        key[at] = self->reading_index.sets[known->sets[at]].syllables[0];
    key[size] = is_unambiguous(self, block->shadow.chars + word->start, size);
    if (memory_get(&self->made, key, (size_t)size + 1, &found))
        return Py_NewRef((PyObject *)found);
    return kept_made(self, key, (size_t)size + 1, plainly_read(self, key, size, (int)key[size]));
}

/* Ask Python about a word that is met for the first time. */
static PyObject *asked(ReadingResolver *self, const Block *block, const Word *word, Char use)
{
    PyObject *plain = use == ORDINARY ? plain_reading(self, block, word) : NULL;
    if (plain || PyErr_Occurred())
        return plain;
    PyObject *text = text_slice(&block->text, word->start, word->end);
    PyObject *simplified = text_slice(&block->shadow, word->start, word->end), *found = NULL;
    if (text && simplified && use == ORDINARY)
        found = PyObject_CallFunctionObjArgs(self->learn, text, simplified, NULL);
    else if (text && simplified)
        found = PyObject_CallFunctionObjArgs(self->person, text, simplified,
                                             use == GIVEN ? Py_True : Py_False, NULL);
    Py_XDECREF(text);
    Py_XDECREF(simplified);
    return found;
}

/* What is known of a word: 0 with an exception. */
static uintptr_t known_of(ReadingResolver *self, const Block *block, const Word *word, Char use)
{
    Py_ssize_t size = word->end - word->start;
    Char few[64], *key = few;
    uintptr_t known = 0;
    if (2 * size + 1 > 64 && !(key = PyMem_Malloc((size_t)(2 * size + 1) * sizeof(Char)))) {
        PyErr_NoMemory();
        return 0;
    }
    key[0] = use;
    memcpy(key + 1, block->text.chars + word->start, (size_t)size * sizeof(Char));
    memcpy(key + 1 + size, block->shadow.chars + word->start, (size_t)size * sizeof(Char));
    if (!memory_get(&self->known, key, (size_t)(2 * size + 1), &known)) {
        PyObject *found = asked(self, block, word, use);
        int open = found ? PyObject_IsInstance(found, self->candidates_type) : -1;
        if (open > 0) {
            const Char *simplified = block->shadow.chars + word->start;
            known = (uintptr_t)open_of(self, found, simplified, size);
            known |= known ? OPEN : 0;
            Py_DECREF(found);
        } else if (open == 0) {
            known = (uintptr_t)found;
        }
        uintptr_t there;
        if (known && memory_get(&self->known, key, (size_t)(2 * size + 1), &there)) {
            drop_known(known);
            known = there;
        } else if (known && memory_put(&self->known, key, (size_t)(2 * size + 1), known) < 0) {
            drop_known(known);
            known = 0;
        }
    }
    if (key != few)
        PyMem_Free(key);
    return known;
}

/* ---- open words ---------------------------------------------------------------------------------- */

/* A probability as it is given, in thousandths: `_rounded` of readings.py. */
static Char thousandths(double probability)
{
    double sure = Py_MIN(Py_MAX(probability, 0.0), 0.999);
    int places = sure < 0.99 ? 2 : 3;
    double steps = sure * (places == 2 ? 100.0 : 1000.0);
    double below = (double)(int)steps;
    if (steps - below > 0.499999 && steps - below < 0.500001) {
        /* So near a tie only the decimal digits themselves tell, as they do for Python. */
        char *digits = PyOS_double_to_string(sure, 'f', places, 0, NULL);
        if (digits)
            steps = PyOS_string_to_double(digits, NULL, NULL) * (places == 2 ? 100.0 : 1000.0);
        PyMem_Free(digits);
    }
    return (Char)(int)(steps + 0.5) * (places == 2 ? 10 : 1);
}

/* Remember an answer under a key; the answer, borrowed, or NULL with an exception. */
static PyObject *kept(Memory *memory, const Char *key, size_t size, PyObject *answer)
{
    uintptr_t there;
    if (!answer)
        return NULL;
    if (memory_get(memory, key, size, &there)) {
        Py_DECREF(answer);
        return (PyObject *)there;
    }
    if (memory_put(memory, key, size, (uintptr_t)answer) < 0) {
        Py_DECREF(answer);
        return NULL;
    }
    return answer;
}

static PyObject *syllable_of(const ReadingResolver *self, const Scorer *scorer, int32_t reading)
{
    return PyList_GET_ITEM(self->reading_index.syllables, scorer->syllables[reading]);
}

static PyObject *others_of(const ReadingResolver *self, const uint32_t *numbers, size_t count)
{
    PyObject *others = PyTuple_New((Py_ssize_t)count);
    for (size_t at = 0; others && at < count; at++) {
        PyObject *other = syllables_of(self, &numbers[at], 1);
        if (other)
            PyTuple_SET_ITEM(others, (Py_ssize_t)at, other);
        else
            Py_CLEAR(others);
    }
    return others;
}

/* The reading of an open character, the syllables on offer given by number, best first: what
   `ReadingResolver._one` gives. A new reference. */
static PyObject *read_one(ReadingResolver *self, PyObject *candidates, const uint32_t *numbers,
                          size_t count, Char sure)
{
    PyObject *source = PyObject_GetAttrString(candidates, "source"), *reading = NULL;
    Char key[4 + MOST_READINGS] = {(Char)-1, (Char)(uintptr_t)source,
                                   (Char)((uint64_t)(uintptr_t)source >> 32), sure};
    uintptr_t found;
    count = Py_MIN(count, 1 + (size_t)self->most);
    memcpy(key + 4, numbers, count * sizeof(Char));
    if (source && memory_get(&self->made, key, 4 + count, &found)) {
        reading = Py_NewRef((PyObject *)found);
    } else if (source) {
        PyObject *values[] = {
            syllables_of(self, numbers, 1), Py_NewRef(source),
            PyFloat_FromDouble(sure / 1000.0), others_of(self, numbers + 1, count - 1),
            PyTuple_New(0),                 PyTuple_New(0),
        };
        reading = kept_made(self, key, 4 + count, dataclass_new(&self->reading, values));
    }
    Py_XDECREF(source);
    return reading;
}

/* As `read_one`, by Python, which knows what Taiwan reads otherwise. */
static PyObject *ask_one(ReadingResolver *self, PyObject *candidates, Char character,
                         const uint32_t *numbers, size_t count, double share)
{
    PyObject *syllables = syllables_of(self, numbers, (Py_ssize_t)count);
    PyObject *string = text_slice(&(Text){&character, 1}, 0, 1), *reading = NULL;
    if (syllables && string)
        reading = PyObject_CallFunction(self->one, "OOOd", candidates, string, syllables, share);
    Py_XDECREF(syllables);
    Py_XDECREF(string);
    return reading;
}

/* The reading of an open word of one character: borrowed. */
static PyObject *decide_one(ReadingResolver *self, const Open *open, const Place *place)
{
    const Scorer *scorer = open->places[0].scorer;
    Weights weights;
    Answer answers[MOST_READINGS];
    Py_ssize_t index = place->words[place->at].start;
    if (weigh(&self->classifier, scorer, place, index, &weights) < 0)
        return NULL;
    int32_t count = answers_of(&self->classifier, scorer, &weights, open->places[0].among, answers);
    Char key[3 + MOST_READINGS];
    size_t size = 3;
    key[0] = (Char)open->number;
    key[1] = (Char)(open->number >> 32);
    key[2] = thousandths(answers[0].share);
    for (int32_t at = 0; at < count; at++)
        if (answers[at].share >= self->offered)
            key[size++] = (Char)answers[at].reading;
    uintptr_t found;
    if (memory_get(&self->decided, key, size, &found))
        return (PyObject *)found;
    uint32_t numbers[MOST_READINGS];
    for (size_t at = 3; at < size; at++)
        numbers[at - 3] = scorer->syllables[key[at]];
    PyObject *reading = self->source ? read_one(self, open->candidates, numbers, size - 3, key[2])
                                     : ask_one(self, open->candidates, place->shadow->chars[index],
                                               numbers, size - 3, answers[0].share);
    return kept(&self->decided, key, size, reading);
}

/* What the classifier says at one place: its offset and pairs of a syllable and its share. */
static PyObject *answers_at(ReadingResolver *self, const OpenPlace *place, const Weights *weights)
{
    Answer answers[MOST_READINGS];
    int32_t count = answers_of(&self->classifier, place->scorer, weights, place->among, answers);
    PyObject *pairs = PyList_New(0);
    for (int32_t at = 0; pairs && at < count; at++) {
        PyObject *pair =
            Py_BuildValue("Od", syllable_of(self, place->scorer, answers[at].reading),
                          answers[at].share);
        if (!pair || PyList_Append(pairs, pair) < 0)
            Py_CLEAR(pairs);
        Py_XDECREF(pair);
    }
    return pairs ? Py_BuildValue("iN", place->offset, pairs) : NULL;
}

static PyObject *ask_several(ReadingResolver *self, const Open *open, const Place *place,
                             const Weights *weights)
{
    const Word *word = &place->words[place->at];
    PyObject *answers = PyList_New(0), *reading = NULL;
    for (int32_t at = 0; answers && at < open->count; at++) {
        PyObject *there = answers_at(self, &open->places[at], &weights[at]);
        if (!there || PyList_Append(answers, there) < 0)
            Py_CLEAR(answers);
        Py_XDECREF(there);
    }
    PyObject *simplified = text_slice(place->shadow, word->start, word->end);
    if (answers && simplified)
        reading = PyObject_CallFunctionObjArgs(self->several, open->candidates, simplified, answers,
                                               NULL);
    Py_XDECREF(answers);
    Py_XDECREF(simplified);
    return reading;
}

/* All that bears on the characters of an open word, as a key; its size. */
static size_t key_of_places(const Open *open, const Weights *weights, Char *key)
{
    size_t size = 0;
    key[size++] = (Char)open->number;
    key[size++] = (Char)(open->number >> 32);
    for (int32_t at = 0; at < open->count; at++) {
        for (int32_t other = 0; other < open->places[at].scorer->readings - 1; other++)
            key[size++] = (Char)weights[at].sums[other];
        key[size++] = (Char)weights[at].pieces;
        for (int32_t piece = 0; piece < weights[at].pieces; piece++) {
            key[size++] = weights[at].evidence[piece].kind;
            key[size++] = weights[at].evidence[piece].set;
        }
    }
    return size;
}

/* The reading of an open word of several characters: borrowed. */
static PyObject *decide_several(ReadingResolver *self, const Open *open, const Place *place)
{
    size_t room = (size_t)open->count * (MOST_READINGS + 2 * MOST_EVIDENCE + 1) + 2;
    Weights *weights = PyMem_Malloc((size_t)open->count * sizeof(Weights) + room * sizeof(Char));
    PyObject *reading = NULL;
    uintptr_t found;
    if (!weights)
        return PyErr_NoMemory();
    Char *key = (Char *)(weights + open->count);
    Py_ssize_t start = place->words[place->at].start;
    int32_t at = 0;
    while (at < open->count && weigh(&self->classifier, open->places[at].scorer, place,
                                     start + open->places[at].offset, &weights[at]) == 0)
        at++;
    if (at == open->count) {
        size_t size = key_of_places(open, weights, key);
        if (memory_get(&self->places, key, size, &found))
            reading = (PyObject *)found;
        else
            reading = kept(&self->places, key, size, ask_several(self, open, place, weights));
    }
    PyMem_Free(weights);
    return reading;
}

/* ---- the words of a text --------------------------------------------------------------------------- */

static bool is_given(const Block *block, Py_ssize_t at)
{
    const Word *word = &block->words->words[at];
    return at > 0 && word[-1].end == word->start && word[-1].kind == PERSON;
}

/* The reading of a word, or None: a new reference. */
static PyObject *read_word(ReadingResolver *self, const Block *block, Py_ssize_t at)
{
    const Word *word = &block->words->words[at];
    if (word->kind >= NUMBER) {
        if (word->kind != NUMBER || self->number == Py_None)
            Py_RETURN_NONE;
        return PyObject_CallFunction(self->number, "OnOO", block->words, at, block->written,
                                     block->simplified);
    }
    Char use = ORDINARY;
    if (word->kind == PERSON)
        use = is_given(block, at) ? GIVEN : SURNAME;
    uintptr_t known = known_of(self, block, word, use);
    if (!known || !(known & OPEN))
        return Py_XNewRef((PyObject *)known);
    const Open *open = (const Open *)(known & ~(uintptr_t)OPEN);
    Place place = {&block->shadow, block->words->words, Py_SIZE(block->words), at};
    PyObject *found = word->end - word->start == 1 ? decide_one(self, open, &place)
                                                   : decide_several(self, open, &place);
    return Py_XNewRef(found);
}

static PyObject *readings_of(ReadingResolver *self, Block *block)
{
    if (block->text.size != block->shadow.size) {
        PyErr_SetString(PyExc_ValueError, "a text and its shadow differ in length");
        return NULL;
    }
    memory_turn(&self->known);
    memory_turn(&self->decided);
    memory_turn(&self->places);
    memory_turn(&self->made);
    PyObject *readings = PyList_New(Py_SIZE(block->words));
    for (Py_ssize_t at = 0; readings && at < Py_SIZE(block->words); at++) {
        PyObject *found = read_word(self, block, at);
        if (found)
            PyList_SET_ITEM(readings, at, found);
        else
            Py_CLEAR(readings);
    }
    return readings;
}

static PyObject *read_text(ReadingResolver *self, PyObject *args)
{
    Block block = {.words = NULL};
    PyObject *given, *readings = NULL;
    if (!PyArg_ParseTuple(args, "OUU", &given, &block.written, &block.simplified))
        return NULL;
    block.words = words_in(given, PyUnicode_GET_LENGTH(block.written));
    if (block.words && text_of(&block.text, block.written) == 0 &&
        text_of(&block.shadow, block.simplified) == 0)
        readings = readings_of(self, &block);
    text_free(&block.text);
    text_free(&block.shadow);
    Py_XDECREF(block.words);
    return readings;
}

/* ---- making one ---------------------------------------------------------------------------------------- */

static int resolver_traverse(ReadingResolver *self, visitproc visit, void *arg)
{
    Py_VISIT(self->learn);
    Py_VISIT(self->person);
    Py_VISIT(self->number);
    Py_VISIT(self->one);
    Py_VISIT(self->several);
    Py_VISIT(self->classifier.unpack);
    Py_VISIT(self->classifier.long_word);
    return 0;
}

static int resolver_clear(ReadingResolver *self)
{
    Py_CLEAR(self->learn);
    Py_CLEAR(self->person);
    Py_CLEAR(self->number);
    Py_CLEAR(self->one);
    Py_CLEAR(self->several);
    Py_CLEAR(self->classifier.unpack);
    Py_CLEAR(self->classifier.long_word);
    return 0;
}

static void resolver_free(ReadingResolver *self)
{
    PyObject_GC_UnTrack(self);
    resolver_clear(self);
    memory_clear(&self->decided);
    memory_clear(&self->places);
    memory_clear(&self->known);
    memory_clear(&self->made);
    dataclass_close(&self->reading);
    Py_XDECREF(self->source);
    Py_XDECREF(self->surely[0]);
    Py_XDECREF(self->surely[1]);
    classifier_close(&self->classifier);
    reading_index_close(&self->reading_index);
    table_close(&self->table);
    Py_XDECREF(self->candidates_type);
    Py_XDECREF(self->open_words);
    text_free(&self->ambiguous);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

/* The words that are not plain though a dictionary has them so, and ambiguous characters. */
static int read_classifier(ReadingResolver *self, PyObject *classifier)
{
    PyObject *characters = PyObject_GetAttrString(classifier, "characters");
    self->open_words = PyObject_GetAttrString(classifier, "words");
    int done = characters && self->open_words ? text_of(&self->ambiguous, characters) : -1;
    if (done == 0 && !PyDict_Check(self->open_words)) {
        PyErr_SetString(PyExc_TypeError, "the words of a classifier are a dictionary");
        done = -1;
    }
    if (done == 0)
        sort_chars(self->ambiguous.chars, (size_t)self->ambiguous.size);
    Py_XDECREF(characters);
    return done;
}

/* What readings are made of here: their type; of plain ones the source, and how sure they are where
   a character has several readings and where none has; how many alternatives one may have. None
   where no word is plain, and none is made here. */
static int read_plain(ReadingResolver *self, PyObject *plain)
{
    static const char *const fields[] = {
        "syllables", "source", "probability", "alternatives", "breaks", "capitals",
    };
    PyObject *type, *source, *less, *more;
    if (plain == Py_None)
        return 0;
    if (!PyArg_ParseTuple(plain, "OOOOl", &type, &source, &less, &more, &self->most) ||
        dataclass_open(&self->reading, type, fields, 6) < 0)
        return -1;
    self->source = Py_NewRef(source);
    self->surely[0] = Py_NewRef(less);
    self->surely[1] = Py_NewRef(more);
    return 0;
}

static PyObject *resolver_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"table",     "classifier", "nearby", "offered", "candidates",
                            "long_word", "learn",      "person", "number",  "one",
                            "several",   "plain",      NULL};
    PyObject *table, *classifier, *candidates, *long_word, *learn, *person, *number, *one, *several;
    PyObject *plain;
    long nearby;
    double offered;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "OOldOOOOOOOO", names, &table, &classifier,
                                     &nearby, &offered, &candidates, &long_word, &learn, &person,
                                     &number, &one, &several, &plain))
        return NULL;
    ReadingResolver *self = (ReadingResolver *)type->tp_alloc(type, 0);
    if (!self)
        return NULL;
    self->offered = offered;
    self->known = (Memory){.room = KNOWN_REMEMBERED, .drop = drop_known};
    self->decided = (Memory){.room = PLACES_REMEMBERED, .drop = drop_object};
    self->places = (Memory){.room = PLACES_REMEMBERED, .drop = drop_object};
    self->candidates_type = Py_NewRef(candidates);
    self->classifier.long_word = Py_NewRef(long_word);
    self->learn = Py_NewRef(learn);
    self->person = Py_NewRef(person);
    self->number = Py_NewRef(number);
    self->one = Py_NewRef(one);
    self->several = Py_NewRef(several);
    self->made = (Memory){.room = KNOWN_REMEMBERED, .drop = drop_object};
    if (table_open(&self->table, table) < 0 ||
        reading_index_open(&self->reading_index, &self->table) < 0 ||
        classifier_open(&self->classifier, &self->reading_index, classifier, nearby) < 0 ||
        read_classifier(self, classifier) < 0 || read_plain(self, plain) < 0)
        Py_CLEAR(self);
    return (PyObject *)self;
}

static PyMethodDef methods[] = {
    {"read", (PyCFunction)read_text, METH_VARARGS,
     "read(words, text, shadow): a list, a reading or None for each word."},
    {NULL, NULL, 0, NULL},
};

CORE_TYPE(ReadingResolver, Py_TPFLAGS_HAVE_GC, resolver_new, resolver_free,
          "Reads words; asks Python about those it has not met.",
          .tp_traverse = (traverseproc)resolver_traverse, .tp_clear = (inquiry)resolver_clear,
          .tp_methods = methods);
