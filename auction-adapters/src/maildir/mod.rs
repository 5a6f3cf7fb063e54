//! Mails as `.eml` files in a folder, for development, tests and small houses that read them there.

use crate::message::{self, Transfer};
use async_trait::async_trait;
use auction_core::ports::{Clock, Failure, FailureKind, Mail, Mailer, Unsent, UnsentKind};
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Writes each mail to a file of its own, which only its owner may read.
///
/// A file appears whole or not at all. Its name is the time in microseconds and the id of the mail, so that names
/// sort by time. The log says that a file was written, never what stands in it.
#[derive(Clone)]
pub struct Maildir {
    folder: PathBuf,
    sender: String,
    clock: Arc<dyn Clock>,
}

impl Maildir {
    /// Writes to this folder, which is made if it is missing, in the name of `sender` (an address).
    ///
    /// # Errors
    /// A [`Failure`] where the folder cannot be made, or the sender is no address.
    pub fn open(folder: impl Into<PathBuf>, sender: &str, clock: Arc<dyn Clock>) -> Result<Self, Failure> {
        let folder = folder.into();
        make_folder(&folder).map_err(|error| failure("make the mail folder", error))?;
        let sender = auction_core::identity::Email::parse(sender)
            .map_err(|error| failure("read the address of the sender", error))?;
        Ok(Self { folder, sender: sender.typed().to_owned(), clock })
    }
}

#[async_trait]
impl Mailer for Maildir {
    async fn send(&self, mail: &Mail) -> Result<(), Unsent> {
        let at = self.clock.now();
        let id = message::id(mail);
        let file = self.folder.join(format!("{:016}-{id}.eml", at.micros()));
        let message = message::write(mail, &self.sender, at, Transfer::Readable);
        let written = file.clone();
        tokio::task::spawn_blocking(move || write_whole(&written, message.as_bytes()))
            .await
            .map_err(|error| unsent(UnsentKind::Unknown, error))?
            .map_err(|error| unsent(UnsentKind::Down, error))?;
        tracing::info!(file = %file.display(), "a mail was written");
        Ok(())
    }
}

impl std::fmt::Debug for Maildir {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Maildir").field("folder", &self.folder).finish_non_exhaustive()
    }
}

fn make_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn write_whole(file: &Path, content: &[u8]) -> std::io::Result<()> {
    let unfinished = file.with_extension("tmp");
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(&unfinished).and_then(|mut open| {
        open.write_all(content)?;
        open.sync_data()
    });
    let renamed = written.and_then(|()| fs::rename(&unfinished, file));
    if renamed.is_err() {
        // What went wrong first is what is reported.
        let _ = fs::remove_file(&unfinished);
    }
    renamed
}

/// A file that was not renamed is not there.
fn unsent(kind: UnsentKind, error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Unsent {
    Unsent::new(kind, failure("write a mail", error))
}

fn failure(operation: &'static str, error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Failure {
    Failure::new(FailureKind::Unavailable, operation, error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use auction_core::identity::Email;
    use auction_core::memory::ManualClock;
    use auction_core::notify::MailClass;
    use auction_core::{Span, Timestamp};

    fn mail() -> Mail {
        Mail {
            id: "0a1b".to_owned(),
            to: Email::parse("ann@example.com").unwrap(),
            subject: "Hello".to_owned(),
            text: "The code is 012345.\n".to_owned(),
            html: None,
            class: MailClass::Secret,
            lifetime: Span::from_secs(180),
        }
    }

    #[tokio::test]
    async fn each_mail_is_a_whole_file_for_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("data/mail");
        let clock = Arc::new(ManualClock::new(Timestamp::EPOCH.after(Span::from_secs(1))));
        let maildir = Maildir::open(&inner, "house@example.com", clock).unwrap();
        maildir.send(&mail()).await.unwrap();
        let files = fs::read_dir(&inner).unwrap().map(|entry| entry.unwrap().path()).collect::<Vec<_>>();
        assert_eq!(files, [inner.join("0000000001000000-0a1b.eml")]);
        assert!(fs::read_to_string(&files[0]).unwrap().ends_with("\r\n\r\nThe code is 012345.\r\n"));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&files[0]).unwrap().permissions().mode() & 0o777, 0o600);
            assert_eq!(fs::metadata(&inner).unwrap().permissions().mode() & 0o777, 0o700);
        }
    }

    #[tokio::test]
    async fn a_mail_that_cannot_be_written_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(ManualClock::new(Timestamp::EPOCH));
        let maildir = Maildir::open(folder.path(), "house@example.com", clock).unwrap();
        fs::create_dir(folder.path().join("0000000000000000-0a1b.eml")).unwrap();
        assert!(maildir.send(&mail()).await.is_err());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_sender_that_is_no_address_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(ManualClock::new(Timestamp::EPOCH));
        assert!(Maildir::open(folder.path(), "a@b.co\r\nBcc: c@d.co", clock).is_err());
    }
}
