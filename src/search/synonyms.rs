//! Groups of words that mean the same: what the operator may write, and what he does with them. Each change is
//! one transaction, tells every process, and is on the record. Nothing is deleted: what was taken away can come back.

use super::{
    language::{LONGEST_EXPRESSION, split},
    lexicon, queries_words,
    words::{Taken, WordsError, form},
};
use crate::{
    kernel::{Cx, Errors, Lang, Text, fold},
    platform::audit,
};
use chrono::{DateTime, Utc};
use serde_json::json;
use sqlx::PgConnection;
use std::collections::HashSet;
use uuid::Uuid;

const TERMS: std::ops::RangeInclusive<usize> = 2..=30;
const LONGEST_TERM: usize = 60;
const LONGEST_NOTE: usize = 200;
/// Fields of the form, as [`Draft::check`] names them.
const FIELD: &str = "tu";
const NOTE: &str = "ghi_chu";

/// A group as the operator wants it, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    pub terms: Vec<String>,
    /// Only the first term finds the others.
    pub is_one_way: bool,
    pub note: String,
}

/// A group as it is kept.
#[derive(Debug, Clone)]
pub struct Synonym {
    pub id: Uuid,
    pub terms: Vec<String>,
    pub is_one_way: bool,
    pub note: String,
    /// The shipped group that this is, or was: its terms between semicolons.
    pub shipped: Option<String>,
    pub removed_at: Option<DateTime<Utc>>,
    pub updated_at: DateTime<Utc>,
}

impl Draft {
    /// Reads what was typed: terms stand on lines of their own or between semicolons.
    ///
    /// # Errors
    /// What is wrong, by the fields `tu` and `ghi_chu`.
    pub fn check(typed: &str, is_one_way: bool, note: &str, lang: Lang) -> Result<Self, Errors> {
        let mut errors = Errors::new(lang);
        let joined = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let terms: Vec<String> =
            typed.split(['\n', ';']).map(joined).filter(|term| !term.is_empty()).collect();
        check_terms(&terms, &mut errors);
        let note = joined(note);
        errors.check(
            note.chars().count() <= LONGEST_NOTE,
            NOTE,
            "Ghi chú dài tối đa 200 ký tự.",
            "The note is at most 200 characters long.",
        );
        if errors.is_empty() { Ok(Self { terms, is_one_way, note }) } else { Err(errors) }
    }

    /// The first of its terms that another group in force has; a word may begin any number of one-way groups.
    #[must_use]
    pub fn taken(&self, all: &[Synonym], own: Option<Uuid>) -> Option<Taken> {
        if self.is_one_way {
            return None;
        }
        let others = all.iter().filter(|group| {
            Some(group.id) != own && group.removed_at.is_none() && !group.is_one_way
        });
        let others: Vec<(&Synonym, HashSet<String>)> = others
            .map(|group| (group, group.terms.iter().map(|term| form(term)).collect()))
            .collect();
        self.terms.iter().find_map(|term| {
            let written = form(term);
            let (group, _) = others.iter().find(|(_, forms)| forms.contains(&written))?;
            Some(Taken { term: term.clone(), group: group.id, terms: group.terms.join("; ") })
        })
    }
}

fn check_terms(terms: &[String], errors: &mut Errors) {
    errors.check(
        TERMS.contains(&terms.len()),
        FIELD,
        "Một nhóm có từ 2 đến 30 từ, mỗi từ một dòng hoặc cách nhau bằng dấu chấm phẩy.",
        "A group has 2 to 30 terms, each on its own line or between semicolons.",
    );
    let mut forms = HashSet::new();
    for term in terms.iter().take(*TERMS.end() + 1) {
        if let Some(text) = wrong(term) {
            errors.add(FIELD, text);
        } else if !forms.insert(form(term)) {
            errors.add(
                FIELD,
                Text::new(
                    format!("“{term}” có hai lần trong nhóm."),
                    format!("“{term}” is in the group twice."),
                ),
            );
        }
    }
    let folded: HashSet<String> = forms.iter().map(|form| fold(form)).collect();
    errors.check(
        !errors.is_empty() || folded.len() > 1,
        FIELD,
        "Các từ này chỉ khác nhau ở dấu: tìm kiếm đã hiểu sẵn, không cần nhóm.",
        "These differ by their marks alone: the search understands that without a group.",
    );
}

/// What is wrong with one term.
fn wrong(term: &str) -> Option<Text> {
    let shown: String = term.chars().take(LONGEST_TERM).collect();
    let words = split(term).count();
    if term.chars().count() > LONGEST_TERM {
        Some(Text::new(
            format!("“{shown}…” dài quá 60 ký tự."),
            format!("“{shown}…” is longer than 60 characters."),
        ))
    } else if words == 0 {
        Some(Text::new(
            format!("“{shown}” không có chữ nào."),
            format!("“{shown}” has no letters."),
        ))
    } else if words > LONGEST_EXPRESSION {
        Some(Text::new(
            format!("“{shown}” có hơn 6 tiếng."),
            format!("“{shown}” has more than 6 words."),
        ))
    } else if term.contains(", ") {
        Some(Text::new(
            format!("“{shown}” có dấu phẩy: hãy tách các từ bằng dấu chấm phẩy hoặc xuống dòng."),
            format!("“{shown}” has a comma: separate terms by semicolons or lines."),
        ))
    } else {
        None
    }
}

impl Synonym {
    /// All groups, also those that were taken away.
    ///
    /// # Errors
    /// The database is away.
    pub async fn all(db: &mut PgConnection) -> sqlx::Result<Vec<Self>> {
        queries_words::synonyms(db).await
    }

    /// As a draft that changes nothing.
    #[must_use]
    pub fn draft(&self) -> Draft {
        Draft { terms: self.terms.clone(), is_one_way: self.is_one_way, note: self.note.clone() }
    }

    /// The shipped version, where this is, or was, a shipped group.
    #[must_use]
    pub fn shipped(&self) -> Option<Draft> {
        let terms = self.shipped.as_deref()?;
        let (is_one_way, note) =
            lexicon::shipped(terms).unwrap_or((self.is_one_way, self.note.clone()));
        Some(Draft { terms: terms.split(';').map(str::to_owned).collect(), is_one_way, note })
    }

    /// Whether the operator has changed a shipped group.
    #[must_use]
    pub fn is_changed(&self) -> bool {
        self.shipped().is_some_and(|shipped| shipped != self.draft())
    }

    /// Of when this is: what a form sends back, so that nobody's change is written over unseen.
    #[must_use]
    pub fn version(&self) -> i64 {
        self.updated_at.timestamp_micros()
    }
}

/// The group `id`; the words stay as they are until the transaction ends.
async fn hold(
    db: &mut PgConnection,
    id: Uuid,
    seen: i64,
) -> Result<(Synonym, Vec<Synonym>), WordsError> {
    queries_words::raise_edition(db).await?;
    let all = Synonym::all(db).await?;
    let own = all.iter().find(|group| group.id == id).cloned().ok_or(WordsError::Missing)?;
    if own.version() == seen { Ok((own, all)) } else { Err(WordsError::Stale) }
}

fn free(draft: &Draft, all: &[Synonym], own: Option<Uuid>) -> Result<(), WordsError> {
    draft.taken(all, own).map_or(Ok(()), |taken| Err(WordsError::Taken(Box::new(taken))))
}

async fn write(
    db: &mut PgConnection,
    cx: &Cx,
    before: &Synonym,
    draft: &Draft,
    is_removed: bool,
    action: &str,
) -> Result<(), WordsError> {
    if !queries_words::write_synonyms(db, cx, before.id, before.updated_at, draft, is_removed)
        .await?
    {
        return Err(WordsError::Stale);
    }
    let detail = json!({
        "terms": draft.terms, "one_way": draft.is_one_way,
        "before": { "terms": before.terms, "one_way": before.is_one_way },
    });
    audit::record(db, cx, action, &format!("synonyms:{}", before.id), detail).await?;
    Ok(())
}

/// Adds a group of the operator's own.
///
/// # Errors
/// One of its terms is in another group.
pub async fn add_synonyms(
    db: &mut PgConnection,
    cx: &Cx,
    draft: &Draft,
) -> Result<Uuid, WordsError> {
    queries_words::raise_edition(db).await?;
    free(draft, &Synonym::all(db).await?, None)?;
    let id = cx.new_id();
    queries_words::add_synonyms(db, cx, id, draft).await?;
    let detail = json!({ "terms": draft.terms, "one_way": draft.is_one_way });
    audit::record(db, cx, "search.add_synonyms", &format!("synonyms:{id}"), detail).await?;
    Ok(id)
}

/// Changes a group that is as it was `seen`; one that was taken away is in force again.
///
/// # Errors
/// It is not there, is not as it was seen, or one of the new terms is in another group.
pub async fn change_synonyms(
    db: &mut PgConnection,
    cx: &Cx,
    id: Uuid,
    seen: i64,
    draft: &Draft,
) -> Result<(), WordsError> {
    let (own, all) = hold(db, id, seen).await?;
    free(draft, &all, Some(id))?;
    write(db, cx, &own, draft, false, "search.change_synonyms").await
}

/// Takes a group away.
///
/// # Errors
/// It is not there, or is not as it was seen.
pub async fn remove_synonyms(
    db: &mut PgConnection,
    cx: &Cx,
    id: Uuid,
    seen: i64,
) -> Result<(), WordsError> {
    let (own, _) = hold(db, id, seen).await?;
    write(db, cx, &own, &own.draft(), true, "search.remove_synonyms").await
}

/// Brings a group back: a shipped one as it is shipped, another one as it was.
///
/// # Errors
/// It is not there, is not as it was seen, or one of its terms is in another group by now.
pub async fn restore_synonyms(
    db: &mut PgConnection,
    cx: &Cx,
    id: Uuid,
    seen: i64,
) -> Result<(), WordsError> {
    let (own, all) = hold(db, id, seen).await?;
    let draft = own.shipped().unwrap_or_else(|| own.draft());
    free(&draft, &all, Some(id))?;
    write(db, cx, &own, &draft, false, "search.restore_synonyms").await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(typed: &str) -> Result<Draft, String> {
        Draft::check(typed, false, "", Lang::Vi)
            .map_err(|errors| errors.get(FIELD).unwrap_or_default().to_owned())
    }

    #[test]
    fn terms_stand_on_lines_or_between_semicolons() {
        let draft = check(" Bún  ốc ;\nbún bì bõm\n;\n").unwrap();
        assert_eq!(draft.terms, ["Bún ốc", "bún bì bõm"]);
        let draft = check("gói 0,5 kg;gói nửa ký").unwrap();
        assert_eq!(draft.terms.len(), 2, "a comma within a number");
    }

    #[test]
    fn what_says_nothing_is_refused_with_a_reason() {
        let long = format!("heo;{}", "a".repeat(61));
        let many: String = (0..31).map(|i| format!("từ {i};")).collect();
        for (typed, reason) in [
            ("", "từ 2 đến 30"),
            ("heo", "từ 2 đến 30"),
            (many.as_str(), "từ 2 đến 30"),
            (long.as_str(), "60 ký tự"),
            ("heo;...", "không có chữ"),
            ("heo;một hai ba bốn năm sáu bảy", "hơn 6 tiếng"),
            ("heo;HEO", "hai lần"),
            ("khoá;khóa;lock", "hai lần"),
            ("bún ốc;bun oc", "chỉ khác nhau ở dấu"),
            ("heo, lợn;pork", "dấu phẩy"),
        ] {
            let told = check(typed).unwrap_err();
            assert!(told.contains(reason), "{typed}: {told}");
        }
        let long = "x".repeat(201);
        let errors = Draft::check("heo;lợn", false, &long, Lang::En).unwrap_err();
        assert!(errors.get(NOTE).is_some());
    }

    #[test]
    fn a_term_is_in_one_equal_group_only() {
        let group = |id: u128, terms: &str, is_one_way| Synonym {
            id: Uuid::from_u128(id),
            terms: terms.split(';').map(str::to_owned).collect(),
            is_one_way,
            note: String::new(),
            shipped: None,
            removed_at: None,
            updated_at: DateTime::default(),
        };
        let gone =
            Synonym { removed_at: Some(DateTime::default()), ..group(3, "ngô;bắp", false) };
        let all = [group(1, "heo;lợn", false), group(2, "quả;xoài", true), gone];
        let draft = |typed, is_one_way| Draft::check(typed, is_one_way, "", Lang::Vi).unwrap();
        let taken = draft("pork;LỢN", false).taken(&all, None).unwrap();
        assert_eq!((taken.term.as_str(), taken.group.as_u128()), ("LỢN", 1));
        assert_eq!(draft("pork;LỢN", false).taken(&all, Some(Uuid::from_u128(1))), None);
        assert_eq!(draft("lợn;lợn mán", true).taken(&all, None), None, "one way");
        assert_eq!(draft("xoài;mango", false).taken(&all, None), None, "beside one way");
        assert_eq!(draft("ngô;corn", false).taken(&all, None), None, "taken away");
    }
}
