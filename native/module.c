/* The module `reader._core`. */

#include "core.h"

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "reader._core",
    .m_doc = "Hot loops of the package, compiled.",
    .m_size = -1,
};

PyMODINIT_FUNC PyInit__core(void)
{
    PyObject *module = PyModule_Create(&definition);
    if (module && (PyModule_AddType(module, &CutterType) < 0 ||
                   PyModule_AddType(module, &ReaderType) < 0 ||
                   PyModule_AddType(module, &TableType) < 0 ||
                   PyModule_AddType(module, &TokensType) < 0 ||
                   PyModule_AddType(module, &WordsType) < 0))
        Py_CLEAR(module);
    return module;
}
