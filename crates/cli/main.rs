//! The command `influxdb3-tokens`.

fn main() {}
