//! The generators reach everything that they are there for.

use testkit::generate::DocumentCase;
use testkit::{health, oracle, source};
use tokens::Kind;

#[test]
fn every_code_is_reached_and_every_generator_makes_good_and_bad_values() {
    let all = health::of_all(2_000);
    assert_eq!(health::missed(&all), []);
    for health in &all {
        assert!(health.values > 1_900, "{health}");
        let percent = health.accepted * 100 / health.judged.max(1);
        assert!((15..=85).contains(&percent), "{health}");
    }
}

#[test]
fn the_same_seed_gives_the_same_values() {
    assert_eq!(health::of_all(50), health::of_all(50));
}

#[test]
fn the_readers_two_ways_are_compared_often() {
    let cases = (0..500).filter_map(source::from_seed::<DocumentCase>);
    let texts: Vec<Vec<u8>> = cases.map(|case| case.text()).collect();
    let readings = || texts.iter().map(|text| tokens::read(text, Some(Kind::Permission)));
    let compared = readings().filter(|reading| oracle::paths::with_an_escape(reading).is_some());
    let refused = compared.clone().filter(|reading| !reading.loads()).count();
    let compared = compared.count();
    assert!(compared * 100 / texts.len() >= 30, "{compared} of {}", texts.len());
    assert!(refused * 100 / texts.len() >= 5, "{refused} of {}", texts.len());
}
