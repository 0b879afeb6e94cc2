/* Words made into tokens: forms in both scripts, senses, levels (reader/annotation/tokens.py). */

#include "core.h"

#include <structmember.h>

#define REMEMBERED 20000 /* Before they count as old. */

enum { TEXT, KIND, IN_SIMPLIFIED, IN_TRADITIONAL, READING, PROPER, GLOSSES, LEVELS, PARTS };

static const char *const TOKEN_FIELDS[PARTS] = {
    "text", "kind", "simplified", "traditional", "reading", "proper", "senses", "levels",
};

typedef struct {
    PyObject_HEAD
    Table table;
    Memory known;   /* Kind, identity of the reading, and the three forms: a token, which keeps the
                       reading and so its identity. */
    Memory tokens;  /* All that makes tokens differ: a token. */
    DataClass token, reading;
    PyObject *kinds; /* For each kind of word the kind of its tokens. */
    char unread;     /* Whether any word so far has had no reading. */
    PyObject *finish; /* What changes a token that is met for the first time, or None. */
    PyObject *levels; /* What makes tuples of levels of their record: one object for one record. */
    bool senses;
} TokenFactory;

typedef struct {
    Text text, simplified, traditional;
    Char *key;
    size_t room;
    PyObject *python; /* The factory's twin, that is asked. */
} Forms;

/* Make room for a key of so many units; -1 with an exception when memory is out. */
static int make_room(Forms *forms, size_t needed)
{
    if (needed <= forms->room)
        return 0;
    Char *key = PyMem_Realloc(forms->key, 2 * needed * sizeof(Char));
    if (!key)
        return no_memory();
    forms->key = key;
    forms->room = 2 * needed;
    return 0;
}

static void add_identity(Char *key, size_t *size, const void *object)
{
    uint64_t identity = (uint64_t)(uintptr_t)object;
    key[(*size)++] = (Char)identity;
    key[(*size)++] = (Char)(identity >> 32);
}

/* The key of a word: its kind and which forms are the same, its reading, and what forms differ. */
static int key_of(Forms *forms, const Word *word, PyObject *reading, size_t *size)
{
    size_t length = (size_t)(word->end - word->start);
    if (make_room(forms, 3 + 3 * length) < 0)
        return -1;
    const Text *all[] = {&forms->text, &forms->simplified, &forms->traditional};
    const Char *text = forms->text.chars + word->start;
    forms->key[0] = (Char)word->kind << 2;
    *size = 1;
    add_identity(forms->key, size, reading);
    for (int form = 0; form < 3; form++) {
        const Char *chars = all[form]->chars + word->start;
        if (form && memcmp(chars, text, length * sizeof(Char)) == 0) {
            forms->key[0] |= (Char)form;
            continue;
        }
        memcpy(forms->key + *size, chars, length * sizeof(Char));
        *size += length;
    }
    return 0;
}

/* ---- what the dictionary says of a word -------------------------------------------------------- */

typedef struct {
    const Word *word;
    PyObject *reading;
    Text text, simplified, traditional; /* Of the word, within its block. */
    EntryList list;                     /* The entries on the word in this reading. */
    bool proper;
} Lookup;

static Text part_of(const Text *text, const Word *word)
{
    return (Text){text->chars + word->start, word->end - word->start};
}

/* Keep the entries in this reading, or in Taiwan's; all where none has it. */
static int keep_so_read(TokenFactory *self, Lookup *lookup)
{
    Py_ssize_t kept = 0;
    if (lookup->reading == Py_None || lookup->list.count < 2)
        return 0;
    PyObject *comma = PyUnicode_FromString(","), *joined = NULL;
    if (comma)
        joined = PyUnicode_Join(comma, dataclass_field(&self->reading, lookup->reading, 0));
    Py_ssize_t size;
    const char *letters = joined ? PyUnicode_AsUTF8AndSize(joined, &size) : NULL;
    for (Py_ssize_t at = 0; letters && at < lookup->list.count; at++) {
        const LexEntry *entry = &lookup->list.entries[at];
        const Field so_read = {letters, letters + size};
        if (is_same(entry->fields[SYLLABLES], so_read) || is_same(entry->fields[TAIWAN], so_read))
            lookup->list.entries[kept++] = *entry;
    }
    lookup->list.count = kept ? kept : lookup->list.count;
    Py_XDECREF(comma);
    Py_XDECREF(joined);
    return letters ? 0 : -1;
}

/* Whether the dictionary knows the word, so read, as a name before all else. */
static bool is_name(const TokenFactory *self, const Lookup *lookup)
{
    bool explained = false, ordinary = false;
    for (Py_ssize_t at = 0; at < lookup->list.count; at++) {
        Field senses = lookup->list.entries[at].fields[SENSES];
        explained = explained || senses.start < senses.end;
        ordinary = ordinary || !is_flagged(&lookup->list.entries[at], 'p');
    }
    if (explained)
        return !ordinary;
    char tag[2];
    const Text *word = &lookup->simplified;
    return word->size > 1 && table_tag(&self->table, word->chars, (size_t)word->size, tag, 2) == 2 &&
           tag[0] == 'n' && (tag[1] == 'r' || tag[1] == 's' || tag[1] == 't');
}

static PyObject *string_of(const Text *text)
{
    return text_slice(text, 0, text->size);
}

static int add_senses(PyObject *senses, const LexEntry *entry)
{
    Field field = entry->fields[SENSES];
    for (const char *at = field.start < field.end ? field.start : NULL; at;) {
        PyObject *sense = field_string(next_part(&at, field.end, '/'));
        int there = sense ? PySequence_Contains(senses, sense) : -1;
        if (there == 0)
            there = PyList_Append(senses, sense);
        Py_XDECREF(sense);
        if (there < 0)
            return -1;
    }
    return 0;
}

/* The glosses of all entries, each once; a name's own first: `_senses`. */
static PyObject *senses_of(const Lookup *lookup)
{
    PyObject *senses = PyList_New(0), *glosses = NULL;
    int done = senses ? 0 : -1;
    for (int pass = 0; pass < 2; pass++)
        for (Py_ssize_t at = 0; done == 0 && at < lookup->list.count; at++)
            if ((is_flagged(&lookup->list.entries[at], 'p') == lookup->proper) == (pass == 0))
                done = add_senses(senses, &lookup->list.entries[at]);
    if (done == 0)
        glosses = PyList_AsTuple(senses);
    Py_XDECREF(senses);
    return glosses;
}

/* The levels of a word: the one tuple of all words of those levels. */
static PyObject *levels_of(const TokenFactory *self, const Lookup *lookup)
{
    if (self->levels == Py_None)
        return PyTuple_New(0);
    Field field =
        table_levels(&self->table, lookup->simplified.chars, (size_t)lookup->simplified.size);
    PyObject *record = field_string(field);
    PyObject *levels = record ? PyObject_CallOneArg(self->levels, record) : NULL;
    Py_XDECREF(record);
    return levels;
}

/* ---- tokens -------------------------------------------------------------------------------------- */

/* A form of a word: the same object as the text where it is the same. */
static PyObject *form_of(const Lookup *lookup, const Text *form, PyObject *text)
{
    return is_alike(form, &lookup->text) ? Py_XNewRef(text) : string_of(form);
}

/* A word of Han characters, as a token of its own: `_token` of reader/annotation/tokens.py. */
static PyObject *word_token(TokenFactory *self, Lookup *lookup)
{
    /* What was meant has its entry: in a Traditional text `text` may be a mistake for it. */
    const Text *written =
        is_alike(&lookup->text, &lookup->simplified) ? &lookup->text : &lookup->traditional;
    if (entries_on(&lookup->list, &self->table, written, &lookup->simplified) < 0 ||
        keep_so_read(self, lookup) < 0)
        return NULL;
    long kind = lookup->word->kind;
    lookup->proper = kind == NAME || (kind != COMMON && is_name(self, lookup));
    /* One after the other: Python is not to be asked anything once one has failed. */
    PyObject *senses = self->senses ? senses_of(lookup) : PyTuple_New(0);
    PyObject *levels = senses ? levels_of(self, lookup) : NULL;
    if (!levels) {
        Py_XDECREF(senses);
        return NULL;
    }
    PyObject *text = string_of(&lookup->text);
    PyObject *values[PARTS] = {
        [TEXT] = text,
        [KIND] = Py_NewRef(PyTuple_GET_ITEM(self->kinds, kind)),
        [IN_SIMPLIFIED] = form_of(lookup, &lookup->simplified, text),
        [IN_TRADITIONAL] = form_of(lookup, &lookup->traditional, text),
        [READING] = Py_NewRef(lookup->reading),
        [PROPER] = PyBool_FromLong(lookup->proper),
        [GLOSSES] = senses,
        [LEVELS] = levels,
    };
    return dataclass_new(&self->token, values);
}

static int add_string(Char *key, size_t *size, PyObject *string)
{
    Py_ssize_t length = PyUnicode_GET_LENGTH(string);
    if (!PyUnicode_AsUCS4(string, key + *size, length, 0))
        return -1;
    *size += (size_t)length;
    return 0;
}

/* All that tells a token from others, as a key. Kinds are one object each, readings and
   levels nearly so. */
static int token_key(const DataClass *dataclass, PyObject *token, Char *key, size_t *size)
{
    Py_hash_t senses = PyObject_Hash(dataclass_field(dataclass, token, GLOSSES));
    *size = 0;
    add_identity(key, size, dataclass_field(dataclass, token, KIND));
    add_identity(key, size, dataclass_field(dataclass, token, READING));
    add_identity(key, size, dataclass_field(dataclass, token, PROPER));
    add_identity(key, size, dataclass_field(dataclass, token, LEVELS));
    add_identity(key, size, (const void *)senses);
    for (int form = TEXT; form <= IN_TRADITIONAL; form++)
        if (form != KIND && add_string(key, size, dataclass_field(dataclass, token, form)) < 0)
            return -1;
    return 0;
}

/* The token that was made before and is the same in all, else this one: taken over. */
static PyObject *one_of_equals(TokenFactory *self, Forms *forms, PyObject *token)
{
    size_t length = (size_t)PyUnicode_GET_LENGTH(dataclass_field(&self->token, token, TEXT)), size;
    uintptr_t equal;
    PyObject *kept = NULL;
    if (make_room(forms, 10 + 3 * length) == 0 &&
        token_key(&self->token, token, forms->key, &size) == 0) {
        if (memory_get(&self->tokens, forms->key, size, &equal))
            kept = Py_NewRef((PyObject *)equal);
        else if (map_put(&self->tokens.young, forms->key, size, (uintptr_t)token) == 0)
            kept = Py_NewRef(Py_NewRef(token));
    }
    Py_DECREF(token);
    return kept;
}

/* The token of a word that is met for the first time: a new reference. */
static PyObject *new_token(TokenFactory *self, Forms *forms, const Word *word,
                           PyObject *reading)
{
    Lookup lookup = {
        .word = word,
        .reading = reading,
        .text = part_of(&forms->text, word),
        .simplified = part_of(&forms->simplified, word),
        .traditional = part_of(&forms->traditional, word),
    };
    bool read = word->kind < NUMBER;
    if (read && reading == Py_None)
        self->unread = 1;
    bool usual = read && word->kind != PERSON;
    /* Python makes the few distinct persons, and what is no word. */
    PyObject *token = usual ? word_token(self, &lookup)
        : PyObject_CallMethod(forms->python, "_token", "NNNlO", string_of(&lookup.text),
              string_of(&lookup.simplified), string_of(&lookup.traditional), word->kind, lookup.reading);
    PyMem_Free(lookup.list.entries);
    if (token && self->finish != Py_None) {
        PyObject *made = token;
        token = PyObject_CallOneArg(self->finish, made);
        Py_DECREF(made);
        if (token && Py_TYPE(token) != self->token.type) {
            PyErr_SetString(PyExc_TypeError, "what is finished is a token");
            Py_CLEAR(token);
        }
    }
    return token ? one_of_equals(self, forms, token) : NULL;
}

/* Whether a word's kind is one, and its reading one of as many syllables as it has characters. */
static bool is_sound(TokenFactory *self, const Word *word, PyObject *reading)
{
    if (word->kind < HAN || word->kind > OTHER) {
        PyErr_SetString(PyExc_ValueError, "a word of no kind");
        return false;
    }
    if (reading == Py_None)
        return true;
    PyObject *syllables =
        Py_TYPE(reading) == self->reading.type ? dataclass_field(&self->reading, reading, 0) : NULL;
    if (syllables && PyTuple_Check(syllables) &&
        PyTuple_GET_SIZE(syllables) == word->end - word->start)
        return true;
    PyErr_SetString(PyExc_ValueError, "a word does not have as many characters as its reading");
    return false;
}

static PyObject *token_of(TokenFactory *self, Forms *forms, const Word *word, PyObject *reading)
{
    uintptr_t cached;
    size_t size;
    if (key_of(forms, word, reading, &size) < 0)
        return NULL;
    if (memory_get(&self->known, forms->key, size, &cached))
        return Py_NewRef((PyObject *)cached);
    if (!is_sound(self, word, reading))
        return NULL;
    PyObject *token = new_token(self, forms, word, reading);
    /* Else an equal token was there, with another reading: this one may go, and its identity. */
    if (token && dataclass_field(&self->token, token, READING) == reading) {
        if (key_of(forms, word, reading, &size) < 0 ||
            map_put(&self->known.young, forms->key, size, (uintptr_t)token) < 0)
            Py_CLEAR(token);
        Py_XINCREF(token);
    }
    return token;
}

static PyObject *make_tokens(TokenFactory *self, Forms *forms, const Words *words,
                             PyObject *readings)
{
    Py_ssize_t count = Py_SIZE(words);
    memory_turn(&self->known);
    memory_turn(&self->tokens);
    PyObject *tokens = PyTuple_New(count);
    for (Py_ssize_t at = 0; tokens && at < count; at++) {
        PyObject *token = token_of(self, forms, &words->words[at], PyList_GET_ITEM(readings, at));
        if (token)
            PyTuple_SET_ITEM(tokens, at, token);
        else
            Py_CLEAR(tokens);
    }
    return tokens;
}

static PyObject *make(TokenFactory *self, PyObject *args)
{
    PyObject *sequence, *readings, *text, *simplified, *traditional, *tokens = NULL;
    Forms forms = {0};
    if (!PyArg_ParseTuple(args, "OO!UUUO", &sequence, &PyList_Type, &readings, &text, &simplified,
                          &traditional, &forms.python))
        return NULL;
    Words *words = words_in(sequence, PyUnicode_GET_LENGTH(text));
    if (words && Py_SIZE(words) != PyList_GET_SIZE(readings))
        PyErr_SetString(PyExc_ValueError, "words and readings differ in number");
    else if (words && text_of(&forms.text, text) == 0 &&
             text_of(&forms.simplified, simplified) == 0 &&
             text_of(&forms.traditional, traditional) == 0) {
        if (forms.text.size != forms.simplified.size || forms.text.size != forms.traditional.size)
            PyErr_SetString(PyExc_ValueError, "the forms of a text differ in length");
        else
            tokens = make_tokens(self, &forms, words, readings);
    }
    text_free(&forms.text);
    text_free(&forms.simplified);
    text_free(&forms.traditional);
    PyMem_Free(forms.key);
    Py_XDECREF(words);
    return tokens;
}

static void factory_free(TokenFactory *self)
{
    memory_clear(&self->known);
    memory_clear(&self->tokens);
    dataclass_close(&self->token);
    dataclass_close(&self->reading);
    Py_XDECREF(self->kinds);
    Py_XDECREF(self->levels);
    Py_XDECREF(self->finish);
    table_close(&self->table);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

static PyObject *factory_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"table", "token", "reading", "kinds", "levels", "senses", "finish", NULL};
    PyObject *table, *token, *reading, *kinds, *levels, *finish;
    int senses;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "OOOO!OpO", names, &table, &token, &reading,
                                     &PyTuple_Type, &kinds, &levels, &senses, &finish))
        return NULL;
    if (PyTuple_GET_SIZE(kinds) != OTHER + 1)
        return PyErr_Format(PyExc_ValueError, "each kind of word has a kind of token");
    TokenFactory *self = (TokenFactory *)type->tp_alloc(type, 0);
    if (!self)
        return NULL;
    self->known = (Memory){.room = REMEMBERED, .drop = drop_object};
    self->tokens = (Memory){.room = REMEMBERED, .drop = drop_object};
    self->kinds = Py_NewRef(kinds);
    self->senses = senses;
    self->levels = Py_NewRef(levels);
    self->finish = Py_NewRef(finish);
    if (table_open(&self->table, table) < 0 ||
        dataclass_open(&self->token, token, TOKEN_FIELDS, PARTS) < 0 ||
        dataclass_open(&self->reading, reading, (const char *const[]){"syllables"}, 1) < 0)
        Py_CLEAR(self);
    return (PyObject *)self;
}

static PyMethodDef methods[] = {
    {"make", (PyCFunction)make, METH_VARARGS,
     "make(words, readings, text, simplified, traditional, twin): a tuple, a token for each word; asks "
     "the twin in Python for those of persons, and of what is no word."},
    {NULL, NULL, 0, NULL},
};

static PyMemberDef members[] = {
    {"unread", T_BOOL, offsetof(TokenFactory, unread), READONLY,
     "Whether any word so far has had no reading."},
    {NULL},
};

CORE_TYPE(TokenFactory, 0, factory_new, factory_free,
          "Makes tokens of words, each distinct one once.", .tp_methods = methods,
          .tp_members = members);
