//! The form of a request, as typed.

use super::super::model::{Amount, Area, Audience, MOST_LINES, NewLine, NewRequest};
use crate::{
    catalogue::{Categories, Offer},
    kernel::{
        BasisPoints, Cx, Day, Errors, Lang, SellerId, Text, VariantId, day_of, parse_day,
        start_of_day,
    },
    organisations::OrgScope,
    places::{Choice, Places},
};
use serde::Deserialize;

/// What a buyer types. Lists are parallel: one entry a line.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct AskForm {
    pub(super) key: String,
    pub(super) act: String,
    pub(super) tieu_de: String,
    pub(super) noi_dung: String,
    pub(super) ten: Vec<String>,
    pub(super) so_luong: Vec<String>,
    pub(super) don_vi: Vec<String>,
    pub(super) ngay: Vec<String>,
    pub(super) mo_ta: Vec<String>,
    /// The listing that a line was asked from; may be empty.
    pub(super) bien_the: Vec<String>,
    /// `chon` or `mo`.
    pub(super) doi_tuong: String,
    pub(super) ban: Vec<String>,
    pub(super) tim_ban: String,
    pub(super) nganh: String,
    pub(super) khu_vuc: String,
    pub(super) kin: String,
    pub(super) han: String,
    pub(super) can_ngay: String,
    pub(super) xa: String,
    pub(super) xa_q: String,
    pub(super) dia_chi: String,
}

/// One line of the form.
pub(super) struct Row {
    pub(super) number: usize,
    pub(super) name: String,
    pub(super) quantity: String,
    pub(super) unit: String,
    pub(super) day: String,
    pub(super) note: String,
    pub(super) variant: String,
}

impl AskForm {
    pub(super) fn rows(&self) -> Vec<Row> {
        let at = |list: &[String], n: usize| list.get(n).cloned().unwrap_or_default();
        let row = |n: usize| Row {
            number: n + 1,
            name: at(&self.ten, n),
            quantity: at(&self.so_luong, n),
            unit: at(&self.don_vi, n),
            day: at(&self.ngay, n),
            note: at(&self.mo_ta, n),
            variant: at(&self.bien_the, n),
        };
        (0..self.ten.len().min(MOST_LINES)).map(row).collect()
    }

    /// One more empty line, up to the most there may be.
    pub(super) fn add_row(&mut self) {
        if self.ten.len() < MOST_LINES {
            let lists = [
                &mut self.so_luong,
                &mut self.don_vi,
                &mut self.ngay,
                &mut self.mo_ta,
                &mut self.bien_the,
            ];
            for list in lists {
                list.resize(self.ten.len() + 1, String::new());
            }
            self.ten.push(String::new());
        }
    }

    /// A line from a listing.
    pub(super) fn add_offer(&mut self, offer: &Offer, quantity: &str) {
        self.add_row();
        let last = self.ten.len() - 1;
        let label =
            if offer.label.is_empty() { String::new() } else { format!(" – {}", offer.label) };
        self.ten[last] = format!("{}{label}", offer.name);
        self.so_luong[last] = quantity.to_owned();
        self.don_vi[last].clone_from(&offer.unit);
        self.bien_the[last] = offer.variant.to_string();
    }

    pub(super) fn variants(&self) -> Vec<VariantId> {
        self.bien_the.iter().filter_map(|id| id.parse().ok()).collect()
    }

    pub(super) fn sellers(&self) -> Vec<SellerId> {
        self.ban.iter().filter_map(|id| id.parse().ok()).collect()
    }

    pub(super) fn chooses(&self, seller: SellerId) -> bool {
        self.ban.contains(&seller.to_string())
    }

    pub(super) const fn is_open(&self) -> bool {
        matches!(self.doi_tuong.as_bytes(), b"mo")
    }
}

/// What the form is checked against.
pub(super) struct Against<'a> {
    pub(super) cx: &'a Cx,
    pub(super) lang: Lang,
    pub(super) places: &'a Places,
    pub(super) categories: &'a Categories,
    pub(super) offers: &'a [Offer],
    /// Communes around the place of delivery.
    pub(super) near: Option<Vec<String>>,
}

fn length(e: &mut Errors, field: &str, text: &str, most: usize) {
    e.check(text.chars().count() <= most, field, "Nội dung dài quá.", "This is too long.");
}

impl AskForm {
    pub(super) fn check(&self, scope: &OrgScope, with: &Against<'_>) -> Result<NewRequest, Errors> {
        let mut e = Errors::new(with.lang);
        let today = day_of(with.cx.now);
        let title = self.tieu_de.trim();
        e.check(!title.is_empty(), "tieu_de", "Xin ghi tên yêu cầu.", "Please name the request.");
        length(&mut e, "tieu_de", title, 160);
        length(&mut e, "noi_dung", &self.noi_dung, 4000);
        length(&mut e, "dia_chi", &self.dia_chi, 300);
        let lines = self.lines(&mut e, with, today);
        let closes_at = e.take("han", self.deadline(today));
        let wanted_by = future(&mut e, "can_ngay", &self.can_ngay, today);
        let commune = self.commune(&mut e, with.places);
        let audience = self.audience(&mut e, with);
        let (Some(closes_at), Some(audience), true) = (closes_at, audience, e.is_empty()) else {
            return Err(e);
        };
        Ok(NewRequest {
            org: scope.org,
            org_name: scope.name.clone(),
            org_tax_code: scope.tax_code.clone(),
            asked_by: scope.person,
            lang: with.lang,
            title: title.to_owned(),
            body: self.noi_dung.trim().to_owned(),
            lines,
            audience,
            sealed: !self.kin.is_empty(),
            closes_at,
            delivery_commune: commune,
            delivery_text: self.dia_chi.trim().to_owned(),
            wanted_by,
            files: Vec::new(),
        })
    }

    /// Offers are taken to the end of the day.
    fn deadline(&self, today: Day) -> Result<chrono::DateTime<chrono::Utc>, Text> {
        let day = parse_day(&self.han)?;
        let most = today + chrono::TimeDelta::days(180);
        let next = day.succ_opt().filter(|_| day >= today && day <= most);
        next.map(start_of_day).ok_or_else(|| {
            Text::new(
                "Hạn nhận chào giá phải từ hôm nay tới 180 ngày nữa.",
                "The deadline must lie between today and 180 days from now.",
            )
        })
    }

    fn commune(&self, e: &mut Errors, places: &Places) -> Option<String> {
        if self.xa.is_empty() && self.xa_q.trim().is_empty() {
            return None;
        }
        match places.choose(&self.xa, &self.xa_q) {
            Choice::Chosen(commune) => Some(commune.code),
            Choice::Ask(text, _) => {
                e.add("xa", text);
                None
            }
        }
    }

    fn lines(&self, e: &mut Errors, with: &Against<'_>, today: Day) -> Vec<NewLine> {
        let mut lines = Vec::new();
        for row in self.rows() {
            if row.name.trim().is_empty() && row.quantity.trim().is_empty() {
                continue;
            }
            let field = |name: &str| format!("{name}-{}", row.number);
            let quantity = Amount::read(&row.quantity);
            e.check(
                !row.name.trim().is_empty(),
                &field("ten"),
                "Xin ghi tên hàng.",
                "Please name the goods.",
            );
            length(e, &field("ten"), &row.name, 200);
            length(e, &field("mo_ta"), &row.note, 500);
            let unit = row.unit.trim();
            e.check(
                !unit.is_empty() && unit.chars().count() <= 30,
                &field("don_vi"),
                "Xin ghi đơn vị tính, ví dụ kg, thùng.",
                "Please give the unit, e.g. kg, carton.",
            );
            e.check(
                quantity.is_some(),
                &field("so_luong"),
                "Số lượng chưa đúng, ví dụ 120 hoặc 1,5.",
                "This is not a quantity, e.g. 120 or 1,5.",
            );
            let wanted_on = future(e, &field("ngay"), &row.day, today);
            let offer = row.variant.parse().ok();
            let offer =
                offer.and_then(|id: VariantId| with.offers.iter().find(|o| o.variant == id));
            lines.extend(quantity.map(|quantity| NewLine {
                variant: offer.map(|o| (o.variant, o.seller)),
                name: row.name.trim().to_owned(),
                sku: offer.map(|o| o.sku.clone()).unwrap_or_default(),
                unit: unit.to_owned(),
                quantity,
                note: row.note.trim().to_owned(),
                wanted_on,
                category: offer.map(|o| o.category_slug.clone()),
                tax: offer.map_or(BasisPoints(800), |o| o.tax_bps),
            }));
        }
        e.check(
            !lines.is_empty(),
            "ten-1",
            "Xin ghi ít nhất một dòng hàng.",
            "Please fill in at least one line.",
        );
        lines
    }

    fn audience(&self, e: &mut Errors, with: &Against<'_>) -> Option<Audience> {
        if !self.is_open() {
            let sellers = self.sellers();
            let few = !sellers.is_empty() && sellers.len() <= super::super::model::MOST_SELLERS;
            e.check(
                few,
                "ban",
                "Xin chọn từ 1 tới 20 gian hàng.",
                "Please choose between 1 and 20 shops.",
            );
            return few.then_some(Audience::Chosen(sellers));
        }
        let category = with.categories.get(&self.nganh);
        e.check(category.is_some(), "nganh", "Xin chọn ngành hàng.", "Please choose a category.");
        let area = Area::of(&self.khu_vuc).unwrap_or(Area::Anywhere);
        let communes = match area {
            Area::Anywhere => None,
            Area::Province => {
                Some(with.places.home_communes().iter().map(|c| c.code.clone()).collect())
            }
            Area::Near => {
                e.check(
                    with.near.is_some(),
                    "xa",
                    "Xin chọn xã, phường giao hàng để tìm gian hàng gần đó.",
                    "Please choose the commune of delivery to find shops near it.",
                );
                with.near.clone()
            }
        };
        let slugs = below(with.categories, &category?.slug);
        Some(Audience::Open { category: self.nganh.clone(), slugs, area, communes })
    }
}

/// A category and all below it.
fn below(categories: &Categories, slug: &str) -> Vec<String> {
    let mut all = vec![slug.to_owned()];
    let mut at = 0;
    while let Some(slug) = all.get(at).cloned() {
        all.extend(categories.children(&slug).iter().map(|c| c.slug.clone()));
        at += 1;
    }
    all
}

/// A day that may be left out and is not over.
pub(super) fn future(e: &mut Errors, field: &str, typed: &str, today: Day) -> Option<Day> {
    if typed.trim().is_empty() {
        return None;
    }
    let day = e.take(field, parse_day(typed))?;
    let fine = day >= today;
    e.check(fine, field, "Ngày này đã qua.", "This day is over.");
    fine.then_some(day)
}
