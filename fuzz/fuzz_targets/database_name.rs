//! Any text, read as the name of a database.

#![cfg_attr(fuzzing, no_main)]

tokens_fuzz::target!(tokens_fuzz::database_name);
