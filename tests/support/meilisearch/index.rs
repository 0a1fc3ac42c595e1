//! One index: its documents and settings.

use super::Refusal;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, HashSet};

/// Settings that are understood; the real server knows more.
const KNOWN: [&str; 10] = [
    "searchableAttributes",
    "filterableAttributes",
    "sortableAttributes",
    "rankingRules",
    "typoTolerance",
    "pagination",
    "faceting",
    "synonyms",
    "stopWords",
    "displayedAttributes",
];

/// Ranking rules that are understood, beside those by a field.
const RULES: [&str; 7] =
    ["words", "typo", "proximity", "attribute", "sort", "exactness", "attributeRank"];

#[derive(Debug, Clone)]
pub(super) struct Settings {
    /// `None`: all fields.
    pub(super) searchable: Option<Vec<String>>,
    /// Each with whether it may be compared by size.
    pub(super) filterable: Vec<(String, bool)>,
    pub(super) sortable: Vec<String>,
    pub(super) rules: Vec<String>,
    /// The least lengths of words in which one and two slips are forgiven; `None`: none ever.
    pub(super) slips: Option<(usize, usize)>,
    pub(super) most_results: usize,
    pub(super) most_choices: usize,
    pub(super) synonyms: BTreeMap<String, Vec<String>>,
    pub(super) stop_words: HashSet<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            searchable: None,
            filterable: Vec::new(),
            sortable: Vec::new(),
            rules: RULES[..6].iter().map(|rule| (*rule).to_owned()).collect(),
            slips: Some((5, 9)),
            most_results: 1_000,
            most_choices: 100,
            synonyms: BTreeMap::new(),
            stop_words: HashSet::new(),
        }
    }
}

#[derive(Debug, Clone, Default)]
pub(super) struct Index {
    pub(super) primary_key: Option<String>,
    pub(super) settings: Settings,
    /// By id; a document that is replaced keeps its place.
    pub(super) documents: Vec<(String, Value)>,
}

fn texts(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

fn size(value: &Value) -> Option<usize> {
    value.as_u64().and_then(|n| usize::try_from(n).ok())
}

/// Refuses what the real server refuses at once.
pub(super) fn check_settings(changes: &Map<String, Value>) -> Result<(), Refusal> {
    if let Some(name) = changes.keys().find(|name| !KNOWN.contains(&name.as_str())) {
        return Err(Refusal::new(400, "bad_request", format!("Unknown field `{name}`")));
    }
    for rule in texts(changes.get("rankingRules").unwrap_or(&Value::Null)) {
        let by_field = rule.strip_suffix(":asc").or(rule.strip_suffix(":desc"));
        if !RULES.contains(&rule.as_str()) && by_field.is_none_or(str::is_empty) {
            let message = format!("`{rule}` ranking rule is invalid.");
            return Err(Refusal::new(400, "invalid_settings_ranking_rules", message));
        }
    }
    let least = changes.get("typoTolerance").map(|typos| &typos["minWordSizeForTypos"]);
    if let Some((one, two)) =
        least.and_then(|least| Some((size(&least["oneTypo"])?, size(&least["twoTypos"])?)))
        && (one > two || two > 255)
    {
        let message = "`oneTypo` and `twoTypos` must be between 0 and 255, `twoTypos` not less than `oneTypo`.";
        return Err(Refusal::new(400, "invalid_settings_typo_tolerance", message));
    }
    Ok(())
}

/// An attribute by its name, or many by patterns with their features.
fn filterable(value: &Value) -> Vec<(String, bool)> {
    match value.as_str() {
        Some(name) => vec![(name.to_owned(), true)],
        None => {
            let is_compared =
                value["features"]["filter"]["comparison"].as_bool().unwrap_or_default();
            texts(&value["attributePatterns"]).into_iter().map(|name| (name, is_compared)).collect()
        }
    }
}

impl Index {
    pub(super) fn set(&mut self, changes: &Map<String, Value>) {
        let own = &mut self.settings;
        for (name, value) in changes {
            match name.as_str() {
                "searchableAttributes" => own.searchable = value.is_array().then(|| texts(value)),
                "filterableAttributes" => {
                    own.filterable =
                        value.as_array().into_iter().flatten().flat_map(filterable).collect();
                }
                "sortableAttributes" => own.sortable = texts(value),
                "rankingRules" => own.rules = texts(value),
                "typoTolerance" => {
                    let least = &value["minWordSizeForTypos"];
                    let sizes = (
                        size(&least["oneTypo"]).unwrap_or(5),
                        size(&least["twoTypos"]).unwrap_or(9),
                    );
                    own.slips = value["enabled"].as_bool().unwrap_or(true).then_some(sizes);
                }
                "pagination" => own.most_results = size(&value["maxTotalHits"]).unwrap_or(1_000),
                "faceting" => own.most_choices = size(&value["maxValuesPerFacet"]).unwrap_or(100),
                "synonyms" => {
                    let all = value.as_object().into_iter().flatten();
                    own.synonyms = all.map(|(word, same)| (word.clone(), texts(same))).collect();
                }
                "stopWords" => own.stop_words = texts(value).into_iter().collect(),
                _ => {}
            }
        }
    }

    pub(super) fn document(&self, id: &str) -> Option<&Value> {
        self.documents.iter().find(|(own, _)| own == id).map(|(_, document)| document)
    }

    /// Adds all, or none where one of them has no id that can be one.
    pub(super) fn add(
        &mut self,
        documents: Vec<Value>,
        primary_key: Option<String>,
    ) -> Result<(), Refusal> {
        let key = self.primary_key.clone().or(primary_key).unwrap_or_else(|| "id".into());
        let mut all = self.documents.clone();
        for document in documents {
            let id = match &document[&key] {
                Value::String(id) => id.clone(),
                Value::Number(id) => id.to_string(),
                _ => {
                    let message =
                        format!("Document doesn't have a `{key}` attribute: `{document}`.");
                    return Err(Refusal::new(400, "missing_document_id", message));
                }
            };
            let is_id = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
            if id.is_empty() || !id.chars().all(is_id) {
                let message = format!("Document identifier `{id}` is invalid.");
                return Err(Refusal::new(400, "invalid_document_id", message));
            }
            match all.iter_mut().find(|(own, _)| *own == id) {
                Some((_, own)) => *own = document,
                None => all.push((id, document)),
            }
        }
        (self.primary_key, self.documents) = (Some(key), all);
        Ok(())
    }

    /// Some of the documents as `GET …/documents` and `documents/fetch` show them.
    pub(super) fn listed(
        &self,
        ids: Option<&[&str]>,
        fields: Option<&[&str]>,
        (offset, limit): (usize, usize),
    ) -> Value {
        let wanted = |id: &String| ids.is_none_or(|ids| ids.contains(&id.as_str()));
        let all: Vec<&Value> = self
            .documents
            .iter()
            .filter(|(id, _)| wanted(id))
            .map(|(_, document)| document)
            .collect();
        let page = all.iter().skip(offset).take(limit);
        let results: Vec<Value> = page.map(|document| only(document, fields)).collect();
        json!({"results": results, "offset": offset, "limit": limit, "total": all.len()})
    }
}

/// A document with some of its fields.
pub(super) fn only(document: &Value, fields: Option<&[&str]>) -> Value {
    let Some(fields) = fields.filter(|fields| !fields.contains(&"*")) else {
        return document.clone();
    };
    let known =
        fields.iter().filter_map(|name| Some(((*name).to_owned(), document.get(name)?.clone())));
    Value::Object(known.collect())
}
