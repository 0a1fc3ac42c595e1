//! Where Stripe admits businesses, as its own site lists it; Viet Nam is not among them.

use crate::kernel::Lang;

const ALL: [(&str, &str, &str); 44] = [
    ("AE", "Các Tiểu vương quốc Ả Rập Thống nhất", "United Arab Emirates"),
    ("AU", "Úc", "Australia"),
    ("AT", "Áo", "Austria"),
    ("BE", "Bỉ", "Belgium"),
    ("BR", "Brasil", "Brazil"),
    ("BG", "Bulgaria", "Bulgaria"),
    ("CA", "Canada", "Canada"),
    ("HR", "Croatia", "Croatia"),
    ("CY", "Síp", "Cyprus"),
    ("CZ", "Séc", "Czechia"),
    ("DK", "Đan Mạch", "Denmark"),
    ("EE", "Estonia", "Estonia"),
    ("FI", "Phần Lan", "Finland"),
    ("FR", "Pháp", "France"),
    ("DE", "Đức", "Germany"),
    ("GI", "Gibraltar", "Gibraltar"),
    ("GR", "Hy Lạp", "Greece"),
    ("HK", "Hồng Kông", "Hong Kong"),
    ("HU", "Hungary", "Hungary"),
    ("IE", "Ireland", "Ireland"),
    ("IT", "Ý", "Italy"),
    ("JP", "Nhật Bản", "Japan"),
    ("LV", "Latvia", "Latvia"),
    ("LI", "Liechtenstein", "Liechtenstein"),
    ("LT", "Litva", "Lithuania"),
    ("LU", "Luxembourg", "Luxembourg"),
    ("MY", "Malaysia", "Malaysia"),
    ("MT", "Malta", "Malta"),
    ("MX", "Mexico", "Mexico"),
    ("NL", "Hà Lan", "Netherlands"),
    ("NZ", "New Zealand", "New Zealand"),
    ("NO", "Na Uy", "Norway"),
    ("PL", "Ba Lan", "Poland"),
    ("PT", "Bồ Đào Nha", "Portugal"),
    ("RO", "Romania", "Romania"),
    ("SG", "Singapore", "Singapore"),
    ("SK", "Slovakia", "Slovakia"),
    ("SI", "Slovenia", "Slovenia"),
    ("ES", "Tây Ban Nha", "Spain"),
    ("SE", "Thụy Điển", "Sweden"),
    ("CH", "Thụy Sĩ", "Switzerland"),
    ("TH", "Thái Lan", "Thailand"),
    ("GB", "Vương quốc Anh", "United Kingdom"),
    ("US", "Hoa Kỳ", "United States"),
];

/// Code and name, in the reader's language.
pub(super) fn countries(lang: Lang) -> Vec<(&'static str, &'static str)> {
    ALL.iter().map(|(code, vi, en)| (*code, lang.t(vi, en))).collect()
}

/// Whether Stripe admits businesses there.
pub(super) fn is_one(code: &str) -> bool {
    ALL.iter().any(|(known, ..)| *known == code)
}
