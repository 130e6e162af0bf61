//! One piece of work so many times, for `cargo xtask instructions` to count what it takes.

#![allow(clippy::expect_used, clippy::panic, missing_docs)]

use std::hint::black_box;

use testkit::generate::{NOW, Shape};
use tokens::{Context, Permission, Secret, Timestamp, Token, TokenName};

/// Enough that the first and the last token do not count.
const TOKENS: usize = 1_000;

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let [_, work, times] = args.as_slice() else {
        // `cargo bench` runs everything, and here there is nothing to be seen.
        return;
    };
    let times: usize = times.parse().expect("a number");
    let file = Shape::Fleet.document(TOKENS);
    match work.as_str() {
        "load" => repeat(times, || {
            let reading = tokens::read(black_box(file.as_bytes()), None);
            reading.into_document().expect("it loads").tokens().len()
        }),
        "check" => repeat(times, || {
            let reading = tokens::read(black_box(file.as_bytes()), None);
            tokens::check(&reading, &Context::at(Timestamp(NOW))).len()
        }),
        "append" => {
            let token = Token {
                secret: Secret::from_entropy(&[7; 64]),
                name: TokenName::parse("new").expect("not empty"),
                expiry_millis: None,
                permissions: vec![Permission::parse("db:metrics_0:read").expect("valid")],
            };
            repeat(times, || {
                tokens::append(black_box(Some(file.as_bytes())), &token, &[])
                    .expect("appends")
                    .tokens
            });
        }
        "permission" => repeat(times, || {
            let text = black_box("db:metrics_0,logs_0:read,write");
            Permission::parse(text).is_ok()
        }),
        _ => panic!("there is no such work"),
    }
}

fn repeat<T>(times: usize, work: impl Fn() -> T) {
    for _ in 0..times {
        black_box(work());
    }
}
