//! All routes, and the layers around them.

use super::{App, health, metrics};
use crate::{
    accounts, approvals, assisted, catalogue, checkout, delivery, demo, department_desk, documents,
    enterprises, exports, ledger, messages, notices, operator_desk, orders, organisations,
    participation, payments, places,
    platform::kept_pictures::Pictures,
    promotions, purchasing, quotes, returns, reviews, search, seller_desk, stock, storefront,
    trade_events,
    web::{assets, stack},
    wholesale,
};
use axum::{Router, http::StatusCode, middleware::from_fn_with_state, routing::get};

impl App {
    /// Every page of the floor.
    pub fn router(&self) -> Router {
        let db = self.db.clone();
        let mut routes = self.voices();

        routes = routes.merge(places::router(places::Deps { places: self.places.clone() }));

        routes = routes.merge(accounts::router(self.accounts()));

        routes = routes.merge(enterprises::router(enterprises::Deps {
            db: db.clone(),
            files: self.files.clone(),
            places: self.places.clone(),
            sealer: self.office.sealer.clone(),
        }));

        routes = routes.merge(catalogue::router(catalogue::Deps::new(
            db.clone(),
            self.categories.clone(),
            self.places.clone(),
            self.files.clone(),
        )));

        routes = routes.merge(self.firms());

        routes = routes.merge(stock::router(stock::Deps { db: db.clone() }));

        let office = self.office.clone();
        routes = routes.merge(delivery::router(delivery::Deps { office }));

        routes = routes.merge(self.money());

        routes = routes.merge(self.buying());

        routes = routes.merge(self.promotion());

        routes = routes.merge(search::router(search::Deps { search: self.search.clone() }));

        routes = routes.merge(participation::router(participation::Deps {
            db: db.clone(),
            places: self.places.clone(),
        }));

        routes = routes.merge(storefront::router(storefront::Deps::new(
            db.clone(),
            self.search.clone(),
            self.places.clone(),
            self.categories.clone(),
            self.config.site.clone(),
        )));

        routes = routes.merge(seller_desk::router(seller_desk::Deps { db: db.clone() }));

        routes = routes.merge(department_desk::router(department_desk::Deps {
            db: db.clone(),
            places: self.places.clone(),
        }));

        routes = routes.merge(operator_desk::router(operator_desk::Deps {
            db: db.clone(),
            search: self.search.clone(),
        }));

        if self.config.site.demo {
            routes = routes.merge(demo::router(demo::Deps { db: db.clone() }));
        }

        let machine = Router::new()
            .route("/healthz", get(health::healthz))
            .with_state(db.clone())
            .route("/metrics", get(metrics::read).with_state(self.watched()))
            .route("/static/{*path}", get(assets::serve).with_state(self.assets.clone()));
        let all = routes
            .merge(machine)
            .fallback(|| async { StatusCode::NOT_FOUND })
            .method_not_allowed_fallback(|| async { StatusCode::METHOD_NOT_ALLOWED })
            .layer(from_fn_with_state(self.office.notices.clone(), delivery::notice_layer))
            .layer(from_fn_with_state(db.clone(), notices::seen_layer))
            .layer(from_fn_with_state(db, accounts::session_layer));
        stack::around(all, self.shell(), self.limits.clone())
    }

    fn watched(&self) -> metrics::Watched {
        let (db, search, config) = (self.db.clone(), self.search.clone(), self.config.clone());
        metrics::Watched { db, search, config }
    }

    /// What is promised, paid and booked.
    fn money(&self) -> Router {
        let (db, categories) = (|| self.db.clone(), self.categories.clone());
        let gateways = || self.gateways.clone();
        Router::new()
            .merge(payments::router(payments::Deps { db: db(), gateways: gateways() }))
            .merge(promotions::router(promotions::Deps { db: db() }))
            .merge(orders::router(orders::Deps { db: db(), gateways: gateways() }))
            .merge(returns::router(returns::Deps::new(db(), self.files.clone())))
            .merge(ledger::router(ledger::Deps { db: db(), categories }))
    }

    /// Firms that buy, and who agrees there.
    fn firms(&self) -> Router {
        let (db, categories) = (|| self.db.clone(), self.categories.clone());
        let places = self.places.clone();
        organisations::router(organisations::Deps { db: db(), places })
            .merge(approvals::router(approvals::Deps { db: db(), categories }))
    }

    /// Where buyers from elsewhere meet shops: at events, and from abroad.
    fn promotion(&self) -> Router {
        let (db, places) = (self.db.clone(), self.places.clone());
        let site: std::sync::Arc<_> = self.config.site.clone().into();
        let categories = self.categories.clone();
        let events =
            trade_events::Deps { db: db.clone(), places: places.clone(), site: site.clone() };
        trade_events::router(events).merge(exports::router(exports::Deps {
            db,
            places,
            categories,
            site,
        }))
    }

    /// From the basket to the papers.
    fn buying(&self) -> Router {
        let (db, places) = (self.db.clone(), self.places.clone());
        let files = self.files.clone();
        let sealer = self.office.sealer.clone();
        let papers = documents::Deps { db: db.clone(), files: files.clone() };
        let orders = purchasing::Deps { db: db.clone(), files: files.clone(), sealer };
        documents::router(papers)
            .merge(purchasing::router(orders))
            .merge(quotes::router(quotes::Deps {
                db: db.clone(),
                files,
                places: places.clone(),
                categories: self.categories.clone(),
            }))
            .merge(wholesale::router(wholesale::Deps { db: db.clone() }))
            .merge(assisted::router(assisted::Deps {
                db: db.clone(),
                places: places.clone(),
                categories: self.categories.clone(),
            }))
            .merge(checkout::router(checkout::Deps::new(
                db,
                (places, self.categories.clone()),
                self.office.clone(),
            )))
    }

    /// What people say of goods, what they say to each other, and what they are told.
    fn voices(&self) -> Router {
        let db = self.db.clone();
        let pictures = Pictures::new(self.files.clone());
        reviews::router(reviews::Deps { db: db.clone(), pictures: pictures.clone() })
            .merge(messages::router(messages::Deps::new(db.clone(), self.files.clone(), pictures)))
            .merge(notices::router(notices::Deps { db }))
    }

    fn accounts(&self) -> accounts::Deps {
        let (site, limits) = (&self.config.site, &self.config.limits);
        accounts::Deps::new(self.db.clone(), self.places.clone(), site, limits)
    }
}
