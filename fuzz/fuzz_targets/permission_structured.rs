//! Permissions that are right, or almost.

#![cfg_attr(fuzzing, no_main)]

tokens_fuzz::target!(tokens_fuzz::permission_structured);
