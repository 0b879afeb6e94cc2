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
int record_open(Record *record, PyObject *type, const char *const *fields, int count)
{
    if (!PyType_Check(type)) {
        PyErr_SetString(PyExc_TypeError, "records are of a type");
        return -1;
    }
    for (int at = 0; at < count; at++)
        if ((record->places[at] = place_of(type, fields[at])) < 0)
            return -1;
    record->count = count;
    Py_XSETREF(record->type, (PyTypeObject *)Py_NewRef(type));
    return 0;
}

/* Look up the fields of a type, unless it is the one that they were looked up for last. */
int record_turn(Record *record, PyTypeObject *type, const char *const *fields, int count)
{
    return record->type == type ? 0 : record_open(record, (PyObject *)type, fields, count);
}

void record_close(Record *record)
{
    Py_CLEAR(record->type);
}

/* A new object of a record's type with these values, which are taken over. NULL with an exception
   when one of them is NULL. As `object.__setattr__`: a frozen dataclass refuses its own. What its
   `__post_init__` would check is sure where this is called; with READER_CHECK it is checked all the
   same, at a cost that only tests can pay. */
PyObject *record_new(const Record *record, PyObject *const *values)
{
    bool whole = true;
    for (int at = 0; at < record->count; at++)
        whole = whole && values[at];
    PyObject *made = whole ? record->type->tp_alloc(record->type, 0) : NULL;
    for (int at = 0; at < record->count; at++) {
        if (made)
            *(PyObject **)((char *)made + record->places[at]) = values[at];
        else
            Py_XDECREF(values[at]);
    }
#ifdef READER_CHECK
    PyObject *checked = made ? PyObject_CallMethod(made, "__post_init__", NULL) : NULL;
    if (!checked)
        Py_CLEAR(made);
    Py_XDECREF(checked);
#endif
    return made;
}

/* The text of a token: borrowed. NULL with an exception for what is no token. */
PyObject *token_text(PyObject *token)
{
    static Record known;
    if (record_turn(&known, Py_TYPE(token), (const char *const[]){"text"}, 1) < 0)
        return NULL;
    PyObject *text = record_field(&known, token, 0);
    if (text && PyUnicode_Check(text))
        return text;
    PyErr_SetString(PyExc_TypeError, "the text of a token is a string");
    return NULL;
}
