/* Texts segmented into words: reader/annotation/segmentation.py, lattice.py, word_candidates.py,
   person_names.py, numbers.py.

   The Python lattice solves the stretches that a run of Han characters falls into, to remember
   them; here each run is solved whole, from its end, which gives the same words. */

#include "core.h"

#include <stdlib.h>

#define BITS 20
#define LENGTH ((1 << BITS) - 1)
#define MOST_PIECES 3

typedef struct {
    int32_t length, cost;
    int32_t count;
    int32_t pieces[MOST_PIECES];
} Step;

typedef struct {
    Step step;
    const Char *rest; /* What follows the pair. */
} Listed;

typedef struct {
    int32_t count;
    Listed words[]; /* Shorter ones first; their characters stand behind them. */
} Beginning;

typedef struct {
    bool known;
    bool listed, name_start, number_start, not_alone, place;
    int8_t symbol; /* Its kind as a symbol, 0 where that was not asked yet. */
    int32_t cost;
    int32_t surname, first, last, single, foreign; /* Costs in names plus one; 0 for none. */
    Followers followers; /* With the words that begin so, a `Beginning`. */
} Character;

typedef struct {
    Text *texts;
    Py_ssize_t count;
} Texts;

typedef struct {
    PyObject_HEAD
    Table table;
    Pages characters;
    Map surnames;
    Text leading, within, tens, ordinal, some, counted; /* In numbers. */
    Text again, doubled, perceived, got;                /* In pairs. */
    Texts titles, offices;
    Text in_office;
    long unknown, everyday, one_given, two_given, foreign_cost, foreign_shortest, foreign_longest;
    long number_cost, counted_cost;
    PyObject *candidates, *symbol, *erhua;
} WordSegmenter;

#define SEEN_AFTER 3

typedef struct {
    const Char *chars;
    Py_ssize_t size;
    Py_ssize_t after; /* So many more belong to a known word that follows. */
} Run;

/* ---- character classes of `_RUN` in lattice.py ------------------------------------------------
 */

static bool is_ideograph(Char c)
{
    return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) ||
           (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x20000 && c <= 0x3FFFF) || c == 0x3007 ||
           c == 0x3005;
}

static bool is_selector(Char c)
{
    return (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0xE0100 && c <= 0xE01EF);
}

static bool is_letter(Char c)
{
    static const Char ranges[][2] = {
        {'A', 'Z'},       {'a', 'z'},       {0xAA, 0xAA},     {0xB5, 0xB5},     {0xBA, 0xBA},
        {0xC0, 0xD6},     {0xD8, 0xF6},     {0xF8, 0x2AF},    {0x300, 0x37D},   {0x386, 0x10FF},
        {0x1200, 0x1FFF}, {0xFF21, 0xFF3A}, {0xFF41, 0xFF5A},
    };
    for (size_t at = 0; at < sizeof ranges / sizeof *ranges && c >= ranges[at][0]; at++)
        if (c <= ranges[at][1])
            return true;
    return false;
}

static bool is_digit(Char c)
{
    return (c >= '0' && c <= '9') || (c >= 0xFF10 && c <= 0xFF19);
}

static int kana(Char c)
{
    if (c >= 0x3041 && c <= 0x30FF)
        return 1;
    if ((c >= 0x3105 && c <= 0x312F) || (c >= 0x31A0 && c <= 0x31BF))
        return 2;
    return c >= 0xAC00 && c <= 0xD7A3 ? 3 : 0;
}

static bool joins_letters(Char c)
{
    return c == '\'' || c == 0x2019 || c == '.' || c == '&' || c == '_' || c == '-';
}

static bool joins_digits(Char c)
{
    return c == '.' || c == ',' || c == ':' || c == 0xFF0E || c == 0xFF0C;
}

static bool is_share(Char c)
{
    return c == '%' || c == 0xFF05 || c == 0x2030;
}

/* ---- what is known of characters and pairs --------------------------------------------------- */

static void add_all(Text *text, const Text *more)
{
    memcpy(text->chars + text->size, more->chars, (size_t)more->size * sizeof(Char));
    text->size += more->size;
}

/* Learn what may stand second after a character: `WordCandidates.following`. */
static int learn_following(WordSegmenter *self, Character *known, Char character)
{
    const char *end, *at = table_get(&self->table, 'f', &character, 1, &end);
    Py_ssize_t room = (at ? end - at : 0) + self->again.size + self->got.size + 1;
    Text seconds = {PyMem_Malloc((size_t)room * sizeof(Char)), 0};
    if (!seconds.chars) {
        PyErr_NoMemory();
        return -1;
    }
    while (at && at < end)
        at = get_utf8(at, end, &seconds.chars[seconds.size++]);
    char tag;
    if (table_tag(&self->table, &character, 1, &tag, 1) &&
        contains(&self->doubled, (unsigned char)tag)) {
        add_all(&seconds, &self->again);
        seconds.chars[seconds.size++] = character;
    }
    if (contains(&self->perceived, character))
        add_all(&seconds, &self->got);
    return followers_take(&known->followers, &seconds);
}

/* What is known of a character; NULL with an exception. */
static Character *character_of(WordSegmenter *self, Char character)
{
    Character *known = page_record(&self->characters, character);
    if (!known || known->known)
        return known;
    const char *end, *record = table_get(&self->table, 'b', &character, 1, &end);
    known->listed = record != NULL;
    known->cost = record ? 0 : (int32_t)self->unknown;
    for (; record && record < end; record++)
        known->cost = 10 * known->cost + (*record - '0');
    if (learn_following(self, known, character) < 0)
        return NULL;
    known->known = true;
    return known;
}

/* A word of the lexicon as a step, cut as `split` says (see `Lexicon.lattice_words`). */
static Step listed_step(int32_t length, int32_t cost, const char *split, const char *end)
{
    if (split == end || *split == '0')
        return (Step){length, cost, 1, {length | (split == end ? HAN : NAME) << BITS}};
    int32_t size = *split - '0', kind = (split[1] == 'p' ? PERSON : NAME) << BITS;
    return (Step){length, cost, 2, {size | kind, (length - size) | kind}};
}

static int by_length(const void *one, const void *other)
{
    return ((const Listed *)one)->step.length - ((const Listed *)other)->step.length;
}

static Beginning *new_beginning(size_t words, size_t characters)
{
    Beginning *made = PyMem_Calloc(
        1, sizeof(Beginning) + words * sizeof(Listed) + characters * sizeof(Char));
    if (!made)
        PyErr_NoMemory();
    return made;
}

/* The words of a record of the table; those that end in no place are left to Python. */
static Beginning *parsed(const char *record, const char *end)
{
    size_t tabs = 0;
    for (const char *at = record; at < end; at++)
        tabs += *at == '\t';
    size_t words = (tabs + 1) / 3;
    Beginning *made = new_beginning(words, (size_t)(end - record));
    if (!made)
        return NULL;
    Char *rest = (Char *)(made->words + words);
    for (const char *at = record; at < end && made->count < (int32_t)words; at++) {
        Listed *word = &made->words[made->count++];
        word->rest = rest;
        int32_t length = 0, cost = 0;
        for (; at < end && *at != '\t'; length++) {
            Char character;
            at = get_utf8(at, end, &character);
            if (length > 1)
                *rest++ = character;
        }
        for (at++; at < end && *at != '\t'; at++)
            cost = 10 * cost + (*at - '0');
        const char *split = at < end ? ++at : at;
        while (at < end && *at != '\t')
            at++;
        word->step = listed_step(length, cost, split, at);
    }
    qsort(made->words, (size_t)made->count, sizeof(Listed), by_length);
    return made;
}

static int step_of(Step *step, PyObject *tuple)
{
    PyObject *pieces;
    if (!PyArg_ParseTuple(tuple, "iiO!", &step->length, &step->cost, &PyTuple_Type, &pieces))
        return -1;
    step->count = (int32_t)PyTuple_GET_SIZE(pieces);
    if (step->count > MOST_PIECES) {
        PyErr_SetString(PyExc_ValueError, "a step of too many words");
        return -1;
    }
    for (int32_t at = 0; at < step->count; at++)
        step->pieces[at] = (int32_t)PyLong_AsLong(PyTuple_GET_ITEM(pieces, at));
    return PyErr_Occurred() ? -1 : 0;
}

/* The words that `WordCandidates.words` makes of a pair: listed ones and those that are made. */
static Beginning *made_words(PyObject *steps)
{
    PyObject *word, *tuple;
    Py_ssize_t at = 0;
    size_t characters = 0;
    while (PyDict_Next(steps, &at, &word, &tuple))
        characters += PyUnicode_Check(word) ? (size_t)PyUnicode_GET_LENGTH(word) : 0;
    Beginning *made = new_beginning((size_t)PyDict_GET_SIZE(steps), characters);
    if (!made)
        return NULL;
    Char *rest = (Char *)(made->words + PyDict_GET_SIZE(steps));
    for (at = 0; PyDict_Next(steps, &at, &word, &tuple);) {
        Listed *listed = &made->words[made->count++];
        Text text;
        if (text_of(&text, word) < 0 || step_of(&listed->step, tuple) < 0) {
            text_free(&text);
            PyMem_Free(made);
            return NULL;
        }
        listed->rest = rest;
        for (Py_ssize_t place = 2; place < text.size; place++)
            *rest++ = text.chars[place];
        text_free(&text);
    }
    qsort(made->words, (size_t)made->count, sizeof(Listed), by_length);
    return made;
}

static Beginning *asked(WordSegmenter *self, Char one, Char other)
{
    PyObject *pair = text_slice(&(Text){PAIR(one, other), 2}, 0, 2), *words = NULL, *steps = NULL;
    Beginning *made = NULL;
    if (pair)
        words = PyObject_CallMethod(self->candidates, "words", "O", pair);
    if (words && words != Py_None)
        steps = PyObject_GetAttrString(words, "steps");
    if (steps && PyDict_Check(steps))
        made = made_words(steps);
    else if (words == Py_None)
        made = new_beginning(0, 0);
    Py_XDECREF(pair);
    Py_XDECREF(words);
    Py_XDECREF(steps);
    return made;
}

/* The words that begin with a pair that may begin one; NULL with an exception. */
static Beginning *learnt(WordSegmenter *self, Char one, Char other)
{
    if (one == other || contains(&self->got, other) || contains(&self->again, other))
        return asked(self, one, other);
    const char *end, *record = table_get(&self->table, 'b', PAIR(one, other), 2, &end);
    return record ? parsed(record, end) : new_beginning(0, 0);
}

/* ---- the lattice ------------------------------------------------------------------------------- */

typedef struct {
    WordSegmenter *segmenter;
    Run run;
    Py_ssize_t at;
    int64_t *best;
    Step *chosen;
    int64_t least;
    Step step;
} Search;

static void offer(Search *search, const Step *step)
{
    int64_t total = step->cost + search->best[search->at + step->length];
    if (total <= search->least) {
        search->least = total;
        search->step = *step;
    }
}

static bool stands(const Run *run, Py_ssize_t at, const Listed *word)
{
    if (at + word->step.length > run->size)
        return false;
    const Char *there = run->chars + at + 2;
    for (int32_t place = 0; place < word->step.length - 2; place++)
        if (there[place] != word->rest[place])
            return false;
    return true;
}

static Beginning *words_at(WordSegmenter *self, const Run *run, Py_ssize_t at)
{
    static Beginning nothing;
    if (at + 1 >= run->size)
        return &nothing;
    Character *first = character_of(self, run->chars[at]);
    if (!first)
        return NULL;
    void **known = follower(&first->followers, run->chars[at + 1]);
    if (!known)
        return &nothing;
    if (!*known)
        *known = learnt(self, run->chars[at], run->chars[at + 1]);
    return *known;
}

static int offer_words(Search *search)
{
    WordSegmenter *self = search->segmenter;
    const Beginning *words = words_at(self, &search->run, search->at);
    if (!words)
        return -1;
    for (int32_t number = 0; number < words->count; number++) {
        const Step *step = &words->words[number].step;
        if (!stands(&search->run, search->at, &words->words[number]))
            continue;
        offer(search, step);
        Py_ssize_t after = search->at + step->length;
        bool name = step->count == 1 && step->pieces[0] == (step->length | NAME << BITS);
        const Character *kind = NULL;
        if (name && after < search->run.size &&
            !(kind = character_of(self, search->run.chars[after])))
            return -1;
        if (kind && kind->place)
            offer(search, &(Step){step->length + 1,
                                  step->cost + kind->cost,
                                  2,
                                  {step->pieces[0], 1 | NAME << BITS}});
    }
    return 0;
}

/* Where the number that begins at `at` ends; `at` where none does: `_NUMBER` of numbers.py. */
static Py_ssize_t number_end(const WordSegmenter *self, const Run *run, Py_ssize_t at)
{
    const Char *c = run->chars;
    Py_ssize_t size = run->size, first = at + contains(&self->ordinal, c[at]);
    if (first < size &&
        ((contains(&self->some, c[first]) && first + 1 < size &&
          contains(&self->tens, c[first + 1])) ||
         contains(&self->leading, c[first]))) {
        Py_ssize_t end = first + 1;
        while (end < size &&
               (contains(&self->within, c[end]) ||
                (c[end] == self->some.chars[0] && contains(&self->tens, c[end - 1]) &&
                 !(end + 1 < size && contains(&self->tens, c[end + 1])))))
            end++;
        return end;
    }
    return first < size && c[first] == self->some.chars[0] ? first + 1 : at;
}

static void offer_numbers(Search *search)
{
    const WordSegmenter *self = search->segmenter;
    const Run *run = &search->run;
    Py_ssize_t end = number_end(self, run, search->at);
    int32_t length = (int32_t)Py_MIN(end - search->at, LENGTH);
    if (length == 0)
        return;
    if (length > 1)
        offer(search, &(Step){length, (int32_t)self->number_cost, 1, {length | HAN << BITS}});
    Py_ssize_t after = search->at + length;
    if (after + 1 < run->size && run->chars[after] == self->counted.chars[0] &&
        run->chars[after + 1] == self->counted.chars[1])
        offer(search,
              &(Step){length + 1, (int32_t)self->counted_cost, 2, {length | HAN << BITS, 1}});
}

static bool any_at(const Texts *texts, const Run *run, Py_ssize_t at)
{
    for (Py_ssize_t number = 0; number < texts->count; number++) {
        const Text *text = &texts->texts[number];
        if (at + text->size <= run->size &&
            memcmp(run->chars + at, text->chars, (size_t)text->size * sizeof(Char)) == 0)
            return true;
    }
    return false;
}

/* Whether a surname that a title follows is more likely another word: `_other` of person_names.py.
 */
static bool is_other(const WordSegmenter *self, const Run *run, Py_ssize_t at,
                     const Character *first)
{
    bool may_hold = contains(&self->in_office, run->chars[at]);
    return first->not_alone || (may_hold && any_at(&self->offices, run, at + 1));
}

/* Whether no long word begins with a given name's last character: `Lattice._may_end`. */
static int may_end(WordSegmenter *self, const Run *run, Py_ssize_t last)
{
    const Run whole = {run->chars, run->size + run->after, 0};
    const Beginning *words = words_at(self, &whole, last);
    if (!words)
        return -1;
    for (int32_t number = 0; number < words->count; number++)
        if (words->words[number].step.length > 2 && stands(&whole, last, &words->words[number]))
            return 0;
    return 1;
}

static int offer_person(Search *search, int32_t size, int32_t given, int32_t cost)
{
    int may = may_end(search->segmenter, &search->run, search->at + size + given - 1);
    if (may > 0)
        offer(search, &(Step){size + given,
                              cost,
                              2,
                              {size | PERSON << BITS, given | PERSON << BITS}});
    return may < 0 ? -1 : 0;
}

static int offer_people(Search *search, int32_t size, int32_t cost)
{
    WordSegmenter *self = search->segmenter;
    const Run *run = &search->run;
    const Char *c = run->chars;
    Py_ssize_t at = search->at, given = at + size;
    const Character *first = character_of(self, c[at]);
    if (any_at(&self->titles, run, given) && !is_other(self, run, at, first)) {
        int32_t alone = size == 1 && first->listed ? first->cost - 1 : cost;
        offer(search, &(Step){size, alone, 1, {size | PERSON << BITS}});
    }
    if (given >= run->size)
        return 0;
    const Character *one = character_of(self, c[given]);
    if (!one)
        return -1;
    if (one->single &&
        offer_person(search, size, 1, cost + one->single - 1 + (int32_t)self->one_given) < 0)
        return -1;
    if (given + 1 >= run->size || !one->first)
        return 0;
    const Character *two = character_of(self, c[given + 1]);
    if (!two)
        return -1;
    if (!two->last || table_frequency(&self->table, c + given, 2) >= self->everyday)
        return 0;
    cost += one->first - 1 + two->last - 1 + (int32_t)self->two_given;
    return offer_person(search, size, 2, cost);
}

static int offer_foreign(Search *search)
{
    WordSegmenter *self = search->segmenter;
    const Run *run = &search->run;
    int32_t total = (int32_t)self->foreign_cost;
    for (int32_t length = 1;
         length <= self->foreign_longest && search->at + length <= run->size; length++) {
        const Character *known = character_of(self, run->chars[search->at + length - 1]);
        if (!known)
            return -1;
        if (!known->foreign)
            break;
        total += known->foreign - 1;
        if (length >= self->foreign_shortest)
            offer(search, &(Step){length, total, 1, {length | NAME << BITS}});
    }
    return 0;
}

static int offer_names(Search *search, const Character *first)
{
    const Run *run = &search->run;
    uintptr_t cost;
    if (first->surname && offer_people(search, 1, first->surname - 1) < 0)
        return -1;
    if (search->at + 1 < run->size &&
        map_get(&search->segmenter->surnames, run->chars + search->at, 2, &cost) &&
        offer_people(search, 2, (int32_t)cost) < 0)
        return -1;
    return first->foreign ? offer_foreign(search) : 0;
}

/* Solve a run from its end: `chosen` gets the step to take at each of its characters. */
static int solve(Search *search)
{
    WordSegmenter *self = search->segmenter;
    for (search->at = search->run.size - 1; search->at >= 0; search->at--) {
        Char character = search->run.chars[search->at];
        const Character *first = character_of(self, character);
        if (!first)
            return -1;
        search->least = first->cost + search->best[search->at + 1];
        search->step = (Step){1, 0, 1, {1}};
        if (offer_words(search) < 0)
            return -1;
        if (first->number_start)
            offer_numbers(search);
        if (first->name_start && offer_names(search, first) < 0)
            return -1;
        search->best[search->at] = search->least;
        search->chosen[search->at] = search->step;
    }
    return 0;
}

/* ---- words of a text ---------------------------------------------------------------------------- */

typedef struct {
    WordSegmenter *segmenter;
    const Text *text, *shadow;
    WordList words;
} Segmentation;

/* Whether an 儿 after the word `run[start:at]` joins it: `ReferenceSegmenter._takes_erhua`. */
static bool takes_erhua(const WordSegmenter *self, const Run *run, Py_ssize_t start, Py_ssize_t at)
{
    char tag[1];
    return at - start < 4 &&
           table_tag(&self->table, run->chars + start, (size_t)(at - start), tag, 1) &&
           PyUnicode_FindChar(self->erhua, (Py_UCS4)tag[0], 0, PyUnicode_GET_LENGTH(self->erhua),
                              1) >= 0;
}

/* The pieces of a solved run, with each 儿 that joins the word before it; how many. */
static Py_ssize_t pieces_of(const Search *search, int32_t *pieces)
{
    const Run *run = &search->run;
    Py_ssize_t count = 0, at = 0;
    for (Py_ssize_t from = 0; from < run->size; from += search->chosen[from].length) {
        const Step *step = &search->chosen[from];
        for (int32_t number = 0; number < step->count; number++) {
            int32_t piece = step->pieces[number];
            Py_ssize_t length = piece & LENGTH;
            if (length == 1 && run->chars[at] == 0x513F && count &&
                pieces[count - 1] >> BITS == HAN &&
                takes_erhua(search->segmenter, run, at - (pieces[count - 1] & LENGTH), at))
                pieces[count - 1]++;
            else
                pieces[count++] = piece;
            at += length;
        }
    }
    return count;
}

/* Add the words of `shadow[start:end]`, less its variation selectors, to the words. */
static int add_pieces(Segmentation *segmentation, const int32_t *pieces, Py_ssize_t count,
                      Py_ssize_t start, Py_ssize_t end)
{
    const Char *text = segmentation->text->chars;
    Py_ssize_t at = start;
    for (Py_ssize_t number = 0; number < count; number++) {
        Py_ssize_t first = at;
        for (int32_t left = pieces[number] & LENGTH; left > 0; left--)
            for (at++; at < end && is_selector(text[at]); at++)
                ;
        if (words_add(&segmentation->words, first, at, pieces[number] >> BITS) < 0)
            return -1;
    }
    return 0;
}

static int segment_run(Segmentation *segmentation, Py_ssize_t start, Py_ssize_t end)
{
    WordSegmenter *self = segmentation->segmenter;
    size_t room = (size_t)(end - start) + 1 + SEEN_AFTER;
    int64_t *best = PyMem_Malloc(
        room * (sizeof(int64_t) + sizeof(Step) + sizeof(int32_t) + sizeof(Char)));
    if (!best) {
        PyErr_NoMemory();
        return -1;
    }
    Step *chosen = (Step *)(best + room);
    int32_t *pieces = (int32_t *)(chosen + room);
    Char *chars = (Char *)(pieces + room);
    Py_ssize_t size = 0;
    for (Py_ssize_t at = start; at < end; at++)
        if (!is_selector(segmentation->text->chars[at]))
            chars[size++] = segmentation->shadow->chars[at];
    Py_ssize_t after = 0;
    for (; after < SEEN_AFTER && end + after < segmentation->shadow->size &&
           is_ideograph(segmentation->shadow->chars[end + after]);
         after++)
        chars[size + after] = segmentation->shadow->chars[end + after];
    Search search = {
        .segmenter = self, .run = {chars, size, after}, .best = best, .chosen = chosen};
    best[size] = 0;
    int done = solve(&search);
    if (done == 0)
        done = add_pieces(segmentation, pieces, pieces_of(&search, pieces), start, end);
    PyMem_Free(best);
    return done;
}

/* Where the Latin run or number that begins at `at` ends, and its kind; `at` where none does. */
static Py_ssize_t latin_end(const Char *text, Py_ssize_t at, Py_ssize_t end, long *kind)
{
    Py_ssize_t digits = at;
    while (digits < end && is_digit(text[digits]))
        digits++;
    if (digits < end && is_letter(text[digits])) {
        *kind = LATIN;
        for (at = digits + 1; at < end; at++) {
            Py_ssize_t next = at + joins_letters(text[at]);
            if (next >= end || !(is_digit(text[next]) || is_letter(text[next])))
                break;
            at = next;
        }
        return at;
    }
    *kind = NUMBER;
    if (digits == at)
        return at;
    for (at = digits; at + 1 < end && joins_digits(text[at]) && is_digit(text[at + 1]);)
        for (at++; at < end && is_digit(text[at]); at++)
            ;
    return at + (at < end && is_share(text[at]));
}

static int symbol_kind(WordSegmenter *self, Char character)
{
    Character *known = page_record(&self->characters, character);
    if (known && !known->symbol) {
        PyObject *string = text_slice(&(Text){&character, 1}, 0, 1), *kind = NULL;
        if (string)
            kind = PyObject_CallOneArg(self->symbol, string);
        long found = kind ? PyLong_AsLong(kind) : -1;
        Py_XDECREF(string);
        Py_XDECREF(kind);
        if (PyErr_Occurred())
            return -1;
        known->symbol = (int8_t)found;
    }
    return known ? known->symbol : -1;
}

/* Add the words of `text[start:end]`: `ReferenceSegmenter`. */
static int segment_between(Segmentation *segmentation, Py_ssize_t start, Py_ssize_t end)
{
    const Char *text = segmentation->text->chars;
    for (Py_ssize_t at = start; at < end; start = at) {
        long kind;
        if (is_ideograph(text[at])) {
            while (at < end && (is_ideograph(text[at]) || is_selector(text[at])))
                at++;
            if (segment_run(segmentation, start, at) < 0)
                return -1;
            continue;
        }
        if ((at = latin_end(text, start, end, &kind)) > start) {
            ;
        } else if (Py_UNICODE_ISSPACE(text[at])) {
            kind = SPACE;
            while (at < end && Py_UNICODE_ISSPACE(text[at]))
                at++;
        } else if (kana(text[at])) {
            kind = OTHER;
            while (at < end && kana(text[at]) == kana(text[start]))
                at++;
        } else {
            kind = symbol_kind(segmentation->segmenter, text[at]);
            while (at < end && text[at] == text[start])
                at++;
        }
        if (kind < 0 || words_add(&segmentation->words, start, at, kind) < 0)
            return -1;
    }
    return 0;
}

static int segment_around(Segmentation *segmentation, PyObject *fixed)
{
    Py_ssize_t start = 0;
    for (Py_ssize_t number = 0; number < PySequence_Fast_GET_SIZE(fixed); number++) {
        Word word;
        if (word_of(&word, PySequence_Fast_GET_ITEM(fixed, number)) < 0)
            return -1;
        if (word.start < start || word.end < word.start || word.end > segmentation->text->size) {
            PyErr_SetString(PyExc_ValueError, "fixed words are out of order");
            return -1;
        }
        if (segment_between(segmentation, start, word.start) < 0 ||
            words_add(&segmentation->words, word.start, word.end, word.kind) < 0)
            return -1;
        start = word.end;
    }
    return segment_between(segmentation, start, segmentation->text->size);
}

static PyObject *segment(WordSegmenter *self, PyObject *args)
{
    PyObject *written, *simplified, *given;
    if (!PyArg_ParseTuple(args, "UUO", &written, &simplified, &given))
        return NULL;
    Text text = {0}, shadow = {0};
    Segmentation segmentation = {self, &text, &shadow, {0}};
    Words *words = NULL;
    PyObject *fixed = PySequence_Fast(given, "fixed words are a sequence");
    if (fixed && text_of(&text, written) == 0 && text_of(&shadow, simplified) == 0) {
        if (text.size != shadow.size)
            PyErr_SetString(PyExc_ValueError, "a text and its shadow differ in length");
        else if (segment_around(&segmentation, fixed) == 0)
            words = words_made(&segmentation.words);
    }
    text_free(&text);
    text_free(&shadow);
    PyMem_Free(segmentation.words.words);
    Py_XDECREF(fixed);
    return (PyObject *)words;
}

/* ---- making one --------------------------------------------------------------------------------- */

static int long_rule(PyObject *rules, const char *name, long *value)
{
    PyObject *found = PyDict_GetItemString(rules, name);
    if (!found)
        PyErr_SetString(PyExc_KeyError, name);
    else
        *value = PyLong_AsLong(found);
    return PyErr_Occurred() ? -1 : 0;
}

static int text_rule(PyObject *rules, const char *name, Text *value)
{
    PyObject *found = PyDict_GetItemString(rules, name);
    if (!found) {
        PyErr_SetString(PyExc_KeyError, name);
        return -1;
    }
    return text_of(value, found);
}

/* Set a mark of each character of a rule. */
static int marks_rule(WordSegmenter *self, PyObject *rules, const char *name, size_t offset)
{
    Text text = {0};
    int done = text_rule(rules, name, &text);
    for (Py_ssize_t at = 0; done == 0 && at < text.size; at++) {
        char *known = page_record(&self->characters, text.chars[at]);
        done = known ? 0 : -1;
        if (known)
            *(bool *)(known + offset) = true;
    }
    text_free(&text);
    return done;
}

static int read_rules(WordSegmenter *self, PyObject *rules)
{
    const struct {
        const char *name;
        Text *value;
    } texts[] = {
        {"leading", &self->leading},   {"within", &self->within},
        {"tens", &self->tens},         {"ordinal", &self->ordinal},
        {"some", &self->some},         {"counted", &self->counted},
        {"again", &self->again},       {"doubled", &self->doubled},
        {"perceived", &self->perceived}, {"got", &self->got},
        {"in_office", &self->in_office},
    };
    const struct {
        const char *name;
        long *value;
    } numbers[] = {
        {"unknown", &self->unknown},
        {"everyday", &self->everyday},
        {"one_given", &self->one_given},
        {"two_given", &self->two_given},
        {"foreign_cost", &self->foreign_cost},
        {"foreign_shortest", &self->foreign_shortest},
        {"foreign_longest", &self->foreign_longest},
        {"number_cost", &self->number_cost},
        {"counted_cost", &self->counted_cost},
    };
    for (size_t at = 0; at < sizeof texts / sizeof *texts; at++)
        if (text_rule(rules, texts[at].name, texts[at].value) < 0)
            return -1;
    for (size_t at = 0; at < sizeof numbers / sizeof *numbers; at++)
        if (long_rule(rules, numbers[at].name, numbers[at].value) < 0)
            return -1;
    if (marks_rule(self, rules, "starts", offsetof(Character, number_start)) < 0 ||
        marks_rule(self, rules, "places", offsetof(Character, place)) < 0 ||
        marks_rule(self, rules, "never_alone", offsetof(Character, not_alone)) < 0)
        return -1;
    if (self->counted.size != 2 || self->some.size < 1) {
        PyErr_SetString(PyExc_ValueError, "rules of numbers are off");
        return -1;
    }
    return 0;
}

static int texts_rule(PyObject *rules, const char *name, Texts *value)
{
    PyObject *texts = PyDict_GetItemString(rules, name);
    if (!texts || !PyTuple_Check(texts)) {
        PyErr_SetString(PyExc_TypeError, name);
        return -1;
    }
    value->texts = PyMem_Calloc((size_t)PyTuple_GET_SIZE(texts) + 1, sizeof(Text));
    if (!value->texts) {
        PyErr_NoMemory();
        return -1;
    }
    for (; value->count < PyTuple_GET_SIZE(texts); value->count++)
        if (text_of(&value->texts[value->count], PyTuple_GET_ITEM(texts, value->count)) < 0)
            return -1;
    return 0;
}

static void texts_free(Texts *texts)
{
    for (Py_ssize_t at = 0; at < texts->count; at++)
        text_free(&texts->texts[at]);
    PyMem_Free(texts->texts);
}

static int read_costs(WordSegmenter *self, PyObject *names, const char *group, size_t offset)
{
    PyObject *costs = PyDict_GetItemString(names, group), *key, *value;
    Py_ssize_t at = 0;
    if (!costs || !PyDict_Check(costs)) {
        PyErr_SetString(PyExc_KeyError, group);
        return -1;
    }
    while (PyDict_Next(costs, &at, &key, &value)) {
        Text text;
        long cost = PyLong_AsLong(value);
        if (PyErr_Occurred() || text_of(&text, key) < 0)
            return -1;
        Character *known = text.size ? page_record(&self->characters, text.chars[0]) : NULL;
        bool kept = known != NULL;
        if (kept && text.size == 1)
            *(int32_t *)((char *)known + offset) = (int32_t)cost + 1;
        else if (kept)
            kept = map_put(&self->surnames, text.chars, (size_t)text.size, (uintptr_t)cost) == 0;
        if (kept && (offset == offsetof(Character, surname) ||
                     offset == offsetof(Character, foreign)))
            known->name_start = true;
        text_free(&text);
        if (PyErr_Occurred())
            return -1;
    }
    return 0;
}

static int read_names(WordSegmenter *self, PyObject *names)
{
    if (read_costs(self, names, "surname", offsetof(Character, surname)) < 0 ||
        read_costs(self, names, "first", offsetof(Character, first)) < 0 ||
        read_costs(self, names, "last", offsetof(Character, last)) < 0 ||
        read_costs(self, names, "single", offsetof(Character, single)) < 0 ||
        read_costs(self, names, "foreign", offsetof(Character, foreign)) < 0)
        return -1;
    return 0;
}

static void drop_character(void *record)
{
    followers_free(&((Character *)record)->followers);
}

static void segmenter_free(WordSegmenter *self)
{
    Text *texts[] = {&self->leading, &self->within, &self->tens,      &self->ordinal, &self->some,
                     &self->counted, &self->again,  &self->perceived, &self->doubled, &self->got,
                     &self->in_office};
    for (size_t at = 0; at < sizeof texts / sizeof *texts; at++)
        text_free(texts[at]);
    texts_free(&self->titles);
    texts_free(&self->offices);
    pages_free(&self->characters, drop_character);
    map_clear(&self->surnames, NULL);
    table_close(&self->table);
    Py_XDECREF(self->candidates);
    Py_XDECREF(self->symbol);
    Py_XDECREF(self->erhua);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

static PyObject *segmenter_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"table", "candidates", "names", "symbol", "erhua", "rules", NULL};
    PyObject *table, *candidates, *groups, *symbol, *erhua, *rules;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "OOO!OUO!", names, &table, &candidates,
                                     &PyDict_Type, &groups, &symbol, &erhua, &PyDict_Type, &rules))
        return NULL;
    WordSegmenter *self = (WordSegmenter *)type->tp_alloc(type, 0);
    if (!self)
        return NULL;
    self->characters.record = sizeof(Character);
    self->candidates = Py_NewRef(candidates);
    self->symbol = Py_NewRef(symbol);
    self->erhua = Py_NewRef(erhua);
    if (table_open(&self->table, table) < 0 || read_rules(self, rules) < 0 ||
        texts_rule(rules, "titles", &self->titles) < 0 ||
        texts_rule(rules, "offices", &self->offices) < 0 || read_names(self, groups) < 0)
        Py_CLEAR(self);
    return (PyObject *)self;
}

static PyMethodDef methods[] = {
    {"segment", (PyCFunction)segment, METH_VARARGS,
     "segment(text, shadow, fixed): the words of `text`, in order, `fixed` ones among them."},
    {NULL, NULL, 0, NULL},
};

CORE_TYPE(WordSegmenter, 0, segmenter_new, segmenter_free, "Segments texts into words.",
          .tp_methods = methods);
