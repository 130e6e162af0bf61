//! Database names (DB-01).

use tokens::DatabaseName;

use super::model;

/// A text is a database name where the model says so, and otherwise a refusal says why.
pub fn name(name: &str) {
    match DatabaseName::parse(name) {
        Ok(parsed) => {
            assert!(model::is_database_name(name), "{name:?} is taken");
            assert_eq!(parsed.as_str(), name);
            assert_eq!(parsed.to_string(), name);
            assert_eq!(parsed.clone().into_owned(), parsed);
        }
        Err(error) => {
            assert!(!model::is_database_name(name), "{name:?} is refused: {error}");
            assert!(
                !error.to_string().is_empty() && !error.help().is_empty(),
                "no words for {name:?}"
            );
        }
    }
}
