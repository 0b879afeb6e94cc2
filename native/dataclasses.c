/* Dataclasses with slots, whose fields are read and set where they are kept. */

#include "core.h"

#include <structmember.h>

/* Where an object of this type keeps a field; -1 with an exception where it has no such slot. */
static Py_ssize_t place_of(PyObject *type, const char *field)
{
    PyObject *slot = PyObject_GetAttrString(type, field);
    Py_ssize_t place = -1;
    if (slot && Py_TYPE(slot) == &PyMemberDescr_Type &&
        ((PyMemberDescrObject *)slot)->d_member->type == T_OBJECT_EX)
        place = ((PyMemberDescrObject *)slot)->d_member->offset;
    else if (slot)
        PyErr_Format(PyExc_TypeError, "%s is no slot of %R", field, type);
    Py_XDECREF(slot);
    return place;
}

/* Look up the fields of a type, in this order; -1 with an exception for one that it has not. */
int dataclass_open(DataClass *dataclass, PyObject *type, const char *const *fields, int count)
{
    if (!PyType_Check(type)) {
        PyErr_SetString(PyExc_TypeError, "records are of a type");
        return -1;
    }
    for (int at = 0; at < count; at++)
        if ((dataclass->places[at] = place_of(type, fields[at])) < 0)
            return -1;
    dataclass->count = count;
    Py_XSETREF(dataclass->type, (PyTypeObject *)Py_NewRef(type));
    return 0;
}

void dataclass_close(DataClass *dataclass)
{
    Py_CLEAR(dataclass->type);
}

/* A new object of a dataclass's type with these values, which are taken over. NULL with an
   exception when one of them is NULL. As `object.__setattr__`: a frozen dataclass refuses its own.
   What its `__post_init__` would check is sure where this is called; with READER_CHECK it is checked
   all the same, at a cost that only tests can pay. */
PyObject *dataclass_new(const DataClass *dataclass, PyObject *const *values)
{
    bool whole = true;
    for (int at = 0; at < dataclass->count; at++)
        whole = whole && values[at];
    PyObject *object = whole ? dataclass->type->tp_alloc(dataclass->type, 0) : NULL;
    for (int at = 0; at < dataclass->count; at++) {
        if (object)
            *(PyObject **)((char *)object + dataclass->places[at]) = values[at];
        else
            Py_XDECREF(values[at]);
    }
    PyObject *checked = NULL;
    if (READER_CHECK && object && !(checked = PyObject_CallMethod(object, "__post_init__", NULL)))
        Py_CLEAR(object);
    Py_XDECREF(checked);
    return object;
}
