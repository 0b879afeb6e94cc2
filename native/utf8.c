/* Strings as the bytes of a file: reader/writers/utf8.py. */

#include "core.h"

typedef struct {
    char *to;
    bool broken; /* There was a surrogate, which no file can hold. */
} Bytes;

static inline void put_one(Bytes *bytes, Char c)
{
    bytes->broken |= is_surrogate(c);
    bytes->to = put_char(bytes->to, c);
}

/* Characters of two bytes, most of which are ASCII: four at a time where they are. */
static void put_narrow(Bytes *bytes, const Py_UCS2 *chars, Py_ssize_t size)
{
    Py_ssize_t at = 0;
    while (at + 4 <= size) {
        uint64_t four;
        memcpy(&four, chars + at, sizeof four);
        if (PY_BIG_ENDIAN || four & 0xFF80FF80FF80FF80u) {
            for (Py_ssize_t stop = at + 4; at < stop; at++)
                put_one(bytes, chars[at]);
            continue;
        }
        four = (four | four >> 8) & 0x0000FFFF0000FFFFu;
        uint32_t packed = (uint32_t)(four | four >> 16);
        memcpy(bytes->to, &packed, sizeof packed);
        bytes->to += 4;
        at += 4;
    }
    while (at < size)
        put_one(bytes, chars[at++]);
}

static void put_string(Bytes *bytes, PyObject *string)
{
    Py_ssize_t size = PyUnicode_GET_LENGTH(string);
    const void *data = PyUnicode_DATA(string);
    if (PyUnicode_IS_ASCII(string)) {
        memcpy(bytes->to, data, (size_t)size);
        bytes->to += size;
    } else if (PyUnicode_KIND(string) == PyUnicode_2BYTE_KIND) {
        put_narrow(bytes, data, size);
    } else {
        for (Py_ssize_t at = 0; at < size; at++)
            put_one(bytes, PyUnicode_READ(PyUnicode_KIND(string), data, at));
    }
}

/* The most bytes that strings can take; -1 with an exception where they are no strings. */
static Py_ssize_t room_for(PyObject *strings)
{
    Py_ssize_t room = 0;
    for (Py_ssize_t at = 0; at < PyList_GET_SIZE(strings); at++) {
        PyObject *string = PyList_GET_ITEM(strings, at);
        if (!PyUnicode_Check(string)) {
            PyErr_SetString(PyExc_TypeError, "a string, not anything else");
            return -1;
        }
        int widest = PyUnicode_IS_ASCII(string) ? 1 : PyUnicode_KIND(string) == 4 ? 4 : 3;
        room += widest * PyUnicode_GET_LENGTH(string);
    }
    return room;
}

PyObject *utf8(PyObject *module, PyObject *strings)
{
    if (!PyList_Check(strings)) {
        PyErr_SetString(PyExc_TypeError, "strings are in a list");
        return NULL;
    }
    Py_ssize_t room = room_for(strings);
    PyObject *made = room < 0 ? NULL : PyBytes_FromStringAndSize(NULL, room);
    if (!made)
        return NULL;
    Bytes bytes = {.to = PyBytes_AS_STRING(made)};
    for (Py_ssize_t at = 0; at < PyList_GET_SIZE(strings); at++)
        put_string(&bytes, PyList_GET_ITEM(strings, at));
    if (bytes.broken) {
        Py_DECREF(made);
        Py_RETURN_NONE;
    }
    return _PyBytes_Resize(&made, bytes.to - PyBytes_AS_STRING(made)) < 0 ? NULL : made;
}
