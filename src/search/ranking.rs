//! The one place of the weights by which results are ranked. The page "criteria for display" is made from
//! [`CRITERIA`] (Decree 248/2026, Art. 11), the indexes rank by the same numbers. There is no paid placement.

use crate::kernel::Text;

/// Points of text for one word that was asked for, by where it stands.
pub(super) const NAME: f32 = 1.0;
/// More, if it stands there with exactly the marks that were typed.
pub(super) const MARKED: f32 = 1.0;
pub(super) const CATEGORY: f32 = 0.7;
pub(super) const ATTRIBUTE: f32 = 0.5;
pub(super) const DESCRIPTION: f32 = 0.15;
/// A whole code: SKU or barcode.
pub(super) const CODE: f32 = 20.0;
/// Two words side by side, as they were typed.
pub(super) const ADJACENT: f32 = 0.8;
/// The name begins with what was typed.
pub(super) const HEAD: f32 = 3.0;
/// A category's name begins with what was typed.
pub(super) const SHELF: f32 = 0.25;
/// What an expression of the same meaning is worth, beside the one that was typed.
pub(super) const SYNONYM: f32 = 0.9;
/// What a word is worth that only begins as it was typed, or that was taken for a slip of the finger.
pub(super) const GUESSED: f32 = 0.4;

/// The points of text are multiplied by one and the sum of these.
pub(super) const OUT_OF_STOCK: f32 = -0.5;
pub(super) const CERTIFIED: f32 = 0.06;
/// For stock told today; nothing after [`STALE_DAYS`].
pub(super) const FRESH: f32 = 0.04;
pub(super) const STALE_DAYS: u32 = 60;
/// For each time that sales of 90 days grow 2.7-fold, up to [`MOST_SALES`].
pub(super) const SALES: f32 = 0.01;
pub(super) const MOST_SALES: f32 = 0.08;
/// In the buyer's own commune; half of it next to it.
pub(super) const NEAR: f32 = 0.04;

/// One thing that moves a result up or down, as the page on ranking tells it.
pub struct Criterion {
    pub label: Text,
    /// Points of text, or a part of them where `is_part`.
    pub weight: f32,
    pub is_part: bool,
}

/// All of them, the strongest first.
#[must_use]
pub fn criteria() -> Vec<Criterion> {
    let points = |weight, vi, en| Criterion { label: Text::new(vi, en), weight, is_part: false };
    let part = |weight, vi, en| Criterion { label: Text::new(vi, en), weight, is_part: true };
    vec![
        points(
            CODE,
            "Đúng mã hàng (SKU) hoặc mã vạch",
            "The code (SKU) or barcode is the one typed",
        ),
        points(
            HEAD,
            "Tên sản phẩm bắt đầu bằng các từ bạn gõ",
            "The name begins with the words typed",
        ),
        points(NAME, "Từ có trong tên sản phẩm", "A word is in the product's name"),
        points(
            MARKED,
            "Từ trong tên đúng cả dấu như bạn gõ",
            "It stands there with the marks typed",
        ),
        points(ADJACENT, "Hai từ đứng liền nhau như bạn gõ", "Two words stand together as typed"),
        points(CATEGORY, "Từ có trong tên ngành hàng", "A word is in the category's name"),
        points(
            SHELF,
            "Tên ngành hàng bắt đầu bằng các từ bạn gõ",
            "A category's name begins with the words typed",
        ),
        points(
            ATTRIBUTE,
            "Từ có trong thông tin sản phẩm, nhãn hiệu, gian hàng, chứng nhận",
            "A word is in the facts, brand, shop or certificates",
        ),
        points(DESCRIPTION, "Từ có trong phần mô tả", "A word is in the description"),
        part(OUT_OF_STOCK, "Đang hết hàng", "Out of stock"),
        part(CERTIFIED, "Có chứng nhận còn hiệu lực", "A certificate in force"),
        part(
            SALES,
            "Bán trong 90 ngày: mỗi lần tăng 2,7 lần, tối đa 8 lần",
            "Sales of 90 days: each time they grow 2.7-fold, at most 8 times",
        ),
        part(
            FRESH,
            "Số tồn kho vừa cập nhật, giảm dần trong 60 ngày",
            "Stock told recently, fading over 60 days",
        ),
        part(NEAR, "Gian hàng ở xã, phường của bạn", "The shop is in your commune"),
    ]
}

/// By how much the facts of a product multiply its points of text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Facts {
    pub(super) in_stock: bool,
    pub(super) certified: bool,
    /// Since stock was last told.
    pub(super) stock_days: u32,
    /// ln(1 + sold in 90 days)
    pub(super) sales: f32,
    /// 1: the buyer's own commune; 0: far, or not known.
    pub(super) near: f32,
}

impl Facts {
    pub(super) fn factor(self) -> f32 {
        let fresh = 1.0 - self.stock_days.min(STALE_DAYS) as f32 / STALE_DAYS as f32;
        1.0 + if self.in_stock { 0.0 } else { OUT_OF_STOCK }
            + if self.certified { CERTIFIED } else { 0.0 }
            + FRESH * fresh
            + (SALES * self.sales).min(MOST_SALES)
            + NEAR * self.near
    }
}
