/* Words as a sequence of tuples kept as numbers (see `Word` in
   reader/annotation/word_candidates.py). */

#include "core.h"

/* Add a word; -1 with an exception when memory is out. */
int words_add(WordList *list, Py_ssize_t start, Py_ssize_t end, long kind)
{
    Word *words = grown(list->words, list->count, &list->room, sizeof(Word));
    if (!words)
        return -1;
    list->words = words;
    list->words[list->count++] = (Word){start, end, kind};
    return 0;
}

/* A word given as a tuple of its start, end and kind; -1 with an exception for anything else. */
int word_of(Word *word, PyObject *tuple)
{
    if (PyTuple_Check(tuple))
        return PyArg_ParseTuple(tuple, "nnl", &word->start, &word->end, &word->kind) ? 0 : -1;
    PyErr_SetString(PyExc_TypeError, "a word is a tuple of start, end and kind");
    return -1;
}

/* The words of any sequence, to be freed with `PyMem_Free(list->words)`. */
static int listed(WordList *list, PyObject *sequence)
{
    PyObject *items = PySequence_Fast(sequence, "words are a sequence");
    int done = items ? 0 : -1;
    for (Py_ssize_t at = 0; done == 0 && at < PySequence_Fast_GET_SIZE(items); at++) {
        Word word;
        done = word_of(&word, PySequence_Fast_GET_ITEM(items, at));
        if (done == 0)
            done = words_add(list, word.start, word.end, word.kind);
    }
    Py_XDECREF(items);
    return done;
}

/* A sequence of words as the core keeps them, each inside a text of so many characters and none
   empty: a new reference. */
Words *words_in(PyObject *sequence, Py_ssize_t size)
{
    Words *words;
    if (Py_TYPE(sequence) == &WordsType) {
        words = (Words *)Py_NewRef(sequence);
    } else {
        WordList list = {0};
        words = listed(&list, sequence) == 0 ? words_made(&list) : NULL;
        PyMem_Free(list.words);
    }
    for (Py_ssize_t at = 0; words && at < Py_SIZE(words); at++) {
        const Word *word = &words->words[at];
        if (word->start < 0 || word->end <= word->start || word->end > size) {
            PyErr_SetString(PyExc_ValueError, "a word is not in its text");
            Py_CLEAR(words);
        }
    }
    return words;
}

Words *words_made(const WordList *list)
{
    Words *words = PyObject_NewVar(Words, &WordsType, list->count);
    if (words && list->count)
        memcpy(words->words, list->words, (size_t)list->count * sizeof(Word));
    return words;
}

static Py_ssize_t length(Words *self)
{
    return Py_SIZE(self);
}

static PyObject *item(Words *self, Py_ssize_t at)
{
    if (at < 0 || at >= Py_SIZE(self))
        return PyErr_Format(PyExc_IndexError, "there are not so many words");
    const Word *word = &self->words[at];
    return Py_BuildValue("nnl", word->start, word->end, word->kind);
}

static PySequenceMethods sequence = {
    .sq_length = (lenfunc)length,
    .sq_item = (ssizeargfunc)item,
};

PyTypeObject WordsType = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "reader._core.Words",
    .tp_basicsize = offsetof(Words, words),
    .tp_itemsize = sizeof(Word),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_doc = "The words of a text, in order, one by one; made by `WordSegmenter.segment` alone.",
    .tp_dealloc = (destructor)PyObject_Free,
    .tp_as_sequence = &sequence,
};
