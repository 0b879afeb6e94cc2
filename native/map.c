/* A hash map from strings of 32-bit units to values: open addressing, keys in one arena. */

#include "core.h"

static const Char *key_of(const Map *map, const MapEntry *entry)
{
    size_t place;
    if (entry->taken - 1 <= FEW)
        return entry->few;
    memcpy(&place, entry->few, sizeof place);
    return map->keys + place;
}

static MapEntry *find(const Map *map, const Char *key, size_t size, uint64_t hash)
{
    size_t mask = map->slots - 1;
    for (size_t slot = hash & mask;; slot = (slot + 1) & mask) {
        MapEntry *entry = &map->entries[slot];
        if (!entry->taken)
            return entry;
        if (entry->hash == hash && entry->taken == size + 1 &&
            memcmp(key_of(map, entry), key, size * sizeof(Char)) == 0)
            return entry;
    }
}

/* Whether the map has `key`; its value is put where `value` points. */
bool map_get(const Map *map, const Char *key, size_t size, uintptr_t *value)
{
    if (!map->count)
        return false;
    MapEntry *entry = find(map, key, size, hash_more(HASH_SEED, key, size));
    if (entry->taken)
        *value = entry->value;
    return entry->taken;
}

static int grow(Map *map)
{
    size_t slots = map->slots ? 2 * map->slots : 64;
    MapEntry *old = map->entries, *entries = PyMem_Calloc(slots, sizeof(MapEntry));
    if (!entries) {
        PyErr_NoMemory();
        return -1;
    }
    for (size_t from = 0; from < map->slots; from++) {
        if (!old[from].taken)
            continue;
        size_t slot = old[from].hash & (slots - 1);
        while (entries[slot].taken)
            slot = (slot + 1) & (slots - 1);
        entries[slot] = old[from];
    }
    PyMem_Free(old);
    map->entries = entries;
    map->slots = slots;
    return 0;
}

/* Write a key into its entry. */
static int keep_key(Map *map, MapEntry *entry, const Char *key, size_t size)
{
    size_t place = map->keys_used;
    if (size <= FEW) {
        memcpy(entry->few, key, size * sizeof(Char));
        return 0;
    }
    if (place + size > map->keys_room) {
        size_t room = 2 * map->keys_room + size + 256;
        Char *keys = PyMem_Realloc(map->keys, room * sizeof(Char));
        if (!keys) {
            PyErr_NoMemory();
            return -1;
        }
        map->keys = keys;
        map->keys_room = room;
    }
    memcpy(map->keys + place, key, size * sizeof(Char));
    memcpy(entry->few, &place, sizeof place);
    map->keys_used += size;
    return 0;
}

/* Set the value of `key`, which the map does not have. -1 with an exception when memory is out. */
int map_put(Map *map, const Char *key, size_t size, uintptr_t value)
{
    if (3 * map->count >= 2 * map->slots && grow(map) < 0)
        return -1;
    MapEntry entry = {hash_more(HASH_SEED, key, size), value, (uint32_t)size + 1, {0}};
    if (keep_key(map, &entry, key, size) < 0)
        return -1;
    *find(map, key, size, entry.hash) = entry;
    map->count++;
    return 0;
}

/* Give a key that the map has another value. */
void map_set(Map *map, const Char *key, size_t size, uintptr_t value)
{
    find(map, key, size, hash_more(HASH_SEED, key, size))->value = value;
}

/* Empty the map and give its memory back; `drop`, if any, is given each value. */
void map_clear(Map *map, void (*drop)(uintptr_t))
{
    Map old = *map;
    *map = (Map){0};
    for (size_t slot = 0; drop && slot < old.slots; slot++)
        if (old.entries[slot].taken && old.entries[slot].value)
            drop(old.entries[slot].value);
    PyMem_Free(old.entries);
    PyMem_Free(old.keys);
}

/* Take a value out, if it is there. */
static bool taken(Map *map, const Char *key, size_t size, uintptr_t *value)
{
    if (!map->count)
        return false;
    MapEntry *entry = find(map, key, size, hash_more(HASH_SEED, key, size));
    if (!entry->taken || !entry->value)
        return false;
    *value = entry->value;
    entry->value = 0;
    return true;
}

bool memory_get(Memory *memory, const Char *key, size_t size, uintptr_t *value)
{
    if (map_get(&memory->young, key, size, value))
        return true;
    if (!taken(&memory->old, key, size, value))
        return false;
    if (map_put(&memory->young, key, size, *value) == 0)
        return true;
    PyErr_Clear();
    if (memory->drop)
        memory->drop(*value);
    return false;
}

/* As `map_put`; values are never 0. */
int memory_put(Memory *memory, const Char *key, size_t size, uintptr_t value)
{
    return map_put(&memory->young, key, size, value);
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
