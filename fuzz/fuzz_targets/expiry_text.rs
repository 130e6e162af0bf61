//! Any text, read as a lifetime.

#![cfg_attr(fuzzing, no_main)]

tokens_fuzz::target!(tokens_fuzz::expiry_text);
