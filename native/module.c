/* The module `reader._core`. */

#include "core.h"

static PyTypeObject *const types[] = {
    &MarkupCacheType, &ReadingResolverType, &TokenFactoryType, &WordSegmenterType, &WordsType,
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "reader._core",
    .m_doc = "Hot loops of the package, compiled.",
    .m_size = -1,
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
