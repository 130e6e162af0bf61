//! Tokens files that are right, or almost, in any layout.

#![cfg_attr(fuzzing, no_main)]

tokens_fuzz::target!(tokens_fuzz::load_structured);
