//! How far long work has come, on standard error.

use indicatif::{ProgressBar, ProgressStyle};

/// A bar on standard error, where that is a terminal. It is gone when it is dropped.
#[derive(Debug)]
pub(crate) struct Bar(ProgressBar);

impl Bar {
    /// A bar for so much of `what`; without an end where nobody knows it.
    pub(crate) fn new(what: &'static str, total: Option<usize>) -> Self {
        let (bar, template) = match total {
            Some(total) => (ProgressBar::new(total as u64), "{bar:40} {human_pos} of {human_len} {msg}"),
            None => (ProgressBar::new_spinner(), "{spinner} {human_pos} {msg}"),
        };
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        Self(bar.with_style(style).with_message(what))
    }

    /// So much is done.
    pub(crate) fn tell(&self, done: usize) {
        self.0.set_position(done as u64);
    }

    /// So much there is by now.
    pub(crate) fn tell_total(&self, total: usize) {
        self.0.set_length(total as u64);
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
