//! Requests that are always the same.

use super::client::{Heard, Script};

/// Says the same again and again; whatever comes back is the answer.
#[derive(Clone, Debug)]
pub struct Same {
    request: Vec<u8>,
}

impl Same {
    /// Says this.
    pub const fn new(request: Vec<u8>) -> Self {
        Self { request }
    }
}

impl Script for Same {
    fn ask(&mut self, _connection: usize, output: &mut Vec<u8>) {
        output.extend(&self.request);
    }

    fn hear(&mut self, _connection: usize, _message: &[u8]) -> Heard {
        Heard::Done
    }
}
