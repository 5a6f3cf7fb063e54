//! The reference auction server as a library.
