//! What a seller types about delivery, and what of it can be used.

use super::model::{Rates, Zone, ZoneKind};
use crate::{
    kernel::{Errors, Lang, Text, Vnd},
    places::Places,
};
use serde::Deserialize;
use uuid::Uuid;

/// Nobody pays more than this for a parcel; a typing slip is noticed.
const MOST_FEE: i64 = 100_000_000;
const MOST_DAYS: i32 = 90;

/// The settings but the zones.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct SettingsForm {
    #[serde(default)]
    pub(super) tan_noi: String,
    #[serde(default)]
    pub(super) tai_cua_hang: String,
    #[serde(default)]
    pub(super) diem_buu_dien: String,
    #[serde(default)]
    pub(super) mien_phi_tu: String,
    #[serde(default)]
    pub(super) ghi_chu: String,
}

/// One zone.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct ZoneForm {
    #[serde(default)]
    pub(super) key: String,
    #[serde(default)]
    pub(super) ten: String,
    #[serde(default)]
    pub(super) loai: String,
    #[serde(default)]
    pub(super) xa: Vec<String>,
    #[serde(default)]
    pub(super) phi: String,
    #[serde(default)]
    pub(super) moi_kg: String,
    #[serde(default)]
    pub(super) ngay_tu: String,
    #[serde(default)]
    pub(super) ngay_den: String,
}

fn amount(typed: &str, most: i64) -> Result<Vnd, Text> {
    Vnd::read(typed).filter(|amount| amount.0 <= most).ok_or_else(|| {
        Text::new(
            "Số tiền chưa đúng; ghi số đồng, ví dụ 25.000.",
            "This is not an amount; write whole đồng, e.g. 25.000.",
        )
    })
}

fn days(typed: &str) -> Result<i32, Text> {
    let found = typed.trim().parse().ok().filter(|days| (0..=MOST_DAYS).contains(days));
    found.ok_or_else(|| Text::new("Số ngày từ 0 đến 90.", "A number of days from 0 to 90."))
}

impl SettingsForm {
    pub(super) fn of(rates: &Rates) -> Self {
        let flag = |on: bool| if on { "1".to_owned() } else { String::new() };
        Self {
            tan_noi: flag(rates.own),
            tai_cua_hang: flag(rates.pickup),
            diem_buu_dien: flag(rates.post_point),
            mien_phi_tu: rates.free_over.map(|v| v.0.to_string()).unwrap_or_default(),
            ghi_chu: rates.pickup_note.clone(),
        }
    }

    /// The settings with no zones, or what is wrong with them.
    pub(super) fn check(&self, lang: Lang) -> Result<Rates, Errors> {
        let mut errors = Errors::new(lang);
        let on = |field: &str| !field.is_empty();
        let (own, pickup, post_point) =
            (on(&self.tan_noi), on(&self.tai_cua_hang), on(&self.diem_buu_dien));
        errors.check(
            own || pickup || post_point,
            "tan_noi",
            "Chọn ít nhất một cách giao hàng.",
            "Choose at least one way of delivery.",
        );
        let free_over = match self.mien_phi_tu.trim() {
            "" => None,
            typed => errors.take("mien_phi_tu", amount(typed, 1_000_000_000_000)),
        };
        errors.check(
            self.ghi_chu.chars().count() <= 300,
            "ghi_chu",
            "Ghi chú dài tối đa 300 chữ.",
            "The note has at most 300 characters.",
        );
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(Rates {
            own,
            pickup,
            post_point,
            free_over: free_over.filter(|bound| bound.0 > 0),
            pickup_note: self.ghi_chu.trim().to_owned(),
            zones: Vec::new(),
            fee_by: None,
            kept: Vec::new(),
            paused: Vec::new(),
        })
    }
}

impl ZoneForm {
    pub(super) fn of(zone: &Zone, key: String) -> Self {
        Self {
            key,
            ten: zone.name.clone(),
            loai: zone.kind.code().to_owned(),
            xa: zone.communes.clone(),
            phi: zone.fee.0.to_string(),
            moi_kg: zone.per_kg.0.to_string(),
            ngay_tu: zone.days_min.to_string(),
            ngay_den: zone.days_max.to_string(),
        }
    }

    /// The zone `id`, or what is wrong with it.
    pub(super) fn check(
        &self,
        lang: Lang,
        places: &Places,
        id: Uuid,
        position: i32,
    ) -> Result<Zone, Errors> {
        let mut errors = Errors::new(lang);
        let name = self.ten.trim();
        errors.check(
            (1..=80).contains(&name.chars().count()),
            "ten",
            "Đặt tên cho vùng, tối đa 80 chữ.",
            "Give the zone a name of at most 80 characters.",
        );
        let kind = errors.take(
            "loai",
            ZoneKind::of(&self.loai).ok_or_else(|| {
                Text::new("Chọn vùng gồm những đâu.", "Choose what the zone holds.")
            }),
        );
        let mut communes: Vec<String> =
            self.xa.iter().filter(|code| places.commune(code).is_some()).cloned().collect();
        communes.sort();
        communes.dedup();
        if kind == Some(ZoneKind::Communes) {
            errors.check(
                !communes.is_empty(),
                "xa",
                "Chọn ít nhất một xã, phường.",
                "Choose at least one commune.",
            );
        } else {
            communes.clear();
        }
        let fee = errors.take("phi", amount(&self.phi, MOST_FEE));
        let per_kg = match self.moi_kg.trim() {
            "" => Some(Vnd::ZERO),
            typed => errors.take("moi_kg", amount(typed, MOST_FEE)),
        };
        let days_min = errors.take("ngay_tu", days(&self.ngay_tu));
        let days_max = errors.take("ngay_den", days(&self.ngay_den));
        if let (Some(min), Some(max)) = (days_min, days_max) {
            errors.check(
                min <= max,
                "ngay_den",
                "Số ngày muộn nhất không được nhỏ hơn số ngày sớm nhất.",
                "The latest day is not before the earliest one.",
            );
        }
        match (kind, fee, per_kg, days_min, days_max) {
            (Some(kind), Some(fee), Some(per_kg), Some(days_min), Some(days_max))
                if errors.is_empty() =>
            {
                let name = name.to_owned();
                Ok(Zone { id, position, name, kind, communes, fee, per_kg, days_min, days_max })
            }
            _ => Err(errors),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_people_write_them() {
        for typed in ["25.000", "25,000 ₫", " 25 000 đ ", "25000"] {
            assert_eq!(amount(typed, MOST_FEE), Ok(Vnd(25_000)), "{typed}");
        }
        for typed in ["", "-1", "+5", "25k", "99999999999999999999", "100000001"] {
            assert!(amount(typed, MOST_FEE).is_err(), "{typed}");
        }
    }

    #[test]
    fn a_seller_must_deliver_somehow() {
        let errors = SettingsForm::default().check(Lang::Vi).unwrap_err();
        assert!(errors.get("tan_noi").is_some());
        let form = SettingsForm {
            tai_cua_hang: "1".into(),
            mien_phi_tu: "500.000".into(),
            ..SettingsForm::default()
        };
        assert_eq!(form.check(Lang::Vi).unwrap().free_over, Some(Vnd(500_000)));
    }
}
