//! All routes, and the layers around them.

use super::{App, health};
use crate::{
    accounts, catalogue, checkout, delivery, department_desk, enterprises, operator_desk, orders,
    participation, payments, places, search, seller_desk, stock, storefront,
    web::{assets, stack},
};
use axum::{Router, http::StatusCode, routing::get};

impl App {
    /// Every page of the floor.
    pub fn router(&self) -> Router {
        let db = self.db.clone();
        let routes = Router::new()
            .merge(places::router(places::Deps { db: db.clone() }))
            .merge(accounts::router(accounts::Deps { db: db.clone() }))
            .merge(enterprises::router(enterprises::Deps { db: db.clone() }))
            .merge(catalogue::router(catalogue::Deps { db: db.clone() }))
            .merge(stock::router(stock::Deps { db: db.clone() }))
            .merge(delivery::router(delivery::Deps { db: db.clone() }))
            .merge(payments::router(payments::Deps { db: db.clone() }))
            .merge(orders::router(orders::Deps { db: db.clone() }))
            .merge(checkout::router(checkout::Deps { db: db.clone() }))
            .merge(search::router(search::Deps { db: db.clone() }))
            .merge(participation::router(participation::Deps { db: db.clone() }))
            .merge(storefront::router(storefront::Deps { db: db.clone() }))
            .merge(seller_desk::router(seller_desk::Deps { db: db.clone() }))
            .merge(department_desk::router(department_desk::Deps { db: db.clone() }))
            .merge(operator_desk::router(operator_desk::Deps { db: db.clone() }));
        let machine = Router::new()
            .route("/healthz", get(health::healthz))
            .with_state(db)
            .route("/static/{*path}", get(assets::serve).with_state(self.assets.clone()));
        let all = routes
            .merge(machine)
            .fallback(|| async { StatusCode::NOT_FOUND })
            .method_not_allowed_fallback(|| async { StatusCode::METHOD_NOT_ALLOWED });
        stack::around(all, self.shell(), self.limits.clone())
    }
}
