//! How one variant is sold to firms: units, least quantity, lead times, sample.

use super::{deals::Sample, error::WholesaleError, queries, units::Unit};
use crate::{
    catalogue::{self, Terms},
    kernel::{Cx, SellerId, Text, VariantId},
    platform::audit,
};
use serde_json::json;
use sqlx::PgConnection;

/// More units than anybody reads.
pub(super) const MOST_UNITS: usize = 6;

/// How a variant is sold to firms.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Item {
    pub terms: Terms,
    pub units: Vec<Unit>,
    pub sample: Option<Sample>,
}

impl Item {
    fn check(&self) -> Result<(), Text> {
        if !self.terms.fit() {
            return Err(Text::new(
                "Số tối thiểu phải chia hết cho bội số; các mốc thời gian phải tăng dần, mốc đầu từ 2, thời gian không ngắn lại.",
                "The least quantity must be a multiple of the step; lead times must rise with the quantity, from 2 on.",
            ));
        }
        let names = |i: usize| self.units[..i].iter().any(|u| u.is_called(&self.units[i].name));
        if self.units.len() > MOST_UNITS || (0..self.units.len()).any(names) {
            return Err(Text::new(
                "Mỗi đơn vị một tên, nhiều nhất 6 đơn vị.",
                "Each unit has a name of its own; there are six at most.",
            ));
        }
        if self.sample.is_some_and(|sample| sample.most >= self.terms.min) {
            return Err(Text::new(
                "Số lượng mẫu phải nhỏ hơn số lượng tối thiểu.",
                "A sample is smaller than the least quantity.",
            ));
        }
        Ok(())
    }
}

/// Settles how one of the seller's variants is sold to firms.
///
/// # Errors
/// [`WholesaleError::NotFound`] when it is not his; [`WholesaleError::Refused`] when it cannot be kept; what `catalogue`
/// says, such as that the listing is in review.
pub async fn save_item(
    db: &mut PgConnection,
    cx: &Cx,
    seller: SellerId,
    variant: VariantId,
    item: &Item,
) -> Result<(), WholesaleError> {
    item.check().map_err(WholesaleError::Refused)?;
    let own = catalogue::own_variant(db, seller, variant).await?;
    let own = own.ok_or(WholesaleError::NotFound)?;
    catalogue::save_terms(db, cx, (seller, own.product), variant, &item.terms).await?;
    queries::put_item(db, variant, item).await?;
    let detail = json!({ "terms": item.terms, "units": item.units });
    audit::record(db, cx, "wholesale.item", &format!("variant:{variant}"), detail).await?;
    Ok(())
}
