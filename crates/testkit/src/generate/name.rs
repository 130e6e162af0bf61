//! Names of databases and tokens.

use arbitrary::{Result, Unstructured};

use crate::oracle::model::is_database_name;
use crate::shrink::Shrink;
use crate::source::{list, one_in, pick};

/// A valid database name (DB-01): mostly short, so that names meet; sometimes with a retention policy,
/// sometimes longer than is documented to work (DB-02).
///
/// # Errors
///
/// When the source fails.
pub fn database_name(u: &mut Unstructured<'_>) -> Result<String> {
    const FIRST: &[u8] = b"abcZ09";
    const NEXT: &[u8] = b"abcZ09-_";
    let mut part = |first: &[u8], most| -> Result<String> {
        let first = pick(u, first)?;
        let rest = if one_in(u, 3)? { list(u, most, |u| pick(u, NEXT))? } else { Vec::new() };
        Ok(std::iter::once(first).chain(rest).map(char::from).collect())
    };
    let mut name = part(FIRST, 12)?;
    if one_in(u, 8)? {
        let mut part = |first: &[u8]| pick(u, first).map(char::from);
        name.push('/');
        name.push(part(NEXT)?);
    }
    if one_in(u, 40)? {
        let length = pick(u, &[64, 65, 255, 511])?;
        name = name.replace('/', "-");
        name.push_str(&"x".repeat(length - name.len()));
    }
    Ok(name)
}

/// A token's name: anything but nothing (TOK-05).
pub(crate) fn token_name(u: &mut Unstructured<'_>) -> Result<String> {
    let text = crate::source::text(u)?;
    Ok(if text.is_empty() { "app".to_owned() } else { text })
}

/// Simpler names that are database names still.
pub(crate) fn simpler_database_names(name: &str) -> Vec<String> {
    let simpler = name.to_owned().simpler().into_iter();
    simpler.filter(|name| is_database_name(name)).collect()
}

/// Simpler names that are not empty.
pub(crate) fn simpler_token_names(name: &str) -> Vec<String> {
    let simpler = name.to_owned().simpler().into_iter();
    simpler.filter(|name| !name.is_empty()).collect()
}
