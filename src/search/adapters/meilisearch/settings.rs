//! How the server is to treat the index.

use super::words::{ONE_SLIP, TWO_SLIPS, Word};
use crate::search::Synonyms;
use meilisearch_sdk::settings::{
    FacetSortValue, FacetingSettings, FilterFeatureModes, FilterFeatures, FilterableAttribute,
    FilterableAttributesSettings, MinWordSizeForTypos, PaginationSetting, Settings,
    TypoToleranceSettings,
};
use std::collections::{BTreeMap, HashMap};

/// Raised when settings or documents change: an index of another edition is built anew.
pub(super) const EDITION: &str = "1";

/// What is searched as it was typed, the weightiest first.
/// Those that are `marked` have the words as [`Word::keyed`] writes them: in them words of the same meaning
/// are found. `lợn` is not `lon`.
pub(super) const FIELDS: [&str; 8] = [
    "name",
    "name_marked",
    "category",
    "category_marked",
    "attributes",
    "attributes_marked",
    "description",
    "codes",
];
/// What is searched forgivingly.
pub(super) const SLIPS: [&str; 1] = ["slips"];

/// Results beyond these are not paged to.
const MOST_RESULTS: usize = 100_000_000;
/// Choices that are counted in one group.
const MOST_CHOICES: usize = 5_000;

/// Facts that are equal or not.
const EQUAL: [&str; 10] = [
    "visible",
    "path",
    "seller",
    "commune",
    "certificates",
    "band",
    "quantity",
    "in_stock",
    "marks",
    "code",
];
/// Facts that are more or less.
const COMPARED: [&str; 2] = ["price", "lapses"];

fn filterable(names: &[&str], comparison: bool) -> FilterableAttribute {
    FilterableAttribute::Settings(FilterableAttributesSettings {
        attribute_patterns: names.iter().map(|name| (*name).to_owned()).collect(),
        features: FilterFeatures {
            facet_search: false,
            filter: FilterFeatureModes { equality: true, comparison },
        },
    })
}

/// All settings but the synonyms.
///
/// `sort` stands first: results that are asked for by price are in the order of prices and nothing else.
/// After the rules of text come the product's facts; see `Row`.
pub(super) fn settings() -> Settings {
    let searchable = FIELDS.iter().chain(&SLIPS);
    let by_count = BTreeMap::from([("*".to_owned(), FacetSortValue::Count)]);
    Settings {
        filterable_attributes: Some(vec![filterable(&EQUAL, false), filterable(&COMPARED, true)]),
        ..Settings::new()
    }
    .with_searchable_attributes(searchable)
    .with_sortable_attributes(["price", "published", "sold"])
    .with_ranking_rules([
        "sort",
        "words",
        "typo",
        "proximity",
        "attribute",
        "exactness",
        "score:desc",
        "told:desc",
        "published:desc",
    ])
    .with_typo_tolerance(TypoToleranceSettings {
        enabled: Some(true),
        min_word_size_for_typos: Some(MinWordSizeForTypos {
            one_typo: Some(ONE_SLIP),
            two_typos: Some(TWO_SLIPS),
        }),
        disable_on_attributes: Some(Vec::new()),
        disable_on_words: Some(Vec::new()),
        disable_on_numbers: None,
    })
    .with_pagination(PaginationSetting { max_total_hits: MOST_RESULTS })
    .with_faceting(FacetingSettings {
        max_values_per_facet: MOST_CHOICES,
        sort_facet_values_by: Some(by_count),
    })
}

/// A word that stands for some expressions and has no meaning but these. It depends on nothing but
/// the expressions, so processes that learnt different words do not mistake each other's.
pub(super) fn token(forms: &[String]) -> String {
    let bytes = forms.iter().flat_map(|text| text.bytes().chain([0]));
    // FNV-1a
    let mut hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    let mut token = String::from("qz");
    for _ in 0..13 {
        token.push(char::from(b'a' + (hash % 26) as u8));
        hash /= 26;
    }
    token
}

/// All that is looked for where a question has the expression `own`: that in any marks, the others with theirs.
pub(super) fn forms(own: String, others: &[&[String]]) -> Vec<String> {
    let keyed = |words: &&[String]| {
        words.iter().map(|word| Word::of(word).keyed()).collect::<Vec<_>>().join(" ")
    };
    let mut all: Vec<String> = others.iter().map(keyed).chain([own]).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// A token for each expression that a question may have, with all that it stands for.
pub(super) fn synonyms(all: &Synonyms) -> HashMap<String, Vec<String>> {
    let known = all.known().filter(|(_, others)| !others.is_empty()).map(|(own, others)| {
        let all = forms(own, &others);
        (token(&all), all)
    });
    known.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::Group;

    #[test]
    fn words_of_the_same_meaning_keep_their_marks() {
        let group = |terms: &[&str], is_one_way| Group {
            terms: terms.iter().map(|term| (*term).to_owned()).collect(),
            is_one_way,
        };
        let all = synonyms(&Synonyms::new(&[
            group(&["heo", "lợn"], false),
            group(&["cà phê", "cafe"], false),
            group(&["trái cây", "xoài", "mít"], true),
            group(&["cafe", "espresso"], true),
        ]));
        let of = |forms: &[&str]| token(&forms.iter().map(|f| (*f).to_owned()).collect::<Vec<_>>());
        for forms in [
            ["heo", "lo7n5"].as_slice(),
            // What was typed is found in any marks.
            &["heo", "lon"],
            &["mit1", "trai cay", "xoai2"],
            &["ca phe", "cafe"],
            &["ca2 phe6", "cafe", "espresso"],
        ] {
            assert_eq!(all.get(&of(forms)).unwrap(), forms);
        }
        assert_eq!(all.len(), 5);
        let pork = of(&["heo", "lon"]);
        assert!(pork.len() < usize::from(ONE_SLIP), "no slip is forgiven in it");
        assert!(pork.bytes().all(|byte| byte.is_ascii_lowercase()));
    }
}
