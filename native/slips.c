/* Where slips of a machine's conversion may stand: the walk of reader/annotation/corrections.py. */

#include "core.h"

#define REMEMBERED 15000 /* Before they count as old. */

typedef struct {
    bool suspect;
} Character;

typedef struct {
    PyObject_HEAD
    Pages characters;
    Memory judged; /* Whether across two words, and what is written: what was meant. */
    PyObject *judge;
} Slips;

typedef struct {
    Slips *slips;
    Text text, shadow;
    const Words *words;
    PyObject *found;
} Walk;

/* What was meant by what is written, as Python judges it; borrowed, NULL with an exception. */
static PyObject *meant(Walk *walk, Py_ssize_t start, Py_ssize_t end, bool across)
{
    Slips *self = walk->slips;
    Char key[1 + 64];
    size_t size = (size_t)(end - start);
    uintptr_t known;
    key[0] = across;
    memcpy(key + 1, walk->text.chars + start, size * sizeof(Char));
    if (memory_get(&self->judged, key, size + 1, &known))
        return (PyObject *)known;
    PyObject *written = text_slice(&walk->text, start, end);
    PyObject *simplified = text_slice(&walk->shadow, start, end), *found = NULL;
    if (written && simplified)
        found = PyObject_CallFunctionObjArgs(self->judge, written, simplified,
                                             across ? Py_True : Py_False, NULL);
    if (found == Py_None || (found && PyUnicode_Compare(found, written) == 0)) {
        Py_DECREF(found);
        found = Py_NewRef(Py_None);
    }
    Py_XDECREF(written);
    Py_XDECREF(simplified);
    if (found && memory_put(&self->judged, key, size + 1, (uintptr_t)found) < 0)
        Py_CLEAR(found);
    return found;
}

static int look(Walk *walk, Py_ssize_t start, Py_ssize_t end, bool across)
{
    /* No word of the dictionary is so long. */
    PyObject *correct = end - start > 64 ? Py_None : meant(walk, start, end, across);
    if (!correct || correct == Py_None)
        return correct ? 0 : -1;
    PyObject *slip = Py_BuildValue("nnOO", start, end, correct, across ? Py_True : Py_False);
    int done = slip ? PyList_Append(walk->found, slip) : -1;
    Py_XDECREF(slip);
    return done;
}

static bool has_suspect(Slips *self, const Text *text, const Word *word)
{
    for (Py_ssize_t at = word->start; at < word->end; at++) {
        const char *page = self->characters.pages[text->chars[at] >> 8];
        if (page && ((const Character *)page)[text->chars[at] & 0xFF].suspect)
            return true;
    }
    return false;
}

/* A slip in a word, or across it and a neighbour when each is one character. */
static int look_at(Walk *walk, Py_ssize_t at)
{
    const Word *words = walk->words->words, *word = &words[at];
    if (word->kind != HAN || !has_suspect(walk->slips, &walk->text, word))
        return 0;
    if (word->end - word->start > 1)
        return look(walk, word->start, word->end, false);
    for (Py_ssize_t first = Py_MAX(at - 1, 0); first <= at && first + 1 < Py_SIZE(walk->words);
         first++) {
        const Word *one = &words[first], *other = one + 1;
        if (other->end - one->start == 2 && one->kind == HAN && other->kind == HAN &&
            look(walk, one->start, other->end, true) < 0)
            return -1;
    }
    return 0;
}

static PyObject *find_slips(Slips *self, PyObject *args)
{
    PyObject *written, *simplified, *given;
    if (!PyArg_ParseTuple(args, "UUO", &written, &simplified, &given))
        return NULL;
    Walk walk = {.slips = self, .found = PyList_New(0)};
    Words *words = words_in(given, PyUnicode_GET_LENGTH(written));
    bool ready = walk.found && words && text_of(&walk.text, written) == 0 &&
                 text_of(&walk.shadow, simplified) == 0;
    if (ready && walk.text.size != walk.shadow.size) {
        PyErr_SetString(PyExc_ValueError, "a text and its shadow differ in length");
        ready = false;
    }
    walk.words = words;
    memory_turn(&self->judged);
    for (Py_ssize_t at = 0; ready && at < Py_SIZE(words); at++)
        ready = look_at(&walk, at) == 0;
    if (!ready)
        Py_CLEAR(walk.found);
    text_free(&walk.text);
    text_free(&walk.shadow);
    Py_XDECREF(words);
    return walk.found;
}

static int slips_traverse(Slips *self, visitproc visit, void *arg)
{
    Py_VISIT(self->judge);
    return 0;
}

static int slips_clear(Slips *self)
{
    Py_CLEAR(self->judge);
    return 0;
}

static void drop_nothing(void *record)
{
    (void)record;
}

static void slips_free(Slips *self)
{
    PyObject_GC_UnTrack(self);
    slips_clear(self);
    memory_clear(&self->judged);
    pages_free(&self->characters, drop_nothing);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

static PyObject *slips_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"suspects", "judge", NULL};
    PyObject *suspects, *judge;
    Text text;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "UO", names, &suspects, &judge))
        return NULL;
    Slips *self = (Slips *)type->tp_alloc(type, 0);
    if (!self)
        return NULL;
    self->characters.record = sizeof(Character);
    self->judged = (Memory){.room = REMEMBERED, .drop = drop_object};
    self->judge = Py_NewRef(judge);
    int done = text_of(&text, suspects);
    for (Py_ssize_t at = 0; done == 0 && at < text.size; at++) {
        Character *known = page_record(&self->characters, text.chars[at]);
        done = known ? 0 : -1;
        if (known)
            known->suspect = true;
    }
    text_free(&text);
    if (done < 0)
        Py_CLEAR(self);
    return (PyObject *)self;
}

static PyMethodDef methods[] = {
    {"find", (PyCFunction)find_slips, METH_VARARGS,
     "find(text, shadow, words): start, end, what was meant, and whether across two words."},
    {NULL, NULL, 0, NULL},
};

PyTypeObject SlipsType = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "reader._core.Slips",
    .tp_basicsize = sizeof(Slips),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .tp_doc = "Walks over words with suspect characters; asks `judge` about each but once.",
    .tp_new = slips_new,
    .tp_dealloc = (destructor)slips_free,
    .tp_traverse = (traverseproc)slips_traverse,
    .tp_clear = (inquiry)slips_clear,
    .tp_methods = methods,
};
