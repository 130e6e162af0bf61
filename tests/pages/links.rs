//! Links of the pages lead to files of the project, and to headings in them.

use std::path::Path;

use crate::{every_page, project, text};

/// The anchor that a heading gets.
fn anchor(heading: &str) -> String {
    let kept = heading.trim_start_matches(['#', ' ']).to_lowercase();
    let kept = kept.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.collect::<String>().replace(' ', "-")
}

pub(crate) fn lead_somewhere() {
    for page in every_page() {
        let text_of_page = text(page);
        let is_left_of_a_merge =
            |line: &str| line.starts_with("<<<<<<<") || line.starts_with(">>>>>>>");
        assert!(!text_of_page.lines().any(is_left_of_a_merge), "{page} has two versions of a part");
        let links = text_of_page.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        for link in links.filter(|link| !link.starts_with("https://")) {
            let (file, fragment) = link.split_once('#').unwrap_or((link, ""));
            let directory = Path::new(page).parent().expect("a directory");
            let target = match file {
                "" => page.to_owned(),
                _ => directory.join(file).to_str().expect("UTF-8").to_owned(),
            };
            assert!(project(&target).exists(), "{page} links to {link}");
            let is_heading = |line: &str| line.starts_with('#') && anchor(line) == fragment;
            let found = fragment.is_empty() || text(&target).lines().any(is_heading);
            assert!(found, "{page} links to {link}");
        }
    }
}
