//! A mailer that keeps what it is given.

use crate::ports::{Mail, Mailer, Unsent};
use async_trait::async_trait;
use std::sync::{Mutex, PoisonError};

/// Keeps mails instead of sending them.
#[derive(Debug, Default)]
pub struct RecordingMailer {
    mails: Mutex<Vec<Mail>>,
}

impl RecordingMailer {
    /// Takes out all mails that came since the last call.
    pub fn take(&self) -> Vec<Mail> {
        std::mem::take(&mut self.mails.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[async_trait]
impl Mailer for RecordingMailer {
    async fn send(&self, mail: &Mail) -> Result<(), Unsent> {
        self.mails.lock().unwrap_or_else(PoisonError::into_inner).push(mail.clone());
        Ok(())
    }
}
