//! DOC-07: a file without tokens. A note where it declares databases, which is a use of its own.

use super::{Check, Context, Run};
use crate::diagnostic::{Code, Diagnostic, Place, Severity, rules};
use crate::reader::Draft;

pub(super) const CHECK: Check = Check { codes: &[Code::NoTokens], run: Run::OnDraft(run) };

fn run(draft: &Draft<'_>, _: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let Some(list) = draft.tokens.as_ref().filter(|list| list.items.is_empty()) else { return };
    let databases = draft.create_databases.as_ref().is_some_and(|names| !names.is_empty());
    let severity = if databases { Severity::Note } else { Severity::Warning };
    found.push(
        Diagnostic::new(Code::NoTokens, rules::DOC_07, "the file holds no token")
            .severity(severity)
            .help("add one with `create token --offline --output-file FILE`")
            .at(Place { pointer: "/tokens".to_owned(), span: list.span }),
    );
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{file, found};
    use crate::diagnostic::Severity;

    #[test]
    fn a_file_without_tokens_is_found() {
        let severity = |file| found(file).iter().map(|found| found.severity).collect::<Vec<_>>();
        assert_eq!(severity(r#"{"tokens": []}"#), [Severity::Warning]);
        assert_eq!(severity(r#"{"tokens": [], "create_databases": []}"#), [Severity::Warning]);
        assert_eq!(severity(r#"{"tokens": [], "create_databases": ["a"]}"#), [Severity::Note]);
    }

    #[test]
    fn a_file_with_a_token_is_fine() {
        assert!(found(&file(&["a"], &["db:a:read"])).is_empty());
    }
}
