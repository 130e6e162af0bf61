//! The reference for InfluxDB 3 Enterprise tokens files.
