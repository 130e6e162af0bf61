//! Any bytes, read as a tokens file.

#![cfg_attr(fuzzing, no_main)]

tokens_fuzz::target!(tokens_fuzz::load_bytes);
