//! Who hears what, and which clocks tick: the only place where an event meets its listeners.

use super::App;
use crate::{
    accounts, catalogue, checkout,
    config::Site,
    enterprises, messages, notices, orders,
    platform::{jobs::Handlers, kept_pictures::Pictures, mail},
    reviews, search,
};
use chrono::TimeDelta;
use sqlx::PgPool;
use std::sync::Arc;

/// One function a slice, so that each is found by its name.
pub(super) fn all(app: &App) -> anyhow::Result<Handlers> {
    let db = || app.db.clone();
    let site = Arc::new(app.config.site.clone());
    let mail =
        mail::Deliver { db: db(), transport: app.transport()?, from: app.config.mail.from.clone() };
    let mut handlers = Handlers::default().with(mail);
    handlers = accounts(handlers, db(), &site);
    handlers = enterprises(handlers, db(), &site);
    handlers = catalogue(handlers, &db(), &site);
    handlers = orders(handlers, &db(), &site);
    handlers = checkout(handlers, db());
    handlers = voices(handlers, app);
    handlers = notices(handlers, app)?;
    handlers = search(handlers, db(), &app.search);
    Ok(handlers)
}

fn accounts(handlers: Handlers, db: PgPool, site: &Arc<Site>) -> Handlers {
    handlers
        .with(accounts::SendReset::new(db.clone(), site.clone()))
        .every(TimeDelta::hours(1), accounts::Tidy(db))
}

fn enterprises(handlers: Handlers, db: PgPool, site: &Arc<Site>) -> Handlers {
    handlers
        .on(enterprises::TellOwners { db: db.clone(), site: site.clone() })
        .on(enterprises::WarnOfBankChange { db, site: site.clone() })
}

fn orders(handlers: Handlers, db: &PgPool, site: &Site) -> Handlers {
    let post = orders::Post { base_url: site.base_url.clone(), site_name: site.name.clone() };
    let (db, post) = (|| db.clone(), || post.clone());
    handlers
        .on(orders::TellPlaced { db: db(), post: post() })
        .on(orders::TellChanged { db: db(), post: post() })
        .every(TimeDelta::minutes(1), orders::Clocks { db: db(), post: post() })
}

fn checkout(handlers: Handlers, db: PgPool) -> Handlers {
    handlers.every(TimeDelta::days(1), checkout::Tidy { db })
}

fn voices(handlers: Handlers, app: &App) -> Handlers {
    let (db, files) = (|| app.db.clone(), app.files.clone());
    let pictures = Pictures::new(files.clone());
    handlers
        .every(TimeDelta::days(1), reviews::Recount { db: db() })
        .every(TimeDelta::minutes(1), messages::TellWaiting { db: db() })
        .every(TimeDelta::days(1), messages::Sweep { db: db(), files, pictures })
}

fn notices(handlers: Handlers, app: &App) -> anyhow::Result<Handlers> {
    let site = &app.config.site;
    let post = notices::Post { base_url: site.base_url.clone(), site_name: site.name.clone() };
    let (db, post) = (|| app.db.clone(), || post.clone());
    let sms = Arc::new(notices::FileSms::new(app.config.storage.var.join("sms"))?);
    Ok(handlers
        .with(notices::DeliverText { db: db(), sms })
        .with(notices::AskForReview { db: db(), post: post() })
        .on(notices::TellPlaced { db: db(), post: post() })
        .on(notices::TellChanged { db: db() })
        .on(notices::AskLater { db: db() })
        .on(notices::TellJudged { db: db() })
        .on(notices::TellReviewed { db: db(), post: post() })
        .on(notices::TellAnswered { db: db(), post: post() })
        .on(notices::TellRuled { db: db(), post: post() })
        .on(notices::TellWaiting { db: db(), post: post() })
        .every(TimeDelta::hours(1), notices::Digest { db: db(), post: post() })
        .every(TimeDelta::days(1), notices::Tidy { db: db() }))
}

fn search(handlers: Handlers, db: PgPool, search: &search::Search) -> Handlers {
    search::jobs::handlers(handlers, &db, search)
}

fn catalogue(handlers: Handlers, db: &PgPool, site: &Arc<Site>) -> Handlers {
    handlers
        .on(catalogue::TellOfStock(db.clone()))
        .on(catalogue::ReckonOnApproval(db.clone()))
        .on(catalogue::ReckonOnChange(db.clone()))
        .on(catalogue::ReckonOnSuspension(db.clone()))
        .on(catalogue::ReckonOnReinstatement(db.clone()))
        .on(catalogue::TellOwners { db: db.clone(), site: site.clone() })
        .every(TimeDelta::hours(1), catalogue::WatchPapers { db: db.clone(), site: site.clone() })
}
