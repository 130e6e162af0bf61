//! The secret: how it looks, how random it is, and where it must not go (GEN-01, GEN-07).

use std::collections::HashSet;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use tokens::secret::{ENTROPY_BYTES, PREFIX};

use super::command::Run;
use super::place::{APP, Place, newest};
use super::{Check, Fault, Generator, Outcome};

/// GEN-01.
pub(super) const FORM: &[Check] = &[
    Check::must(
        "gen-01/form",
        &["GEN-01"],
        "a new token",
        "`apiv3_` and 86 characters of URL-safe base64: 64 bytes",
        form,
    ),
    Check::must(
        "gen-01/unique",
        &["GEN-01"],
        "30 new tokens, one after the other",
        "30 strings, no two alike",
        unique,
    ),
    Check::must(
        "gen-01/spread",
        &["GEN-01"],
        "the 64 bytes of 60 new tokens",
        "bytes as random ones are spread",
        spread,
    ),
];

/// GEN-07.
pub(super) const SILENCE: &[Check] = &[
    Check::should(
        "gen-07/new",
        &["GEN-07"],
        "a new file",
        "the token string is in the file, and not in what is printed",
        silent_when_new,
    ),
    Check::should(
        "gen-07/append",
        &["GEN-07"],
        "an append to a file with a token",
        "neither token string is in what is printed",
        silent_when_appending,
    ),
    Check::should(
        "gen-07/admin",
        &["GEN-07", "GEN-06"],
        "an admin token",
        "the token string is not in what is printed",
        silent_about_admin,
    ),
    Check::should(
        "gen-07/refused",
        &["GEN-07"],
        "an append to a file that is broken right after a token string",
        "the token string is not in what is printed",
        silent_when_refusing,
    ),
];

/// Made up, and good enough to look like one.
const OLD: &str = "apiv3_q8Zt3Kx0Lw7Rb2Yc5Nf1VdHs";

/// The bytes behind `apiv3_`.
fn entropy(secret: &str) -> Result<Vec<u8>, Fault> {
    let part = secret.strip_prefix(PREFIX).ok_or("the token does not begin with `apiv3_`")?;
    let bytes = URL_SAFE_NO_PAD.decode(part);
    let bytes = bytes.map_err(|error| {
        let length = part.chars().count();
        format!("the {length} characters after `apiv3_` are no URL-safe base64: {error}")
    })?;
    match bytes.len() {
        ENTROPY_BYTES => Ok(bytes),
        length => Err(format!("the token holds {length} bytes, not {ENTROPY_BYTES}").into()),
    }
}

fn form(generator: &Generator) -> Outcome {
    let document = Place::new(generator)?.makes(&APP)?;
    entropy(newest(&document)?.secret.expose()).map(drop)
}

/// The strings of so many new tokens, each in a file of its own.
fn secrets(generator: &Generator, count: usize) -> Result<Vec<String>, Fault> {
    let mut place = Place::new(generator)?;
    let secret = |at: usize| {
        place = std::mem::replace(&mut place, Place::new(generator)?).writing_to(&at.to_string());
        let document = place.makes(&APP)?;
        Ok(newest(&document)?.secret.expose().to_owned())
    };
    (0..count).map(secret).collect()
}

fn unique(generator: &Generator) -> Outcome {
    let secrets = secrets(generator, 30)?;
    let different: HashSet<&String> = secrets.iter().collect();
    match different.len() {
        30 => Ok(()),
        count => Err(format!("30 tokens have {count} different strings").into()),
    }
}

fn spread(generator: &Generator) -> Outcome {
    let secrets = secrets(generator, 60)?;
    let samples = secrets.iter().map(|secret| entropy(secret)).collect::<Result<Vec<_>, _>>()?;
    looks_random(&samples)
}

/// Four tests of 60 samples of 64 bytes. A fair generator fails one with a probability under 1e-11:
///
/// - each of the 512 bits is 0 in one sample and 1 in another: 512 · 2 · 2⁻⁶⁰ < 1e-15;
/// - of the 256 values of a byte at most two are nowhere among the 3840 bytes. Three given ones are not
///   there with (253/256)³⁸⁴⁰ < 3e-20, and there are 2 763 520 ways to choose three: < 1e-13;
/// - the 30720 bits hold 15360 ones, give or take 630, which is 7.2 standard deviations: < 1e-12;
/// - no two of the 480 blocks of 8 bytes are alike: 480² / 2 · 2⁻⁶⁴ < 1e-14.
///
/// They catch what has a fixed part, letters or digits in place of bytes, a small or stretched seed,
/// and a counter, but no bad generator that was made to look good.
fn looks_random(samples: &[Vec<u8>]) -> Outcome {
    let bits = |sample: &[u8]| -> Vec<u8> {
        sample.iter().flat_map(|byte| (0..8).map(move |bit| byte >> bit & 1)).collect()
    };
    let mut ones = vec![0_usize; 8 * ENTROPY_BYTES];
    for sample in samples {
        ones.iter_mut().zip(bits(sample)).for_each(|(count, bit)| *count += usize::from(bit));
    }
    let fixed = ones.iter().filter(|count| **count == 0 || **count == samples.len()).count();
    if fixed > 0 {
        return Err(format!("{fixed} of the 512 bits are the same in all tokens").into());
    }
    let values: HashSet<u8> = samples.iter().flatten().copied().collect();
    if values.len() < 254 {
        return Err(format!("the bytes have {} of 256 values only", values.len()).into());
    }
    let total: usize = ones.iter().sum();
    if total.abs_diff(samples.len() * 4 * ENTROPY_BYTES) > 630 {
        return Err(format!("{total} of the 30720 bits are ones").into());
    }
    let blocks = || samples.iter().flat_map(|sample| sample.chunks(8));
    let repeated = blocks().count() - blocks().collect::<HashSet<_>>().len();
    if repeated > 0 {
        return Err(format!("{repeated} blocks of 8 bytes are there twice").into());
    }
    Ok(())
}

/// Whether secrets count in what is printed.
fn is_asked_for(generator: &Generator) -> Outcome {
    match generator.may_print_secrets {
        true => Err(Fault::Skip("`--allow-printed-secrets` is given".to_owned())),
        false => Ok(()),
    }
}

/// That what was printed holds none of these, nor anything else that looks like a token string.
fn is_silent(run: &Run, secrets: &[&str]) -> Outcome {
    let text = String::from_utf8_lossy(&run.output);
    // Not the prefix: who masks leaves it, and who prints the rest of the string gives it away.
    let parts = secrets.iter().map(|secret| secret.strip_prefix(PREFIX).unwrap_or(secret));
    let is_told = parts.into_iter().any(|part| !part.is_empty() && text.contains(part));
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    let looks_told = text
        .split(PREFIX)
        .skip(1)
        .any(|rest| rest.bytes().take_while(|byte| is_part(byte)).count() >= 8);
    match is_told || looks_told {
        true => Err("a token string is in what the command printed".into()),
        false => Ok(()),
    }
}

fn silent_when_new(generator: &Generator) -> Outcome {
    is_asked_for(generator)?;
    let place = Place::new(generator)?;
    let run = place.succeeds(&APP)?;
    is_silent(&run, &[newest(&place.document()?)?.secret.expose()])
}

fn silent_when_appending(generator: &Generator) -> Outcome {
    is_asked_for(generator)?;
    let old = format!(r#"{{"tokens":[{{"token":"{OLD}","name":"old","permissions":[]}}]}}"#);
    let place = Place::with(generator, old)?;
    let run = place.succeeds(&APP)?;
    is_silent(&run, &[OLD, newest(&place.document()?)?.secret.expose()])
}

fn silent_about_admin(generator: &Generator) -> Outcome {
    is_asked_for(generator)?;
    let place = Place::new(generator)?;
    let run = place.succeeds(&["--admin"])?;
    let text = place.text()?;
    // Whatever else the file is: only the string counts here.
    let secret = text.split('"').find(|part| part.starts_with(PREFIX));
    is_silent(&run, &[secret.ok_or("there is no token string in the file")?])
}

fn silent_when_refusing(generator: &Generator) -> Outcome {
    is_asked_for(generator)?;
    let place = Place::with(generator, format!(r#"{{"tokens":[{{"token":"{OLD}" "name""#))?;
    is_silent(&place.run(&APP)?, &[OLD])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples(byte: impl Fn(u64) -> u8) -> Vec<Vec<u8>> {
        (0..60).map(|sample| (0..64).map(|at| byte(64 * sample + at)).collect()).collect()
    }

    #[test]
    fn what_is_spread_passes_and_what_is_not_does_not() {
        let random = |at| testkit::source::bytes(at, 1)[0];
        assert_eq!(looks_random(&samples(random)), Ok(()));
        let hex = |at| b"0123456789abcdef"[usize::from(random(at) & 15)];
        let faults: [(&str, Vec<Vec<u8>>); 6] = [
            ("one string", samples(|at| random(at % 64))),
            ("hex digits", samples(hex)),
            ("a fixed byte", samples(|at| if at % 64 == 9 { 7 } else { random(at) })),
            ("few values", samples(|at| random(at) & 0xf1 | (random(at) >> 3 & 6))),
            ("more ones", samples(|at| random(at) | (random(at + 9000) & random(at + 20_000)))),
            ("a stretched seed", samples(|at| random(at / 64 * 64 + at % 8))),
        ];
        for (what, samples) in faults {
            assert!(looks_random(&samples).is_err(), "{what}");
        }
    }
}
