//! What is sold: categories with required facts and papers, products, variants, prices, pictures,
//! review before display.
//!
//! ```text
//! draft ─▶ in review ─▶ published ⇄ unlisted          any of them ⇄ blocked (by a reviewer)
//!            ▲  └─▶ draft     └─▶ in review (reviewed contents changed)
//! ```
//! A published product is on display while its shop is admitted and the papers that its category
//! demands are valid; [`listing`] and [`offers`] check that whenever they are asked.
//! - Schema `catalogue`, read and written by [`queries`] alone. Published: `catalogue.listings_report`.
//! - Tells: [`ListingChanged`], [`ListingsImported`], and to its own letters [`ListingJudged`].
//! - Hears: `stock::StockChanged`, and what `enterprises` tells of a shop's state.
//! - Uses: `stock`, `enterprises` (members, state, papers).

mod art;
mod banned;
mod categories;
mod create;
mod edit;
mod error;
mod events;
mod for_desks;
mod for_firms;
mod import;
mod jobs;
mod letters;
mod listing;
mod load;
mod model;
mod offer;
mod pages;
mod papers;
mod pictures;
mod queries;
mod ready;
mod routes;
mod step;
mod terms;
mod variant;

pub use art::{drawing, picture};
pub use banned::Action as BanAction;
pub use categories::{Categories, Category, Fact, PaperKind};
pub use create::create_product;
pub use edit::{
    EditedVariant, PriceLine, save_about, save_line, save_terms, save_tiers, save_variants,
};
pub use error::CatalogueError;
pub use events::{ListingChanged, ListingJudged, ListingsImported};
pub use for_desks::waiting_for_review;
pub use for_firms::{OwnVariant, by_codes, own_variant, own_variant_of_sku, own_variants};
pub use import::{ImportOptions, import_products, import_shop};
pub use jobs::{
    ReckonOnApproval, ReckonOnChange, ReckonOnReinstatement, ReckonOnSuspension, TellOfStock,
    TellOwners, WatchPapers,
};
pub use listing::{
    ListedCertificate, ListedPicture, ListedVariant, Listing, certificate_names, listing, preview,
};
pub use load::{import_categories, load_reference};
pub use model::{
    About, NewCertificate, NewProduct, NewVariant, Product, State, Step, Tier, tier_price,
};
pub use offer::{Offer, offers, offers_of, price_for};
pub use papers::{Certificate, Demanded, add_certificate, judge_certificate, remove_certificate};
pub use pictures::MOST_PICTURES;
pub use ready::{Bar, missing};
pub use routes::{Decoders, Deps, router};
pub use step::{approve, bring_in, by_reviewer, by_seller, submit};
pub use terms::{LeadStep, MOST_PIECES, Terms};
