/* The module `reader._core`. */

#include "core.h"

static PyTypeObject *const types[] = {
    &EntriesType,      &MarkupCacheType,   &MatcherType, &ReadingResolverType,
    &TokenFactoryType, &WordSegmenterType, &WordsType,
};

/* tiles(tokens, text): whether the texts of the tokens, joined, are the text. */
static PyObject *tiles(PyObject *module, PyObject *args)
{
    PyObject *tokens, *text;
    if (!PyArg_ParseTuple(args, "O!U", &PyTuple_Type, &tokens, &text))
        return NULL;
    Py_ssize_t offset = 0, whole = PyUnicode_GET_LENGTH(text);
    for (Py_ssize_t at = 0; at < PyTuple_GET_SIZE(tokens); at++) {
        PyObject *part = token_text(PyTuple_GET_ITEM(tokens, at));
        Py_ssize_t same = part ? PyUnicode_Tailmatch(text, part, offset, whole, -1) : -1;
        if (same < 0)
            return NULL;
        if (!same)
            Py_RETURN_FALSE;
        offset += PyUnicode_GET_LENGTH(part);
    }
    return PyBool_FromLong(offset == whole);
}

/* ends(tokens): where each of the tokens ends in their text. */
static PyObject *ends(PyObject *module, PyObject *sequence)
{
    PyObject *tokens = PySequence_Fast(sequence, "tokens are a sequence");
    PyObject *offsets = tokens ? PyList_New(PySequence_Fast_GET_SIZE(tokens)) : NULL;
    Py_ssize_t offset = 0;
    for (Py_ssize_t at = 0; offsets && at < PySequence_Fast_GET_SIZE(tokens); at++) {
        PyObject *text = token_text(PySequence_Fast_GET_ITEM(tokens, at));
        offset += text ? PyUnicode_GET_LENGTH(text) : 0;
        PyObject *end = text ? PyLong_FromSsize_t(offset) : NULL;
        if (end)
            PyList_SET_ITEM(offsets, at, end);
        else
            Py_CLEAR(offsets);
    }
    Py_XDECREF(tokens);
    return offsets;
}

static PyMethodDef functions[] = {
    {"ends", ends, METH_O, "ends(tokens): where each of the tokens ends in their text, a list."},
    {"sentences", sentences, METH_VARARGS,
     "sentences(text, span): a tuple of spans; None for a text that is not plain."},
    {"tiles", tiles, METH_VARARGS,
     "tiles(tokens, text): whether the texts of the tokens, joined, are the text."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "reader._core",
    .m_doc = "Hot loops of the package, compiled.",
    .m_size = -1,
    .m_methods = functions,
};

PyMODINIT_FUNC PyInit__core(void)
{
    PyObject *module = PyModule_Create(&definition);
    for (size_t at = 0; module && at < sizeof types / sizeof *types; at++)
        if (PyModule_AddType(module, types[at]) < 0)
            Py_CLEAR(module);
    if (module && PyModule_AddIntConstant(module, "CHECKED", READER_CHECK) < 0)
        Py_CLEAR(module);
    return module;
}
