//! The bilingual product sheet as a PDF.

use super::model::Sheet;
use crate::{
    catalogue::Listing,
    config::Site,
    enterprises::SellerFacts,
    kernel::{date, day_of},
    platform::pdf::{Block, Meta, PageSize, Paper, Span},
};
use chrono::{DateTime, Utc};

/// What the sheet names besides the product's own facts.
pub(super) struct Around<'a> {
    pub site: &'a Site,
    pub seller: &'a SellerFacts,
    /// The seller's address with its commune and province.
    pub address: String,
    /// Labels and words of the category's facts: (Vietnamese, English, value).
    pub facts: Vec<(String, String, String)>,
    /// The certificates that hold today, as they are shown.
    pub certificates: Vec<String>,
    pub made_at: DateTime<Utc>,
}

fn fact(en: &str, vi: &str, value: impl Into<String>) -> (String, Vec<Span>) {
    (format!("{en} / {vi}"), vec![Span::bold(value)])
}

/// What is told of the product, each in both languages.
fn facts(listing: &Listing, sheet: &Sheet, around: &Around<'_>) -> Vec<(String, Vec<Span>)> {
    let mut facts = vec![
        fact("HS code", "Mã HS", sheet.hs_shown()),
        fact("Origin", "Xuất xứ", &sheet.origin),
        fact(
            "Terms (Incoterms 2020)",
            "Điều kiện giao hàng",
            format!("{} · {}", sheet.incoterms.join(", "), sheet.port),
        ),
        fact("Minimum order", "Đặt tối thiểu", &sheet.least),
    ];
    let more = [
        ("Supply ability", "Khả năng cung ứng", &sheet.supply),
        ("Packaging", "Đóng gói", &sheet.packaging),
        ("Shelf life", "Hạn sử dụng", &sheet.shelf_life),
    ];
    facts.extend(more.iter().filter(|m| !m.2.is_empty()).map(|(en, vi, text)| fact(en, vi, *text)));
    if listing.lead_days > 0 {
        let days = format!("{} days / ngày", listing.lead_days);
        facts.push(fact("Lead time", "Thời gian chuẩn bị", days));
    }
    if !around.certificates.is_empty() {
        facts.push(fact("Certificates", "Chứng nhận", around.certificates.join("; ")));
    }
    facts.extend(around.facts.iter().map(|(vi, en, value)| fact(en, vi, value)));
    facts
}

/// One A4 sheet: English first, Vietnamese beside it.
pub(super) fn paper(listing: &Listing, sheet: &Sheet, around: &Around<'_>) -> Paper {
    let site = around.site;
    let en = if listing.name_en.is_empty() { &listing.name } else { &listing.name_en };
    let link = format!("{}/san-pham/{}/xuat-khau", site.base_url, listing.slug);
    let facts = facts(listing, sheet, around);
    let heading = vec![
        Block::Title(en.clone()),
        Block::plain(if listing.name_en.is_empty() { String::new() } else { listing.name.clone() }),
        Block::small(format!(
            "PRODUCT SHEET FOR EXPORT / PHIẾU SẢN PHẨM XUẤT KHẨU · {}",
            date(day_of(around.made_at))
        )),
    ];
    let scan = Block::Qr {
        payload: link.clone(),
        width: 78.0,
        alt: "QR code that opens the page of enquiry / Mã QR mở trang hỏi hàng".into(),
    };
    let mut blocks = vec![
        Block::Columns(vec![heading, vec![scan]]),
        Block::Rule,
        Block::Facts(facts),
        Block::Heading("Description / Mô tả".into()),
        Block::plain(&sheet.about_en),
    ];
    if !sheet.about_vi.is_empty() {
        blocks.push(Block::plain(&sheet.about_vi));
    }
    let seller = around.seller;
    blocks.push(Block::Heading("Seller / Người bán".into()));
    let mut who =
        vec![fact("Name", "Tên", &seller.legal_name), fact("Address", "Địa chỉ", &around.address)];
    if let Some(code) = &seller.tax_code {
        who.push(fact("Tax code", "Mã số thuế", code));
    }
    who.push(fact("Enquiries", "Hỏi hàng", link));
    blocks.push(Block::Facts(who));
    blocks.push(Block::small(
        "No price is part of this sheet; ask for an offer. / Phiếu này không gồm giá; xin hỏi chào giá.",
    ));
    Paper {
        meta: Meta {
            foot: format!("{en} – {}", site.name),
            title: format!("{en} – product sheet"),
            author: site.name.clone(),
            lang: "en",
            made_at: around.made_at,
            page_word: "Page",
            size: PageSize::A4,
        },
        blocks,
    }
}
