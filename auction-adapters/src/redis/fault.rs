//! What goes wrong on the way to Redis.

use super::CALL_DURATION_MAX;
use auction_core::ports::{Failure, FailureKind};
use redis::RedisError;
use std::io;

/// How much of the code of an error is shown.
const CODE_BYTES_MAX: usize = 32;

/// Why a call came to nothing. What a server says besides its code is left out: it may repeat the command, and with it
/// the password.
#[derive(Debug, thiserror::Error)]
pub(super) enum Fault {
    #[error("no answer within {} ms", CALL_DURATION_MAX.as_millis())]
    Late,
    #[error("the last call failed a moment ago, and nothing is tried yet")]
    Resting,
    #[error("the server answered {0}")]
    Refused(String),
    #[error("the connection broke: {0}")]
    Broken(String),
    #[error("no sign of life")]
    Silent,
}

impl Fault {
    /// The failure of this operation.
    pub(super) fn of(self, operation: &'static str) -> Failure {
        Failure::new(FailureKind::Unavailable, operation, self)
    }
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        Self::Broken(error.to_string())
    }
}

impl From<RedisError> for Fault {
    fn from(error: RedisError) -> Self {
        if let Some(code) = error.code() {
            let known = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
            let is_code = !code.is_empty() && code.len() <= CODE_BYTES_MAX && code.bytes().all(known);
            return Self::Refused(if is_code { code.to_owned() } else { "an error".to_owned() });
        }
        // That of the operating system or of rustls, which know nothing of passwords.
        Self::Broken(if error.is_io_error() { error.to_string() } else { error.category().to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use redis::make_extension_error;

    #[test]
    fn what_a_server_says_besides_its_code_is_left_out() {
        let said = Some("with args beginning with: 'hunter2'".to_owned());
        for code in ["ERR", "WRONGPASS", "hunter2", "", &"A".repeat(1_000)] {
            let fault = Fault::from(make_extension_error(code.to_owned(), said.clone()));
            let shown = format!("{fault} {fault:?}");
            assert!(!shown.contains("hunter2") && shown.len() < 200, "{shown}");
        }
    }
}
