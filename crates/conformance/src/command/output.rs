//! Data to standard output, talk to standard error. A reader that went away has had enough.

use std::io::{self, ErrorKind, Write};

use super::{Failure, Status};

/// A line on standard error. Where that is gone, nobody listens.
pub(super) fn say(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}

/// Text on standard output.
pub(super) fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure(Status::CannotRun, format!("cannot write to standard output: {error}")))
        }
        _ => Ok(()),
    }
}

/// JSON of the same meaning, with what a terminal would obey or hide as escapes. Nothing is masked in it, since
/// it has to be put again; the fuzzer's token strings are fakes (GEN-07).
pub(super) fn plain_json(json: &str) -> String {
    let mut plain = String::with_capacity(json.len());
    for character in json.chars() {
        let mut buffer = [0; 4];
        let text = character.encode_utf8(&mut buffer);
        // In JSON such characters stand in strings alone.
        if character >= '\u{7f}' && tokens::visible(text) != *text {
            for unit in character.encode_utf16(&mut [0; 2]) {
                plain.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            plain.push(character);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_json_means_the_same() {
        let json = "{\"a\":\"ก\u{202e}\u{9b}\u{7f}\u{e0041}\"}";
        let plain = plain_json(json);
        assert_eq!(plain, "{\"a\":\"ก\\u202e\\u009b\\u007f\\udb40\\udc41\"}");
        let read = |json| serde_json::from_str::<serde_json::Value>(json).ok();
        assert_eq!(read(&plain), read(json));
    }
}
