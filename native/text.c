/* Strings as code points, UTF-8, and records by character. */

#include "core.h"

/* The code points of a string, to be freed; -1 with an exception for what is no string. */
int text_of(Text *text, PyObject *string)
{
    *text = (Text){0};
    if (!PyUnicode_Check(string)) {
        PyErr_Format(PyExc_TypeError, "a string, not %.80s", Py_TYPE(string)->tp_name);
        return -1;
    }
    text->size = PyUnicode_GET_LENGTH(string);
    text->chars = PyMem_Malloc((size_t)(text->size + 1) * sizeof(Char));
    if (!text->chars)
        return no_memory();
    return PyUnicode_AsUCS4(string, text->chars, text->size + 1, 1) ? 0 : -1;
}

void text_free(Text *text)
{
    PyMem_Free(text->chars);
    *text = (Text){0};
}

PyObject *text_slice(const Text *text, Py_ssize_t start, Py_ssize_t end)
{
    return PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, text->chars + start, end - start);
}

int no_memory(void)
{
    PyErr_NoMemory();
    return -1;
}

/* Items, moved where they have no room for one more; NULL with an exception when memory is out. */
void *grown(void *items, Py_ssize_t count, Py_ssize_t *room, size_t size)
{
    if (count < *room)
        return items;
    Py_ssize_t wanted = 2 * count + 64;
    void *moved = PyMem_Realloc(items, (size_t)wanted * size);
    if (moved)
        *room = wanted;
    else
        PyErr_NoMemory();
    return moved;
}

/* A number of at most eight digits, with a minus or not, up to what is no digit: so that no sum of
   some costs leaves 32 bits, whatever a record says. */
int32_t whole_number(const char *at, const char *end)
{
    int32_t number = 0, sign = at < end && *at == '-' ? -1 : 1;
    at += sign < 0;
    for (int room = 8; room > 0 && at < end && *at >= '0' && *at <= '9'; room--)
        number = 10 * number + (*at++ - '0');
    return sign * number;
}

/* Characters as UTF-8, four bytes of room for each; lone surrogates as `?`, as Python's `replace`
   writes them. The number of bytes. */
size_t put_utf8(char *out, const Char *chars, size_t size)
{
    char *to = out;
    for (size_t at = 0; at < size; at++) {
        Char c = is_surrogate(chars[at]) ? '?' : chars[at];
        int more = c < 0x80 ? 0 : c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
        static const Char marks[] = {0, 0xC0, 0xE0, 0xF0};
        *to++ = (char)(marks[more] | c >> 6 * more);
        while (more--)
            *to++ = (char)(0x80 | (c >> 6 * more & 0x3F));
    }
    return (size_t)(to - out);
}

/* The character at `bytes`, of UTF-8 that ends at `end`; where the next one begins. What is no UTF-8
   gives some character too: there is a record for each that it may give (`page_record`). */
const char *get_utf8(const char *bytes, const char *end, Char *character)
{
    unsigned char first = (unsigned char)*bytes++;
    int more = first < 0xC0 ? 0 : first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;
    Char c = more == 0 ? first : first & (0x3F >> more);
    while (more-- > 0 && bytes < end)
        c = c << 6 | ((unsigned char)*bytes++ & 0x3F);
    *character = c <= 0x10FFFF ? c : 0xFFFD;
    return bytes;
}

void *page_made(Pages *pages, Char character)
{
    char **page = &pages->pages[character >> 8];
    if (!(*page = PyMem_Calloc(256, pages->record)))
        return PyErr_NoMemory();
    return *page + (character & 0xFF) * pages->record;
}

void pages_free(Pages *pages, void (*drop)(void *record))
{
    for (size_t at = 0; at < PAGES; at++) {
        for (size_t place = 0; pages->pages[at] && place < 256; place++)
            drop(pages->pages[at] + place * pages->record);
        PyMem_Free(pages->pages[at]);
        pages->pages[at] = NULL;
    }
}

/* The part that begins at `at`, up to a sign or the end; `at` becomes where the next one begins, NULL
   for none. Then there are empty ones. */
Field next_part(const char **at, const char *end, char between)
{
    const char *start = *at, *stop = start ? memchr(start, between, (size_t)(end - start)) : NULL;
    *at = stop ? stop + 1 : NULL;
    return (Field){start ? start : end, stop ? stop : end};
}

size_t count_of(Field field, char sign)
{
    size_t count = 0;
    for (const char *c = field.start; c < field.end; c++)
        count += *c == sign;
    return count;
}

/* Read what may stand second, as far as there is room; how many that are. */
static size_t read_seconds(Followers *followers, const char *end, size_t room)
{
    size_t count = 0;
    Char last = 0, second;
    for (const char *at = followers->lines; at && at < end && count < room; last = second) {
        const char *line = at;
        get_utf8(line, end, &second);
        next_part(&at, end, '\n');
        if (count && second == last)
            continue;
        if (followers->seconds) {
            followers->seconds[count] = second;
            followers->starts[count] = (uint32_t)(line - followers->lines);
        }
        count++;
    }
    return count;
}

/* Take a record of words by their first character: behind what stands before its first line feed are
   their lines. It may be NULL for one that there is not. */
int followers_open(Followers *followers, const char *record, const char *end)
{
    Followers made = {.lines = record};
    if (record)
        next_part(&made.lines, end, '\n');
    size_t count = read_seconds(&made, end, SIZE_MAX);
    made.known = PyMem_Calloc(count + 1, sizeof(void *) + sizeof(uint32_t) + sizeof(Char));
    if (!made.known)
        return no_memory();
    made.starts = (uint32_t *)(made.known + count + 1);
    made.seconds = (Char *)(made.starts + count + 1);
    made.count = read_seconds(&made, end, count);
    if (made.count)
        made.starts[made.count] = (uint32_t)(end - made.lines) + 1;
    *followers = made;
    return 0;
}

void followers_free(Followers *followers)
{
    for (size_t at = 0; at < followers->count; at++)
        PyMem_Free(followers->known[at]);
    PyMem_Free(followers->known); /* And all else behind it. */
    *followers = (Followers){0};
}
