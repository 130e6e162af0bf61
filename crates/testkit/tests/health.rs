//! The generators reach everything that they are there for.

use testkit::health;

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
