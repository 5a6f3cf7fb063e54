//! Examples: see the `examples/` folder of this package.
