//! What a review is: pure.

use crate::kernel::{Lang, Text};

/// Characters of a review or an answer.
pub(super) const MOST_TEXT: usize = 2000;
/// Pictures of a review.
pub(super) const MOST_PICTURES: usize = 5;

/// How many reviews give one to five stars.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Totals {
    pub by_star: [i64; 5],
}

impl Totals {
    /// How many there are.
    #[must_use]
    pub fn count(&self) -> i64 {
        self.by_star.iter().sum()
    }

    /// Ten times the average, rounded; zero where there is none.
    fn tenths(&self) -> i64 {
        let count = self.count();
        let stars: i64 = (1..).zip(self.by_star).map(|(star, n)| star * n).sum();
        if count == 0 { 0 } else { (stars * 10 + count / 2) / count }
    }

    /// `4,8`.
    #[must_use]
    pub fn average(&self, lang: Lang) -> String {
        let tenths = self.tenths();
        format!("{}{}{}", tenths / 10, lang.t(",", "."), tenths % 10)
    }

    /// `4.8`, for machines.
    #[must_use]
    pub fn value(&self) -> String {
        self.average(Lang::En)
    }

    /// Five stars to one: the stars, how many gave them, of a hundred.
    pub(super) fn bars(&self) -> Vec<(usize, i64, i64)> {
        (1..=5).rev().map(|star| (star, self.by_star[star - 1], self.percent(star))).collect()
    }

    /// Of a hundred, how many gave `star` stars.
    #[must_use]
    pub fn percent(&self, star: usize) -> i64 {
        let n = self.by_star.get(star.wrapping_sub(1)).copied().unwrap_or(0);
        n * 100 / self.count().max(1)
    }
}

/// One more (or less) of `stars`.
pub(super) fn change(stars: i16, by: i64) -> [i64; 5] {
    let mut change = [0; 5];
    if let Some(place) = usize::try_from(stars).ok().and_then(|s| change.get_mut(s.wrapping_sub(1)))
    {
        *place += by;
    }
    change
}

/// Given name and the family name's initial: `Hương T.`
#[must_use]
pub fn shown_name(full: &str) -> String {
    let words: Vec<&str> = full.split_whitespace().collect();
    match words.as_slice() {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [family, .., given] => {
            let initial = family.chars().next().map(|c| c.to_uppercase().to_string());
            format!("{given} {}.", initial.unwrap_or_default())
        }
    }
}

/// Why a review is hidden.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HideReason {
    Insult,
    PersonalData,
    OffTopic,
    Advertising,
    Fake,
    Illegal,
    Authority,
}

impl HideReason {
    pub const ALL: [Self; 7] = [
        Self::Insult,
        Self::PersonalData,
        Self::OffTopic,
        Self::Advertising,
        Self::Fake,
        Self::Illegal,
        Self::Authority,
    ];

    /// As stored.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Insult => "insult",
            Self::PersonalData => "personal_data",
            Self::OffTopic => "off_topic",
            Self::Advertising => "advertising",
            Self::Fake => "fake",
            Self::Illegal => "illegal",
            Self::Authority => "authority",
        }
    }

    /// The reason of a code.
    #[must_use]
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }

    /// In words.
    #[must_use]
    pub fn label(self) -> Text {
        match self {
            Self::Insult => Text::new("Xúc phạm, tục tĩu", "Insulting or obscene"),
            Self::PersonalData => {
                Text::new("Lộ thông tin cá nhân của người khác", "Gives away personal data")
            }
            Self::OffTopic => {
                Text::new("Không nói về sản phẩm đã mua", "Not about the product bought")
            }
            Self::Advertising => {
                Text::new("Quảng cáo, dẫn sang nơi khác", "Advertising or links elsewhere")
            }
            Self::Fake => Text::new("Có dấu hiệu không thật", "Signs of a fake review"),
            Self::Illegal => Text::new("Vi phạm pháp luật", "Against the law"),
            Self::Authority => {
                Text::new("Theo yêu cầu của cơ quan nhà nước", "By request of an authority")
            }
        }
    }

    /// What a reader who reports may choose.
    pub(super) fn reportable() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(|reason| *reason != Self::Authority)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn averages_are_rounded_to_a_tenth_and_written_as_people_do() {
        let totals = Totals { by_star: [0, 0, 1, 0, 2] };
        assert_eq!(totals.count(), 3);
        assert_eq!(totals.average(Lang::Vi), "4,3");
        assert_eq!(totals.value(), "4.3");
        assert_eq!((totals.percent(5), totals.percent(0), totals.percent(6)), (66, 0, 0));
        assert_eq!(Totals::default().average(Lang::Vi), "0,0");
        assert_eq!(change(5, -1), [0, 0, 0, 0, -1]);
        assert_eq!(change(0, 1), [0; 5]);
    }

    #[test]
    fn a_name_is_shown_in_part() {
        assert_eq!(shown_name("Trần Thị Hương"), "Hương T.");
        assert_eq!(shown_name(" Hương "), "Hương");
        assert_eq!(shown_name("đặng An"), "An Đ.");
        assert_eq!(shown_name(""), "");
    }
}
