/**
 * What bounds a process's memory; the Dockerfile has the same. Left alone, V8 lets a heap grow with the machine. With
 * these, a process stays below 384 MB: some 100 it starts with, the heap, and what lies outside of it (sockets,
 * compression, password hashing).
 */
export const NODE_FLAGS = ['--max-old-space-size=192', '--max-semi-space-size=16'] as const;
