//! What sellers and buyers abroad type, and what of it can be used. Pure.

use super::{
    enquire::NewEnquiry,
    model::{About, Currency, INCOTERMS, Sheet},
    offer::NewOffer,
};
use crate::kernel::{Cx, Errors, Lang, day_of, parse_day};
use serde::Deserialize;

fn incoterm(errors: &mut Errors, typed: &str) -> String {
    errors.check(
        INCOTERMS.contains(&typed),
        "incoterm",
        "Xin chọn một điều kiện Incoterms 2020.",
        "Please choose a rule of Incoterms 2020.",
    );
    typed.to_owned()
}

fn trimmed(typed: &str) -> String {
    typed.trim().to_owned()
}

/// A sheet as typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct SheetForm {
    pub(super) hien: String,
    pub(super) hs: String,
    pub(super) xuat_xu: String,
    /// As written, e.g. `FOB CIF`.
    pub(super) incoterms: String,
    pub(super) cang: String,
    pub(super) toi_thieu: String,
    pub(super) cung_ung: String,
    pub(super) dong_goi: String,
    pub(super) han_dung: String,
    pub(super) mo_ta_en: String,
    pub(super) mo_ta_vi: String,
}

impl SheetForm {
    pub(super) fn of(sheet: &Sheet) -> Self {
        Self {
            hien: if sheet.shown { "1".into() } else { String::new() },
            hs: sheet.hs_shown(),
            xuat_xu: sheet.origin.clone(),
            incoterms: sheet.incoterms.join(", "),
            cang: sheet.port.clone(),
            toi_thieu: sheet.least.clone(),
            cung_ung: sheet.supply.clone(),
            dong_goi: sheet.packaging.clone(),
            han_dung: sheet.shelf_life.clone(),
            mo_ta_en: sheet.about_en.clone(),
            mo_ta_vi: sheet.about_vi.clone(),
        }
    }

    /// The sheet, or what is wrong field by field.
    pub(super) fn check(&self, lang: Lang) -> Result<Sheet, Errors> {
        let mut errors = Errors::new(lang);
        let hs_code: String =
            self.hs.chars().filter(|c| !c.is_whitespace() && *c != '.').take(20).collect();
        errors.check(
            matches!(hs_code.len(), 6 | 8 | 10) && hs_code.bytes().all(|b| b.is_ascii_digit()),
            "hs",
            "Mã HS có 6, 8 hoặc 10 chữ số, ví dụ 0901.21.10.",
            "An HS code has 6, 8 or 10 digits, e.g. 0901.21.10.",
        );
        let mut incoterms: Vec<String> = Vec::new();
        for word in self.incoterms.split(|c: char| !c.is_ascii_alphanumeric()) {
            let word = word.to_uppercase();
            if !word.is_empty() && !incoterms.contains(&word) {
                incoterms.push(word);
            }
        }
        errors.check(
            !incoterms.is_empty() && incoterms.iter().all(|w| INCOTERMS.contains(&w.as_str())),
            "incoterms",
            "Ghi điều kiện Incoterms 2020, ví dụ FOB, CIF.",
            "Write rules of Incoterms 2020, e.g. FOB, CIF.",
        );
        errors.length("xuat_xu", &self.xuat_xu, (3, 120));
        errors.length("cang", &self.cang, (3, 120));
        errors.length("toi_thieu", &self.toi_thieu, (2, 120));
        errors.length("cung_ung", &self.cung_ung, (0, 120));
        errors.length("dong_goi", &self.dong_goi, (0, 200));
        errors.length("han_dung", &self.han_dung, (0, 120));
        errors.length("mo_ta_en", &self.mo_ta_en, (20, 3000));
        errors.length("mo_ta_vi", &self.mo_ta_vi, (0, 3000));
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(Sheet {
            shown: self.hien == "1",
            hs_code,
            origin: trimmed(&self.xuat_xu),
            incoterms,
            port: trimmed(&self.cang),
            least: trimmed(&self.toi_thieu),
            supply: trimmed(&self.cung_ung),
            packaging: trimmed(&self.dong_goi),
            shelf_life: trimmed(&self.han_dung),
            about_en: trimmed(&self.mo_ta_en),
            about_vi: trimmed(&self.mo_ta_vi),
        })
    }
}

/// An enquiry as typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct EnquiryForm {
    pub(super) key: String,
    pub(super) name: String,
    pub(super) company: String,
    pub(super) country: String,
    pub(super) email: String,
    pub(super) quantity: String,
    pub(super) incoterm: String,
    pub(super) port: String,
    pub(super) message: String,
    pub(super) agreed: String,
}

impl EnquiryForm {
    /// The enquiry, or what is wrong field by field.
    pub(super) fn check(&self, lang: Lang, about: About) -> Result<NewEnquiry, Errors> {
        let mut errors = Errors::new(lang);
        errors.length("name", &self.name, (2, 100));
        errors.length("company", &self.company, (2, 160));
        errors.length("country", &self.country, (2, 80));
        let email = errors.take("email", crate::accounts::parse_email(&self.email));
        errors.length("quantity", &self.quantity, (1, 120));
        let incoterm = incoterm(&mut errors, &self.incoterm);
        errors.length("port", &self.port, (0, 120));
        errors.length("message", &self.message, (10, 3000));
        errors.check(
            self.agreed == "1",
            "agreed",
            "Xin đồng ý để chúng tôi chuyển lời hỏi cho người bán.",
            "Please agree that your enquiry is passed on to the seller.",
        );
        let email = email.filter(|_| errors.is_empty()).ok_or(errors)?;
        Ok(NewEnquiry {
            about,
            name: trimmed(&self.name),
            company: trimmed(&self.company),
            country: trimmed(&self.country),
            email,
            quantity: trimmed(&self.quantity),
            incoterm,
            port: trimmed(&self.port),
            message: trimmed(&self.message),
        })
    }
}

/// An offer as typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct OfferForm {
    pub(super) act: String,
    /// The number of the newest offer that the page showed.
    pub(super) ban: String,
    pub(super) tien: String,
    pub(super) gia: String,
    pub(super) don_vi: String,
    pub(super) so_luong: String,
    pub(super) incoterm: String,
    pub(super) noi: String,
    pub(super) den_ngay: String,
    pub(super) so_ngay: String,
    pub(super) thanh_toan: String,
    pub(super) ghi_chu: String,
    pub(super) ly_do: String,
}

impl OfferForm {
    /// The offer, or what is wrong field by field.
    pub(super) fn check(&self, lang: Lang, cx: &Cx) -> Result<NewOffer, Errors> {
        let mut errors = Errors::new(lang);
        let currency = Currency::of(&self.tien);
        errors.check(currency.is_some(), "tien", "Xin chọn loại tiền.", "Please choose.");
        let price = currency.and_then(|c| c.read(&self.gia));
        errors.check(
            price.is_some() || currency.is_none(),
            "gia",
            "Giá chưa đúng, ví dụ 4.25; loại tiền không có số lẻ thì ghi số nguyên.",
            "This is not a price, e.g. 4.25; whole numbers for money without decimals.",
        );
        errors.length("don_vi", &self.don_vi, (1, 30));
        errors.length("so_luong", &self.so_luong, (1, 120));
        let incoterm = incoterm(&mut errors, &self.incoterm);
        errors.length("noi", &self.noi, (2, 120));
        let until = errors.take("den_ngay", parse_day(&self.den_ngay));
        errors.check(
            until.is_none_or(|day| day >= day_of(cx.now)),
            "den_ngay",
            "Ngày hết hạn chưa qua.",
            "The last day is not over yet.",
        );
        let lead_days: Option<i32> =
            self.so_ngay.trim().parse().ok().filter(|n| (0..=1000).contains(n));
        errors.check(
            lead_days.is_some(),
            "so_ngay",
            "Ghi số ngày từ 0 đến 1000.",
            "Write a number of days from 0 to 1000.",
        );
        errors.length("thanh_toan", &self.thanh_toan, (3, 200));
        errors.length("ghi_chu", &self.ghi_chu, (0, 2000));
        match (currency, price, until, lead_days) {
            (Some(currency), Some(price), Some(valid_until), Some(lead_days))
                if errors.is_empty() =>
            {
                Ok(NewOffer {
                    currency,
                    price,
                    unit: trimmed(&self.don_vi),
                    quantity: trimmed(&self.so_luong),
                    incoterm,
                    place: trimmed(&self.noi),
                    valid_until,
                    lead_days,
                    payment: trimmed(&self.thanh_toan),
                    note: trimmed(&self.ghi_chu),
                })
            }
            _ => Err(errors),
        }
    }
}
