/* A hash map from strings of 32-bit units to values: open addressing, keys and values in one arena,
   where those that are met first, and so the usual ones, lie side by side. */

#include "core.h"

#define VALUE (sizeof(uintptr_t) / sizeof(Char)) /* Units; a record is size, value, key. */

static inline uint32_t hash_of(const Char *key, size_t size)
{
    uint64_t hash = (HASH_SEED ^ size ^ (size ? key[size - 1] : 0)) * HASH_FACTOR, pair;
    for (size_t at = 0; at + 1 < size; at += 2) {
        memcpy(&pair, key + at, sizeof pair);
        hash = (hash ^ hash >> 32 ^ pair) * HASH_FACTOR;
    }
    return (uint32_t)(hash >> 32);
}

static inline bool is_key(const Char *record, const Char *key, size_t size)
{
    size_t same = 0;
    while (record[0] == size && same < size && record[1 + VALUE + same] == key[same])
        same++;
    return same == size;
}

/* Where the record of `key` is pointed at, or would be. */
static inline MapSlot *find(const Map *map, const Char *key, size_t size, uint32_t hash)
{
    size_t mask = map->slots - 1, slot = hash & mask;
    while (map->index[slot].place &&
           (map->index[slot].hash != hash ||
            !is_key(map->records + map->index[slot].place, key, size)))
        slot = (slot + 1) & mask;
    return &map->index[slot];
}

static uintptr_t value_at(const Map *map, const MapSlot *slot)
{
    uintptr_t value;
    memcpy(&value, map->records + slot->place + 1, sizeof value);
    return value;
}

static void set_value(Map *map, const MapSlot *slot, uintptr_t value)
{
    memcpy(map->records + slot->place + 1, &value, sizeof value);
}

static const MapSlot *found(const Map *map, const Char *key, size_t size, uintptr_t *value)
{
    const MapSlot *slot = map->count ? find(map, key, size, hash_of(key, size)) : NULL;
    if (!slot || !slot->place)
        return NULL;
    *value = value_at(map, slot);
    return slot;
}

/* Whether the map has `key`; its value is put where `value` points. */
bool map_get(const Map *map, const Char *key, size_t size, uintptr_t *value)
{
    return found(map, key, size, value) != NULL;
}

static int make_room(Map *map, size_t size)
{
    size_t slots = map->slots ? 2 * map->slots : 64, room = map->used + 1 + VALUE + size;
    if (room > map->room) {
        Char *records = PyMem_Realloc(map->records, (room + room / 2 + 256) * sizeof(Char));
        if (!records || room > UINT32_MAX)
            return no_memory();
        map->records = records;
        map->room = room + room / 2 + 256;
        map->used += !map->used; /* No record stands at 0. */
    }
    if (3 * map->count < 2 * map->slots)
        return 0;
    MapSlot *old = map->index, *index = PyMem_Calloc(slots, sizeof(MapSlot));
    if (!index)
        return no_memory();
    for (size_t from = 0; from < map->slots; from++) {
        size_t slot = old[from].hash & (slots - 1);
        while (old[from].place && index[slot].place)
            slot = (slot + 1) & (slots - 1);
        if (old[from].place)
            index[slot] = old[from];
    }
    PyMem_Free(old);
    map->index = index;
    map->slots = slots;
    return 0;
}

/* Set the value of `key`. -1 with an exception when memory is out. */
int map_put(Map *map, const Char *key, size_t size, uintptr_t value)
{
    if (make_room(map, size) < 0)
        return -1;
    uint32_t hash = hash_of(key, size);
    MapSlot *slot = find(map, key, size, hash);
    if (!slot->place) {
        *slot = (MapSlot){hash, (uint32_t)map->used};
        map->records[map->used] = (Char)size;
        memcpy(map->records + map->used + 1 + VALUE, key, size * sizeof(Char));
        map->used += 1 + VALUE + size;
        map->count++;
    }
    set_value(map, slot, value);
    return 0;
}

/* Empty the map and give its memory back; `drop`, if any, is given each value. */
void map_clear(Map *map, void (*drop)(uintptr_t))
{
    Map old = *map;
    *map = (Map){0};
    uintptr_t value;
    for (size_t at = 1; drop && at < old.used; at += 1 + VALUE + old.records[at]) {
        memcpy(&value, old.records + at + 1, sizeof value);
        if (value)
            drop(value);
    }
    PyMem_Free(old.index);
    PyMem_Free(old.records);
}

bool memory_get(Memory *memory, const Char *key, size_t size, uintptr_t *value)
{
    if (map_get(&memory->young, key, size, value))
        return true;
    const MapSlot *slot = found(&memory->old, key, size, value);
    if (!slot || !*value)
        return false;
    set_value(&memory->old, slot, 0);
    if (map_put(&memory->young, key, size, *value) == 0)
        return true;
    PyErr_Clear();
    if (memory->drop)
        memory->drop(*value);
    return false;
}

/* To be called where no value of the memory is in use. */
void memory_turn(Memory *memory)
{
    if (memory->young.count <= memory->room)
        return;
    map_clear(&memory->old, memory->drop);
    memory->old = memory->young;
    memory->young = (Map){0};
}

void memory_clear(Memory *memory)
{
    map_clear(&memory->old, memory->drop);
    map_clear(&memory->young, memory->drop);
}

void drop_object(uintptr_t value)
{
    Py_XDECREF((PyObject *)value);
}

/* ---- hashes -------------------------------------------------------------------------------------- */

/* Make room for so many; to be freed with `PyMem_Free(hashes->slots)`. */
int hashes_open(Hashes *hashes, size_t most)
{
    hashes->size = 8;
    while (hashes->size < 2 * most)
        hashes->size *= 2;
    hashes->slots = most >> HELD ? NULL : PyMem_Calloc(hashes->size / 8 * 9, sizeof(uint64_t));
    if (!hashes->slots)
        return no_memory();
    hashes->filter = hashes->slots + hashes->size;
    return 0;
}

void hashes_put(Hashes *hashes, uint64_t hash, size_t number)
{
    *hashes_slot(hashes, hash) = hash >> HELD << HELD | number;
    hashes->filter[(hash >> 38) & (hashes->size / 8 - 1)] |= (uint64_t)1 << (hash >> 32 & 63);
}
