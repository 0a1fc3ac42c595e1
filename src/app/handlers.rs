//! Who hears what, and which clocks tick: the only place where an event meets its listeners.

use super::App;
use crate::{
    accounts, approvals, catalogue, checkout,
    config::Site,
    delivery, documents, enterprises, exports, ledger, messages, notices, orders, organisations,
    payments,
    platform::{inbox, jobs::Handlers, kept_pictures::Pictures, mail},
    purchasing, quotes, returns, reviews, search,
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
    let mut handlers = Handlers::default().with(mail).every(TimeDelta::days(1), inbox::Sweep(db()));
    handlers = accounts(handlers, db(), &site);
    handlers = enterprises(handlers, db(), &site);
    handlers = firms(handlers, &db(), &site);
    handlers = catalogue(handlers, &db(), &site);
    handlers = payments(handlers, &db(), &app.gateways.for_jobs()?);
    handlers = delivery(handlers, &app.office);
    handlers = orders(handlers, &db(), &site);
    handlers = ledger(handlers, &db(), &app.categories);
    handlers = returns(handlers, &db(), &site);
    handlers = documents(handlers, db(), &site);
    handlers = purchasing(handlers, &db(), &site);
    handlers = quotes(handlers, &db(), &site);
    handlers = checkout(handlers, db());
    handlers = voices(handlers, app);
    handlers = notices(handlers, app)?;
    handlers = handlers.every(TimeDelta::hours(6), exports::Tidy(db()));
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

fn firms(handlers: Handlers, db: &PgPool, site: &Site) -> Handlers {
    let post = approvals::Post { base_url: site.base_url.clone(), site_name: site.name.clone() };
    handlers
        .on(organisations::KnowShops(db.clone()))
        .on(approvals::TellApprovers { db: db.clone(), post: post.clone() })
        .on(approvals::TellAsker { db: db.clone(), post })
        .every(TimeDelta::hours(1), approvals::Clocks(db.clone()))
}

fn payments(handlers: Handlers, db: &PgPool, gateways: &payments::Gateways) -> Handlers {
    let (db, gateways) = (|| db.clone(), || gateways.clone());
    handlers
        .with(payments::transfers::ReadBankMessage(db()))
        .every(TimeDelta::days(1), payments::transfers::SweepStatements(db()))
        .with(payments::Listen { db: db(), gateways: gateways() })
        .every(TimeDelta::minutes(1), payments::Sweep { db: db(), gateways: gateways() })
}

fn delivery(handlers: Handlers, office: &delivery::Office) -> Handlers {
    let (office, db) = (|| office.clone(), || office.db.clone());
    handlers
        .with(delivery::Ship(office()))
        .with(delivery::Cancel(office()))
        .with(delivery::Look(office()))
        .with(delivery::HearPush(office()))
        .every(TimeDelta::minutes(5), delivery::Watch(office()))
        .every(TimeDelta::minutes(1), delivery::EndPauses(db()))
        .every(TimeDelta::minutes(1), delivery::ForgetFees(db()))
}

fn orders(handlers: Handlers, db: &PgPool, site: &Site) -> Handlers {
    let post = orders::Post { base_url: site.base_url.clone(), site_name: site.name.clone() };
    let (db, post) = (|| db.clone(), || post.clone());
    handlers
        .on(orders::TellPlaced { db: db(), post: post() })
        .on(orders::TellChanged { db: db(), post: post() })
        .on(orders::GoOnWhenPaid(db()))
        .on(orders::FollowParcels(db()))
        .on(orders::ExtendClocks(db()))
        .every(TimeDelta::hours(1), orders::SettleParcels(db()))
        .every(TimeDelta::minutes(1), orders::Clocks { db: db(), post: post() })
}

fn ledger(handlers: Handlers, db: &PgPool, categories: &catalogue::Categories) -> Handlers {
    handlers
        .on(ledger::BookPlaced(db.clone()))
        .on(ledger::BookPayment(db.clone()))
        .on(ledger::BookCompleted { db: db.clone(), categories: categories.clone() })
        .every(TimeDelta::days(1), ledger::Check(db.clone()))
}

fn returns(handlers: Handlers, db: &PgPool, site: &Site) -> Handlers {
    let post = orders::Post { base_url: site.base_url.clone(), site_name: site.name.clone() };
    handlers
        .on(returns::TellMoved { db: db.clone(), post: post.clone() })
        .on(returns::TellEdit { db: db.clone(), post })
        .every(TimeDelta::minutes(1), returns::Clocks { db: db.clone() })
}

fn documents(handlers: Handlers, db: PgPool, site: &Site) -> Handlers {
    let (base_url, site_name) = (site.base_url.clone(), site.name.clone());
    let remind = documents::RemindOfInvoices { db, base_url, site_name };
    handlers.every(TimeDelta::hours(6), remind)
}

fn purchasing(handlers: Handlers, db: &PgPool, site: &Site) -> Handlers {
    let post = orders::Post { base_url: site.base_url.clone(), site_name: site.name.clone() };
    handlers
        .on(purchasing::TellMoved { db: db.clone(), post: post.clone() })
        .on(purchasing::FollowPayments(db.clone()))
        .every(TimeDelta::hours(6), purchasing::Dun { db: db.clone(), post })
}

fn quotes(handlers: Handlers, db: &PgPool, site: &Site) -> Handlers {
    let post = quotes::Post { base_url: site.base_url.clone(), site_name: site.name.clone() };
    let (db, post) = (|| db.clone(), || post.clone());
    handlers
        .on(quotes::TellRequest { db: db(), post: post() })
        .on(quotes::TellQuote { db: db(), post: post() })
        .on(quotes::TellQuestion { db: db(), post: post() })
        .every(TimeDelta::minutes(1), quotes::Clocks { db: db() })
}

fn checkout(handlers: Handlers, db: PgPool) -> Handlers {
    handlers.on(checkout::FreeSamples(db.clone())).every(TimeDelta::days(1), checkout::Tidy { db })
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
        .on(notices::TellWarned { db: db(), post: post() })
        .on(notices::TellReturn { db: db(), post: post() })
        .on(notices::TellEdit { db: db(), post: post() })
        .on(notices::TellLost { db: db(), post: post() })
        .on(notices::TellRung { db: db() })
        .on(notices::TellShop { db: db() })
        .on(notices::TellListed { db: db(), post: post() })
        .on(notices::TellMandate { db: db(), post: post() })
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
