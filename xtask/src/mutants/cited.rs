//! The rules that a source cites, and where.

use std::collections::BTreeSet;

/// The rules that a file cites: at its top, and by function.
#[derive(Debug, Default)]
pub(super) struct Cited {
    top: BTreeSet<String>,
    /// First line with its documentation, last line, rules; the inner after the outer.
    functions: Vec<(usize, usize, BTreeSet<String>)>,
}

impl Cited {
    /// Those of a file as rustfmt lays it out: a function ends where a brace is indented as it is.
    pub(super) fn of(source: &str) -> Self {
        let lines: Vec<&str> = source.lines().collect();
        let top = lines.iter().take_while(|line| line.starts_with("//!"));
        let mut cited =
            Cited { top: top.flat_map(|line| rules(line)).collect(), functions: vec![] };
        let mut documentation = 0;
        for (at, line) in lines.iter().enumerate() {
            let indented = line.trim_start();
            if is_function(indented) {
                let end = format!("{}}}", " ".repeat(line.len() - indented.len()));
                let body = lines.iter().skip(at);
                let length = match indented.ends_with('}') {
                    true => 0,
                    false => body.clone().position(|line| **line == end).unwrap_or_default(),
                };
                let all = lines.iter().skip(documentation).take(at + length + 1 - documentation);
                let rules = all.flat_map(|line| rules(line)).collect();
                cited.functions.push((documentation + 1, at + length + 1, rules));
            }
            if !indented.starts_with("///") && !indented.starts_with("#[") {
                documentation = at + 1;
            }
        }
        cited
    }

    /// The rules that the function around a line cites, or else the file.
    pub(super) fn at(&self, line: usize) -> BTreeSet<String> {
        let around = |(first, last, _): &&(usize, usize, _)| (*first..=*last).contains(&line);
        let function = self.functions.iter().rfind(around).map(|(.., rules)| rules);
        function.filter(|rules| !rules.is_empty()).unwrap_or(&self.top).clone()
    }
}

fn is_function(line: &str) -> bool {
    let mut words = line.split_whitespace();
    words.find(|word| !word.starts_with("pub") && *word != "const") == Some("fn")
}

/// `(PERM-03, PERM-04)`: capitals, a hyphen, two digits.
fn rules(line: &str) -> impl Iterator<Item = String> {
    let words = line.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
    words.filter(|word| is_rule(word)).map(str::to_owned)
}

fn is_rule(word: &str) -> bool {
    word.split_once('-').is_some_and(|(kind, number)| {
        !kind.is_empty()
            && kind.bytes().all(|byte| byte.is_ascii_uppercase())
            && number.len() == 2
            && number.bytes().all(|byte| byte.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_belong_to_functions() {
        let source = "\
//! About it (DOC-01, DOC-02).

use a::B;

/// TOK-06: one.
#[inline]
pub(crate) fn one() {
    // Not (SHA-512), but TOK-07.
    two();
}

impl B {
    fn two() {
        three();
    }

    /// PERM-01
    const fn three() {}
}
";
        let cited = Cited::of(source);
        let at = |line| Vec::from_iter(cited.at(line)).join(" ");
        assert_eq!(at(3), "DOC-01 DOC-02");
        assert_eq!(at(5), "TOK-06 TOK-07");
        assert_eq!(at(9), "TOK-06 TOK-07");
        assert_eq!(at(14), "DOC-01 DOC-02");
        assert_eq!(at(18), "PERM-01");
    }
}
