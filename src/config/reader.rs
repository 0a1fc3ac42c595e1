//! Reads variables and collects what is wrong with them.

use secrecy::SecretString;
use std::{collections::HashMap, fmt, str::FromStr};

/// A source of variables.
pub struct Reader {
    values: HashMap<String, String>,
    problems: Vec<String>,
}

/// Everything that is wrong with the configuration.
#[derive(Debug, thiserror::Error)]
pub struct Problems(Vec<String>);

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "the configuration has {} error(s) (see .env.example):", self.0.len())?;
        self.0.iter().try_for_each(|problem| writeln!(f, "  - {problem}"))
    }
}

impl<const N: usize> From<[(&str, &str); N]> for Reader {
    fn from(pairs: [(&str, &str); N]) -> Self {
        let values = pairs.into_iter().map(|(k, v)| (k.to_owned(), v.to_owned())).collect();
        Self { values, problems: Vec::new() }
    }
}

impl Reader {
    /// The process's environment; empty variables count as not set.
    #[must_use]
    pub fn env() -> Self {
        let values = std::env::vars_os()
            .filter_map(|(k, v)| Some((k.into_string().ok()?, v.into_string().ok()?)))
            .filter(|(_, v)| !v.is_empty())
            .collect();
        Self { values, problems: Vec::new() }
    }

    /// Sets a variable by hand.
    pub fn set(&mut self, name: &str, value: &str) {
        self.values.insert(name.to_owned(), value.to_owned());
    }

    /// A text, or the default.
    pub fn text(&mut self, name: &str, default: &str) -> String {
        self.values.get(name).cloned().unwrap_or_else(|| default.to_owned())
    }

    /// A text, if it is set.
    pub fn optional(&mut self, name: &str) -> Option<String> {
        self.values.get(name).cloned()
    }

    /// A text that is never printed, checked by `sound`.
    pub fn secret(
        &mut self,
        name: &str,
        sound: impl FnOnce(&str) -> Result<(), &'static str>,
    ) -> Option<SecretString> {
        let value = self.values.get(name)?;
        if let Err(why) = sound(value) {
            self.problems.push(format!("{name}: {why}"));
        }
        Some(SecretString::from(value.clone()))
    }

    /// A value with a form of its own; `what` says which, for the person who set it wrong.
    pub fn parsed<T: FromStr>(&mut self, name: &str, default: T, what: &str) -> T {
        match self.values.get(name).map(|value| value.trim().parse()) {
            None => default,
            Some(Ok(value)) => value,
            Some(Err(_)) => {
                self.problems.push(format!("{name}: must be {what}"));
                default
            }
        }
    }

    /// A list separated by commas.
    pub fn list<T: FromStr>(&mut self, name: &str, default: &str, what: &str) -> Vec<T> {
        let text = self.text(name, default);
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        let parsed: Result<Vec<T>, _> = parts.map(str::parse).collect();
        parsed.unwrap_or_else(|_| {
            self.problems.push(format!("{name}: must be {what}"));
            Vec::new()
        })
    }

    /// Notes a problem that only several variables together show.
    pub fn problem(&mut self, text: impl Into<String>) {
        self.problems.push(text.into());
    }

    /// What was wrong with all that was read.
    ///
    /// # Errors
    /// Everything, together.
    pub fn finish(&mut self) -> Result<(), Problems> {
        if self.problems.is_empty() {
            Ok(())
        } else {
            Err(Problems(std::mem::take(&mut self.problems)))
        }
    }
}
