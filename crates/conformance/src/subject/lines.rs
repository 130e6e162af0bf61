//! The lines of a child process, read and written by threads, so that no program can make the runner
//! wait longer than it wants to.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{ChildStderr, ChildStdin, ChildStdout};
use std::sync::mpsc::{Receiver, Sender, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use crate::protocol::LONGEST_LINE;

/// How much of standard error is kept, in bytes: the end.
const KEPT: usize = 4096;

/// What comes out of a program.
#[derive(Debug)]
pub(super) enum Line {
    /// A line, without its end.
    Text(String),
    /// A line that cannot be one of an answer; why.
    Bad(String),
    /// There is no more.
    End,
}

/// Reads lines until the end or a bad one.
pub(super) fn read(stdout: ChildStdout) -> Receiver<Line> {
    // A program that answers without being asked is made to wait.
    let (sender, receiver) = sync_channel(16);
    thread::spawn(move || {
        let mut reader = BufReader::new(stdout);
        while let Some(line) = read_line(&mut reader) {
            let is_last = !matches!(line, Line::Text(_));
            if sender.send(line).is_err() || is_last {
                return;
            }
        }
    });
    receiver
}

fn read_line(reader: &mut impl BufRead) -> Option<Line> {
    let mut bytes = Vec::new();
    let limit = LONGEST_LINE as u64 + 1;
    let read = reader.take(limit).read_until(b'\n', &mut bytes);
    Some(match (read, bytes.pop()) {
        (Ok(0) | Err(_), _) | (_, None) => Line::End,
        (Ok(_), Some(b'\n')) => String::from_utf8(bytes)
            .map_or_else(|_| Line::Bad("the line is not UTF-8".to_owned()), Line::Text),
        (Ok(length), _) if length > LONGEST_LINE => {
            Line::Bad(format!("the line is longer than {LONGEST_LINE} bytes"))
        }
        (Ok(_), _) => Line::Bad("the last line has no end".to_owned()),
    })
}

/// Writes what is sent to it, until the program stops reading.
pub(super) fn write(mut stdin: ChildStdin) -> Sender<Vec<u8>> {
    let (sender, receiver) = channel::<Vec<u8>>();
    thread::spawn(move || {
        for line in receiver {
            // Where nobody reads any more, the missing answer tells.
            if stdin.write_all(&line).and_then(|()| stdin.flush()).is_err() {
                return;
            }
        }
    });
    sender
}

/// The end of what a program says on standard error.
#[derive(Clone, Default)]
pub(super) struct Talk(Arc<Mutex<Vec<u8>>>);

impl Talk {
    /// Listens, however much there is.
    pub(super) fn listen(mut stderr: ChildStderr) -> Self {
        let talk = Talk::default();
        let kept = Arc::clone(&talk.0);
        thread::spawn(move || {
            let mut block = [0; KEPT];
            while let Ok(length @ 1..) = stderr.read(&mut block) {
                let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
                kept.extend_from_slice(block.get(..length).unwrap_or_default());
                let excess = kept.len().saturating_sub(KEPT);
                kept.drain(..excess);
            }
        });
        talk
    }

    /// What was said lately, masked, so that it can be shown.
    pub(super) fn shown(&self) -> String {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let text = String::from_utf8_lossy(&kept);
        tokens::visible(&tokens::mask::mask_prefixed(text.trim_end())).into_owned()
    }
}
