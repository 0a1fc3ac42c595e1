//! Finding a commune by what people type: folded, by the beginnings of words, by old names too.

use super::{Commune, queries::OldWard};
use crate::kernel::{Lang, fold, words};
use std::collections::{BTreeMap, HashMap};

/// One commune that may be meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// Of the commune today.
    pub code: String,
    /// `Xã Khe Sanh, Quảng Trị`.
    pub shown: String,
    /// The old name that led here: `Thị trấn Khe Sanh, Huyện Hướng Hóa`.
    pub via: Option<String>,
}

impl Suggestion {
    /// `(trước đây: Thị trấn Khe Sanh, Huyện Hướng Hóa)`; empty for a name of today.
    #[must_use]
    pub fn note(&self, lang: Lang) -> String {
        let via = self.via.as_deref();
        via.map_or_else(String::new, |old| format!("({} {old})", lang.t("trước đây:", "formerly:")))
    }

    /// Value, title and note of a choice in a form.
    #[must_use]
    pub fn choice(&self, lang: Lang) -> (String, String, String) {
        (self.code.clone(), self.shown.clone(), self.note(lang))
    }
}

/// What a whole name means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolution {
    One(Commune),
    /// Ask which.
    Several(Vec<Suggestion>),
    None,
}

/// A name and the communes of today that it leads to.
struct Entry {
    /// Folded words of the name itself, each with a blank before it: ` xa khe sanh`.
    name: String,
    /// Of the district and province around it.
    around: String,
    /// As written, lower case: a name typed with its marks is preferred.
    written: String,
    targets: Vec<String>,
    via: Option<String>,
    home: bool,
}

/// How well an entry fits; smaller is better. The own province comes before everything else.
type Rank = (bool, u8, bool, bool, usize);

pub(super) struct Finder {
    entries: Vec<Entry>,
}

/// Words of kinds of units; a name is the same without them.
const KINDS: [&str; 9] = [
    "xa ",
    "phuong ",
    "thi tran ",
    "dac khu ",
    "huyen ",
    "quan ",
    "thi xa ",
    "thanh pho ",
    "tinh ",
];
/// Longer input is not a name.
const LONGEST: usize = 120;
/// How many choices a reader is given.
const CHOICES: usize = 12;

fn spaced(text: &str) -> String {
    words(text).iter().fold(String::new(), |all, word| all + " " + word)
}

/// The name without the word for its kind: ` xa khe sanh` → ` khe sanh`.
fn bare(name: &str) -> &str {
    let plain = name.trim_start();
    match KINDS.iter().find_map(|kind| plain.strip_prefix(kind)) {
        // The kind's last blank stays before the rest.
        Some(rest) if !rest.is_empty() => &name[name.len() - rest.len() - 1..],
        _ => name,
    }
}

/// What was typed, as words; abbreviations of kinds written out.
fn query_words(typed: &str) -> Vec<String> {
    let typed: String = typed.chars().take(LONGEST).collect();
    let mut out = Vec::new();
    for word in words(&typed) {
        match word.as_str() {
            "tt" => out.extend(["thi", "tran"].map(str::to_owned)),
            "tx" => out.extend(["thi", "xa"].map(str::to_owned)),
            "tp" => out.extend(["thanh", "pho"].map(str::to_owned)),
            "dk" => out.extend(["dac", "khu"].map(str::to_owned)),
            _ => out.push(word),
        }
    }
    out
}

impl Finder {
    pub(super) fn new(communes: &HashMap<String, Commune>, old: &[OldWard], home: &str) -> Self {
        let is_home = |code: &str| communes.get(code).is_some_and(|c| c.province_code == home);
        let mut entries: Vec<Entry> = communes
            .values()
            .map(|c| Entry {
                name: spaced(&c.full_name),
                around: spaced(&c.province),
                written: c.full_name.to_lowercase(),
                targets: vec![c.code.clone()],
                via: None,
                home: c.province_code == home,
            })
            .collect();
        let mut districts: BTreeMap<(&str, &str), Vec<String>> = BTreeMap::new();
        for ward in old.chunk_by(|a, b| a.code == b.code) {
            let first = &ward[0];
            let targets: Vec<String> = ward.iter().map(|w| w.commune.clone()).collect();
            districts
                .entry((&first.district, &first.province))
                .or_default()
                .extend(targets.clone());
            entries.push(Entry {
                name: spaced(&first.name),
                around: spaced(&first.district) + &spaced(&first.province),
                written: first.name.to_lowercase(),
                home: targets.iter().any(|code| is_home(code)),
                targets,
                via: Some(format!("{}, {}", first.name, first.district)),
            });
        }
        for ((district, province), mut targets) in districts {
            targets.sort_unstable();
            targets.dedup();
            entries.push(Entry {
                name: spaced(district),
                around: spaced(province),
                written: district.to_lowercase(),
                home: targets.iter().any(|code| is_home(code)),
                targets,
                via: Some(format!("{district}, {province}")),
            });
        }
        Self { entries }
    }

    pub(super) fn suggest(
        &self,
        communes: &HashMap<String, Commune>,
        typed: &str,
        limit: usize,
    ) -> Vec<Suggestion> {
        let asked = query_words(typed);
        if asked.is_empty() {
            return Vec::new();
        }
        let starts: Vec<String> = asked.iter().map(|word| format!(" {word}")).collect();
        let whole = starts.concat();
        let written = typed.trim().to_lowercase();
        let has_marks = fold(&written) != written;
        let mut best: HashMap<&str, (Rank, &Entry)> = HashMap::new();
        for entry in &self.entries {
            let Some(fit) = entry.fit(&starts, &whole) else { continue };
            let unmarked = has_marks && !entry.written.contains(&written);
            let rank = (!entry.home, fit, unmarked, entry.via.is_some(), entry.name.len());
            for code in &entry.targets {
                let kept = best.entry(code).or_insert((rank, entry));
                if rank < kept.0 {
                    *kept = (rank, entry);
                }
            }
        }
        let mut found: Vec<(Rank, String, Suggestion)> = best
            .into_iter()
            .filter_map(|(code, (rank, entry))| {
                let commune = communes.get(code)?;
                let suggestion = Suggestion {
                    code: code.to_owned(),
                    shown: commune.shown(),
                    via: entry.via.clone(),
                };
                Some((rank, fold(&suggestion.shown), suggestion))
            })
            .collect();
        found.sort_unstable_by(|a, b| (&a.0, &a.1, &a.2.code).cmp(&(&b.0, &b.1, &b.2.code)));
        found.into_iter().take(limit).map(|(_, _, suggestion)| suggestion).collect()
    }

    pub(super) fn resolve(&self, communes: &HashMap<String, Commune>, typed: &str) -> Resolution {
        let trimmed = typed.trim();
        if let Some(commune) = communes.get(trimmed) {
            return Resolution::One(commune.clone());
        }
        let whole: String = query_words(typed).iter().flat_map(|w| [" ", w]).collect();
        if whole.is_empty() {
            return Resolution::None;
        }
        let mut named: Vec<&Entry> = self.entries.iter().filter(|e| e.is_named(&whole)).collect();
        // Written out as we show it, a name of today is meant.
        let today = |e: &&Entry| e.via.is_none() && whole == format!("{}{}", e.name, e.around);
        if let [one] = named.iter().copied().filter(|e| today(e)).collect::<Vec<_>>()[..] {
            named = vec![one];
        }
        let mut codes: Vec<&String> = named.iter().flat_map(|e| &e.targets).collect();
        codes.sort_unstable();
        codes.dedup();
        if let [code] = codes[..]
            && let Some(commune) = communes.get(code)
        {
            return Resolution::One(commune.clone());
        }
        let mut found = self.suggest(communes, typed, if codes.is_empty() { CHOICES } else { 60 });
        if !codes.is_empty() {
            // The bearers of the name only, not what merely begins like it.
            found.retain(|s| codes.contains(&&s.code));
            found.truncate(CHOICES);
        }
        match &found[..] {
            [] => Resolution::None,
            [one] => communes.get(&one.code).cloned().map_or(Resolution::None, Resolution::One),
            _ => Resolution::Several(found),
        }
    }
}

impl Entry {
    /// Whether every word begins a word here, and how well: the name itself, its beginning, some
    /// words of it, or only with what lies around.
    fn fit(&self, starts: &[String], whole: &str) -> Option<u8> {
        if self.name == whole || bare(&self.name) == whole {
            return Some(0);
        }
        if !starts
            .iter()
            .all(|s| self.name.contains(s.as_str()) || self.around.contains(s.as_str()))
        {
            return None;
        }
        if self.name.starts_with(whole) || bare(&self.name).starts_with(whole) {
            return Some(1);
        }
        // Some name must be touched: a province alone does not ask for all its communes.
        let touched = starts.iter().filter(|s| bare(&self.name).contains(s.as_str())).count();
        match touched {
            0 => None,
            n if n == starts.len() => Some(2),
            _ if self.name_leads(whole) => Some(2),
            _ => Some(3),
        }
    }

    /// Whether what was typed begins with this whole name and goes on with its surroundings.
    fn name_leads(&self, whole: &str) -> bool {
        let rest =
            whole.strip_prefix(self.name.as_str()).or_else(|| whole.strip_prefix(bare(&self.name)));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    }

    /// Whether what was typed is this name, alone or followed by the names around it.
    fn is_named(&self, whole: &str) -> bool {
        [self.name.as_str(), bare(&self.name)].into_iter().any(|name| {
            whole.strip_prefix(name).is_some_and(|rest| {
                rest.is_empty()
                    || rest.starts_with(' ')
                        && rest
                            .split_whitespace()
                            .all(|word| self.around.split_whitespace().any(|w| w == word))
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{Commune, Places, queries::OldWard},
        Resolution,
    };

    fn commune(code: &str, name: &str, province_code: &str, province: &str) -> Commune {
        let full_name = format!("Xã {name}");
        let [code, name, province_code, province] =
            [code, name, province_code, province].map(str::to_owned);
        Commune { code, name, full_name, province_code, province }
    }

    fn ward(code: &str, name: &str, district: &str, commune: &str) -> OldWard {
        let [code, name, district, commune] = [code, name, district, commune].map(str::to_owned);
        OldWard { code, name, district, province: "Tỉnh Quảng Trị".to_owned(), commune }
    }

    fn places() -> Places {
        let communes = vec![
            commune("1", "Khe Sanh", "44", "Quảng Trị"),
            commune("2", "Tân Lập", "44", "Quảng Trị"),
            commune("3", "Tân Lập", "19", "Thái Nguyên"),
            commune("4", "Lìa", "44", "Quảng Trị"),
        ];
        let old = vec![
            ward("a", "Thị trấn Khe Sanh", "Huyện Hướng Hóa", "1"),
            ward("b", "Xã Húc", "Huyện Hướng Hóa", "1"),
            ward("b", "Xã Húc", "Huyện Hướng Hóa", "4"),
            ward("c", "Xã Thanh Hoà", "Huyện Hướng Hóa", "4"),
        ];
        Places::of(communes, old, "44")
    }

    #[track_caller]
    fn one(typed: &str, code: &str) {
        match places().resolve(typed) {
            Resolution::One(found) => assert_eq!(found.code, code, "{typed}"),
            other => panic!("{typed}: {other:?}"),
        }
    }

    #[test]
    fn whole_names_of_today_and_before_are_understood() {
        for typed in
            ["Khe Sanh", "xa khe sanh", "XÃ KHE SANH, Quảng Trị", "khe sanh quang tri", "1"]
        {
            one(typed, "1");
        }
        for typed in
            ["tt khe sanh", "Thị trấn Khe Sanh, Huyện Hướng Hoá", "Khe Sanh, Hướng Hóa, Quảng Trị"]
        {
            one(typed, "1");
        }
        one("thanh hòa", "4");
        one("Xã Tân Lập, Thái Nguyên", "3");
        assert_eq!(places().resolve("Nơi Nào Đó"), Resolution::None);
        assert_eq!(places().resolve(" ,; "), Resolution::None);
    }

    #[test]
    fn what_is_not_clear_is_asked() {
        for (typed, codes) in
            [("Húc", ["1", "4"]), ("xã húc, hướng hóa", ["1", "4"]), ("Tân Lập", ["2", "3"])]
        {
            let Resolution::Several(found) = places().resolve(typed) else { panic!("{typed}") };
            assert_eq!(found.iter().map(|s| s.code.as_str()).collect::<Vec<_>>(), codes, "{typed}");
        }
    }

    #[test]
    fn beginnings_of_words_suffice_and_old_names_are_told() {
        for typed in ["kh sanh", "xa khe s", "sanh khe"] {
            assert_eq!(places().suggest(typed, 5)[0].code, "1", "{typed}");
        }
        let found = places().suggest("huong hoa", 5);
        assert_eq!(found.iter().map(|s| s.code.as_str()).collect::<Vec<_>>(), ["1", "4"]);
        let old = places().suggest("thi tran khe", 5);
        assert_eq!(
            old[0].note(crate::kernel::Lang::Vi),
            "(trước đây: Thị trấn Khe Sanh, Huyện Hướng Hóa)"
        );
        assert_eq!(places().suggest("tan lap", 5)[0].code, "2", "the own province comes first");
        assert!(places().suggest("quang tri", 5).is_empty(), "a province is not a commune");
    }
}
