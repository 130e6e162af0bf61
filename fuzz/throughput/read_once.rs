//! The reader once, and no oracle.

#![cfg_attr(fuzzing, no_main)]

use std::hint::black_box;

tokens_fuzz::target!(|bytes: &[u8]| {
    black_box(tokens::read(bytes, None).loads());
    true
});
