//! Who hears what, and which clocks tick: the only place where an event meets its listeners.

use super::App;
use crate::{
    accounts, catalogue, checkout,
    config::Site,
    documents, enterprises, orders,
    platform::{jobs::Handlers, mail},
    search,
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
    handlers = documents(handlers, db(), &site);
    handlers = checkout(handlers, db());
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

fn documents(handlers: Handlers, db: PgPool, site: &Site) -> Handlers {
    let (base_url, site_name) = (site.base_url.clone(), site.name.clone());
    let remind = documents::RemindOfInvoices { db, base_url, site_name };
    handlers.every(TimeDelta::hours(6), remind)
}

fn checkout(handlers: Handlers, db: PgPool) -> Handlers {
    handlers.every(TimeDelta::days(1), checkout::Tidy { db })
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
