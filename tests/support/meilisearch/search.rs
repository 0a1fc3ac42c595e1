//! One question and its answer.

use super::{
    Refusal,
    filter::{self, shown, values},
    index::{Index, only},
    rank::{Look, Term},
    text,
};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Words beyond these are not looked at.
const MOST_WORDS: usize = 10;

/// A question as it comes. What is not known is refused, as the real server does.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Asked {
    pub(super) index_uid: String,
    #[serde(default)]
    q: String,
    offset: Option<usize>,
    limit: Option<usize>,
    page: Option<usize>,
    hits_per_page: Option<usize>,
    #[serde(default)]
    filter: String,
    #[serde(default)]
    facets: Vec<String>,
    #[serde(default)]
    pub(super) sort: Vec<String>,
    attributes_to_search_on: Option<Vec<String>>,
    attributes_to_retrieve: Option<Vec<String>>,
    #[serde(default)]
    matching_strategy: Strategy,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Strategy {
    #[default]
    Last,
    All,
}

impl Asked {
    pub(super) fn read(body: &Value) -> Result<Self, Refusal> {
        Self::deserialize(body).map_err(|error| Refusal::new(400, "bad_request", error.to_string()))
    }
}

/// The terms of a question, and words that must not be there.
fn terms(index: &Index, q: &str) -> (Vec<Term>, Vec<String>) {
    let (mut terms, mut unwanted) = (Vec::new(), Vec::new());
    for (i, part) in q.split('"').enumerate() {
        if i % 2 == 1 {
            let words: Vec<String> = text::words(part).into_iter().map(|(_, word)| word).collect();
            if !words.is_empty() {
                terms.push(Term { words, is_phrase: true, is_last: false });
            }
            continue;
        }
        let is_end = q.split('"').count() == i + 1 && !part.ends_with(char::is_whitespace);
        let pieces: Vec<&str> = part.split_whitespace().collect();
        for (j, piece) in pieces.iter().enumerate() {
            let words: Vec<String> = text::words(piece).into_iter().map(|(_, word)| word).collect();
            if piece.starts_with('-') && piece.len() > 1 {
                unwanted.extend(words);
                continue;
            }
            let count = words.len();
            for (k, word) in words.into_iter().enumerate() {
                let is_last = is_end && j + 1 == pieces.len() && k + 1 == count;
                if is_last || !index.settings.stop_words.contains(&word) {
                    terms.push(Term { words: vec![word], is_phrase: false, is_last });
                }
            }
        }
    }
    terms.truncate(MOST_WORDS);
    (terms, unwanted)
}

/// The fields that are searched, the weightiest first.
fn fields(index: &Index, asked: &Asked) -> Result<Option<Vec<String>>, Refusal> {
    let known = index.settings.searchable.as_ref();
    let Some(wanted) = &asked.attributes_to_search_on else { return Ok(known.cloned()) };
    let Some(known) = known else { return Ok(Some(wanted.clone())) };
    if let Some(strange) = wanted.iter().find(|name| !known.contains(name)) {
        let message = format!("Attribute `{strange}` is not searchable.");
        return Err(Refusal::new(400, "invalid_search_attributes_to_search_on", message));
    }
    Ok(Some(known.iter().filter(|name| wanted.contains(name)).cloned().collect()))
}

fn passing<'a>(index: &'a Index, expression: &str) -> Result<Vec<&'a Value>, Refusal> {
    let filter = filter::parse(expression)?;
    for (name, by_size) in filter.iter().flat_map(filter::Filter::fields) {
        let known = index.settings.filterable.iter().find(|(known, _)| known == name);
        let message = match known {
            None => format!("Attribute `{name}` is not filterable."),
            Some((_, false)) if by_size => {
                format!("Filter operator is not allowed for the attribute `{name}`.")
            }
            Some(_) => continue,
        };
        return Err(Refusal::new(400, "invalid_search_filter", message));
    }
    let all = index.documents.iter().map(|(_, document)| document);
    Ok(all.filter(|document| filter.as_ref().is_none_or(|filter| filter.holds(document))).collect())
}

fn check(index: &Index, asked: &Asked) -> Result<(), Refusal> {
    let settings = &index.settings;
    for name in &asked.facets {
        if !settings.filterable.iter().any(|(known, _)| known == name) {
            let message =
                format!("Invalid facet distribution: attribute `{name}` is not filterable.");
            return Err(Refusal::new(400, "invalid_search_facets", message));
        }
    }
    for rule in &asked.sort {
        let name = rule.strip_suffix(":asc").or(rule.strip_suffix(":desc"));
        if !name.is_some_and(|name| settings.sortable.iter().any(|known| known == name)) {
            let message = format!("Attribute `{rule}` is not sortable.");
            return Err(Refusal::new(400, "invalid_search_sort", message));
        }
    }
    if !asked.sort.is_empty() && !settings.rules.iter().any(|rule| rule == "sort") {
        let message = "You must specify where `sort` is listed in the rankingRules setting.";
        return Err(Refusal::new(400, "invalid_search_sort", message));
    }
    Ok(())
}

/// What the server answers.
pub(super) fn answer(index: &Index, asked: &Asked) -> Result<Value, Refusal> {
    check(index, asked)?;
    let fields = fields(index, asked)?;
    let candidates = passing(index, &asked.filter)?;
    let (terms, unwanted) = terms(index, &asked.q);
    let look = Look::new(index, fields.as_deref(), &terms);
    let mut found: Vec<(Vec<f64>, &Value)> = Vec::new();
    for document in candidates {
        let text = look.text(document);
        if text.has_any(&unwanted) {
            continue;
        }
        if let Some(matched) = look.matched(&text, asked.matching_strategy) {
            found.push((look.key(&matched, &text, document, &asked.sort), document));
        }
    }
    found.sort_by(|a, b| {
        let differing = a.0.iter().zip(&b.0).map(|(a, b)| a.total_cmp(b));
        differing.into_iter().find(|order| order.is_ne()).unwrap_or(std::cmp::Ordering::Equal)
    });
    Ok(told(index, asked, &found.into_iter().map(|(_, document)| document).collect::<Vec<_>>()))
}

fn told(index: &Index, asked: &Asked, found: &[&Value]) -> Value {
    let total = found.len().min(index.settings.most_results);
    let is_paged = asked.page.is_some() || asked.hits_per_page.is_some();
    let (offset, limit) = if is_paged {
        let (page, size) = (asked.page.unwrap_or(1), asked.hits_per_page.unwrap_or(20));
        if page == 0 { (0, 0) } else { ((page - 1).saturating_mul(size), size) }
    } else {
        (asked.offset.unwrap_or(0), asked.limit.unwrap_or(20))
    };
    let fields: Option<Vec<&str>> =
        asked.attributes_to_retrieve.as_ref().map(|all| all.iter().map(String::as_str).collect());
    let page = found.iter().take(total).skip(offset).take(limit);
    let hits: Vec<Value> = page.map(|document| only(document, fields.as_deref())).collect();
    let mut answer =
        json!({"indexUid": asked.index_uid, "hits": hits, "query": asked.q, "processingTimeMs": 0});
    if is_paged {
        let size = asked.hits_per_page.unwrap_or(20);
        answer["page"] = json!(asked.page.unwrap_or(1));
        answer["hitsPerPage"] = json!(size);
        answer["totalHits"] = json!(total);
        answer["totalPages"] = json!(if size == 0 { 0 } else { total.div_ceil(size) });
    } else {
        answer["offset"] = json!(offset);
        answer["limit"] = json!(limit);
        answer["estimatedTotalHits"] = json!(total);
    }
    if !asked.facets.is_empty() {
        answer["facetDistribution"] = counts(index, &asked.facets, found);
        answer["facetStats"] = json!({});
    }
    answer
}

fn counts(index: &Index, facets: &[String], found: &[&Value]) -> Value {
    let mut all = Map::new();
    for name in facets {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for document in found {
            for value in values(&document[name]) {
                *counts.entry(shown(value)).or_default() += 1;
            }
        }
        let mut counts: Vec<(String, usize)> = counts.into_iter().collect();
        counts.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
        counts.truncate(index.settings.most_choices);
        let counts: Map<String, Value> =
            counts.into_iter().map(|(value, n)| (value, json!(n))).collect();
        all.insert(name.clone(), Value::Object(counts));
    }
    Value::Object(all)
}
