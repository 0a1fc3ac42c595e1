//! Who hears what, and which clocks tick: the only place where an event meets its listeners.

use super::App;
use crate::platform::{jobs::Handlers, mail};

pub(super) fn all(app: &App) -> anyhow::Result<Handlers> {
    let mail = mail::Deliver {
        db: app.db.clone(),
        transport: app.transport()?,
        from: app.config.mail.from.clone(),
    };
    Ok(Handlers::default().with(mail))
}
