//! Adapters behind the ports of `auction-core`.
