//! No secret of any document, valid or broken, appears in any output (GEN-07).

use std::io::Write;
use std::process::{Command, Stdio};

use proptest::prelude::*;
use testkit::generate::{Leak, SECRET};
use testkit::{oracle, strategy};

fn output(args: &[&str], document: &str) -> String {
    let mut child = Command::new(env!("CARGO_BIN_EXE_influxdb3-tokens"))
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    child.stdin.take().expect("a pipe").write_all(document.as_bytes()).expect("written");
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.code().is_some_and(|code| code < 4), "{:?}", output.status);
    String::from_utf8(output.stdout).expect("UTF-8")
        + &String::from_utf8(output.stderr).expect("UTF-8")
}

proptest! {
    #![proptest_config(crate::usually(150))]

    #[test]
    fn no_output_shows_a_secret(leak in strategy::any::<Leak>()) {
        let text = leak.text();
        for args in [
            &["plan", "-"][..],
            &["check", "-"],
            &["check", "--format", "json", "-"],
            &["inspect", "-"],
            &["inspect", "--format", "json", "-"],
            &["plan", "--format", "json", "-"],
            &["can", "n", "read", "db:a", "-"],
        ] {
            let shown = output(args, &text);
            prop_assert!(!shown.contains(SECRET), "{args:?} of\n{text}\nshows\n{shown}");
        }
    }
}

proptest! {
    #![proptest_config(crate::usually(1000))]

    #[test]
    fn nothing_that_the_library_says_shows_a_secret(leak in strategy::any::<Leak>()) {
        oracle::leak::nothing_is_shown(&leak);
    }
}
