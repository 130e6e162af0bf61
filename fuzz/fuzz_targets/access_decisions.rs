//! Tokens, databases and requests, decided by two implementations.

#![cfg_attr(fuzzing, no_main)]

tokens_fuzz::target!(tokens_fuzz::access_decisions);
