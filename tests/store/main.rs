//! The store loses nothing (FILE-01 to FILE-09): real processes, real faults.
//!
//! A test that needs what the platform lacks says so, and counts as ignored, not as passed.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used
)]

mod concurrency;
mod content;
mod durability;
mod faults;
mod injected;
mod kill;
mod modes;
mod platform;
#[path = "../support/mod.rs"]
mod support;
mod trace;

use std::env;
use std::os::unix::process::CommandExt;
use std::process::{Command, ExitCode};

use libtest_mimic::{Arguments, Completion, Trial};

use platform::Outcome;

/// The tests of these modules, by their names.
macro_rules! trials {
    ($($module:ident { $($test:ident),* $(,)? })*) => {
        vec![$($(trial(concat!(stringify!($module), "::", stringify!($test)), $module::$test)),*),*]
    };
}

fn trial(name: &str, test: fn() -> Outcome) -> Trial {
    Trial::ignorable_test(name, move || match test() {
        Ok(()) => Ok(Completion::Completed),
        Err(reason) => Ok(Completion::ignored_with(reason.0)),
    })
}

/// A shell starts what runs in the background with some signals ignored, and the program under test
/// would rightly go on ignoring them: starts this one anew without.
fn begin_anew_with_default_signals() {
    const BEGUN: &str = "STORE_TESTS_BEGUN";
    if env::var_os(BEGUN).is_none()
        && let Ok(program) = env::current_exe()
    {
        let mut command = Command::new("env");
        command.arg("--default-signal").arg(program).args(env::args_os().skip(1)).env(BEGUN, "");
        // Where there is no such `env`, nothing is amiss in most places.
        let _ = command.exec();
    }
}

fn main() -> ExitCode {
    begin_anew_with_default_signals();
    let trials = trials! {
        concurrency {
            writers_at_the_same_time_lose_nothing,
            a_stopped_writer_is_waited_for_and_then_reported,
            a_killed_writer_keeps_nobody_waiting,
            a_signal_ends_a_wait,
            signals_that_are_to_be_ignored_are,
        }
        content {
            an_append_adds_one_token_and_keeps_every_other_byte,
            a_file_of_200_000_tokens_takes_one_more,
            what_cannot_be_edited_stays_as_it_is,
            removing_and_rotating_touch_their_token_alone,
            every_change_ends_with_what_servers_do,
        }
        durability {
            success_is_told_after_the_disk_has_everything,
        }
        faults {
            what_is_no_file_of_ours_is_refused,
            a_disk_that_takes_nothing_leaves_the_old_file,
            a_file_size_limit_leaves_the_old_file,
            a_directory_that_cannot_be_written_leaves_the_old_file,
            a_file_replaced_by_another_program_is_left_to_it,
            a_directory_that_is_swapped_is_noticed,
            marks_of_the_file_system_are_respected,
        }
        injected {
            a_kill_at_any_system_call_loses_nothing,
            an_error_of_any_system_call_loses_nothing,
            a_signal_at_any_system_call_leaves_no_litter,
            a_guessed_temporary_name_is_of_no_use,
        }
        kill {
            three_hundred_killed_appends_lose_nothing,
        }
        modes {
            a_new_file_is_for_its_owner_alone,
            an_old_mode_is_kept_or_narrowed,
            an_owner_is_kept_or_the_command_fails,
            an_access_control_list_is_kept_and_none_inherited,
            planted_files_change_nothing,
        }
    };
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}
