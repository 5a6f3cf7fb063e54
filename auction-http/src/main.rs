//! The reference auction server.

fn main() {}
