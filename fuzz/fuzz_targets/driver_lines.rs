//! Any bytes, as the standard input of the reference's driver.

#![cfg_attr(fuzzing, no_main)]

tokens_fuzz::target!(tokens_fuzz::driver_lines);
