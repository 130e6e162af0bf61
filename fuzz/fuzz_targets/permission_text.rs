//! Any text, read as a permission.

#![cfg_attr(fuzzing, no_main)]

tokens_fuzz::target!(tokens_fuzz::permission_text);
