/// Read by jemalloc at its start (docs/adr/0024). Tables of hundreds of megabytes are looked up at
/// random: with small pages each look-up misses the processor's table of pages too.
extern "C" {
extern const char* malloc_conf;
const char* malloc_conf = "thp:always,dirty_decay_ms:-1,muzzy_decay_ms:-1";
}
