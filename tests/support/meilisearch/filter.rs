//! Filter expressions: the real grammar without geography.
//!
//! ```text
//! or        = and ("OR" and)*
//! and       = not ("AND" not)*
//! not       = "NOT" not | primary
//! primary   = "(" or ")" | value ("=" | "!=" | ">" | ">=" | "<" | "<=") value | value "TO" …
//!           | value ["NOT"] "IN" "[" (value ("," value)* ","?)? "]" | value ["NOT"] "EXISTS"
//! value     = word | 'quoted' | "quoted"      word = (letter | digit | _ | - | .)+, no keyword
//! ```

use super::Refusal;
use serde_json::Value;

/// Deeper expressions are refused.
const DEEPEST: usize = 200;
const KEYWORDS: [&str; 12] =
    ["AND", "OR", "IN", "NOT", "TO", "EXISTS", "IS", "NULL", "EMPTY", "CONTAINS", "STARTS", "WITH"];

/// A filter that was understood.
#[derive(Debug)]
pub(super) enum Filter {
    Or(Vec<Filter>),
    And(Vec<Filter>),
    Not(Box<Filter>),
    In(String, Vec<String>),
    Compare(String, &'static str, f64),
    Exists(String),
}

fn refused(message: impl Into<String>) -> Refusal {
    Refusal::new(400, "invalid_search_filter", message)
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Word(String),
    Quoted(String),
    Sign(&'static str),
}

fn tokens(text: &str) -> Result<Vec<Token>, Refusal> {
    const SIGNS: [&str; 11] = ["!=", ">=", "<=", "=", ">", "<", "(", ")", "[", "]", ","];
    let mut all = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        if first == '\'' || first == '"' {
            let (value, after) = quoted(rest, first)?;
            all.push(Token::Quoted(value));
            rest = after;
        } else if let Some(sign) = SIGNS.into_iter().find(|sign| rest.starts_with(sign)) {
            all.push(Token::Sign(sign));
            rest = &rest[sign.len()..];
        } else {
            let is_word = |c: char| c.is_alphanumeric() || "_-.".contains(c);
            let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
            if end == 0 {
                return Err(refused(format!(
                    "Found unexpected characters at the end of the filter: `{rest}`."
                )));
            }
            all.push(Token::Word(rest[..end].to_owned()));
            rest = &rest[end..];
        }
        rest = rest.trim_start();
    }
    Ok(all)
}

/// The text up to the closing quote, and what follows it.
fn quoted(text: &str, quote: char) -> Result<(String, &str), Refusal> {
    let mut value = String::new();
    let mut letters = text.char_indices().skip(1);
    while let Some((at, c)) = letters.next() {
        match c {
            '\\' => match letters.next() {
                Some((_, c)) if c == quote || c == '\\' => value.push(c),
                _ => return Err(refused(format!("Malformed value: `{text}`."))),
            },
            c if c == quote => return Ok((value, &text[at + 1..])),
            c => value.push(c),
        }
    }
    Err(refused(format!(
        "Expression `{text}` is missing the following closing delimiter: `{quote}`."
    )))
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
}

impl Parser {
    fn next_is(&mut self, wanted: &Token) -> bool {
        let is = self.tokens.get(self.at) == Some(wanted);
        self.at += usize::from(is);
        is
    }

    fn word(&mut self, keyword: &str) -> bool {
        self.next_is(&Token::Word(keyword.into()))
    }

    fn sign(&mut self, sign: &'static str) -> bool {
        self.next_is(&Token::Sign(sign))
    }

    fn value(&mut self) -> Result<String, Refusal> {
        let value = match self.tokens.get(self.at) {
            Some(Token::Quoted(value)) => value.clone(),
            Some(Token::Word(word)) if !KEYWORDS.contains(&word.as_str()) => word.clone(),
            Some(Token::Word(word)) => {
                return Err(refused(format!(
                    "Was expecting a value but instead got `{word}`, a reserved keyword."
                )));
            }
            other => {
                return Err(refused(format!("Was expecting a value but instead got `{other:?}`.")));
            }
        };
        self.at += 1;
        Ok(value)
    }

    fn or(&mut self, depth: usize) -> Result<Filter, Refusal> {
        if depth > DEEPEST {
            return Err(refused("The filter exceeded the maximum depth limit."));
        }
        let mut all = vec![self.and(depth)?];
        while self.word("OR") {
            all.push(self.and(depth)?);
        }
        Ok(if all.len() == 1 { all.remove(0) } else { Filter::Or(all) })
    }

    fn and(&mut self, depth: usize) -> Result<Filter, Refusal> {
        let mut all = vec![self.not(depth)?];
        while self.word("AND") {
            all.push(self.not(depth)?);
        }
        Ok(if all.len() == 1 { all.remove(0) } else { Filter::And(all) })
    }

    fn not(&mut self, depth: usize) -> Result<Filter, Refusal> {
        if self.word("NOT") {
            return Ok(Filter::Not(Box::new(self.not(depth + 1)?)));
        }
        self.primary(depth)
    }

    fn primary(&mut self, depth: usize) -> Result<Filter, Refusal> {
        if self.sign("(") {
            let inner = self.or(depth + 1)?;
            let closed = self.sign(")");
            return if closed {
                Ok(inner)
            } else {
                Err(refused("Expression is missing the closing delimiter: `)`."))
            };
        }
        let field = self.value()?;
        let not =
            |is_not: bool, filter| if is_not { Filter::Not(Box::new(filter)) } else { filter };
        let is_not = self.word("NOT");
        if self.word("IN") {
            return Ok(not(is_not, Filter::In(field, self.list()?)));
        }
        if self.word("EXISTS") {
            return Ok(not(is_not, Filter::Exists(field)));
        }
        if is_not {
            return Err(refused("Was expecting an operation after `NOT`."));
        }
        for sign in ["=", "!="] {
            if self.sign(sign) {
                return Ok(not(sign == "!=", Filter::In(field, vec![self.value()?])));
            }
        }
        for sign in [">=", "<=", ">", "<"] {
            if self.sign(sign) {
                return Ok(Filter::Compare(field, sign, self.number()?));
            }
        }
        let low = self
            .number()
            .map_err(|_| refused("Was expecting an operation `=`, `!=`, `>=`, …, `IN`."))?;
        if !self.word("TO") {
            return Err(refused(
                "Was expecting an operation `=`, `!=`, `>=`, `>`, `<=`, `<`, `IN`, `TO`.",
            ));
        }
        let high = self.number()?;
        Ok(Filter::And(vec![
            Filter::Compare(field.clone(), ">=", low),
            Filter::Compare(field, "<=", high),
        ]))
    }

    fn number(&mut self) -> Result<f64, Refusal> {
        let text = self.value()?;
        let number = text.parse::<f64>().ok().filter(|number| number.is_finite());
        number.ok_or_else(|| refused(format!("invalid float literal: `{text}`")))
    }

    fn list(&mut self) -> Result<Vec<String>, Refusal> {
        if !self.sign("[") {
            return Err(refused("Expected `[` after `IN` keyword."));
        }
        let mut values = Vec::new();
        while !self.sign("]") {
            values.push(self.value()?);
            if !self.sign(",") && self.tokens.get(self.at) != Some(&Token::Sign("]")) {
                return Err(refused(
                    "Expected matching `]` after the list of field names given to `IN[`.",
                ));
            }
        }
        Ok(values)
    }
}

/// Reads an expression; an empty one holds for everything.
pub(super) fn parse(text: &str) -> Result<Option<Filter>, Refusal> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let mut parser = Parser { tokens: tokens(text)?, at: 0 };
    let filter = parser.or(0)?;
    match parser.tokens.get(parser.at) {
        None => Ok(Some(filter)),
        Some(rest) => Err(refused(format!(
            "Found unexpected characters at the end of the filter: `{rest:?}`."
        ))),
    }
}

/// The values of a field, one or many.
pub(super) fn values(value: &Value) -> Vec<&Value> {
    match value {
        Value::Null => Vec::new(),
        Value::Array(all) => all.iter().collect(),
        one => vec![one],
    }
}

/// A value as it is compared and counted.
pub(super) fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

impl Filter {
    /// Each field with whether it is compared by size.
    pub(super) fn fields(&self) -> Vec<(&str, bool)> {
        match self {
            Self::Or(all) | Self::And(all) => all.iter().flat_map(Self::fields).collect(),
            Self::Not(inner) => inner.fields(),
            Self::In(field, _) | Self::Exists(field) => vec![(field, false)],
            Self::Compare(field, ..) => vec![(field, true)],
        }
    }

    /// Whether `document` passes.
    pub(super) fn holds(&self, document: &Value) -> bool {
        match self {
            Self::Or(all) => all.iter().any(|filter| filter.holds(document)),
            Self::And(all) => all.iter().all(|filter| filter.holds(document)),
            Self::Not(inner) => !inner.holds(document),
            Self::Exists(field) => document.get(field).is_some(),
            Self::In(field, wanted) => values(&document[field]).into_iter().any(|value| {
                let value = shown(value).to_lowercase();
                wanted.iter().any(|wanted| wanted.to_lowercase() == value)
            }),
            Self::Compare(field, sign, bound) => {
                values(&document[field]).into_iter().any(|value| {
                    value.as_f64().is_some_and(|value| match *sign {
                        ">" => value > *bound,
                        ">=" => value >= *bound,
                        "<" => value < *bound,
                        _ => value <= *bound,
                    })
                })
            }
        }
    }
}
