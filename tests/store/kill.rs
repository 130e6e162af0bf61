//! Appends that are killed at any moment, over the whole life of the process (FILE-05).

use std::fs::read_dir;
use std::os::unix::process::ExitStatusExt;
use std::process::Stdio;
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::platform::{Outcome, append, token_names};
use crate::support::{PROGRAM, Place, Run, SHADOWED};

const KILLS: u32 = 300;

/// How long an append takes here, in the median.
fn life() -> Duration {
    let place = Place::with(SHADOWED);
    let mut lives: Vec<Duration> = (0..11)
        .map(|turn| {
            let begin = Instant::now();
            assert_eq!(place.run(&append(&turn.to_string())).status, 0);
            begin.elapsed()
        })
        .collect();
    lives.sort();
    lives[lives.len() / 2]
}

/// Starts an append and kills it after a while. Whether it was killed, and what it had said.
fn kill_after(place: &Place, wait: Duration, name: &str) -> (bool, Run) {
    let mut command = place.process(PROGRAM, &append(name));
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut process = command.spawn().expect("the program runs");
    sleep(wait);
    process.kill().expect("killed, or over");
    let output = process.wait_with_output().expect("it ends");
    (output.status.signal() == Some(9), output.into())
}

pub(crate) fn three_hundred_killed_appends_lose_nothing() -> Outcome {
    let place = Place::with(SHADOWED);
    let life = life().mul_f64(1.2);
    let (mut killed, mut late, mut litter) = (0, 0, 0);
    let mut expected = token_names(&place);
    for turn in 0.. {
        // The golden ratio spreads the moments over the whole life, however many there are.
        let moment = (f64::from(turn) * 0.618_033_988_749).fract();
        let name = format!("killed {turn}");
        let (was_killed, run) = kill_after(&place, life.mul_f64(moment), &name);
        let names = token_names(&place);
        let is_in = names.last() == Some(&name);
        assert!(
            is_in || !run.stdout.contains("appended token"),
            "{name} was reported, and is lost"
        );
        if is_in {
            expected.push(name);
        }
        assert_eq!(names, expected, "neither the old nor the new document");
        killed += u32::from(was_killed);
        late += u32::from(was_killed && is_in);
        litter += read_dir(place.path(".")).expect("a directory").count() - 1;

        let name = format!("next {turn}");
        let next = place.run(&append(&name));
        assert_eq!(next.status, 0, "{}", next.stderr);
        expected.push(name);
        assert_eq!(place.names(), ["tokens.json"], "litter is left");
        if killed >= KILLS {
            break;
        }
        assert!(turn < 20 * KILLS, "{killed} kills only in {turn} turns");
    }
    assert_eq!(token_names(&place), expected);
    // The moments were early and late ones, and ones in between.
    assert!(late > 0 && late < KILLS / 2, "{late} of {killed} came after the rename");
    assert!(litter > 0, "none of {killed} came between the temporary file and the rename");
    Ok(())
}
