/* Texts segmented into words: reader/annotation/lattice.py says how. */

#include "core.h"

#include <limits.h>
#include <stdlib.h>

#define BITS 20
#define LENGTH ((1 << BITS) - 1)
#define MOST_PIECES 3
#define LONGEST_NUMBER 32 /* `LONGEST` of numbers.py. */
#define NO_COST INT32_MIN
#define COUNTED_PAIRS 16384

/* What a character may be: `character_flags` in word_candidates.py. */
#define KNOWN (1u << 31)
enum {
    IDEOGRAPH = 1 << 0,
    SELECTOR = 1 << 1,
    LETTER = 1 << 2,
    DIGIT = 1 << 3,
    BLANK = 1 << 4,
    SYLLABARY = 7 << 5, /* Three of them, each with a bit of its own. */
    LEADING = 1 << 8,
    WITHIN = 1 << 9,
    TENS = 1 << 10,
    SOME = 1 << 11,
    FEW_OF = 1 << 12,
    ORDINAL = 1 << 13,
    MEASURE = 1 << 14,
    PEOPLE = 1 << 15,
    PLACE_KIND = 1 << 16,
    SYMBOL_BITS = 24,
};

/* What names are made of, by the letters of `NameCandidate` in person_names.py. */
static const char parts[] = "s12gfcpknq";
enum { SURNAME, FIRST, LAST, SINGLE, FOREIGN, TOPONYM, PREFIX, KIND, REGION, COUNTED, PARTS };

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
    uint32_t flags;
    char tag; /* Its part of speech as a word, 0 for none. */
    bool solved;
    uint8_t seldom; /* The parts of names that it may be though no list has it: bits. */
    int32_t cost;                /* As a word by itself. */
    int32_t part[PARTS];         /* As a part of a name, `NO_COST` for none. */
    Followers followers;         /* With the words that begin so, a `Beginning`. */
} Character;

typedef struct {
    PyObject_HEAD
    Table table;
    Pages characters;
    Hashes names, boundaries; /* What costs have, with these; see `cost_of`. */
    uint64_t counted[COUNTED_PAIRS]; /* Pairs of characters, each with the digits of its frequency. */
    long unknown, number_cost, counted_cost, twice, rare;
    int32_t beside_dot;   /* The cost of the feature `D`. */
    /* What stands before a name and after it may make it cheaper by so much at most, and that it is a
       word, by so much. */
    int32_t least_before, least_after, least_whole;
    PyObject *flags_of, *latin, *erhua;
} WordSegmenter;

/* A place of a run. */
typedef struct {
    int64_t best; /* The cost of what is there from here to the end. */
    Step chosen;
    int32_t after; /* What a name that ends here costs more, `NO_COST` where it was not asked yet. */
    uint8_t reach; /* The length of the longest word that begins here, 3 for longer ones. */
} Spot;

typedef struct {
    WordSegmenter *segmenter;
    const Text *text; /* Simplified. */
    Py_ssize_t start, end, at;
    Spot *spots;
    int32_t before; /* What a name that begins here costs more, as `after`. */
    int64_t least;
    Step step;
} Search;

/* ---- what is known of characters and pairs --------------------------------------------------- */

static Character *started(WordSegmenter *self, Char character)
{
    Character *known = page_record(&self->characters, character);
    for (int part = 0; known && !known->flags && part < PARTS; part++)
        known->part[part] = NO_COST;
    if (known)
        known->flags |= KNOWN;
    return known;
}

#define FREE (1 << (HELD - 1)) /* A cost of nothing, as it is held: none is held as a negative one. */

/* The cost of what has this hash, or another where it has none. */
static inline int32_t cost_of(const Hashes *costs, uint64_t hash, int32_t other)
{
    uint64_t slot = hashes_may_have(costs, hash) ? *hashes_slot(costs, hash) : 0;
    return slot ? (int32_t)(slot & (2 * FREE - 1)) - FREE : other;
}

static inline uint64_t feature_hash(Char letter, const Char *seen, Py_ssize_t size)
{
    return hash_more(hash_more(HASH_SEED, &letter, 1), seen, (size_t)size);
}

/* The cost of a feature: its letter and what was seen. */
static inline int32_t feature(const WordSegmenter *self, char letter, const Char *seen,
                              Py_ssize_t size)
{
    return cost_of(&self->names, feature_hash((Char)letter, seen, size), 0);
}

/* That of a letter and another sign. */
static inline int32_t sign_feature(const WordSegmenter *self, char letter, Char sign)
{
    return feature(self, letter, &sign, 1);
}

/* What is known of a character; NULL with an exception. */
static Character *character_of(WordSegmenter *self, Char character)
{
    Character *known = started(self, character);
    if (!known || known->solved)
        return known;
    /* Whoever asks of a run goes on to its end, also where Ctrl-C has come in between. */
    if (PyErr_Occurred())
        return NULL;
    PyObject *string = text_slice(&(Text){&character, 1}, 0, 1), *flags = NULL;
    if (string)
        flags = PyObject_CallOneArg(self->flags_of, string);
    uint32_t found = flags ? (uint32_t)PyLong_AsUnsignedLong(flags) : 0;
    Py_XDECREF(string);
    Py_XDECREF(flags);
    if (PyErr_Occurred())
        return NULL;
    known->flags = found | KNOWN;
    const char *end = NULL, *record = table_get(&self->table, 'b', &character, 1, &end);
    bool alone = record && record < end && *record != '\n';
    known->cost = alone ? whole_number(record, end) : (int32_t)self->unknown;
    if (!table_tag(&self->table, &character, 1, &known->tag, 1))
        known->tag = 0;
    if (followers_open(&known->followers, record, end) < 0)
        return NULL;
    for (int part = FIRST; part <= TOPONYM && alone && known->cost >= self->rare; part++)
        if (known->part[part] == NO_COST) {
            known->part[part] = sign_feature(self, parts[part], '?');
            known->seldom |= 1u << part;
        }
    known->solved = true;
    return known;
}

/* A word of the lattice as a step, cut as `split` says (see `Lexicon.lattice_words`): into pieces
   that are the word, or not at all. */
static Step listed_step(int32_t length, int32_t cost, Field split)
{
    Step step = {length, cost, 1, {length}};
    int32_t pieces[MOST_PIECES], count = 0, left = length;
    if (split.start < split.end && *split.start == 'n')
        step.pieces[0] |= NAME << BITS;
    for (const char *at = split.start; at + 1 < split.end && count < MOST_PIECES; at += 2) {
        int32_t kind = at[1] == 'p' ? PERSON : at[1] == 'n' ? NAME : HAN, size = at[0] - '0';
        if (size < 1 || size > left)
            return step;
        left -= size;
        pieces[count++] = size | kind << BITS;
    }
    if (count && !left) {
        memcpy(step.pieces, pieces, sizeof pieces);
        step.count = count;
    }
    return step;
}

static int by_length(const void *one, const void *other)
{
    return ((const Listed *)one)->step.length - ((const Listed *)other)->step.length;
}

#define LONGEST_LISTED 64

static Beginning *parsed(Field lines)
{
    size_t words = count_of(lines, '\n') + 1;
    Beginning *made = PyMem_Calloc(1, sizeof(Beginning) + words * sizeof(Listed) +
                                          (size_t)(lines.end - lines.start) * sizeof(Char));
    if (!made) {
        PyErr_NoMemory();
        return NULL;
    }
    Char *rest = (Char *)(made->words + words);
    for (const char *at = lines.start; at && words > 0; words--) {
        Listed *word = &made->words[made->count];
        Field line = next_part(&at, lines.end, '\n');
        Field written = next_part(&line.start, line.end, '\t');
        Field cost = next_part(&line.start, line.end, '\t');
        int32_t length = 1;
        word->rest = rest;
        for (const char *c = written.start; c < written.end; length++) {
            Char character;
            c = get_utf8(c, written.end, &character);
            if (length > 1)
                *rest++ = character;
        }
        if (length < 2 || length > LONGEST_LISTED)
            continue;
        word->step = listed_step(length, whole_number(cost.start, cost.end),
                                 next_part(&line.start, line.end, '\t'));
        made->count++;
    }
    qsort(made->words, (size_t)made->count, sizeof(Listed), by_length);
    return made;
}

/* Whether a kind of place stands after a name, which it is then added to; -1 with an exception. */
static int with_kind(Search *search, Step *name)
{
    Py_ssize_t after = search->at + name->length;
    if (after >= search->end)
        return 0;
    const Character *kind = character_of(search->segmenter, search->text->chars[after]);
    if (!kind)
        return -1;
    if (!(kind->flags & PLACE_KIND))
        return 0;
    name->length++;
    name->cost += kind->cost;
    name->pieces[name->count++] = 1 | NAME << BITS;
    return 1;
}

/* The words that begin at a place; NULL with an exception. */
static const Beginning *words_at(WordSegmenter *self, const Text *text, Py_ssize_t at)
{
    static const Beginning nothing;
    if (at + 1 >= text->size)
        return &nothing;
    Character *first = character_of(self, text->chars[at]);
    if (!first)
        return NULL;
    void **known = follower(&first->followers, text->chars[at + 1]);
    if (!known)
        return &nothing;
    if (!*known)
        *known = parsed(lines_of(&first->followers, known));
    return *known;
}

static bool stands(const Text *text, Py_ssize_t at, const Listed *word)
{
    return at + word->step.length <= text->size &&
           memcmp(text->chars + at + 2, word->rest,
                  (size_t)(word->step.length - 2) * sizeof(Char)) == 0;
}

/* ---- candidates -------------------------------------------------------------------------------- */

static void offer(Search *search, const Step *step)
{
    int64_t total = step->cost + search->spots[search->at + step->length].best;
    if (total <= search->least) {
        search->least = total;
        search->step = *step;
    }
}

#define DOT 0xB7

/* Two characters, each said twice: 歪歪扭扭; but 爷爷|捶捶, as 爷爷 is a word. */
static int offer_twice(Search *search, const Beginning *words)
{
    const Char *c = search->text->chars + search->at;
    if (search->at + 4 > search->end || c[0] != c[1] || c[2] != c[3])
        return 0;
    const Character *one = character_of(search->segmenter, c[0]);
    const Character *other = character_of(search->segmenter, c[2]);
    if (!one || !other)
        return -1;
    int32_t twice = one->cost + (int32_t)search->segmenter->twice;
    if (!words->count || words->words->step.length != 2 || words->words->step.cost >= twice)
        offer(search, &(Step){4, twice + other->cost, 1, {4}});
    return 0;
}

static int offer_words(Search *search)
{
    WordSegmenter *self = search->segmenter;
    const Beginning *words = words_at(self, search->text, search->at);
    for (int32_t number = 0; words && number < words->count; number++) {
        const Step *listed = &words->words[number].step;
        Py_ssize_t after = search->at + listed->length;
        if (!stands(search->text, search->at, &words->words[number]))
            continue;
        search->spots[search->at].reach = (uint8_t)Py_MIN(listed->length, 3);
        if (after > search->end)
            continue;
        Step step = *listed;
        const Char *c = search->text->chars;
        bool dot = (search->at && c[search->at - 1] == DOT) ||
                   (after < search->text->size && c[after] == DOT);
        step.cost += dot && step.pieces[0] >> BITS == NAME ? self->beside_dot : 0;
        offer(search, &step);
        if (step.pieces[0] != (step.length | NAME << BITS))
            continue;
        int kind = with_kind(search, &step);
        if (kind < 0)
            return -1;
        if (kind)
            offer(search, &step);
    }
    return words ? offer_twice(search, words) : -1;
}

/* Of a character of the run that the search was at already, or is at now. */
static uint32_t flags_at(const Search *search, Py_ssize_t at)
{
    const Character *known = page_record(&search->segmenter->characters, search->text->chars[at]);
    return at < search->end ? known->flags : 0;
}

/* Where the number that begins at `at` ends; `at` where none does: `_number` of numbers.py. */
static Py_ssize_t number_end(const Search *search, Py_ssize_t at)
{
    Py_ssize_t first = at + ((flags_at(search, at) & ORDINAL) != 0), end = first + 1;
    Py_ssize_t last = Py_MIN(search->end, at + LONGEST_NUMBER);
    if (first >= last)
        return at;
    uint32_t flags = flags_at(search, first);
    bool some = flags & SOME && end < last && flags_at(search, end) & TENS;
    if (!some && !(flags & LEADING))
        return flags & FEW_OF ? end : at;
    for (; end < last; end++) {
        flags = flags_at(search, end);
        bool few = flags & FEW_OF && flags_at(search, end - 1) & TENS &&
                   !(end + 1 < last && flags_at(search, end + 1) & TENS);
        if (!(flags & WITHIN) && !few)
            break;
    }
    return end;
}

static void offer_numbers(Search *search, const Character *first)
{
    const WordSegmenter *self = search->segmenter;
    Py_ssize_t end = number_end(search, search->at);
    int32_t length = (int32_t)(end - search->at);
    if (length == 0)
        return;
    int32_t cost = length > 1 ? (int32_t)self->number_cost : first->cost;
    if (length > 1)
        offer(search, &(Step){length, cost, 1, {length | HAN << BITS}});
    Py_ssize_t after = search->at + length;
    if (after < search->end) {
        const Character *known = page_record(&search->segmenter->characters,
                                             search->text->chars[after]);
        if (known->part[COUNTED] != NO_COST)
            offer(search, &(Step){length + 1,
                                  cost + known->cost + known->part[COUNTED] + sign_feature(self, 'T', 'q'),
                                  2, {length | HAN << BITS, 1}});
    }
    if (after + 1 < search->end && flags_at(search, after) & MEASURE &&
        flags_at(search, after + 1) & PEOPLE)
        offer(search,
              &(Step){length + 1, (int32_t)self->counted_cost, 2, {length | HAN << BITS, 1}});
}

/* ---- names ------------------------------------------------------------------------------------- */

/* How many digits the frequency of a word has. */
static Char digits(const WordSegmenter *self, const Char *word, size_t size)
{
    Char count = 0;
    for (long frequency = table_frequency(&self->table, word, size); frequency; frequency /= 10)
        count++;
    return count;
}

/* The cost of the feature of a word that says how many. */
static int32_t frequency_cost(WordSegmenter *self, char letter, const Char *word, size_t size)
{
    uint64_t pair = (uint64_t)word[0] << 25 | (uint64_t)word[1] << 4, other;
    uint64_t *known = size == 2 ? &self->counted[(pair * HASH_FACTOR >> 32) % COUNTED_PAIRS] : &other;
    if (size != 2 || (*known ^ pair) >> 4)
        *known = pair | digits(self, word, size);
    return *known & 15 ? sign_feature(self, letter, '0' + (*known & 15)) : 0;
}

/* What stands before a name: `_before`. */
static int32_t before(const WordSegmenter *self, const Text *text, Py_ssize_t start)
{
    const Char *c = text->chars + start;
    Py_ssize_t two = Py_MIN(start, 2);
    return sign_feature(self, 'b', start ? c[-1] : '^') + feature(self, 'B', c - two, two);
}

/* What stands after a name, and the word across its edge: `NameCandidates._after`. */
static int after(Search *search, Py_ssize_t end, int32_t *cost)
{
    WordSegmenter *self = search->segmenter;
    const Char *c = search->text->chars + end;
    Py_ssize_t size = Py_MIN(search->text->size - end, 2);
    const Character *last = character_of(self, c[-1]);
    Char reach = search->spots[end - 1].reach;
    if (!last)
        return -1;
    Char seen[] = {(unsigned char)last->tag, size ? c[0] : '$'};
    *cost = sign_feature(self, 'a', seen[1]) + feature(self, 'A', c, size) +
            feature(self, 'e', seen, last->tag != 0) +
            feature(self, 'd', seen + !last->tag, 1 + (last->tag != 0)) +
            (reach ? sign_feature(self, 'o', '0' + reach) : 0);
    return 0;
}

/* Offer a name whose parts cost so much. Nearly all are too dear, whatever stands around them. */
static int offer_name(Search *search, Step step)
{
    WordSegmenter *self = search->segmenter;
    Spot *end = &search->spots[search->at + step.length];
    int64_t least = step.cost + end->best + self->least_after;
    if (least + self->least_before > search->least)
        return 0;
    if (search->before == NO_COST) {
        search->before = before(self, search->text, search->at);
        if (search->at)
            search->before += frequency_cost(self, 'u', search->text->chars + search->at - 1, 2);
    }
    if (least + search->before > search->least)
        return 0;
    if (end->after == NO_COST && after(search, search->at + step.length, &end->after) < 0)
        return -1;
    step.cost += search->before + end->after;
    offer(search, &step);
    return 0;
}

static int offer_people(Search *search, int32_t size, int32_t surname)
{
    WordSegmenter *self = search->segmenter;
    const Char *c = search->text->chars + search->at, *given = c + size;
    Py_ssize_t room = search->text->size - search->at - size;
    const Character *one = room > 0 ? character_of(self, given[0]) : NULL;
    const Character *two = room > 1 ? character_of(self, given[1]) : NULL;
    if (PyErr_Occurred())
        return -1;
    for (Py_ssize_t length = Py_MIN(room, 3); one && length > 0; length--) {
        int32_t title = cost_of(&self->names, feature_hash('t', given, length), NO_COST);
        if (title == NO_COST)
            continue;
        int32_t alone = size == 1 ? character_of(search->segmenter, c[0])->cost : surname;
        int32_t cost = alone + feature(self, 'l', c, size) + sign_feature(self, 'T', '0') + title +
                       before(self, search->text, search->at);
        offer(search, &(Step){size, cost, 1, {size | PERSON << BITS}});
        break;
    }
    if (room > search->end - search->at - size)
        room = search->end - search->at - size;
    if (room > 0 && one->part[SINGLE] != NO_COST) {
        int32_t cost = surname + one->part[SINGLE] + sign_feature(self, 'T', '1') +
                       frequency_cost(self, 'w', c, (size_t)size + 1);
        Step step = {size + 1, cost, 2, {size | PERSON << BITS, 1 | PERSON << BITS}};
        if (offer_name(search, step) < 0)
            return -1;
    }
    if (room < 2 || one->part[FIRST] == NO_COST || two->part[LAST] == NO_COST)
        return 0;
    int32_t cost = surname + one->part[FIRST] + two->part[LAST] +
                   sign_feature(self, 'T', '2') + frequency_cost(self, 'h', c, (size_t)size + 1) +
                   frequency_cost(self, 'v', given, 2);
    return offer_name(search,
                      (Step){size + 2, cost, 2, {size | PERSON << BITS, 2 | PERSON << BITS}});
}

/* A name of two characters, of which the first costs `first`: 小明 (`p`), 燕秋 (`g`). */
static int offer_pair(Search *search, char pattern, int32_t first, int part)
{
    WordSegmenter *self = search->segmenter;
    const Char *c = search->text->chars + search->at;
    const Character *last = character_of(self, c[1]);
    if (!last)
        return -1;
    if (last->part[part] == NO_COST || last->seldom & 1u << part)
        return 0;
    int32_t cost = first + last->part[part] + sign_feature(self, 'T', (Char)pattern);
    /* Most are too dear, which is cheaper to see than whether they are a word. */
    int64_t least = cost + search->spots[search->at + 2].best + self->least_whole;
    if (least + self->least_before + self->least_after > search->least)
        return 0;
    cost += frequency_cost(self, 'w', c, 2);
    return offer_name(search, (Step){2, cost, 1, {2 | PERSON << BITS}});
}

/* Transliterations, or names of places with their kind. */
static int offer_strings(Search *search, int part, int32_t shortest, int32_t longest)
{
    WordSegmenter *self = search->segmenter;
    const Char *c = search->text->chars + search->at;
    int32_t total = 0;
    for (int32_t length = 1; length <= longest && search->at + length <= search->end; length++) {
        const Character *known = character_of(self, c[length - 1]);
        if (!known)
            return -1;
        if (known->part[part] == NO_COST)
            return 0;
        total += known->part[part];
        if (length < shortest)
            continue;
        Step step = {length, total, 1, {length | NAME << BITS}};
        step.cost += feature(self, 'T', (Char[]){part == FOREIGN ? 'f' : 'k', (Char)('0' + length)}, 2);
        if (part == FOREIGN) {
            if (offer_name(search, step) < 0)
                return -1;
            int kind = with_kind(search, &step);
            if (kind < 0 || (kind && offer_name(search, step) < 0))
                return -1;
            continue;
        }
        if (search->at + length >= search->end)
            return 0;
        const Character *kind = character_of(self, c[length]);
        if (!kind)
            return -1;
        if (kind->part[KIND] == NO_COST)
            continue;
        Py_ssize_t last = search->at + length + 1;
        step.cost += kind->part[KIND] +
                     feature(self, 'x', search->at ? c - 1 : (Char[]){'^'}, 1) +
                     feature(self, 'y', c + length + 1, last < search->text->size);
        step.length++;
        step.pieces[0]++;
        offer(search, &step);
    }
    return 0;
}

static int offer_names(Search *search, const Character *first)
{
    const int32_t *part = first->part;
    if (part[SURNAME] != NO_COST && offer_people(search, 1, part[SURNAME]) < 0)
        return -1;
    if (search->at + 2 <= search->end) {
        uint64_t hash = feature_hash('s', search->text->chars + search->at, 2);
        int32_t cost = cost_of(&search->segmenter->names, hash, NO_COST);
        if (cost != NO_COST && offer_people(search, 2, cost) < 0)
            return -1;
    }
    if (part[REGION] != NO_COST) {
        int32_t region = part[REGION] + sign_feature(search->segmenter, 'T', 'a');
        if (offer_name(search, (Step){1, region, 1, {1 | NAME << BITS}}) < 0)
            return -1;
    }
    if (search->at + 1 < search->end) {
        bool given = part[FIRST] != NO_COST && !(first->seldom & 1u << FIRST);
        if ((part[PREFIX] != NO_COST && (offer_pair(search, 'p', part[PREFIX], SURNAME) < 0 ||
                                         offer_pair(search, 'p', part[PREFIX], SINGLE) < 0)) ||
            (given && offer_pair(search, 'g', part[FIRST], LAST) < 0))
            return -1;
    }
    if (part[FOREIGN] != NO_COST && offer_strings(search, FOREIGN, 2, 8) < 0)
        return -1;
    return part[TOPONYM] != NO_COST ? offer_strings(search, TOPONYM, 1, 3) : 0;
}

/* ---- the cheapest path --------------------------------------------------------------------------- */

/* What it costs that a word ends before `at`: `Lattice.boundary`. */
static int32_t boundary(const Hashes *costs, const Text *text, Py_ssize_t at)
{
    const Char *c = text->chars + at;
    const Char seen[] = {at > 1 ? c[-2] : '^', c[-1], '|', c[0], at + 1 < text->size ? c[1] : '$'};
    uint64_t pair = hash_more(HASH_SEED, seen + 1, 3);
    int32_t cost = cost_of(costs, pair, NO_COST);
    /* What is known with a third character is known without it. */
    return cost == NO_COST ? 0
                           : cost + cost_of(costs, hash_more(HASH_SEED, seen, 4), 0) +
                                 cost_of(costs, hash_more(pair, seen + 4, 1), 0);
}

/* Solve a run from its end: each spot gets the step to take there. */
static int solve(Search *search)
{
    WordSegmenter *self = search->segmenter;
    for (search->at = search->end - 1; search->at >= search->start; search->at--) {
        const Character *first = character_of(self, search->text->chars[search->at]);
        if (!first)
            return -1;
        Spot *spot = &search->spots[search->at];
        search->least = first->cost + spot[1].best;
        search->step = (Step){1, 0, 1, {1}};
        search->before = spot->after = NO_COST;
        spot->reach = 0;
        if (offer_words(search) < 0)
            return -1;
        if (first->flags & (ORDINAL | LEADING | SOME))
            offer_numbers(search, first);
        if (offer_names(search, first) < 0)
            return -1;
        spot->chosen = search->step;
        spot->best = search->least;
        if (search->at > search->start)
            spot->best += boundary(&self->boundaries, search->text, search->at);
    }
    return 0;
}

/* ---- words of a text ---------------------------------------------------------------------------- */

typedef struct {
    WordSegmenter *segmenter;
    const Text *text, *shadow;
    PyObject *written;
    WordList words;
    bool selectors; /* Whether any stood in a run: such a text is left to Python. */
} Segmentation;

/* Whether an 儿 after the word `text[start:at]` joins it: `ReferenceSegmenter._takes_erhua`. */
static bool takes_erhua(const WordSegmenter *self, const Text *text, Py_ssize_t start, Py_ssize_t at)
{
    char tag[1];
    return at - start < 4 &&
           table_tag(&self->table, text->chars + start, (size_t)(at - start), tag, 1) &&
           PyUnicode_FindChar(self->erhua, (Py_UCS4)tag[0], 0, PyUnicode_GET_LENGTH(self->erhua),
                              1) >= 0;
}

/* The pieces of a solved run, with each 儿 that joins the word before it; how many. */
static Py_ssize_t pieces_of(const Search *search, int32_t *pieces)
{
    Py_ssize_t count = 0, at = search->start;
    for (Py_ssize_t from = at; from < search->end; from += search->spots[from].chosen.length) {
        const Step *step = &search->spots[from].chosen;
        for (int32_t number = 0; number < step->count; number++) {
            int32_t piece = step->pieces[number];
            Py_ssize_t length = piece & LENGTH;
            if (length == 1 && search->text->chars[at] == 0x513F && count &&
                pieces[count - 1] >> BITS == HAN &&
                takes_erhua(search->segmenter, search->text, at - (pieces[count - 1] & LENGTH),
                            at))
                pieces[count - 1]++;
            else
                pieces[count++] = piece;
            at += length;
        }
    }
    return count;
}

static uint32_t flags_of(WordSegmenter *self, Char character)
{
    const Character *known = character_of(self, character);
    return known ? known->flags : 0;
}

static int segment_run(Segmentation *segmentation, Py_ssize_t start, Py_ssize_t end)
{
    size_t room = (size_t)(end - start) + 1;
    Spot *spots = PyMem_Malloc(room * (sizeof(Spot) + sizeof(int32_t)));
    if (!spots)
        return no_memory();
    int32_t *pieces = (int32_t *)(spots + room);
    Search search = {.segmenter = segmentation->segmenter,
                     .text = segmentation->shadow,
                     .start = start,
                     .end = end,
                     .spots = spots - start};
    search.spots[end] = (Spot){.after = NO_COST};
    int done = solve(&search);
    Py_ssize_t count = done == 0 ? pieces_of(&search, pieces) : 0;
    for (Py_ssize_t number = 0; done == 0 && number < count; number++) {
        Py_ssize_t first = start;
        start += pieces[number] & LENGTH;
        done = words_add(&segmentation->words, first, start, pieces[number] >> BITS);
    }
    PyMem_Free(spots);
    return done;
}

/* Where the Latin run or number that begins at `at` ends, and its kind; -1 with an exception. */
static Py_ssize_t latin_end(const Segmentation *segmentation, Py_ssize_t at, Py_ssize_t end,
                            long *kind)
{
    Py_ssize_t last = -1;
    PyObject *found = PyObject_CallFunction(segmentation->segmenter->latin, "Onn",
                                            segmentation->written, at, end);
    if (found && PyArg_ParseTuple(found, "nl", &last, kind) && (last <= at || last > end))
        PyErr_SetString(PyExc_ValueError, "a Latin run is not in its text");
    Py_XDECREF(found);
    return PyErr_Occurred() ? -1 : last;
}

/* Add the words of `text[start:end]`: `ReferenceSegmenter`. */
static int segment_between(Segmentation *segmentation, Py_ssize_t start, Py_ssize_t end)
{
    WordSegmenter *self = segmentation->segmenter;
    const Char *text = segmentation->text->chars;
    for (Py_ssize_t at = start; at < end; start = at) {
        uint32_t flags = flags_of(self, text[at]), same = flags & (BLANK | SYLLABARY);
        long kind = flags & BLANK ? SPACE : same ? OTHER : (long)(flags >> SYMBOL_BITS & 0x7F);
        if (flags & IDEOGRAPH) {
            for (; flags & (IDEOGRAPH | SELECTOR); flags = at < end ? flags_of(self, text[at]) : 0) {
                segmentation->selectors |= (flags & SELECTOR) != 0;
                at++;
            }
            if (segment_run(segmentation, start, at) < 0)
                return -1;
            continue;
        }
        if (flags & (LETTER | DIGIT)) {
            at = latin_end(segmentation, at, end, &kind);
        } else if (same) {
            while (at < end && flags_of(self, text[at]) & same)
                at++;
        } else {
            while (at < end && text[at] == text[start])
                at++;
        }
        if (PyErr_Occurred() || words_add(&segmentation->words, start, at, kind) < 0)
            return -1;
    }
    return PyErr_Occurred() ? -1 : 0;
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
    Segmentation segmentation = {
        .segmenter = self, .text = &text, .shadow = &shadow, .written = written};
    Words *words = NULL;
    PyObject *fixed = PySequence_Fast(given, "fixed words are a sequence");
    if (fixed && text_of(&text, written) == 0 && text_of(&shadow, simplified) == 0) {
        if (text.size != shadow.size)
            PyErr_SetString(PyExc_ValueError, "a text and its shadow differ in length");
        else if (segment_around(&segmentation, fixed) == 0)
            words = segmentation.selectors ? (Words *)Py_NewRef(Py_None)
                                           : words_made(&segmentation.words);
    }
    text_free(&text);
    text_free(&shadow);
    PyMem_Free(segmentation.words.words);
    Py_XDECREF(fixed);
    return (PyObject *)words;
}

/* ---- making one --------------------------------------------------------------------------------- */

/* Read a record of features and their costs (`pack_costs`); how cheap the cheapest of each letter is,
   and with each character what names are made of, if that is wanted. */
static int read_costs(WordSegmenter *self, char letter, Hashes *costs, int32_t *least)
{
    const char *end = NULL, *at = table_get(&self->table, letter, NULL, 0, &end);
    if (hashes_open(costs, at ? count_of((Field){at, end}, '\n') + 1 : 0) < 0)
        return -1;
    while (at) {
        Char name[8] = {0};
        size_t size = 0;
        Field line = next_part(&at, end, '\n'), seen = next_part(&line.start, line.end, '\t');
        while (seen.start < seen.end && size < 8)
            seen.start = get_utf8(seen.start, seen.end, &name[size++]);
        int32_t cost = line.start ? whole_number(line.start, line.end) : 0;
        cost = Py_MAX(-FREE, Py_MIN(cost, FREE - 1));
        hashes_put(costs, hash_more(HASH_SEED, name, size), (size_t)(cost + FREE));
        const char *part = least && name[0] < 128 ? strchr(parts, (int)name[0]) : NULL;
        if (least)
            least[name[0] & 127] = Py_MIN(least[name[0] & 127], cost);
        if (!part || !*part || size != 2)
            continue;
        Character *known = started(self, name[1]);
        if (!known)
            return -1;
        known->part[part - parts] = cost;
    }
    return 0;
}

static void drop_character(void *record)
{
    followers_free(&((Character *)record)->followers);
}

static void segmenter_free(WordSegmenter *self)
{
    pages_free(&self->characters, drop_character);
    PyMem_Free(self->names.slots);
    PyMem_Free(self->boundaries.slots);
    table_close(&self->table);
    Py_XDECREF(self->flags_of);
    Py_XDECREF(self->latin);
    Py_XDECREF(self->erhua);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

static PyObject *segmenter_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"table", "flags_of", "latin", "erhua", "costs", NULL};
    PyObject *table, *flags_of, *latin, *erhua;
    long unknown, number, counted, twice, rare;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "OOOU(lllll)", names, &table, &flags_of, &latin,
                                     &erhua, &unknown, &number, &counted, &twice, &rare))
        return NULL;
    WordSegmenter *self = (WordSegmenter *)type->tp_alloc(type, 0);
    if (!self)
        return NULL;
    self->characters.record = sizeof(Character);
    self->flags_of = Py_NewRef(flags_of);
    self->latin = Py_NewRef(latin);
    self->erhua = Py_NewRef(erhua);
    self->unknown = unknown;
    self->number_cost = number;
    self->counted_cost = counted;
    self->twice = twice;
    self->rare = rare;
    int32_t least[128] = {0};
    if (table_open(&self->table, table) < 0 || read_costs(self, 'n', &self->names, least) < 0 ||
        read_costs(self, 'k', &self->boundaries, NULL) < 0) {
        Py_DECREF(self);
        return NULL;
    }
    self->beside_dot = feature(self, 'D', NULL, 0);
    self->least_whole = least['w'];
    self->least_before = least['b'] + least['B'] + least['u'];
    self->least_after = least['a'] + least['A'] + least['e'] + least['d'] + least['o'];
    return (PyObject *)self;
}

static PyMethodDef methods[] = {
    {"segment", (PyCFunction)segment, METH_VARARGS,
     "segment(text, shadow, fixed): the words of `text`, in order, `fixed` ones among them; None for "
     "a text with variation selectors."},
    {NULL, NULL, 0, NULL},
};

CORE_TYPE(WordSegmenter, 0, segmenter_new, segmenter_free, "Segments texts into words.",
          .tp_methods = methods);
