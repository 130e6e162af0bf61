//! Tokens appended to a file, one after the other.

#![cfg_attr(fuzzing, no_main)]

tokens_fuzz::target!(tokens_fuzz::append_history);
