/* Words made into tokens: the memory of reader/annotate/tokens.py. */

#include "core.h"

#define REMEMBERED 20000 /* Before they count as old. */

typedef struct {
    PyObject_HEAD
    Memory known; /* Kind, identity of the reading, and the three forms: a `Known`. */
    PyObject *learn;
} Tokens;

typedef struct {
    PyObject *token, *reading; /* The reading is kept so that its identity is. */
} Known;

typedef struct {
    Text text, simplified, traditional;
    Char *key;
    size_t room;
} Forms;

static int key_of(Forms *forms, const Word *word, PyObject *reading, size_t *size)
{
    size_t length = (size_t)(word->end - word->start), needed = 3 + 3 * length;
    if (needed > forms->room) {
        Char *key = PyMem_Realloc(forms->key, 2 * needed * sizeof(Char));
        if (!key) {
            PyErr_NoMemory();
            return -1;
        }
        forms->key = key;
        forms->room = 2 * needed;
    }
    uint64_t identity = (uint64_t)(uintptr_t)reading;
    forms->key[0] = (Char)word->kind;
    forms->key[1] = (Char)identity;
    forms->key[2] = (Char)(identity >> 32);
    Char *to = forms->key + 3;
    memcpy(to, forms->text.chars + word->start, length * sizeof(Char));
    memcpy(to + length, forms->simplified.chars + word->start, length * sizeof(Char));
    memcpy(to + 2 * length, forms->traditional.chars + word->start, length * sizeof(Char));
    *size = needed;
    return 0;
}

/* A token that is met for the first time: a new reference. */
static PyObject *learnt(Tokens *self, const Forms *forms, const Word *word, PyObject *reading)
{
    PyObject *text = text_slice(&forms->text, word->start, word->end);
    PyObject *simplified = text_slice(&forms->simplified, word->start, word->end);
    PyObject *traditional = text_slice(&forms->traditional, word->start, word->end);
    PyObject *kind = PyLong_FromLong(word->kind), *token = NULL;
    if (text && simplified && traditional && kind)
        token = PyObject_CallFunctionObjArgs(self->learn, text, simplified, traditional, kind,
                                             reading, NULL);
    Py_XDECREF(text);
    Py_XDECREF(simplified);
    Py_XDECREF(traditional);
    Py_XDECREF(kind);
    return token;
}

static void drop_known(uintptr_t value)
{
    Known *known = (Known *)value;
    Py_DECREF(known->token);
    Py_DECREF(known->reading);
    PyMem_Free(known);
}

static int keep(Tokens *self, const Char *key, size_t size, PyObject *token, PyObject *reading)
{
    uintptr_t there;
    if (memory_get(&self->known, key, size, &there))
        return 0;
    Known *known = PyMem_Malloc(sizeof(Known));
    if (!known) {
        PyErr_NoMemory();
        return -1;
    }
    *known = (Known){Py_NewRef(token), Py_NewRef(reading)};
    if (memory_put(&self->known, key, size, (uintptr_t)known) < 0) {
        drop_known((uintptr_t)known);
        return -1;
    }
    return 0;
}

static PyObject *token_of(Tokens *self, Forms *forms, const Word *word, PyObject *reading)
{
    uintptr_t found;
    size_t size;
    if (key_of(forms, word, reading, &size) < 0)
        return NULL;
    if (memory_get(&self->known, forms->key, size, &found))
        return Py_NewRef(((Known *)found)->token);
    PyObject *token = learnt(self, forms, word, reading);
    if (token && keep(self, forms->key, size, token, reading) < 0)
        Py_CLEAR(token);
    return token;
}

static PyObject *made(Tokens *self, Forms *forms, const Words *words, PyObject *readings)
{
    Py_ssize_t count = Py_SIZE(words);
    memory_turn(&self->known);
    PyObject *tokens = PyTuple_New(count);
    for (Py_ssize_t at = 0; tokens && at < count; at++) {
        PyObject *token =
            token_of(self, forms, &words->words[at], PyList_GET_ITEM(readings, at));
        if (token)
            PyTuple_SET_ITEM(tokens, at, token);
        else
            Py_CLEAR(tokens);
    }
    return tokens;
}

static PyObject *tokens(Tokens *self, PyObject *args)
{
    PyObject *given, *readings, *text, *simplified, *traditional, *found = NULL;
    if (!PyArg_ParseTuple(args, "OO!UUU", &given, &PyList_Type, &readings, &text, &simplified,
                          &traditional))
        return NULL;
    Forms forms = {0};
    Words *words = words_in(given, PyUnicode_GET_LENGTH(text));
    if (words && Py_SIZE(words) != PyList_GET_SIZE(readings))
        PyErr_SetString(PyExc_ValueError, "words and readings differ in number");
    else if (words && text_of(&forms.text, text) == 0 &&
             text_of(&forms.simplified, simplified) == 0 &&
             text_of(&forms.traditional, traditional) == 0) {
        if (forms.text.size != forms.simplified.size || forms.text.size != forms.traditional.size)
            PyErr_SetString(PyExc_ValueError, "the forms of a text differ in length");
        else
            found = made(self, &forms, words, readings);
    }
    text_free(&forms.text);
    text_free(&forms.simplified);
    text_free(&forms.traditional);
    PyMem_Free(forms.key);
    Py_XDECREF(words);
    return found;
}

static int tokens_traverse(Tokens *self, visitproc visit, void *arg)
{
    Py_VISIT(self->learn);
    return 0;
}

static int tokens_clear(Tokens *self)
{
    Py_CLEAR(self->learn);
    return 0;
}

static void tokens_free(Tokens *self)
{
    PyObject_GC_UnTrack(self);
    tokens_clear(self);
    memory_clear(&self->known);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

static PyObject *tokens_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"learn", NULL};
    PyObject *learn;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O", names, &learn))
        return NULL;
    Tokens *self = (Tokens *)type->tp_alloc(type, 0);
    if (!self)
        return NULL;
    self->learn = Py_NewRef(learn);
    self->known = (Memory){.room = REMEMBERED, .drop = drop_known};
    return (PyObject *)self;
}

static PyMethodDef methods[] = {
    {"tokens", (PyCFunction)tokens, METH_VARARGS,
     "tokens(words, readings, text, simplified, traditional): a tuple, a token for each word."},
    {NULL, NULL, 0, NULL},
};

PyTypeObject TokensType = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "reader._core.Tokens",
    .tp_basicsize = sizeof(Tokens),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .tp_doc = "Remembers the tokens of words; `learn` makes those it has not met.",
    .tp_new = tokens_new,
    .tp_dealloc = (destructor)tokens_free,
    .tp_traverse = (traverseproc)tokens_traverse,
    .tp_clear = (inquiry)tokens_clear,
    .tp_methods = methods,
};
