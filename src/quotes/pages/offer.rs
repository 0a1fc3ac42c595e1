//! The seller's form of an offer.

use super::{
    super::{
        model::{Amount, Break, NewOffer, Terms},
        offer::{Offered, Offerer, offer},
        queries,
        queries_offers::Version,
        queries_read::Line,
        routes::Deps,
    },
    Begin, Turn, beside, cut,
    form::future,
    id_of,
    new::keep,
    offer_lines::offer_lines,
    own_goods::{self, Named},
    seller::{Found, find, shown},
    seller_path,
};
use crate::{
    enterprises::SellerScope,
    kernel::{Cx, Errors, Lang, SellerId, Vnd, day_of, parse_day, start_of_day},
    platform::audit,
    web::{Page, PageError, Upload},
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use chrono::TimeDelta;
use serde::Deserialize;
use serde_json::json;

/// What a seller types. Lists are parallel: one entry a line of the request.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct OfferForm {
    pub(super) key: String,
    pub(super) gia: Vec<String>,
    pub(super) sl: Vec<String>,
    pub(super) ngay_giao: Vec<String>,
    /// `200: 18.000; 500: 17.500`.
    pub(super) bac: Vec<String>,
    pub(super) ghi_chu: Vec<String>,
    pub(super) khac_ten: Vec<String>,
    pub(super) khac_gia: Vec<String>,
    /// Goods of his own, by code or name.
    pub(super) ma: Vec<String>,
    pub(super) khac_ma: Vec<String>,
    pub(super) phi: String,
    pub(super) giao_ngay: String,
    pub(super) hieu_luc: String,
    pub(super) dat_coc: String,
    pub(super) khi_giao: String,
    pub(super) cong_no: String,
    pub(super) dieu_kien: String,
    pub(super) loi_nhan: String,
}

/// One line of the form.
pub(super) struct OfferRow {
    pub(super) number: usize,
    pub(super) name: String,
    pub(super) asked: String,
    pub(super) unit: String,
    pub(super) price: String,
    pub(super) quantity: String,
    pub(super) lead: String,
    pub(super) breaks: String,
    pub(super) note: String,
    pub(super) other: String,
    pub(super) other_price: String,
    pub(super) sku: String,
    pub(super) other_sku: String,
    /// It was asked from a listing of his: nothing to name.
    pub(super) is_own: bool,
}

fn at(list: &[String], n: usize) -> String {
    list.get(n).map(|text| text.trim().to_owned()).unwrap_or_default()
}

fn number(amount: Vnd) -> String {
    amount.to_string().trim_end_matches(['₫', '\u{a0}']).to_owned()
}

/// A share as typed: `30`, `12,5`.
fn share(typed: &str) -> Option<i32> {
    if matches!(typed.trim(), "" | "0") {
        return Some(0);
    }
    let milli = Amount::read(typed)?.0;
    (milli <= 100_000 && milli % 10 == 0).then(|| i32::try_from(milli / 10).ok())?
}

fn share_text(bps: i32) -> String {
    if bps == 0 { "0".to_owned() } else { Amount(i64::from(bps) * 10).to_string() }
}

impl OfferForm {
    /// Filled in with what stands, or empty with what is usual.
    pub(super) fn of(lines: &[Line], version: Option<&Version>, cx: &Cx) -> Self {
        let mut form = Self {
            phi: "0".into(),
            hieu_luc: (day_of(cx.now) + TimeDelta::days(30)).to_string(),
            dat_coc: "0".into(),
            khi_giao: "100".into(),
            ..Self::default()
        };
        for line in lines {
            let of = |choice: i32| {
                let all = version.iter().flat_map(|v| &v.offer.lines);
                all.clone().find(|l| l.position == line.position && l.choice == choice)
            };
            let (own, other) = (of(0), of(1));
            let told = |b: &Break| format!("{}: {}", b.min, number(b.price));
            let breaks = own.map(|l| l.breaks.iter().map(told).collect::<Vec<_>>().join("; "));
            form.gia.push(own.map(|l| number(l.price)).unwrap_or_default());
            form.sl.push(own.map_or(line.quantity, |l| l.quantity).to_string());
            form.ngay_giao.push(own.map_or_else(|| "3".into(), |l| l.lead_days.to_string()));
            form.bac.push(breaks.unwrap_or_default());
            form.ghi_chu.push(own.map(|l| l.note.clone()).unwrap_or_default());
            form.khac_ten.push(other.map(|l| l.name.clone()).unwrap_or_default());
            form.khac_gia.push(other.map(|l| number(l.price)).unwrap_or_default());
            let of_others = own.filter(|l| l.variant.is_some() && l.variant != line.variant);
            form.ma.push(of_others.map(|l| l.sku.clone()).unwrap_or_default());
            form.khac_ma.push(other.map(|l| l.sku.clone()).unwrap_or_default());
        }
        if let Some(version) = version {
            let offer = &version.offer;
            form.phi = number(offer.delivery_fee);
            form.giao_ngay = offer.deliver_on.map(|d| d.to_string()).unwrap_or_default();
            form.dat_coc = share_text(offer.terms.deposit);
            form.khi_giao = share_text(offer.terms.on_delivery);
            form.cong_no = offer.terms.net_days.map(|d| d.to_string()).unwrap_or_default();
            form.dieu_kien.clone_from(&offer.terms.note);
            if offer.valid_until > cx.now {
                let last = day_of(offer.valid_until - TimeDelta::seconds(1));
                form.hieu_luc = last.to_string();
            }
        }
        form
    }

    pub(super) fn rows(&self, lines: &[Line], seller: SellerId) -> Vec<OfferRow> {
        let row = |(n, line): (usize, &Line)| OfferRow {
            number: n + 1,
            name: line.name.clone(),
            asked: format!("{} {}", line.quantity, line.unit),
            unit: line.unit.clone(),
            price: at(&self.gia, n),
            quantity: at(&self.sl, n),
            lead: at(&self.ngay_giao, n),
            breaks: at(&self.bac, n),
            note: at(&self.ghi_chu, n),
            other: at(&self.khac_ten, n),
            other_price: at(&self.khac_gia, n),
            sku: at(&self.ma, n),
            other_sku: at(&self.khac_ma, n),
            is_own: line.variant.is_some() && line.seller == Some(seller),
        };
        lines.iter().enumerate().map(row).collect()
    }

    fn check(
        &self,
        (lines, named): (&[Line], &Named),
        (seller, cx, lang): (SellerId, &Cx, Lang),
    ) -> Result<NewOffer, Errors> {
        let mut e = Errors::new(lang);
        let today = day_of(cx.now);
        let mut offered = Vec::new();
        for (line, row) in lines.iter().zip(self.rows(lines, seller)) {
            offered.extend(offer_lines(&mut e, line, &row, named));
        }
        e.check(
            !offered.is_empty() || !e.is_empty(),
            "gia-1",
            "Xin chào giá ít nhất một dòng.",
            "Please quote at least one line.",
        );
        let fee = Vnd::read(&self.phi).filter(|f| f.0 <= 1_000_000_000_000);
        e.check(fee.is_some(), "phi", "Phí giao chưa đúng.", "This is not a fee.");
        let deliver_on = future(&mut e, "giao_ngay", &self.giao_ngay, today);
        let until = e.take("hieu_luc", parse_day(&self.hieu_luc));
        let year = today + TimeDelta::days(365);
        let until = until.filter(|day| (today..=year).contains(day)).and_then(|d| d.succ_opt());
        e.check(
            until.is_some() || e.get("hieu_luc").is_some(),
            "hieu_luc",
            "Hiệu lực phải từ hôm nay tới một năm.",
            "It must be valid from today for a year at most.",
        );
        let terms = self.terms(&mut e);
        match (fee, until, terms) {
            (Some(delivery_fee), Some(until), Some(terms)) if e.is_empty() => Ok(NewOffer {
                lines: offered,
                delivery_fee,
                deliver_on,
                valid_until: start_of_day(until),
                terms,
                note: cut(&self.loi_nhan, 2000),
            }),
            _ => Err(e),
        }
    }

    fn terms(&self, e: &mut Errors) -> Option<Terms> {
        let (deposit, on_delivery) = (share(&self.dat_coc), share(&self.khi_giao));
        let bad = ("Tỷ lệ từ 0 tới 100 %.", "A share lies between 0 and 100 %.");
        e.check(deposit.is_some(), "dat_coc", bad.0, bad.1);
        e.check(on_delivery.is_some(), "khi_giao", bad.0, bad.1);
        let (deposit, on_delivery) = (deposit?, on_delivery?);
        let rest = 10_000 - deposit - on_delivery;
        e.check(
            rest >= 0,
            "khi_giao",
            "Đặt cọc và khi giao cộng lại không quá 100 %.",
            "Deposit and payment on delivery come to 100 % at most.",
        );
        let days = self.cong_no.trim().parse::<i32>().ok().filter(|d| (1..=365).contains(d));
        e.check(
            rest <= 0 || days.is_some(),
            "cong_no",
            "Phần còn lại cần số ngày trả, từ 1 tới 365.",
            "The rest needs its days, between 1 and 365.",
        );
        let net_days = days.filter(|_| rest > 0);
        Some(Terms { deposit, on_delivery, net_days, note: cut(&self.dieu_kien, 1000) })
    }
}

/// `POST /ban-hang/bao-gia/{id}`: an offer.
pub(in super::super) async fn send(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    Path(typed): Path<String>,
    sent: Upload<OfferForm>,
) -> Result<Response, PageError> {
    let (id, lang) = (id_of(&typed)?, page.lang);
    let Found { lines, .. } = find(&deps, &scope, id).await?;
    let form = sent.data;
    let mut db = deps.db.acquire().await?;
    let named = own_goods::named(&mut db, &cx, scope.seller, &form).await?;
    drop(db);
    let new = match form.check((&lines, &named), (scope.seller, &cx, lang)) {
        Ok(new) => new,
        Err(errors) => return shown(&deps, &cx, page, &scope, (id, Some(form), errors)).await,
    };
    let files = match keep(&deps, &cx, &sent.files, lang).await? {
        Ok(files) => files,
        Err(errors) => return shown(&deps, &cx, page, &scope, (id, Some(form), errors)).await,
    };
    let path = seller_path(id);
    let asked = (path.as_str(), sent.raw.as_ref());
    let begun = Turn::begin(&deps.db, (&cx, lang), scope.person, &form.key, asked).await?;
    let mut turn = match begun {
        Begin::Turn(turn) => turn,
        Begin::Done(response) => return Ok(response),
        Begin::Wrong(errors) => {
            return shown(&deps, &cx, page, &scope, (id, Some(form), errors)).await;
        }
    };
    let (quote, offered) = match offer(&mut turn.tx, &cx, id, Offerer::from(&scope), &new).await {
        Ok(done) => done,
        Err(error) => {
            drop(turn);
            let errors = beside(error, "gia-1", lang)?;
            return shown(&deps, &cx, page, &scope, (id, Some(form), errors)).await;
        }
    };
    for file in &files {
        queries::insert_file(&mut turn.tx, &cx, (id, Some(quote)), file).await?;
    }
    let detail = json!({ "seller": scope.seller, "sent": offered == Offered::Sent });
    audit::record(&mut turn.tx, &cx, "quotes.offer", &format!("request:{id}"), detail).await?;
    let line = match offered {
        Offered::Sent => page.t("Đã gửi bản chào giá.", "Your offer has been sent."),
        Offered::Waits => page.t(
            "Vượt hạn mức của bạn: bản chào giá chờ chủ gian hàng duyệt.",
            "Above your limit: the offer waits for an owner of the shop.",
        ),
    };
    turn.end(&page, &path, line).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_hundredths_of_a_percent() {
        assert_eq!(share("30"), Some(3_000));
        assert_eq!(share("12,5"), Some(1_250));
        assert_eq!(share(""), Some(0));
        assert_eq!(share("101"), None);
        assert_eq!(share_text(1_250), "12,5");
    }
}
