//! What makes a well-formed file unloadable: token strings and names, alone and together (TOK-01,
//! TOK-04 to TOK-06). Both paths of the reader end here.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::draft::{Draft, DraftToken, Text};
use crate::diagnostic::{Code, Diagnostic, Place, rules};
use crate::name::{EmptyNameError, TokenName};
use crate::secret::Secret;
use crate::{TokenHash, quote};

/// The errors of a draft's tokens.
pub(super) fn errors(draft: &Draft<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (index, token) in draft.tokens() {
        found.extend(prefix(draft, index, token));
        found.extend(empty_name(draft, index, token));
    }
    duplicate_names(draft, &mut found);
    duplicate_secrets(draft, &mut found);
    found
}

fn prefix(draft: &Draft<'_>, index: usize, token: &DraftToken<'_>) -> Option<Diagnostic> {
    let secret = token.token.as_ref()?;
    let error = Secret::parse(secret.as_str()).err()?;
    let found = Diagnostic::new(Code::TokenPrefix, rules::TOK_01, error.to_string());
    Some(found.help(error.help()).at(draft.secret_place(index, secret)))
}

fn empty_name(draft: &Draft<'_>, index: usize, token: &DraftToken<'_>) -> Option<Diagnostic> {
    let name = token.name.as_ref()?;
    let EmptyNameError = TokenName::parse(name.as_str()).err()?;
    let found = Diagnostic::new(Code::EmptyName, rules::TOK_05, EmptyNameError.to_string());
    let help = "give it a name; perhaps a shell variable was not set";
    Some(found.help(help).at(draft.name_place(index, name)))
}

/// TOK-06: names are compared byte for byte.
fn duplicate_names(draft: &Draft<'_>, found: &mut Vec<Diagnostic>) {
    let names = draft.tokens().filter_map(|(index, token)| Some((index, token.name.as_ref()?)));
    let names = names.filter(|(_, name)| !name.as_str().is_empty());
    for_duplicates(names, |first, (index, name)| {
        let message = format!("two tokens have the name {}", quote(name.as_str()));
        found.push(
            Diagnostic::new(Code::DuplicateName, rules::TOK_06, message)
                .help("rename one: servers know a token by its name")
                .at(draft.name_place(index, name))
                .related("first used here", draft.name_place(first.0, first.1)),
        );
    });
}

/// TOK-04.
fn duplicate_secrets(draft: &Draft<'_>, found: &mut Vec<Diagnostic>) {
    let secrets = draft.tokens().filter_map(|(index, token)| Some((index, token.token.as_ref()?)));
    let secrets = secrets.filter(|(_, secret)| !secret.as_str().is_empty());
    for_duplicates(secrets, |first, (index, secret)| {
        let place = draft.secret_place(index, secret);
        let first = draft.secret_place(first.0, first.1);
        found.push(duplicate_secret(secret, place, "first used here", first));
    });
}

fn duplicate_secret(secret: &Text<'_>, at: Place, first: &str, first_at: Place) -> Diagnostic {
    Diagnostic::new(Code::DuplicateToken, rules::TOK_04, message_for(secret.as_str()))
        .help("make a string for each token with `create token`; servers know a token by its hash")
        .at(at)
        .related(first, first_at)
}

fn message_for(secret: &str) -> String {
    let hash: TokenHash = TokenHash::of(secret);
    format!("two tokens have the same string, fingerprint {}", hash.fingerprint())
}

type Indexed<'d, 'a> = (usize, &'d Text<'a>);

fn for_duplicates<'d, 'a: 'd>(
    texts: impl Iterator<Item = Indexed<'d, 'a>>,
    mut report: impl FnMut(Indexed<'d, 'a>, Indexed<'d, 'a>),
) {
    let mut seen: HashMap<&str, Indexed<'d, 'a>> = HashMap::with_capacity(texts.size_hint().0);
    for (index, text) in texts {
        match seen.entry(text.as_str()) {
            Entry::Vacant(entry) => {
                entry.insert((index, text));
            }
            Entry::Occupied(first) => report(*first.get(), (index, text)),
        }
    }
}
