//! The streams of a program, read and written by threads, so that no program can make the runner wait
//! longer than it wants to.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{ChildStdin, ChildStdout};
use std::sync::mpsc::{Receiver, Sender, channel, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use crate::protocol::LONGEST_LINE;

/// How much is read at once, in bytes.
const BLOCK: usize = 16 << 10;

/// What comes out of a program.
#[derive(Debug)]
pub(super) enum Line {
    /// A line, without its end.
    Text(String),
    /// What cannot be a line of an answer; why.
    Bad(String),
    /// The beginning of a line, and no more.
    Half,
    /// There is no more.
    End,
}

/// Reads lines until the end or a bad one.
pub(super) fn read(stdout: ChildStdout) -> Receiver<Line> {
    // A program that answers without being asked is made to wait.
    let (sender, receiver) = sync_channel(1);
    thread::spawn(move || {
        let mut reader = BufReader::with_capacity(BLOCK, stdout);
        loop {
            let line = match read_line(&mut reader) {
                // It was asked for one line, and could not know of the next request.
                Line::Text(_) if !reader.buffer().is_empty() => {
                    Line::Bad("it said more than one line".to_owned())
                }
                line => line,
            };
            let is_last = !matches!(line, Line::Text(_));
            if sender.send(line).is_err() || is_last {
                return;
            }
        }
    });
    receiver
}

fn read_line(reader: &mut impl BufRead) -> Line {
    let mut bytes = Vec::new();
    let read = reader.take(LONGEST_LINE as u64).read_until(b'\n', &mut bytes);
    match (read, bytes.pop()) {
        (Ok(0) | Err(_), _) | (_, None) => Line::End,
        (Ok(_), Some(b'\n')) => String::from_utf8(bytes)
            .map_or_else(|_| Line::Bad("the line is not UTF-8".to_owned()), Line::Text),
        (Ok(LONGEST_LINE), _) => Line::Bad(format!("the line is longer than {LONGEST_LINE} bytes")),
        (Ok(_), _) => Line::Half,
    }
}

/// Writes what is sent to it, until the program stops reading; then closes the stream.
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

/// The end of what a program says on a stream, however much that is.
pub(super) struct Talk {
    tail: Arc<Mutex<Tail>>,
    most: usize,
    /// Closed when the stream is.
    over: Receiver<()>,
}

#[derive(Default)]
struct Tail {
    bytes: Vec<u8>,
    /// Whether something before it is gone.
    is_cut: bool,
}

impl Tail {
    /// Keeps the last so many bytes.
    fn cut(&mut self, most: usize) {
        if let excess @ 1.. = self.bytes.len().saturating_sub(most) {
            self.bytes.drain(..excess);
            self.is_cut = true;
        }
    }
}

fn lock(tail: &Mutex<Tail>) -> MutexGuard<'_, Tail> {
    tail.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Talk {
    /// Listens to the end, and keeps so many bytes.
    pub(super) fn listen(mut stream: impl Read + Send + 'static, most: usize) -> Self {
        let tail = Arc::<Mutex<Tail>>::default();
        let (open, over) = channel();
        let talk = Talk { tail: Arc::clone(&tail), most, over };
        thread::spawn(move || {
            let _open = open;
            let mut block = [0; BLOCK];
            while let Ok(length @ 1..) = stream.read(&mut block) {
                let mut tail = lock(&tail);
                tail.bytes.extend_from_slice(block.get(..length).unwrap_or_default());
                // Not with each block: what is kept has to be moved.
                if tail.bytes.len() > 2 * most + BLOCK {
                    tail.cut(most);
                }
            }
        });
        talk
    }

    /// Waits until the stream is closed, but no longer than this.
    pub(super) fn settle(&self, most: Duration) {
        let _ = self.over.recv_timeout(most);
    }

    /// What was said since the last time, in whole lines, and whether it is all.
    pub(super) fn take(&self) -> (Vec<u8>, bool) {
        let mut tail = lock(&self.tail);
        tail.cut(self.most);
        let Tail { mut bytes, is_cut } = std::mem::take(&mut *tail);
        if is_cut {
            let line =
                bytes.iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |at| at + 1);
            bytes.drain(..line);
        }
        (bytes, !is_cut)
    }

    /// The same as text, with secrets masked.
    pub(super) fn take_text(&self) -> String {
        let (bytes, is_all) = self.take();
        let text = String::from_utf8_lossy(&bytes);
        let masked = tokens::mask::mask_prefixed(text.trim_end());
        if is_all { masked.into_owned() } else { format!("…\n{masked}") }
    }
}
