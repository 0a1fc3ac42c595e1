//! From words to a question that the index understands. Each clause is worth the same points wherever it
//! holds, so that the criteria page tells the whole truth about them.

use super::{
    flat::Flat,
    heads::HEAD_WORDS,
    reading::{COMPLETIONS, Reader, Word},
};
use crate::{
    kernel::fold,
    search::{
        Lexicon, Query,
        language::{quantities, split},
        ranking::{
            ADJACENT, ATTRIBUTE, CATEGORY, CODE, DESCRIPTION, GUESSED, HEAD, MARKED, NAME, SHELF,
            SYNONYM,
        },
    },
};
use tantivy::{
    Term,
    query::{
        AllQuery, BooleanQuery, BoostQuery, DisjunctionMaxQuery, Occur, Query as Ask, TermQuery,
    },
    schema::{Field, IndexRecordOption},
};

/// Words beyond these are not looked at.
const MOST_WORDS: usize = 12;
/// Longer words are cut; no word that is sold is longer.
const LONGEST: usize = 40;

type Part = (Occur, Box<dyn Ask>);

/// What was typed, in its parts.
pub(super) struct Typed {
    pub(super) words: Vec<String>,
    /// Quantities in their one form, and how many words stand before each and how many make it.
    quantities: Vec<(usize, usize, String)>,
    /// All of it, if it may be a code.
    code: Option<String>,
}

impl Typed {
    pub(super) fn of(q: &str) -> Self {
        let q: String = q.chars().take(MOST_WORDS * LONGEST).collect();
        let start = q.as_ptr() as usize;
        let all: Vec<(usize, &str)> =
            split(&q).take(MOST_WORDS).map(|word| (word.as_ptr() as usize - start, word)).collect();
        let forms = quantities(&q).into_iter().filter_map(|(range, form)| {
            let inside = all.iter().filter(|(at, _)| range.contains(at)).count();
            let before = all.iter().filter(|(at, _)| *at < range.start).count();
            (inside > 0).then_some((before, inside, form))
        });
        let forms = forms.collect();
        let code = fold(q.trim());
        let code = (!code.contains(char::is_whitespace) && code.len() <= 80).then_some(code);
        let words = all.into_iter().map(|(_, word)| word.chars().take(LONGEST).collect()).collect();
        Self { words, quantities: forms, code }
    }
}

/// How far a question goes.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Reach {
    /// Also words that only begin as the last one, and descriptions.
    pub(super) wide: bool,
    /// So many of the ideas have to be there; `None`: all.
    pub(super) least: Option<usize>,
}

/// One way to say an idea.
struct Way {
    words: Vec<Word>,
    weight: f32,
    quantity: Option<String>,
}

/// What has to be there, in one way or another.
struct Idea {
    ways: Vec<Way>,
    /// A stop word: better there, but not needed.
    is_optional: bool,
}

/// A question that is understood.
pub(super) struct Question {
    ideas: Vec<Idea>,
    pub(super) words: Vec<Word>,
    completions: Vec<String>,
    code: Option<String>,
}

/// A word in a field, worth these points. Asked with [`Flat`].
fn constant(field: Field, text: &str, points: f32) -> Part {
    let query = TermQuery::new(Term::from_field_text(field, text), IndexRecordOption::Basic);
    (Occur::Should, Box::new(BoostQuery::new(Box::new(query), points / Flat::score())))
}

fn required(field: Field, text: &str) -> Part {
    (Occur::Must, constant(field, text, 0.0).1)
}

fn any(parts: Vec<Part>) -> Box<dyn Ask> {
    Box::new(BooleanQuery::new(parts))
}

/// A single part needs no frame around it.
fn only_or_any(mut parts: Vec<Part>) -> Box<dyn Ask> {
    if parts.len() == 1 { parts.remove(0).1 } else { any(parts) }
}

impl Question {
    /// `words`: those of `typed`, or what they were taken for.
    pub(super) fn of(reader: &Reader, lexicon: &Lexicon, typed: &Typed, words: Vec<Word>) -> Self {
        let mut ideas: Vec<Idea> = Vec::new();
        let has_marks = words.iter().any(|word| word.marked != word.folded);
        let is_as_typed = words.len() == typed.words.len();
        let mut at = 0;
        while at < words.len() {
            let quantity =
                typed.quantities.iter().find(|(before, ..)| is_as_typed && *before == at);
            if let Some((_, length, form)) = quantity {
                let own =
                    Way { words: words[at..at + length].to_vec(), weight: 1.0, quantity: None };
                let form = Way { words: Vec::new(), weight: 1.0, quantity: Some(form.clone()) };
                ideas.push(Idea { ways: vec![form, own], is_optional: false });
                at += length;
                continue;
            }
            let rest: Vec<(&str, &str)> =
                words[at..].iter().map(|w| (w.folded.as_str(), w.marked.as_str())).collect();
            let (length, others) = lexicon.synonyms.at(&rest).unwrap_or((1, Vec::new()));
            let own = &words[at..at + length];
            let mut ways = vec![Way { words: own.to_vec(), weight: 1.0, quantity: None }];
            // What means the same is worth a little less, however many words say it.
            let whole = if own.iter().any(Word::has_marks) { NAME + MARKED } else { NAME };
            ways.extend(others.into_iter().map(|other| Way {
                words: other.iter().map(|word| Word::of(word)).collect(),
                weight: SYNONYM * whole * (length as f32 / other.len() as f32).min(1.0),
                quantity: None,
            }));
            // Without marks a stop word may be any other word.
            let is_optional =
                has_marks && length == 1 && lexicon.stop_words.contains(&own[0].marked);
            if let [first, second] = own
                && let Some(joined) = reader.joined(first, second)
            {
                ways.push(Way { words: vec![Word::of(&joined)], weight: 1.0, quantity: None });
            }
            if let [single] = own
                && let Some(parted) = reader.also_parted(single)
            {
                ways.push(Way { words: parted.into(), weight: 1.0, quantity: None });
            }
            ideas.push(Idea { ways, is_optional });
            at += length;
        }
        join_neighbours(reader, &mut ideas);
        if ideas.iter().all(|idea| idea.is_optional) {
            ideas.iter_mut().for_each(|idea| idea.is_optional = false);
        }
        let completions = words.last().map_or_else(Vec::new, |last| {
            let all = reader.vocabulary.completions(&last.folded, COMPLETIONS);
            all.into_iter().map(|(word, _)| word).collect()
        });
        Self { ideas, words, completions, code: typed.code.clone() }
    }

    /// How many ideas have to be there.
    pub(super) fn needed(&self) -> usize {
        self.ideas.iter().filter(|idea| !idea.is_optional).count()
    }

    pub(super) fn ask(&self, reader: &Reader, query: &Query, reach: Reach) -> Box<dyn Ask> {
        let fields = reader.fields;
        let mut parts = self.parts(reader, reach);
        self.together(reader, &self.words, 1.0, &mut parts);
        if let Some(code) = &self.code
            && self.words.len() > 1
        {
            // A whole code with its hyphens: its parts need not be there.
            parts = vec![(Occur::Should, any(parts)), constant(fields.code, code, CODE)];
        }
        let (category, seller) = (&query.category, query.seller);
        let category = category.as_ref().map(|slug| required(fields.path, slug));
        let seller = seller.map(|seller| required(fields.seller, &seller.to_string()));
        let scope: Vec<Part> = category.into_iter().chain(seller).collect();
        if scope.is_empty() {
            return any(parts);
        }
        any(scope.into_iter().chain([(Occur::Must, any(parts))]).collect())
    }

    /// What has to be there, and what is better there.
    fn parts(&self, reader: &Reader, reach: Reach) -> Vec<Part> {
        if let [idea] = self.ideas.as_slice()
            && let [way] = idea.ways.as_slice()
            && let [word] = way.words.as_slice()
        {
            // A single word: where its beginning counts it stands too, so all is one union.
            return self.word(reader, word, way.weight, reach, true);
        }
        let (mut parts, mut ideas) = (Vec::new(), Vec::new());
        for (i, idea) in self.ideas.iter().enumerate() {
            let part = self.idea(reader, idea, reach, i + 1 == self.ideas.len());
            match (idea.is_optional, reach.least) {
                (true, _) => parts.push((Occur::Should, part)),
                (false, None) => parts.push((Occur::Must, part)),
                (false, Some(_)) => ideas.push((Occur::Should, part)),
            }
        }
        if let Some(least) = reach.least {
            let some = BooleanQuery::with_minimum_required_clauses(ideas, least);
            parts.push((Occur::Must, Box::new(some)));
        }
        if self.ideas.is_empty() {
            parts.push((Occur::Must, Box::new(AllQuery)));
        }
        parts
    }

    fn idea(&self, reader: &Reader, idea: &Idea, reach: Reach, is_last: bool) -> Box<dyn Ask> {
        let mut ways: Vec<Box<dyn Ask>> = Vec::new();
        for (i, way) in idea.ways.iter().enumerate() {
            if let Some(form) = &way.quantity {
                ways.push(constant(reader.fields.name, form, NAME + MARKED).1);
                ways.push(constant(reader.fields.attribute, form, ATTRIBUTE).1);
                continue;
            }
            let mut all: Vec<Part> = Vec::new();
            for (j, word) in way.words.iter().enumerate() {
                let is_open = is_last && j + 1 == way.words.len();
                let fields = if i == 0 {
                    self.word(reader, word, way.weight, reach, is_open)
                } else {
                    Self::same(reader, word, way.weight, reach)
                };
                all.push((Occur::Must, any(fields)));
            }
            if i > 0 {
                self.together(reader, &way.words, way.weight, &mut all);
            }
            ways.push(only_or_any(all));
        }
        // What is said in two ways is not worth more than what is said once.
        match ways.len() {
            1 => ways.remove(0),
            _ => Box::new(DisjunctionMaxQuery::new(ways)),
        }
    }

    fn word(
        &self,
        reader: &Reader,
        word: &Word,
        weight: f32,
        reach: Reach,
        is_open: bool,
    ) -> Vec<Part> {
        let f = reader.fields;
        let mut fields = vec![
            constant(f.name, &word.folded, NAME * weight),
            constant(f.category, &word.folded, CATEGORY * weight),
            constant(f.attribute, &word.folded, ATTRIBUTE * weight),
            constant(f.code, &word.folded, CODE),
        ];
        if word.has_marks() {
            fields.push(constant(f.name, &word.marked, NAME * MARKED * weight));
            fields.push(constant(f.category, &word.marked, CATEGORY * MARKED * weight));
        }
        if reach.wide {
            fields.push(constant(f.description, &word.folded, DESCRIPTION * weight));
            if is_open {
                for begun in &self.completions {
                    fields.push(constant(f.name, begun, GUESSED * NAME));
                    fields.push(constant(f.category, begun, GUESSED * CATEGORY));
                    fields.push(constant(f.attribute, begun, GUESSED * ATTRIBUTE));
                }
            }
        }
        fields
    }

    /// A word that means the same: with its marks, where it has some. `lợn` is not `lon`.
    fn same(reader: &Reader, word: &Word, weight: f32, reach: Reach) -> Vec<Part> {
        let f = reader.fields;
        let mut fields = vec![
            constant(f.name, &word.marked, NAME * weight),
            constant(f.category, &word.marked, CATEGORY * weight),
            constant(f.attribute, &word.marked, ATTRIBUTE * weight),
        ];
        if reach.wide {
            fields.push(constant(f.description, &word.marked, DESCRIPTION * weight));
        }
        fields
    }

    /// What counts more when words stand side by side, and most when the name begins with them.
    fn together(&self, reader: &Reader, words: &[Word], weight: f32, parts: &mut Vec<Part>) {
        let f = reader.fields;
        for two in words.windows(2) {
            let pair = format!("{}_{}", two[0].folded, two[1].folded);
            parts.push(constant(f.pairs, &pair, ADJACENT * weight));
        }
        // The more of its beginning, the more points: together they make [`HEAD`]. What was typed with marks
        // has to stand there with them.
        let most = words.len().min(HEAD_WORDS);
        let share = weight * 2.0 / (most * (most + 1)) as f32;
        let has_marks = words.iter().any(Word::has_marks);
        let whole = if has_marks { HEAD * (NAME + MARKED) } else { HEAD };
        let mut head = String::new();
        for (i, word) in words.iter().take(most).enumerate() {
            if i > 0 {
                head.push('_');
            }
            head.push_str(if has_marks { &word.marked } else { &word.folded });
            let part = share * (i + 1) as f32;
            parts.push(constant(f.head, &head, part * whole));
            parts.push(constant(f.shelf, &head, part * SHELF));
        }
    }
}

/// Two words that somewhere are written as one may be found as that one.
fn join_neighbours(reader: &Reader, ideas: &mut Vec<Idea>) {
    let mut at = 0;
    while at + 1 < ideas.len() {
        let single = |idea: &Idea| match idea.ways.as_slice() {
            [way] if way.words.len() == 1 && !idea.is_optional => Some(way.words[0].clone()),
            _ => None,
        };
        if let (Some(first), Some(second)) = (single(&ideas[at]), single(&ideas[at + 1]))
            && let Some(joined) = reader.joined(&first, &second)
        {
            let apart = Way { words: vec![first, second], weight: 1.0, quantity: None };
            let joined = Way { words: vec![Word::of(&joined)], weight: 1.0, quantity: None };
            ideas[at] = Idea { ways: vec![apart, joined], is_optional: false };
            ideas.remove(at + 1);
        }
        at += 1;
    }
}
