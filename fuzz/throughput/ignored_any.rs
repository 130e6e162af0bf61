//! The yardstick: `serde_json` looks at a text and keeps nothing of it.

#![cfg_attr(fuzzing, no_main)]

use std::hint::black_box;

use serde::de::IgnoredAny;

tokens_fuzz::target!(|bytes: &[u8]| {
    let _ = black_box(serde_json::from_slice::<IgnoredAny>(bytes));
    true
});
