// Carries the precompiled GoogleTest headers that every test program reuses; no code of its own.
