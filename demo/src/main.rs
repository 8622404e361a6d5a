//! A live task queue under the dashboard.

fn main() {}
